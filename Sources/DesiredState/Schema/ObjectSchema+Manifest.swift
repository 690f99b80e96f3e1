import Document
import TrueupCore

extension ObjectSchema {
  /// `clients/<client>-<environment>.jsonc`.
  static let manifest = ObjectSchema([
    .schemaReference,
    Member("client", .name("Whose stack it is."), isRequired: true),
    Member("environment", .name("Which of the client's stacks it is."), isRequired: true),
    Member(
      "blueprint",
      ["anyOf": [.text("A file of blueprints/, without its extension."), pin.document]],
      isRequired: true),
    Member("account", .text("The account's name in fleet.jsonc.")),
    Member("region", .region("The region, where it is not the account's or the fleet's.")),
    Member(
      "parameters", ["type": "object", "description": "Values of the blueprint's parameters."]),
    Member(
      "secrets",
      .map("Where the values of NoEcho parameters are read from.", of: oneSource)),
    Member("tags", .tags("Tags on everything in this stack.")),
    Member("adopt", adopt),
    Member(
      "destroy",
      destroy.document.described("The stack is to go: apply deletes it, within the limits.")),
    Member(
      "expires",
      .text("The last day for which the stack is meant.", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")),
    Member("windows", windows),
    Member(
      "suspend", ["type": "boolean", "description": "The stack is left alone until this is gone."]),
  ])

  /// Logical ids, or an object of them with the ids of what exists.
  static let adopt: Document = [
    "anyOf": [
      ["type": "array", "items": ["type": "string", "minLength": 1]],
      [
        "type": "object",
        "additionalProperties": ["anyOf": [["type": "string", "minLength": 1], ["const": true]]],
      ],
    ],
    "description": .string(
      "Resources that exist and may be taken over: logical ids, or each with the id of what "
        + "exists (true: its name tells)."),
  ]

  /// A blueprint as it was at a git revision.
  static let pin = ObjectSchema([
    Member("name", .text("A file of blueprints/, without its extension."), isRequired: true),
    Member("revision", .text("The git revision that it is read at."), isRequired: true),
  ])

  static let destroy = ObjectSchema([
    Member("data", .word("What becomes of resources that hold data.", among: disposals)),
    Member("resources", .count("How many resources go at most; offboard writes it.")),
  ])

  private static let disposals = [DataDisposal.retain, .snapshot, .delete].map(\.rawValue)

  static let secretSource = ObjectSchema([
    Member("env", .text("An environment variable that holds the value.")),
    Member("file", .text("A file that holds the value.")),
    Member(
      "generate",
      Document.count("How many characters to make up, once.").setting("minimum", 8)
        .setting("maximum", 4096)),
  ])

  /// The source of a secret: exactly one is given.
  static let oneSource = secretSource.document.setting("minProperties", 1)
    .setting("maxProperties", 1)
}
