import Document

/// What the registry says of one property: a view on its JSON schema, with `$ref` resolved.
/// Source: CloudFormation CLI User Guide, "Resource type schema"; `requiredXor`, `requiredOr`,
/// `dependentExcluded` and the `AWS::…` formats are cfn-lint's.
public struct PropertySchema: Sendable {
  /// A JSON type. What the registry calls `number` takes integers too.
  public enum JSONType: String, Hashable, Sendable {
    case string, boolean, integer, number, array, object, null
  }

  let keywords: [String: Document]
  let definitions: [String: Document]

  init(_ document: Document, definitions: [String: Document]) {
    var keywords = document.object ?? [:]
    // As deep as references can be without going round.
    for _ in 0...definitions.count {
      guard let name = keywords["$ref"]?.string?.split(separator: "/").last else { break }
      keywords["$ref"] = nil
      let target = definitions[String(name)]?.object ?? [:]
      keywords.merge(target) { own, _ in own }
    }
    self.keywords = keywords
    self.definitions = definitions
  }

  private func schema(_ document: Document) -> PropertySchema {
    PropertySchema(document, definitions: definitions)
  }

  private func schemas(_ keyword: String) -> [PropertySchema] {
    (keywords[keyword]?.list ?? []).map(schema)
  }

  private func names(_ keyword: String) -> [String] {
    (keywords[keyword]?.list ?? []).compactMap(\.string)
  }

  private func namesByName(_ keyword: String) -> [String: [String]] {
    (keywords[keyword]?.object ?? [:]).mapValues { ($0.list ?? []).compactMap(\.string) }
  }

  /// The types that a value may have; empty where the schema does not say.
  public var types: [JSONType] {
    let names = keywords["type"].map { $0.list ?? [$0] } ?? []
    return names.compactMap { $0.string.flatMap(JSONType.init) }
  }

  /// The values allowed; empty where any is.
  public var allowedValues: [Document] {
    keywords["enum"]?.list ?? keywords["const"].map { [$0] } ?? []
  }

  public var const: Document? { keywords["const"] }
  /// A regular expression, in the dialect of ECMA-262 or Python.
  public var pattern: String? { keywords["pattern"]?.string }
  public var minimum: Double? { keywords["minimum"]?.double }
  public var maximum: Double? { keywords["maximum"]?.double }
  public var exclusiveMinimum: Double? { keywords["exclusiveMinimum"]?.double }
  public var exclusiveMaximum: Double? { keywords["exclusiveMaximum"]?.double }
  /// Lengths of strings, in characters.
  public var minLength: Int? { keywords["minLength"]?.integer }
  public var maxLength: Int? { keywords["maxLength"]?.integer }
  public var minItems: Int? { keywords["minItems"]?.integer }
  public var maxItems: Int? { keywords["maxItems"]?.integer }
  public var minProperties: Int? { keywords["minProperties"]?.integer }
  public var maxProperties: Int? { keywords["maxProperties"]?.integer }
  /// `false` where the order of a list means nothing. Often missing: a kind's facts decide.
  public var insertionOrder: Bool { keywords["insertionOrder"]?.bool ?? true }
  public var uniqueItems: Bool { keywords["uniqueItems"]?.bool ?? false }
  public var defaultValue: Document? { keywords["default"] }
  /// `ipv4-network`, or what a reference must give: `AWS::EC2::VPC.Id`.
  public var format: String? { keywords["format"]?.string }

  /// The formats of the property and of its alternatives: any of them will do.
  public var formats: Set<String> {
    let alternatives = anyOf + oneOf + allOf
    return Set([format].compactMap(\.self) + alternatives.compactMap(\.format))
  }

  /// The schema of a list's elements.
  public var items: PropertySchema? { keywords["items"].map(schema) }

  /// The declared members of an object, without those of alternatives.
  public var members: [String: PropertySchema] {
    (keywords["properties"]?.object ?? [:]).mapValues(schema)
  }

  /// The names of the declared members of an object.
  public var memberNames: [String] { (keywords["properties"]?.object ?? [:]).keys.sorted() }

  /// Whether the member is declared, not counting alternatives.
  public func declares(_ name: String) -> Bool { keywords["properties"]?[name] != nil }

  /// Members by regular expressions over their names.
  public var patternMembers: [String: PropertySchema] {
    (keywords["patternProperties"]?.object ?? [:]).mapValues(schema)
  }

  /// Whether an object may have members that are not declared.
  public var allowsAdditionalProperties: Bool { keywords["additionalProperties"]?.bool ?? true }

  /// What members that are not declared must be.
  public var additionalProperties: PropertySchema? {
    guard case .object? = keywords["additionalProperties"] else { return nil }
    return keywords["additionalProperties"].map(schema)
  }

  public var required: [String] { names("required") }
  /// Exactly one of these members must be there.
  public var requiredXor: [String] { names("requiredXor") }
  /// At least one of these members must be there.
  public var requiredOr: [String] { names("requiredOr") }
  /// Members that must be there when the member of the key is.
  public var dependentRequired: [String: [String]] { namesByName("dependentRequired") }
  /// Members that must not be there when the member of the key is.
  public var dependentExcluded: [String: [String]] { namesByName("dependentExcluded") }
  public var anyOf: [PropertySchema] { schemas("anyOf") }
  public var oneOf: [PropertySchema] { schemas("oneOf") }
  public var allOf: [PropertySchema] { schemas("allOf") }

  /// The member of an object: declared, of an alternative, or of what undeclared members must be.
  public func member(_ name: String) -> PropertySchema? {
    if let declared = keywords["properties"]?[name] { return schema(declared) }
    for alternative in allOf + anyOf + oneOf {
      if let member = alternative.member(name) { return member }
    }
    return patternMembers.min { $0.key < $1.key }?.value ?? additionalProperties
  }

  /// The schema below this one: through lists by `*` or an index, through objects by name.
  public subscript(path: PropertyPath) -> PropertySchema? {
    path.components.reduce(PropertySchema?.some(self)) { schema, component in
      guard let schema else { return nil }
      if component == "*" || Int(component) != nil, let items = schema.items { return items }
      return schema.member(component)
    }
  }
}
