/// The lexical part of XML 1.0 (Fifth Edition): names, attributes, text and what is skipped.
extension XMLReader {
  // MARK: - Names and attributes (productions 4 to 10 and 41)

  mutating func parseName(_ what: StaticString) throws(ReadingError) -> XMLName {
    let start = offset
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte < 0x80 {
        guard isNameByte(byte, first: offset == start) else { break }
        offset += 1
      } else {
        guard let scalar = UTF8Text.scalar(of: bytes, at: offset) else {
          throw failure("the text is not valid UTF-8")
        }
        guard isNameScalar(scalar.value, first: offset == start) else { break }
        offset += UTF8.width(scalar)
      }
    }
    let name = bytes[start..<offset]
    guard !name.isEmpty else { throw failure("expected \(what), found \(found())") }
    // Namespaces in XML 1.0, production 7.
    let colon = UInt8(ascii: ":")
    let parts = name.split(separator: colon, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 1 || parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty else {
      throw failure("':' stands elsewhere than between a prefix and a name", at: start)
    }
    return XMLName(String(decoding: name, as: UTF8.self))
  }

  private func isNameByte(_ byte: UInt8, first: Bool) -> Bool {
    if (byte | 0x20) &- UInt8(ascii: "a") < 26 { return true }
    switch byte {
    case UInt8(ascii: "_"), UInt8(ascii: ":"): return true
    case UInt8(ascii: "-"), UInt8(ascii: "."): return !first
    default: return !first && byte.isDigit
    }
  }

  /// Productions 4 and 4a, beyond ASCII.
  private func isNameScalar(_ value: UInt32, first: Bool) -> Bool {
    switch value {
    case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D, 0x37F...0x1FFF, 0x200C...0x200D,
      0x2070...0x218F, 0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD,
      0x10000...0xEFFFF:
      true
    case 0xB7, 0x300...0x36F, 0x203F...0x2040: !first
    default: false
    }
  }

  /// The attributes up to what is neither space nor a name.
  mutating func parseAttributes() throws(ReadingError) -> [XMLAttribute] {
    var attributes: [XMLAttribute] = []
    while true {
      let end = offset
      skipSpace()
      switch byte() {
      case UInt8(ascii: ">"), UInt8(ascii: "/"), UInt8(ascii: "?"): return attributes
      default: break
      }
      let start = offset
      guard start > end else { throw failure("expected a space or '>', found \(found())") }
      let name = try parseName("an attribute's name")
      guard !attributes.contains(where: { $0.name == name }) else {
        throw failure("the attribute '\(name.qualified)' occurs twice", at: start)
      }
      guard attributes.count < 256 else {
        throw failure("an element has more than 256 attributes", at: start)
      }
      skipSpace()
      guard byte() == UInt8(ascii: "=") else {
        throw failure("expected '=' after the attribute '\(name.qualified)', found \(found())")
      }
      offset += 1
      skipSpace()
      attributes.append(XMLAttribute(name: name, value: try parseAttributeValue()))
    }
  }

  private mutating func parseAttributeValue() throws(ReadingError) -> String {
    let quote = byte()
    guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      throw failure("expected an attribute's value in quotation marks, found \(found())")
    }
    let start = offset
    offset += 1
    var value: [UInt8] = []
    while byte() != quote {
      guard offset < bytes.count else {
        throw failure("the attribute's value that begins here has no end", at: start)
      }
      switch bytes[offset] {
      case UInt8(ascii: "<"): throw failure("an attribute's value contains '<'; write '&lt;'")
      case UInt8(ascii: "&"): value.append(contentsOf: try parseReference())
      // Section 3.3.3: white space that is not written as a reference becomes a space.
      case 0x0D:
        value.append(0x20)
        offset += byte(after: 1) == 0x0A ? 2 : 1
      case 0x09, 0x0A:
        value.append(0x20)
        offset += 1
      default: try copyCharacter(to: &value)
      }
    }
    offset += 1
    return try string(value, from: start)
  }

  // MARK: - Text (productions 2, 14, 18 to 21, 66 to 68)

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
  private mutating func copyCharacter(to text: inout [UInt8]) throws(ReadingError) {
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
  private mutating func parseReference() throws(ReadingError) -> [UInt8] {
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

  private func string(_ text: [UInt8], from start: Int) throws(ReadingError) -> String {
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
