/// An IPv4 or IPv6 network in canonical form: host bits cleared, IPv6 as in RFC 5952.
public struct Network: Hashable, Sendable, CustomStringConvertible {
  /// 4 or 16 bytes, host bits zero.
  public let bytes: [UInt8]
  public let prefixLength: Int

  /// Reads `10.1.2.3/8` or `2001:DB8::1/32`; a bare address is a network of one. `nil` for anything
  /// else.
  public init?(_ text: String) {
    if let (bytes, length) = Self.dottedQuad(text) {
      self.init(bytes, prefixLength: length)
      return
    }
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = parts.first, let bytes = Self.bytes(of: String(address)) else { return nil }
    let bits = bytes.count * 8
    var length = bits
    if parts.count == 2 {
      guard let given = Int(parts[1]), (0...bits).contains(given), !parts[1].hasPrefix("+") else {
        return nil
      }
      length = given
    }
    self.init(bytes, prefixLength: length)
  }

  /// The ordinary `10.1.0.0/16`; `nil` for anything else, which is looked at with more patience.
  private static func dottedQuad(_ text: String) -> (bytes: [UInt8], prefixLength: Int)? {
    var numbers: [Int] = []
    var number = 0
    var digits = 0
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits += 1
        number = number * 10 + Int(byte - UInt8(ascii: "0"))
        guard digits <= 3 else { return nil }
      case UInt8(ascii: "."), UInt8(ascii: "/"):
        let isLast = numbers.count == 3
        guard digits > 0, number < 256, (byte == UInt8(ascii: "/")) == isLast else { return nil }
        numbers.append(number)
        (number, digits) = (0, 0)
      default: return nil
      }
    }
    guard numbers.count == 4, digits > 0, number <= 32 else { return nil }
    return (numbers.map { UInt8(truncatingIfNeeded: $0) }, number)
  }

  private init(_ bytes: [UInt8], prefixLength length: Int) {
    prefixLength = length
    self.bytes = bytes.enumerated().map { index, byte in
      let kept = max(0, min(8, length - index * 8))
      return byte & UInt8(truncatingIfNeeded: 0xFF00 >> kept)
    }
  }

  /// Whether the two networks share an address.
  public func overlaps(_ other: Network) -> Bool {
    guard bytes.count == other.bytes.count else { return false }
    let length = min(prefixLength, other.prefixLength)
    for index in 0..<bytes.count {
      let kept = max(0, min(8, length - index * 8))
      let mask = UInt8(truncatingIfNeeded: 0xFF00 >> kept)
      if bytes[index] & mask != other.bytes[index] & mask { return false }
    }
    return true
  }

  public var description: String {
    if bytes.count == 4 {
      return bytes.map(String.init).joined(separator: ".") + "/\(prefixLength)"
    }
    let groups = stride(from: 0, to: 16, by: 2).map { Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]) }
    return Self.compressed(groups) + "/\(prefixLength)"
  }

  /// RFC 5952, section 4: lower case, no leading zeros, the longest run of two or more zero groups
  /// (the first of equals) becomes `::`.
  private static func compressed(_ groups: [Int]) -> String {
    var longest = 0..<0
    var start = 0
    while start < groups.count {
      var end = start
      while end < groups.count, groups[end] == 0 { end += 1 }
      if end - start > max(1, longest.count) { longest = start..<end }
      start = max(end, start + 1)
    }
    func text(_ part: ArraySlice<Int>) -> String {
      part.map { String($0, radix: 16) }.joined(separator: ":")
    }
    if longest.isEmpty { return text(groups[...]) }
    return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
  }

  private static func bytes(of address: String) -> [UInt8]? {
    address.contains(":") ? ipv6(address) : ipv4(address)
  }

  private static func ipv4(_ text: String) -> [UInt8]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    let bytes = parts.compactMap { part -> UInt8? in
      part.count <= 3 && part.allSatisfy(\.isNumber) ? UInt8(part) : nil
    }
    return bytes.count == 4 ? bytes : nil
  }

  private static func ipv6(_ text: String) -> [UInt8]? {
    let halves = text.components(separatedByDoubleColon: ())
    guard halves.count <= 2 else { return nil }
    func groups(_ part: String) -> [UInt8]? {
      if part.isEmpty { return [] }
      var bytes: [UInt8] = []
      for group in part.split(separator: ":", omittingEmptySubsequences: false) {
        if group.contains(".") {
          guard text.hasSuffix(group), let tail = ipv4(String(group)) else { return nil }
          bytes += tail
        } else {
          guard (1...4).contains(group.count), let number = UInt16(group, radix: 16) else {
            return nil
          }
          bytes += [UInt8(number >> 8), UInt8(number & 0xFF)]
        }
      }
      return bytes
    }
    guard let head = groups(halves[0]) else { return nil }
    if halves.count == 1 { return head.count == 16 ? head : nil }
    guard let tail = groups(halves[1]), head.count + tail.count <= 14 else { return nil }
    return head + Array(repeating: 0, count: 16 - head.count - tail.count) + tail
  }
}

extension String {
  /// The parts between `::`; more than two mean a malformed address.
  fileprivate func components(separatedByDoubleColon: Void) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: "::") {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
