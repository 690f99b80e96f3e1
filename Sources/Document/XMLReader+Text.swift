/// Text of XML 1.0 (Fifth Edition, productions 2, 14 to 21, 66 to 68), and what is skipped.
extension XMLReader {
  /// Text up to the next '<' or the end.
  mutating func parseText() throws(ReadingError) -> String {
    let start = offset
    var text: [UInt8] = []
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "<") {
      switch bytes[offset] {
      case UInt8(ascii: "&"): text.append(contentsOf: try parseReference())
      case UInt8(ascii: "]") where has("]]>"):
        throw failure("']]>' stands outside a CDATA section; write ']]&gt;'")
      default: try copyCharacter(to: &text)
      }
    }
    return try string(text, from: start)
  }

  /// A CDATA section's text.
  mutating func parseSection() throws(ReadingError) -> String {
    let start = offset
    offset += 9
    var text: [UInt8] = []
    while byte() != UInt8(ascii: "]") || !has("]]>") {
      guard offset < bytes.count else {
        throw failure("the CDATA section that begins here has no end ']]>'", at: start)
      }
      try copyCharacter(to: &text)
    }
    offset += 3
    return try string(text, from: start)
  }

  /// Copies a byte that stands for itself, and the plain bytes after it. Line ends become a line
  /// feed (section 2.11).
  mutating func copyCharacter(to text: inout [UInt8]) throws(ReadingError) {
    let byte = bytes[offset]
    if byte == 0x0D {
      text.append(0x0A)
      offset += self.byte(after: 1) == 0x0A ? 2 : 1
      return
    }
    guard byte >= 0x20 || Self.isSpace(byte) else {
      throw failure("\(UTF8Text.codePoint(UInt32(byte))) is not allowed in XML")
    }
    // U+FFFE and U+FFFF are no characters of XML.
    if byte == 0xEF, self.byte(after: 1) == 0xBF, self.byte(after: 2) >= 0xBE {
      throw failure("U+FFFE and U+FFFF are not allowed in XML")
    }
    let start = offset
    offset += 1
    while offset < bytes.count, isPlain(bytes[offset]) { offset += 1 }
    text.append(contentsOf: bytes[start..<offset])
  }

  /// True for ASCII that ends nothing and means nothing in any kind of text.
  @inline(__always)
  private func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "<"), UInt8(ascii: "&"), UInt8(ascii: "]"), UInt8(ascii: "\""),
      UInt8(ascii: "'"), UInt8(ascii: "-"), UInt8(ascii: "?"):
      false
    default: byte >= 0x20 && byte < 0x80
    }
  }

  /// What a character or entity reference stands for, in UTF-8.
  mutating func parseReference() throws(ReadingError) -> [UInt8] {
    let start = offset
    offset += 1
    // The longest reference that means anything is `&#x10FFFF;`, save for leading zeros.
    while offset < bytes.count, offset - start < 32,
      byte() == UInt8(ascii: "#") || isNameByte(byte(), first: false)
    {
      offset += 1
    }
    let name = String(decoding: bytes[start + 1..<offset], as: UTF8.self)
    guard byte() == UInt8(ascii: ";") else {
      throw failure("'&' begins a reference that has no end ';'; a plain '&' is '&amp;'", at: start)
    }
    offset += 1
    switch name {
    case "lt": return [UInt8(ascii: "<")]
    case "gt": return [UInt8(ascii: ">")]
    case "amp": return [UInt8(ascii: "&")]
    case "apos": return [UInt8(ascii: "'")]
    case "quot": return [UInt8(ascii: "\"")]
    default: break
    }
    guard name.hasPrefix("#") else {
      throw failure("the entity '&\(name);' is not one of lt, gt, amp, apos, quot", at: start)
    }
    guard let scalar = numericReference(name.dropFirst()), isAllowed(scalar) else {
      throw failure("'&\(name);' is no character that XML allows", at: start)
    }
    return Array(String(scalar).utf8)
  }

  private func numericReference(_ digits: Substring) -> Unicode.Scalar? {
    let isHexadecimal = digits.hasPrefix("x")
    let digits = isHexadecimal ? digits.dropFirst() : digits
    guard digits.utf8.allSatisfy({ isHexadecimal ? $0.hexDigit != nil : $0.isDigit }) else {
      return nil
    }
    return UInt32(digits, radix: isHexadecimal ? 16 : 10).flatMap(Unicode.Scalar.init)
  }

  private func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x20...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }

  func string(_ text: [UInt8], from start: Int) throws(ReadingError) -> String {
    guard let string = String(validating: text, as: UTF8.self) else {
      let place = UTF8Text.firstInvalidByte(of: bytes, in: start..<offset)
      throw failure("the text is not valid UTF-8", at: place)
    }
    return string
  }

  // MARK: - What is skipped

  /// A comment (production 15).
  mutating func skipComment() throws(ReadingError) {
    let start = offset
    offset += 4
    try skip(to: "--", of: "comment", from: start)
    guard byte() == UInt8(ascii: ">") else {
      throw failure("'--' stands inside a comment", at: offset - 2)
    }
    offset += 1
  }

  /// A processing instruction (production 16); the XML declaration is none.
  mutating func skipInstruction() throws(ReadingError) {
    let start = offset
    offset += 2
    let target = try parseName("a processing instruction's name")
    guard target.qualified.lowercased() != "xml" else {
      throw failure("an XML declaration stands elsewhere than at the start of the text", at: start)
    }
    guard Self.isSpace(byte()) || has("?>") else {
      throw failure("expected a space or '?>', found \(found())")
    }
    try skip(to: "?>", of: "processing instruction", from: start)
  }

  private mutating func skip(
    to end: StaticString, of what: StaticString, from start: Int
  ) throws(ReadingError) {
    var text: [UInt8] = []
    while !has(end) {
      guard offset < bytes.count else {
        throw failure("the \(what) that begins here has no end", at: start)
      }
      try copyCharacter(to: &text)
    }
    _ = try string(text, from: start)
    offset += end.utf8CodeUnitCount
  }

  mutating func skipSpace() {
    while Self.isSpace(byte()) { offset += 1 }
  }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  func has(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard offset + count <= bytes.count else { return false }
    return text.withUTF8Buffer { $0.elementsEqual(bytes[offset..<offset + count]) }
  }

  /// The byte at the current place, or 0, which XML does not allow, past the end of the text.
  func byte(after distance: Int = 0) -> UInt8 {
    offset + distance < bytes.count ? bytes[offset + distance] : 0
  }

  func failure(_ message: String, at place: Int? = nil) -> ReadingError {
    ReadingError(
      position: PositionCursor.position(of: place ?? offset, in: bytes), message: message)
  }

  func found() -> String {
    offset < bytes.count ? UTF8Text.name(of: bytes, at: offset) : "the end of the text"
  }
}
