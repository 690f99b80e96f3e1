import Document

/// The members that an object of a file may have: the one list by which the compiler reads it and
/// editors check it.
struct ObjectSchema: Sendable {
  struct Member: Sendable {
    var name: String
    /// The JSON Schema of its value.
    var schema: Document
    var isRequired = false

    init(_ name: String, _ schema: Document, isRequired: Bool = false) {
      self.name = name
      self.schema = schema
      self.isRequired = isRequired
    }
  }

  var members: [Member]

  init(_ members: [Member]) { self.members = members }

  /// The names that are allowed.
  var names: [String] { members.map(\.name) }

  /// The object as JSON Schema.
  var document: Document {
    var schema: [String: Document] = [
      "type": "object", "additionalProperties": false,
      "properties": .object(
        Dictionary(
          members.map { ($0.name, $0.schema) }, uniquingKeysWith: { _, last in last })),
    ]
    let required = members.filter(\.isRequired).map { Document.string($0.name) }
    if !required.isEmpty { schema["required"] = .list(required) }
    return .object(schema)
  }
}

extension ObjectSchema.Member {
  /// How a file names its own schema; the compiler passes it over.
  static let schemaReference = ObjectSchema.Member(
    "$schema", .text("The JSON Schema of this file, for editors; trueup schema --write makes it."))
}

/// JSON Schemas of values.
/// Source: JSON Schema draft-07, the newest draft that editors know whole.
extension Document {
  static let draft07: Document = "http://json-schema.org/draft-07/schema#"

  /// A string that is not empty.
  static func text(_ description: String, pattern: String? = nil) -> Document {
    var schema: [String: Document] = [
      "type": "string", "minLength": 1, "description": .string(description),
    ]
    schema["pattern"] = pattern.map(Document.string)
    return .object(schema)
  }

  /// One of these words.
  static func word(_ description: String, among words: [String]) -> Document {
    ["enum": .list(words.map(Document.string)), "description": .string(description)]
  }

  /// A whole number that is not negative.
  static func count(_ description: String, default value: Int? = nil) -> Document {
    var schema: [String: Document] = [
      "type": "integer", "minimum": 0, "description": .string(description),
    ]
    schema["default"] = value.map(Document.integer)
    return .object(schema)
  }

  /// A list of strings.
  static func texts(_ description: String) -> Document {
    [
      "type": "array", "items": ["type": "string", "minLength": 1],
      "description": .string(description),
    ]
  }

  /// An object whose keys people choose.
  static func map(_ description: String, of values: Document) -> Document {
    [
      "type": "object", "additionalProperties": values, "description": .string(description),
    ]
  }

  /// This schema with what it is for.
  func described(_ description: String) -> Document {
    setting("description", .string(description))
  }

  /// This object with one member set.
  func setting(_ key: String, _ value: Document) -> Document {
    .object((object ?? [:]).merging([key: value]) { _, new in new })
  }
}
