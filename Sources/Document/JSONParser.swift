/// The grammar of JSON (RFC 8259), and in the relaxed form comments and trailing commas, over the
/// bytes of a UTF-8 text. Strings and numbers are in files of their own.
struct JSONParser<Builder: JSONBuilder> {
  let bytes: [UInt8]
  let limits: ReadingLimits
  let relaxed: Bool
  var builder: Builder
  var offset: Int
  private var depth = 0
  /// The members of all objects that are open, so that each object is made once and in full size.
  private var members: [Builder.Member] = []

  init(_ bytes: [UInt8], limits: ReadingLimits, relaxed: Bool, builder: Builder) {
    self.bytes = bytes
    self.limits = limits
    self.relaxed = relaxed
    self.builder = builder
    offset = UTF8Text.markLength(of: bytes)
  }

  mutating func parse() throws(ReadingError) -> Builder.Value {
    guard bytes.count <= limits.size else {
      throw ReadingError(
        position: Position(line: 1, column: 1),
        message: "the text has \(bytes.count) bytes; at most \(limits.size) are read")
    }
    try skipSpace()
    let value: Builder.Value
    do throws(ReadingError) {
      value = try parseValue()
    } catch {
      // What programs send has no lines that tell anything.
      throw relaxed ? withOpening(error) : error
    }
    try skipSpace()
    if offset < bytes.count {
      throw failure("expected nothing after the value, found \(found())")
    }
    return value
  }

  private mutating func parseValue() throws(ReadingError) -> Builder.Value {
    let mark = builder.mark(offset)
    switch byte() {
    case UInt8(ascii: "\""): return builder.scalar(.string(try parseString()), at: mark)
    case UInt8(ascii: "{"): return try parseObject(mark)
    case UInt8(ascii: "["): return try parseList(mark)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return builder.scalar(try parseNumber(), at: mark)
    case UInt8(ascii: "t"): return try parseWord("true", value: .bool(true), mark: mark)
    case UInt8(ascii: "f"): return try parseWord("false", value: .bool(false), mark: mark)
    case UInt8(ascii: "n"): return try parseWord("null", value: .null, mark: mark)
    default: throw failure("expected a value, found \(found())")
    }
  }

  private mutating func parseWord(
    _ word: StaticString, value: Document, mark: Builder.Mark
  ) throws(ReadingError) -> Builder.Value {
    let start = offset
    while isWordByte(byte()) { offset += 1 }
    let matches = word.withUTF8Buffer { $0.elementsEqual(bytes[start..<offset]) }
    guard matches else {
      let text = String(decoding: bytes[start..<min(offset, start + 40)], as: UTF8.self)
      throw failure("expected a value, found '\(text)'", at: start)
    }
    return builder.scalar(value, at: mark)
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    byte.isDigit || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
  }

  private mutating func parseList(_ mark: Builder.Mark) throws(ReadingError) -> Builder.Value {
    try enter()
    var elements: [Builder.Value] = []
    try skipSpace()
    while byte() != UInt8(ascii: "]") {
      elements.append(try parseValue())
      try skipSpace()
      guard try parseComma(before: UInt8(ascii: "]"), of: "list") else { break }
    }
    leave()
    return builder.list(elements, at: mark)
  }

  private mutating func parseObject(_ mark: Builder.Mark) throws(ReadingError) -> Builder.Value {
    let start = offset
    try enter()
    let firstMember = members.count
    try skipSpace()
    while byte() != UInt8(ascii: "}") {
      let keyMark = builder.mark(offset)
      let key = try parseKey()
      let value = try parseValue()
      members.append(builder.member(key, value, at: keyMark))
      try skipSpace()
      guard try parseComma(before: UInt8(ascii: "}"), of: "object") else { break }
    }
    guard let object = builder.object(members, from: firstMember, at: mark) else {
      throw duplicateKey(ofObjectAt: start)
    }
    members.removeSubrange(firstMember...)
    leave()
    return object
  }

