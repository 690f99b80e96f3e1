import Document

extension IntrinsicCall {
  /// `Fn::Cidr`: the first `count` networks inside a block, each with `bits` bits for hosts (a mask
  /// of 32 - bits for IPv4, 128 - bits for IPv6).
  /// Source: CloudFormation User Guide, "Fn::Cidr".
  func cidr() throws(IntrinsicError) -> Value {
    try expect(3...3)
    guard let block = try text(0, called: "block"), let count = try integer(1, called: "count"),
      let bits = try integer(2, called: "number of bits")
    else { return leftOver }
    guard block.contains("/"), let network = Network(block) else {
      throw error("wants a network such as 10.0.0.0/16, not \(block)")
    }
    guard (1...256).contains(count) else {
      throw error("wants a count from 1 to 256, not \(count)")
    }
    let width = network.bytes.count * 8
    guard (1...(width - 1)).contains(bits) else {
      throw error("wants 1 to \(width - 1) bits, not \(bits)")
    }
    let spare = width - network.prefixLength - bits
    guard spare >= 0, spare >= 8 || count <= 1 << spare else {
      throw error("cannot fit \(count) networks of /\(width - bits) into \(network)")
    }
    let first = network.bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    return .known(
      .list(
        (0..<count).map { index in
          let address = first + UInt128(index) << UInt128(bits)
          return .string(Self.text(address, width: width, prefixLength: width - bits))
        }))
  }

  private static func text(_ address: UInt128, width: Int, prefixLength: Int) -> String {
    let digits = width == 32 ? 8 : 16
    let parts = stride(from: width - digits, through: 0, by: -digits).map {
      String(
        UInt16(truncatingIfNeeded: address >> UInt128($0)) & UInt16((1 << digits) - 1),
        radix: width == 32 ? 10 : 16)
    }
    let plain = parts.joined(separator: width == 32 ? "." : ":") + "/\(prefixLength)"
    return width == 32 ? plain : Network(plain)?.description ?? plain
  }
}
