/// Names and attributes of XML 1.0 (Fifth Edition, productions 4 to 10 and 41).
extension XMLReader {
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

  func isNameByte(_ byte: UInt8, first: Bool) -> Bool {
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
}
