/// What the JSON and the XML reader both need to know about UTF-8 (RFC 3629).
enum UTF8Text {
  /// 3 where the text begins with a byte order mark, else 0.
  static func markLength(of bytes: [UInt8]) -> Int {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The first byte in `range` that is no part of well-formed UTF-8.
  static func firstInvalidByte(of bytes: [UInt8], in range: Range<Int>) -> Int? {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes[range].makeIterator()
    var offset = range.lowerBound
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let scalar): offset += scalar.count
      case .error: return offset
      case .emptyInput: return nil
      }
    }
  }

  /// The scalar that begins at `offset`; `nil` where the bytes are no UTF-8.
  static func scalar(of bytes: [UInt8], at offset: Int) -> Unicode.Scalar? {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes[offset...].makeIterator()
    guard case .valid(let scalar) = parser.parseScalar(from: &iterator) else { return nil }
    return Unicode.UTF8.decode(scalar)
  }

  /// The character at `offset` as a person can read it in a message: `'x'` or `U+0007`.
  static func name(of bytes: [UInt8], at offset: Int) -> String {
    guard let scalar = scalar(of: bytes, at: offset) else { return "a byte that is not UTF-8" }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .unassigned,
      .privateUse, .surrogate:
      return scalar == " " ? "a space" : codePoint(scalar.value)
    default: return "'\(scalar)'"
    }
  }

  /// `U+000A`
  static func codePoint(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

extension UInt8 {
  /// The value of an ASCII hexadecimal digit.
  var hexDigit: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
}
