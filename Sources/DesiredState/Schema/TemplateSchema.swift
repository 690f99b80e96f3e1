import Document
import TrueupCore

/// The JSON Schema of blueprints: the template's sections, and for each type of the catalog its
/// properties from the registry, with intrinsic functions at any place.
///
/// It never refuses what the compiler takes, save odd spellings (a number in an enum of strings). It
/// lets more pass: which members exclude each other only shows when functions are evaluated.
struct TemplateSchema {
  var catalog: Catalog
  var schema: (String) -> ResourceSchema?

  /// A reference to the definition of a function's call.
  static let function: Document = ["$ref": "#/definitions/Function"]

  var document: Document {
    var definitions: [String: Document] = ["Function": Self.call]
    var cases: [Document] = []
    for kind in catalog.kinds {
      guard let schema = schema(kind.type) else { continue }
      let properties = PropertiesSchema(
        schema, hidden: kind.facts.properties.listing(\.unsupported).map(\.path))
      definitions.merge(properties.definitions) { own, _ in own }
      cases.append([
        "if": ["properties": ["Type": ["const": .string(kind.type)]]],
        "then": ["properties": ["Properties": properties.root]],
      ])
    }
    let types = catalog.types.map(Document.string)
    let members = ObjectSchema.resource.document["properties"] ?? [:]
    definitions["Resource"] = ObjectSchema.resource.document
      .setting("properties", members.setting("Type", ["enum": .list(types)]))
      .setting("allOf", .list(cases))
    let resources: Document = [
      "type": "object", "minProperties": 1,
      "additionalProperties": ["$ref": "#/definitions/Resource"],
    ]
    let sections = ObjectSchema.template.document["properties"] ?? [:]
    return ObjectSchema.template.document
      .setting("properties", sections.setting("Resources", resources.allowingLoops))
      .setting("definitions", .object(definitions))
      .setting("$schema", .draft07)
      .setting("title", "A blueprint of Trueup: a CloudFormation template")
  }

  /// A call of an intrinsic function, or a string with a dynamic reference.
  private static let call: Document = [
    "anyOf": [
      [
        "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": false,
        "properties": .object(
          Dictionary(
            StackCompiler.valueFunctions.map { ($0, Document.bool(true)) },
            uniquingKeysWith: { _, last in last })),
      ],
      ["type": "string", "pattern": "\\{\\{resolve:"],
    ]
  ]
}