  /// A key, its colon and the space around it: what stands before a member's value.
  private mutating func parseKey() throws(ReadingError) -> String {
    guard byte() == UInt8(ascii: "\"") else {
      throw failure("expected a key in double quotes, found \(found())")
    }
    let key = try parseString()
    try skipSpace()
    guard byte() == UInt8(ascii: ":") else {
      throw failure("expected ':' after the key \"\(key)\", found \(found())")
    }
    offset += 1
    try skipSpace()
    return key
  }

  /// True where another part follows; false where the next byte ends the list or object.
  private mutating func parseComma(
    before end: UInt8, of whole: StaticString
  ) throws(ReadingError) -> Bool {
    let comma = offset
    if byte() == end { return false }
    guard byte() == UInt8(ascii: ",") else {
      let end = Unicode.Scalar(end)
      throw failure("expected ',' or '\(end)' in the \(whole), found \(found())")
    }
    offset += 1
    try skipSpace()
    if byte() == end && !relaxed {
      throw failure("a comma stands before the end of the \(whole)", at: comma)
    }
    return true
  }

  private mutating func enter() throws(ReadingError) {
    guard depth < limits.depth else {
      throw failure("more than \(limits.depth) lists and objects stand inside one another")
    }
    depth += 1
    offset += 1
  }

  private mutating func leave() {
    depth -= 1
    offset += 1
  }

  @inline(__always)
  private mutating func skipSpace() throws(ReadingError) {
    while true {
      switch byte() {
      case 0x20, 0x0A, 0x0D, 0x09: offset += 1
      case UInt8(ascii: "/"): try skipComment()
      default: return
      }
    }
  }

  private mutating func skipComment() throws(ReadingError) {
    let start = offset
    guard relaxed else { throw failure("found '/': comments are not allowed in strict JSON") }
    switch byte(after: 1) {
    case UInt8(ascii: "/"):
      while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
    case UInt8(ascii: "*"):
      offset += 2
      while byte() != UInt8(ascii: "*") || byte(after: 1) != UInt8(ascii: "/") {
        guard offset < bytes.count else {
          throw failure("the comment that begins here has no end '*/'", at: start)
        }
        offset += 1
      }
      offset += 2
    default: throw failure("expected '//' or '/*', found a single '/'")
    }
    if let invalid = UTF8Text.firstInvalidByte(of: bytes, in: start..<offset) {
      throw failure("the text is not valid UTF-8", at: invalid)
    }
  }

  /// The byte at the current place, or 0 past the end of the text: no part of the grammar but the
  /// inside of a comment accepts a zero byte, and that looks at the end itself.
  @inline(__always) func byte(after distance: Int = 0) -> UInt8 {
    offset + distance < bytes.count ? bytes[offset + distance] : 0
  }
}

// MARK: - Errors

extension JSONParser {
  func failure(_ message: String, at place: Int? = nil) -> ReadingError {
    ReadingError(
      position: PositionCursor.position(of: place ?? offset, in: bytes), message: message)
  }

  func found() -> String {
    offset < bytes.count ? UTF8Text.name(of: bytes, at: offset) : "the end of the text"
  }

  /// The error for an object in which a key occurs twice. The places are looked up only now, so
  /// that reading needs not keep them.
  private func duplicateKey(ofObjectAt start: Int) -> ReadingError {
    var scan = JSONParser<DocumentBuilder>(
      bytes, limits: limits, relaxed: relaxed, builder: DocumentBuilder())
    scan.offset = start
    do {
      let (key, first, second) = try scan.findDuplicateKey()
      return failure(
        "the key \"\(key)\" occurs twice; the first is at "
          + "\(PositionCursor.position(of: first, in: bytes))", at: second)
    } catch {
      return error
    }
  }

  /// The places of the first key that occurs twice in the object that begins at the current place.
  private mutating func findDuplicateKey() throws(ReadingError) -> (String, Int, Int) {
    var places: [String: Int] = [:]
    offset += 1
    try skipSpace()
    while true {
      let place = offset
      let key = try parseKey()
      if let first = places.updateValue(place, forKey: key) { return (key, first, place) }
      _ = try parseValue()
      try skipSpace()
      offset += 1
      try skipSpace()
    }
  }
}
