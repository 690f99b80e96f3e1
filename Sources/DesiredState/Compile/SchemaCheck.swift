import Document
import TrueupCore

/// Checks declared properties against the registry's schema of their type, and brings scalars to the
/// types that it wants, as CloudFormation does: `"true"` to a boolean, `"30"` to a number, a number to
/// a string.
struct SchemaCheck {
  struct Finding {
    var message: String
    var position: Position
    /// AWS may have learned a new value since the schema was pinned: enums, patterns and ranges.
    var isDoubt: Bool
  }

  /// What a reference gives.
  struct Source {
    var reference: Reference
    var schema: ResourceSchema
    /// The property that `Ref` gives.
    var ref: String
    var attribute: KnownType.Attribute
  }

  let schema: ResourceSchema
  /// Properties that the kind does not support, with the reasons.
  let unsupported: [PropertyPath: String]
  let patterns: PatternCache
  let source: (Reference) -> Source?
  var findings: [Finding] = []
  /// An alternative is tried out: what holds for all of them is checked elsewhere.
  var isTrial = false

  init(
    schema: ResourceSchema, unsupported: [PropertyPath: String], patterns: PatternCache,
    source: @escaping (Reference) -> Source?
  ) {
    self.schema = schema
    self.unsupported = unsupported
    self.patterns = patterns
    self.source = source
  }

  /// The properties of a resource; what is wrong with them stands in `findings`.
  mutating func checked(_ properties: LocatedValue) -> Value {
    switch properties.content {
    case .object: break
    case .invalid: return .known([:])
    case .leaf, .list, .absent:
      error("the properties of a resource must be an object", at: properties.position)
      return .known([:])
    }
    return checked(properties, schema.root, at: PropertyPath())
  }

  mutating func error(_ message: String, at position: Position) {
    findings.append(Finding(message: message, position: position, isDoubt: false))
  }

  mutating func doubt(_ message: String, at position: Position) {
    findings.append(Finding(message: message, position: position, isDoubt: true))
  }

  /// `AWS::S3::Bucket /VersioningConfiguration`.
  func subject(_ path: PropertyPath) -> String {
    path.components.isEmpty ? schema.type : "\(schema.type) \(path)"
  }

  mutating func checked(
    _ located: LocatedValue, _ schema: PropertySchema, at path: PropertyPath
  ) -> Value {
    var value: Value
    switch located.content {
    case .absent, .invalid: return .null
    case .leaf(.known(let document)):
      value = .known(checkedScalar(document, schema: schema, at: path, position: located.position))
    case .leaf(let unknown):
      value = unknown
      checkUnknown(unknown, schema: schema, at: path, position: located.position)
    case .list(let elements):
      guard accepts(.array, found: "a list", schema: schema, at: path, position: located.position)
      else { return .null }
      value = checkedList(elements, schema: schema, at: path, position: located.position)
    case .object(let members):
      guard
        accepts(.object, found: "an object", schema: schema, at: path, position: located.position)
      else { return .null }
      value = checkedObject(members, schema: schema, at: path, position: located.position)
    }
    for part in schema.allOf { _ = checked(located, part, at: path) }
    if let better = checkAlternatives(located, schema, at: path) { value = better }
    return value
  }

  private mutating func accepts(
    _ type: PropertySchema.JSONType, found: String, schema: PropertySchema,
    at path: PropertyPath, position: Position
  ) -> Bool {
    let types = schema.types
    if types.isEmpty || types.contains(type) { return true }
    error("\(subject(path)) wants \(Self.article(types)), not \(found)", at: position)
    return false
  }

  private mutating func checkedList(
    _ elements: [LocatedValue], schema: PropertySchema, at path: PropertyPath,
    position: Position
  ) -> Value {
    var values: [Value] = []
    for (index, element) in elements.enumerated() {
      let place = path.appending(String(index))
      checkSupport(place, element.position)
      guard let items = schema.items else {
        values.append(element.value)
        continue
      }
      values.append(checked(element, items, at: place))
    }
    if let least = schema.minItems, values.count < least {
      doubt("\(subject(path)) needs at least \(least) elements", at: position)
    }
    if let most = schema.maxItems, values.count > most {
      doubt("\(subject(path)) can have at most \(most) elements", at: position)
    }
    if schema.uniqueItems {
      var seen: Set<Value> = []
      for (value, element) in zip(values, elements)
      where !element.isInvalid && !seen.insert(value).inserted {
        error("\(subject(path)) has the same element twice", at: element.position)
      }
    }
    return .list(of: values)
  }

  /// A declared property that its kind cannot write and observe is an error.
  mutating func checkSupport(_ path: PropertyPath, _ position: Position) {
    guard !isTrial, !unsupported.isEmpty,
      let reason = unsupported.first(where: { $0.key.matches(path) })?.value
    else { return }
    error("\(subject(path)) is not supported: \(reason)", at: position)
  }

  static func article(_ types: [PropertySchema.JSONType]) -> String {
    types.map { type in
      switch type {
      case .string: "a string"
      case .boolean: "a boolean"
      case .integer: "a whole number"
      case .number: "a number"
      case .array: "a list"
      case .object: "an object"
      case .null: "null"
      }
    }.joined(separator: " or ")
  }
}
