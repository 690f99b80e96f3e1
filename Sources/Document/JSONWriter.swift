extension Document {
  /// This value in canonical JSON: equal values give equal text.
  ///
  /// Keys are sorted by their UTF-8 bytes, only what must be escaped is, doubles are the shortest
  /// text that reads back as the same double. Bytes are written as Base64, and the doubles that
  /// JSON lacks as the strings `NaN`, `Infinity` and `-Infinity`, as AWS's JSON protocols do.
  ///
  /// - Parameter indent: spaces per level, one member per line; `nil` gives one line, no spaces.
  public func json(indent: Int? = nil) -> String {
    var writer = JSONWriter(indent: indent)
    writer.write(self, level: 0)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

private struct JSONWriter {
  var bytes: [UInt8] = []
  let indent: Int?

  init(indent: Int?) { self.indent = indent }

  mutating func write(_ value: Document, level: Int) {
    switch value {
    case .null: write("null")
    case .bool(let value): write(value ? "true" : "false")
    case .integer(let value): write(String(value))
    case .double(let value) where value.isFinite: write(value.description)
    case .double(let value):
      writeQuoted(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
    case .string(let value): writeQuoted(value)
    case .data(let value): writeQuoted(Base64.encode(value))
    case .unknown(let name): write(["unknown": .string(name)], level: level)
    case .secret(let place):
      write(["secret": place.map(Document.string) ?? true], level: level)
    case .list(let elements):
      writeParts(elements, between: "[", and: "]", level: level) { writer, element in
        writer.write(element, level: level + 1)
      }
    case .object(let members):
      let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      writeParts(sorted, between: "{", and: "}", level: level) { writer, member in
        writer.writeQuoted(member.key)
        writer.write(writer.indent == nil ? ":" : ": ")
        writer.write(member.value, level: level + 1)
      }
    }
  }

  private mutating func writeParts<Part>(
    _ parts: [Part], between open: String, and close: String, level: Int,
    _ writePart: (inout JSONWriter, Part) -> Void
  ) {
    write(open)
    var isFirst = true
    for part in parts {
      if !isFirst { write(",") }
      isFirst = false
      writeLineBreak(level: level + 1)
      writePart(&self, part)
    }
    if !isFirst { writeLineBreak(level: level) }
    write(close)
  }

  private mutating func writeLineBreak(level: Int) {
    guard let indent else { return }
    write("\n")
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent * level))
  }

  private mutating func write(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func writeQuoted(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): write("\\\"")
      case UInt8(ascii: "\\"): write("\\\\")
      case UInt8(ascii: "\n"): write("\\n")
      case UInt8(ascii: "\r"): write("\\r")
      case UInt8(ascii: "\t"): write("\\t")
      case 0x08: write("\\b")
      case 0x0C: write("\\f")
      case 0..<0x20: write((byte < 0x10 ? "\\u000" : "\\u00") + String(byte, radix: 16))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
