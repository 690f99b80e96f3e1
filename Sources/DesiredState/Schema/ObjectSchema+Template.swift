import Document
import TrueupCore

extension ObjectSchema {
  /// A blueprint. Its resources, by type, are added by `TemplateSchema`.
  /// Source: CloudFormation User Guide, "CloudFormation template sections".
  static let template = ObjectSchema([
    .schemaReference,
    Member("AWSTemplateFormatVersion", ["const": "2010-09-09"]),
    Member("Description", .text("What the blueprint makes.")),
    Member("Metadata", ["type": "object", "properties": ["Trueup": templateMetadata.document]]),
    Member(
      "Parameters", .map("What a manifest gives, under \"parameters\".", of: parameter.document)),
    Member("Rules", ["type": "object"]),
    Member("Mappings", .map("Values by two keys, for Fn::FindInMap.", of: ["type": "object"])),
    Member("Conditions", ["type": "object"]),
    Member(
      "Transform",
      ["enum": [.string(Blueprint.extensions), [.string(Blueprint.extensions)]]]),
    Member("Resources", ["type": "object", "minProperties": 1], isRequired: true),
    Member(
      "Outputs",
      Document.map("What trueup outputs shows.", of: output.document).allowingLoops),
  ])

  /// `Metadata.Trueup` of a blueprint.
  static let templateMetadata = ObjectSchema([
    Member("Unique", .texts("Parameters of which no two stacks have the same value.")),
    Member("DisjointCidrs", .texts("Parameters whose networks overlap in no two stacks.")),
    Member("Checklist", .texts("What a person has still to do for a new client.")),
  ])

  /// Source: CloudFormation User Guide, "CloudFormation template Parameters syntax".
  static let parameter = ObjectSchema([
    Member(
      "Type", ["enum": .list(ParameterType.names.sorted().map { .string($0) })],
      isRequired: true),
    Member("Default", true),
    Member("Description", .text("What the parameter is for.")),
    Member(
      "NoEcho",
      Document.word("The value is a secret.", among: ["true", "false"])
        .setting("enum", [true, false, "true", "false"])),
    Member("AllowedValues", ["type": "array", "minItems": 1]),
    Member("AllowedPattern", .text("A regular expression for the whole value.")),
    Member("ConstraintDescription", .text("What a value must be, in words.")),
    Member("MinLength", number), Member("MaxLength", number), Member("MinValue", number),
    Member("MaxValue", number),
  ])

  private static let number: Document = [
    "type": ["number", "string"], "pattern": "^-?[0-9]+(\\.[0-9]+)?$",
  ]

  /// A resource of any type.
  static let resource = ObjectSchema([
    Member("Type", ["type": "string"], isRequired: true),
    Member("Properties", ["type": "object"]),
    Member("Description", .text("For people; it has no effect.")),
    Member("Condition", .text("The resource is made only where this condition holds.")),
    Member("DependsOn", ["type": ["string", "array"], "items": ["type": "string"]]),
    Member(
      "DeletionPolicy",
      policy(
        "What becomes of the resource when the blueprint drops it.",
        ["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"])),
    Member(
      "UpdateReplacePolicy",
      policy("What becomes of the old one after a replacement.", ["Delete", "Retain", "Snapshot"])),
    Member("Metadata", ["type": "object", "properties": ["Trueup": resourceMetadata.document]]),
    Member("CreationPolicy", ["type": "object"]),
    Member("UpdatePolicy", ["type": "object"]),
  ])

  private static func policy(_ description: String, _ words: [String]) -> Document {
    [
      "anyOf": [["enum": .list(words.map { .string($0) })], TemplateSchema.function],
      "description": .string(description),
    ]
  }

  /// `Metadata.Trueup` of a resource.
  static let resourceMetadata = ObjectSchema([
    Member(
      "Replace", .word("Delete the old one before the new one is made.", among: ["delete-first"])),
    Member(
      "Owners",
      .map(
        "Who decides a property, by its path, if not git.",
        of: ["enum": .list(FieldOwner.allCases.map { .string($0.rawValue) })])),
    Member("Was", .text("The logical id that the resource had.")),
    Member(
      "Account",
      textOrFunction("The account it lives in: twelve digits, or a name of fleet.jsonc.")),
    Member("Region", textOrFunction("The region it lives in.")),
  ])

  private static func textOrFunction(_ description: String) -> Document {
    ["anyOf": [["type": "string"], TemplateSchema.function], "description": .string(description)]
  }

  static let output = ObjectSchema([
    Member("Value", true, isRequired: true),
    Member("Description", .text("What the output is.")),
    Member(
      "Export",
      [
        "type": "object", "required": ["Name"], "properties": ["Name": true],
        "additionalProperties": false,
      ]),
    Member("Condition", .text("The output is there only where this condition holds.")),
  ])
}

extension Document {
  /// This schema of an object, whose members `Fn::ForEach` may also make.
  var allowingLoops: Document {
    setting("patternProperties", ["^Fn::ForEach::": ["type": "array"]])
  }
}
