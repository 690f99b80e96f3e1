/// Where the networks of new stacks are taken from: `"pools"` in `fleet.jsonc`.
public struct AddressPool: Hashable, Sendable {
  /// The parameter of the blueprints that it fills, `VpcCidr`.
  public var parameter: String
  public var range: Network
  /// The length of a stack's prefix: 16 gives each a /16.
  public var prefixLength: Int

  /// - Parameter prefixLength: not shorter than the range's own, and not longer than its addresses.
  public init(parameter: String, range: Network, prefixLength: Int) {
    self.parameter = parameter
    self.range = range
    self.prefixLength = prefixLength
  }

  /// The first network of the pool that overlaps none of those; `nil` where the pool is used up.
  public func nextFree(avoiding used: [Network]) -> Network? {
    let width = range.bytes.count * 8
    let taken = used.filter { $0.bytes.count == range.bytes.count && $0.overlaps(range) }
    let spare = width - prefixLength
    // In units of one network of the pool: the numbers stay small, and /0 needs no 129th bit.
    func index(_ network: Network) -> UInt128 { network.number >> UInt128(spare) }
    // The last of the pool's networks that lie in a network, or that it lies in.
    func last(_ network: Network) -> UInt128 {
      let bits = max(0, prefixLength - network.prefixLength)
      return index(network) + (bits < 128 ? (UInt128(1) << UInt128(bits)) - 1 : .max)
    }
    var candidate = index(range)
    // What begins before the candidate ends before it too, or overlaps it: one pass is enough.
    for network in taken.sorted(by: { $0.number < $1.number }) {
      if index(network) > candidate { break }
      if last(network) < candidate { continue }
      guard last(network) < last(range) else { return nil }
      candidate = last(network) + 1
    }
    return Network(number: candidate << UInt128(spare), width: width, prefixLength: prefixLength)
  }
}

extension Network {
  /// The first address as a number.
  var number: UInt128 { bytes.reduce(0) { $0 << 8 | UInt128($1) } }

  /// - Parameters:
  ///   - number: the first address, host bits zero.
  ///   - width: 32 or 128.
  init?(number: UInt128, width: Int, prefixLength: Int) {
    let bytes = stride(from: width - 8, through: 0, by: -8).map {
      UInt8(truncatingIfNeeded: number >> UInt128($0))
    }
    let text: String =
      width == 32
      ? bytes.map(String.init).joined(separator: ".")
      : stride(from: 0, to: 16, by: 2).map {
        String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16)
      }.joined(separator: ":")
    self.init("\(text)/\(prefixLength)")
  }
}
