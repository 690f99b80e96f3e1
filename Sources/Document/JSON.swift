/// Reading JSON: strictly, as programs send it, and with comments, as people write it.
///
/// Both refuse what loses or changes data in silence elsewhere: duplicate keys, invalid UTF-8,
/// lone surrogates, numbers beyond a double. Numbers without fraction and exponent that fit `Int`
/// are `.integer`, all others `.double`.
public enum JSON {
  /// The value of a text in strict JSON (RFC 8259); a leading byte order mark is skipped.
  public static func read(
    _ bytes: [UInt8], limits: ReadingLimits = .default
  ) throws(ReadingError) -> Document {
    var parser = JSONParser(bytes, limits: limits, relaxed: false, builder: DocumentBuilder())
    return try parser.parse()
  }

  /// The value of a text in strict JSON (RFC 8259).
  public static func read(
    _ text: String, limits: ReadingLimits = .default
  ) throws(ReadingError) -> Document {
    try read(Array(text.utf8), limits: limits)
  }

  /// The value of a text in JSON with comments (`//` to the end of the line, `/* */`) and trailing
  /// commas, with the place of every value and key, and members in the order of the text.
  public static func readNode(
    _ bytes: [UInt8], limits: ReadingLimits = .default
  ) throws(ReadingError) -> Node {
    var parser = JSONParser(bytes, limits: limits, relaxed: true, builder: NodeBuilder(bytes))
    return try parser.parse()
  }

  /// The value of a text in JSON with comments and trailing commas, with the place of each part.
  public static func readNode(
    _ text: String, limits: ReadingLimits = .default
  ) throws(ReadingError) -> Node {
    try readNode(Array(text.utf8), limits: limits)
  }
}
