import Document
import TrueupCore

/// The JSON Schema of manifests: what all have in common, and for each blueprint its parameters.
struct ManifestSchema {
  var blueprints: [Blueprint]

  var document: Document {
    let names = blueprints.map { Document.string($0.name) }
    let pin = ObjectSchema.pin.document
    let pinned = pin["properties"]?["name"]?.setting("enum", .list(names)) ?? [:]
    let blueprint: Document = [
      "anyOf": [
        ["enum": .list(names)],
        pin.setting("properties", (pin["properties"] ?? [:]).setting("name", pinned)),
      ],
      "description": "A file of blueprints/, without its extension, or one at a git revision.",
    ]
    let general = ObjectSchema.manifest.document
    return
      general
      .setting("properties", (general["properties"] ?? [:]).setting("blueprint", blueprint))
      .setting("allOf", .list(blueprints.map(Self.rule)))
      .setting("$schema", .draft07)
      .setting("title", "A manifest of Trueup: one stack of a client")
  }

  /// What holds for the manifests of one blueprint. One at another revision may have other
  /// parameters; the compiler knows them.
  private static func rule(_ blueprint: Blueprint) -> Document {
    let given = blueprint.parameters.filter { !DeclaredTag.variables.contains($0.name) }
    let parameters = given.filter { !$0.noEcho }
    let required = parameters.filter { $0.defaultValue == nil }.map { Document.string($0.name) }
    var values: [String: Document] = [
      "additionalProperties": false,
      "properties": object(parameters.map { ($0.name, ParameterSchema($0).document) }),
    ]
    if !required.isEmpty { values["required"] = .list(required) }
    var properties: [String: Document] = [
      "parameters": .object(values),
      "secrets": [
        "additionalProperties": false,
        "properties": object(
          given.filter(\.noEcho).map {
            ($0.name, ObjectSchema.oneSource.describedIfPossible($0.description))
          }),
      ],
    ]
    for (name, key) in [("Client", "client"), ("Environment", "environment")] {
      guard let parameter = blueprint.parameters.first(where: { $0.name == name }) else { continue }
      properties[key] = ParameterSchema(parameter).document
    }
    var then: [String: Document] = ["properties": .object(properties)]
    if !required.isEmpty { then["required"] = ["parameters"] }
    return [
      "if": [
        "properties": ["blueprint": ["const": .string(blueprint.name)]], "required": ["blueprint"],
      ],
      "then": .object(then),
    ]
  }

  private static func object(_ members: [(String, Document)]) -> Document {
    .object(Dictionary(members, uniquingKeysWith: { _, last in last }))
  }
}

/// The JSON Schema of one parameter's value.
struct ParameterSchema {
  let parameter: TemplateParameter

  init(_ parameter: TemplateParameter) { self.parameter = parameter }

  var document: Document {
    let isList = parameter.type.isList && !parameter.type.isStored
    var schema: Document =
      isList
      // A list may also be one string with commas.
      ? ["anyOf": [["type": "array", "items": element], ["type": "string"]]] : element
    if let value = parameter.defaultValue?.value, !parameter.noEcho {
      schema = schema.setting("default", typed(value))
    }
    return schema.describedIfPossible(description)
  }

  private var description: String? {
    let texts = [parameter.description, parameter.constraintDescription].compactMap(\.self)
    return texts.isEmpty ? nil : texts.joined(separator: "; ")
  }

  private var isNumber: Bool { parameter.type.element == .number && !parameter.type.isStored }

  private var element: Document {
    var schema: [String: Document] = ["type": isNumber ? "number" : "string"]
    if !parameter.allowedValues.isEmpty {
      schema["enum"] = .list(parameter.allowedValues.map { typed(.string($0)) })
    }
    if case .awsValue(_, let prefix) = parameter.type.element, !parameter.type.isStored {
      schema["pattern"] = .string("^\(prefix).")
    }
    if let pattern = parameter.allowedPattern {
      schema["pattern"] = .string("^(?:\(Pattern.forEditors(pattern.source)))$")
    }
    schema["minLength"] = parameter.minLength.flatMap(Int.init(exactly:)).map(Document.integer)
    schema["maxLength"] = parameter.maxLength.flatMap(Int.init(exactly:)).map(Document.integer)
    if isNumber {
      schema["minimum"] = parameter.minValue.map(Document.double)
      schema["maximum"] = parameter.maxValue.map(Document.double)
    }
    return .object(schema)
  }

  /// The value as a number where the parameter is one.
  private func typed(_ value: Document) -> Document {
    guard isNumber else { return value }
    if let elements = value.list { return .list(elements.map(typed)) }
    guard let text = value.string else { return value }
    return Int(text).map(Document.integer) ?? Double(text).map(Document.double) ?? value
  }
}

extension Document {
  /// This schema, with what it is for where that is known.
  func describedIfPossible(_ description: String?) -> Document {
    description.map(described) ?? self
  }
}
