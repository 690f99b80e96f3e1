extension JSONParser {
  /// A string (RFC 8259, section 7), from its opening quotation mark to past its closing one.
  mutating func parseString() throws(ReadingError) -> String {
    let start = offset + 1
    offset = start
    let isASCII = skipPlain()
    if byte() == UInt8(ascii: "\"") {
      if isASCII {
        offset += 1
        return String(decoding: bytes[start..<offset - 1], as: UTF8.self)
      }
      guard let text = String(validating: bytes[start..<offset], as: UTF8.self) else {
        throw invalidText(in: start..<offset)
      }
      offset += 1
      return text
    }
    return try parseEscapedString(from: start)
  }

  /// The rest of a string in which something else than plain text was met at the current place.
  private mutating func parseEscapedString(from start: Int) throws(ReadingError) -> String {
    var text = Array(bytes[start..<offset])
    while true {
      switch byte() {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw invalidText(in: start..<offset)
        }
        offset += 1
        return string
      case UInt8(ascii: "\\"):
        let scalar = try parseEscape()
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      default:
        guard offset < bytes.count else {
          throw failure("the string that begins here has no end", at: start - 1)
        }
        let control = UTF8Text.codePoint(UInt32(bytes[offset]))
        throw failure(
          "a string contains the control character \(control); write it as an escape")
      }
      let plain = offset
      skipPlain()
      text.append(contentsOf: bytes[plain..<offset])
    }
  }

  /// Passes over bytes that stand for themselves in a string; true where all of them are ASCII.
  @inline(__always) @discardableResult
  private mutating func skipPlain() -> Bool {
    let end = bytes.count
    var union: UInt8 = 0
    var place = offset
    while place < end {
      let byte = bytes[place]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
      union |= byte
      place += 1
    }
    offset = place
    return union < 0x80
  }

  private mutating func parseEscape() throws(ReadingError) -> Unicode.Scalar {
    let start = offset
    offset += 2
    switch byte(after: -1) {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try parseUnicodeEscape(from: start)
    default:
      offset = start + 1
      throw failure("'\\' is followed by \(found()), which is no escape of JSON", at: start)
    }
  }

  /// `\uXXXX`, or two of them that form a surrogate pair, from past the first `u`.
  private mutating func parseUnicodeEscape(from start: Int) throws(ReadingError) -> Unicode.Scalar {
    let unit = try parseFourDigits(from: start)
    if let scalar = Unicode.Scalar(unit) { return scalar }
    if unit < 0xDC00, byte() == UInt8(ascii: "\\"), byte(after: 1) == UInt8(ascii: "u") {
      let second = offset
      offset += 2
      let low = try parseFourDigits(from: second)
      if low & 0xFC00 == 0xDC00,
        let scalar = Unicode.Scalar(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF)
      {
        return scalar
      }
    }
    throw failure(
      "the escape of \(UTF8Text.codePoint(unit)) is half of a surrogate pair without its other "
        + "half",
      at: start)
  }

  private mutating func parseFourDigits(from start: Int) throws(ReadingError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = byte().hexDigit else {
        throw failure("'\\u' must be followed by four hexadecimal digits", at: start)
      }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }

  private func invalidText(in range: Range<Int>) -> ReadingError {
    let place = UTF8Text.firstInvalidByte(of: bytes, in: range) ?? range.lowerBound
    return failure("the text is not valid UTF-8", at: place)
  }
}
