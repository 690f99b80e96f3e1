import Document

/// What the registry says of one property: a view on its JSON schema, with `$ref` resolved.
/// Source: CloudFormation CLI User Guide, "Resource type schema"; `requiredXor`, `requiredOr`,
/// `dependentExcluded` and the `AWS::…` formats are cfn-lint's.
public struct PropertySchema: Sendable {
  /// A JSON type. What the registry calls `number` takes integers too.
  public enum JSONType: String, Hashable, Sendable {
    case string, boolean, integer, number, array, object, null
  }

  /// All that stands in the schema itself, read once.
  private let content: Content

  init(_ document: Document, definitions: [String: Document]) {
    content = Content(document, definitions: definitions)
  }

  /// The types that a value may have; empty where the schema does not say.
  public var types: [JSONType] { content.types }
  /// The values allowed; empty where any is.
  public var allowedValues: [Document] { content.allowedValues }
  public var const: Document? { content.keywords["const"] }
  /// A regular expression, in the dialect of ECMA-262 or Python.
  public var pattern: String? { content.pattern }
  public var minimum: Double? { content.keywords["minimum"]?.double }
  public var maximum: Double? { content.keywords["maximum"]?.double }
  public var exclusiveMinimum: Double? { content.keywords["exclusiveMinimum"]?.double }
  public var exclusiveMaximum: Double? { content.keywords["exclusiveMaximum"]?.double }
  /// Whether there is any of these four.
  public var hasBounds: Bool { content.hasBounds }
  /// Lengths of strings, in characters.
  public var minLength: Int? { content.keywords["minLength"]?.integer }
  public var maxLength: Int? { content.keywords["maxLength"]?.integer }
  public var minItems: Int? { content.keywords["minItems"]?.integer }
  public var maxItems: Int? { content.keywords["maxItems"]?.integer }
  public var minProperties: Int? { content.keywords["minProperties"]?.integer }
  public var maxProperties: Int? { content.keywords["maxProperties"]?.integer }
  /// `false` where the order of a list means nothing. Often missing: a kind's facts decide.
  public var insertionOrder: Bool { content.keywords["insertionOrder"]?.bool ?? true }
  public var uniqueItems: Bool { content.uniqueItems }
  public var defaultValue: Document? { content.keywords["default"] }
  /// `ipv4-network`, or what a reference must give: `AWS::EC2::VPC.Id`.
  public var format: String? { content.format }
  /// The formats of the property and of its alternatives: any of them will do.
  public var formats: Set<String> { content.parts.formats }
  /// Those of them that say what a reference must give, `AWS::EC2::VPC.Id`.
  public var referenceFormats: Set<String> { content.parts.referenceFormats }
  /// The schema of a list's elements.
  public var items: PropertySchema? { content.parts.items }
  /// The declared members of an object, without those of alternatives.
  public var members: [String: PropertySchema] { content.parts.members }
  /// The names of the declared members of an object, sorted.
  public var memberNames: [String] { content.parts.members.keys.sorted() }
  /// Whether the member is declared, not counting alternatives.
  public func declares(_ name: String) -> Bool { content.parts.members[name] != nil }
  /// Members by regular expressions over their names.
  public var patternMembers: [String: PropertySchema] { content.parts.patternMembers }
  /// Whether an object may have members that are not declared.
  public var allowsAdditionalProperties: Bool { content.allowsAdditionalProperties }
  /// What members that are not declared must be.
  public var additionalProperties: PropertySchema? { content.parts.additionalProperties }
  public var required: [String] { content.required }
  /// Exactly one of these members must be there.
  public var requiredXor: [String] { content.requiredXor }
  /// At least one of these members must be there.
  public var requiredOr: [String] { content.requiredOr }
  /// Members that must be there when the member of the key is.
  public var dependentRequired: [String: [String]] { content.dependentRequired }
  /// Members that must not be there when the member of the key is.
  public var dependentExcluded: [String: [String]] { content.dependentExcluded }
  public var anyOf: [PropertySchema] { content.parts.anyOf }
  public var oneOf: [PropertySchema] { content.parts.oneOf }
  public var allOf: [PropertySchema] { content.parts.allOf }

  /// The member of an object: declared, of an alternative, or of what undeclared members must be.
  public func member(_ name: String) -> PropertySchema? {
    if let declared = members[name] { return declared }
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
