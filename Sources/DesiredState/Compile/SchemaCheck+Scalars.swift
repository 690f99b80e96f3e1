import Document
import TrueupCore

extension SchemaCheck {
  mutating func checkedScalar(
    _ document: Document, schema: PropertySchema, at path: PropertyPath, position: Position
  ) -> Document {
    guard let value = Self.coerced(document, to: schema.types) else {
      let found = document.scalarText.map(\.quoted) ?? document.article
      error("\(subject(path)) wants \(Self.article(schema.types)), not \(found)", at: position)
      return document
    }
    let allowed = schema.allowedValues
    if !allowed.isEmpty, !allowed.contains(value) {
      let texts = allowed.compactMap(\.scalarText)
      let list = texts.count > 12 ? texts.prefix(12) + ["…"] : texts[...]
      var suggestion = ""
      if let word = value.string { suggestion = Spelling.suggestion(for: word, among: texts) }
      doubt(
        "\(subject(path)) is \(value.shown); it must be "
          + (texts.count == 1 ? "" : "one of ") + list.joined(separator: ", ") + suggestion,
        at: position)
    }
    if let text = value.string { checkText(text, schema: schema, at: path, position: position) }
    if let number = value.double {
      checkNumber(number, schema: schema, at: path, position: position)
    }
    return value
  }

  /// The document as one of the types; `nil` where it cannot be.
  static func coerced(_ document: Document, to types: [PropertySchema.JSONType]) -> Document? {
    if types.isEmpty { return document }
    for type in types {
      switch (type, document) {
      case (.string, .string), (.boolean, .bool), (.integer, .integer), (.number, .integer),
        (.number, .double):
        return document
      default: continue
      }
    }
    guard let text = document.scalarText else { return nil }
    for type in types {
      switch type {
      case .boolean:
        if let flag = Bool(text.lowercased()) { return .bool(flag) }
      case .integer:
        if let number = Int(text) ?? Double(text).flatMap(Int.init(exactly:)),
          document.bool == nil
        {
          return .integer(number)
        }
      case .number:
        if let number = Int(text) { return .integer(number) }
        if let number = Double(text), number.isFinite { return .double(number) }
      case .string: return .string(text)
      case .array, .object, .null: continue
      }
    }
    return nil
  }

  private mutating func checkText(
    _ text: String, schema: PropertySchema, at path: PropertyPath, position: Position
  ) {
    let length =
      schema.minLength == nil && schema.maxLength == nil ? 0 : text.unicodeScalars.count
    if let least = schema.minLength, length < least {
      doubt("\(subject(path)) needs at least \(least) characters, not \(length)", at: position)
    } else if let most = schema.maxLength, length > most {
      doubt("\(subject(path)) can have at most \(most) characters, not \(length)", at: position)
    } else if let source = schema.pattern, !patterns.matches(source, text) {
      doubt("\(subject(path)) is \(text.quoted); it must match \(source)", at: position)
    }
    switch schema.format {
    case "ipv4-network":
      checkNetwork(text, bytes: 4, example: "10.0.0.0/16", at: path, position: position)
    case "ipv6-network":
      checkNetwork(text, bytes: 16, example: "2001:db8::/56", at: path, position: position)
    case "json":
      do throws(ReadingError) {
        _ = try JSON.read(text)
      } catch {
        self.error("\(subject(path)) is no JSON: \(error)", at: position)
      }
    default: return
    }
  }

  private mutating func checkNetwork(
    _ text: String, bytes: Int, example: String, at path: PropertyPath, position: Position
  ) {
    if let network = Network(text), network.bytes.count == bytes, text.contains("/") { return }
    error(
      "\(subject(path)) is \(text.quoted); it must be an IPv\(bytes == 4 ? 4 : 6) network such as "
        + example, at: position)
  }

  private mutating func checkNumber(
    _ number: Double, schema: PropertySchema, at path: PropertyPath, position: Position
  ) {
    guard schema.hasBounds else { return }
    let bounds: [(String, Double?, (Double, Double) -> Bool)] = [
      ("at least", schema.minimum, { $0 >= $1 }), ("at most", schema.maximum, { $0 <= $1 }),
      ("more than", schema.exclusiveMinimum, { $0 > $1 }),
      ("less than", schema.exclusiveMaximum, { $0 < $1 }),
    ]
    for case (let words, let bound?, let holds) in bounds where !holds(number, bound) {
      doubt(
        "\(subject(path)) is \(number.short); it must be \(words) \(bound.short)", at: position)
    }
  }
}

extension Document {
  /// A scalar as errors show it: strings in quotes.
  var shown: String { string?.quoted ?? scalarText ?? article }
}
