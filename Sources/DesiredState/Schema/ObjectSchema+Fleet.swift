import Document
import TrueupCore

extension ObjectSchema {
  /// `fleet.jsonc`.
  static let fleet = ObjectSchema([
    .schemaReference,
    Member("project", .name("The name of everything together."), isRequired: true),
    Member("was", .name("The name that the project had; what carries it is renamed.")),
    Member(
      "accounts",
      Document.map("The AWS accounts, by a name of your own.", of: account.document)
        .setting("minProperties", 1), isRequired: true),
    Member("account", .text("The account of manifests that name none.")),
    Member("region", .region("The region of manifests and accounts that name none.")),
    Member("tags", .tags("The tags on everything; a manifest's own tags win.")),
    Member("limits", limits.document.described("How much one run may take away.")),
    Member("windows", windows),
    Member(
      "checks",
      [
        "type": "array", "items": check.document,
        "description": "Programs that judge every plan before it is carried out.",
      ]),
    Member(
      "pools",
      .map(
        "Where onboard takes the networks of new clients from, by parameter.", of: pool.document)),
    Member("notify", notify.document.described("Who hears of drift and deployments.")),
  ])

  static let pool = ObjectSchema([
    Member("range", .text("The network that is divided, 10.0.0.0/8."), isRequired: true),
    Member(
      "prefix",
      ["type": "integer", "minimum": 0, "maximum": 128, "description": "The length of each part."],
      isRequired: true),
  ])

  static let account = ObjectSchema([
    Member("id", .text("The account's twelve digits.", pattern: "^[0-9]{12}$"), isRequired: true),
    Member("region", .region("The region of manifests that name none.")),
    Member("role", .text("The ARN of the role by which the account is entered.")),
    Member("externalId", .text("The external id that the role asks for.")),
  ])

  static let limits = ObjectSchema([
    Member(
      "deletes", .count("Deletions per stack and run.", default: Budget().deletes)),
    Member(
      "replaces", .count("Replacements per stack and run.", default: Budget().replaces)),
    Member(
      "fleetDeletes",
      .count("Deletions per run in all stacks together.", default: Budget.fleetDeletes)),
    Member(
      "fleetReplaces",
      .count("Replacements per run in all stacks together.", default: Budget.fleetReplaces)),
  ])

  static let windows: Document = [
    "type": "array", "minItems": 1, "items": window.document,
    "description": "When AWS may be changed; at any time without it.",
  ]

  static let window = ObjectSchema([
    Member("days", .text("The days on which it opens: Mon-Thu, or Sat,Sun. Every day without it.")),
    Member("from", clock("When it opens, 09:00."), isRequired: true),
    Member(
      "to", clock("When it closes, 16:00; on the next day where it is not later."), isRequired: true
    ),
    Member(
      "zone", .text("By whose clock: a name of the IANA database, Europe/Berlin."), isRequired: true
    ),
  ])

  private static func clock(_ description: String) -> Document {
    .text(description, pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")
  }

  static let check = ObjectSchema([
    Member("name", .text("How reports call it."), isRequired: true),
    Member(
      "run",
      [
        "type": "array", "minItems": 1, "items": ["type": "string"],
        "description": "The program and its arguments; the plan is its standard input.",
      ], isRequired: true),
    Member(
      "on",
      [
        "type": "array", "minItems": 1,
        "items": ["enum": .list(PolicyCheck.Occasion.allCases.map { .string($0.rawValue) })],
        "description": "The commands that ask it; all of them without it.",
      ]),
    Member(
      "warn",
      ["type": "boolean", "description": "It warns, and refuses nothing.", "default": false]),
    Member(
      "timeout",
      Document.count("Seconds for which it may run.", default: PolicyCheck.standardTimeout)
        .setting("minimum", 1).setting("maximum", .integer(PolicyCheck.longestTimeout))),
  ])
}

extension Document {
  /// As `Name.isValid` has it.
  static func name(_ description: String) -> Document {
    Document.text(description, pattern: "^[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?$")
      .setting("maxLength", 64)
  }

  static func region(_ description: String) -> Document {
    .text(description, pattern: "^[a-z]+(-[a-z]+)+-[0-9]+$")
  }

  static func tags(_ description: String) -> Document {
    Document.map(
      description + " Values may hold ${Project}, ${Client} and ${Environment}.",
      of: ["type": ["string", "number", "boolean"]]
    ).setting("propertyNames", ["pattern": "^(?!([aA][wW][sS]|[tT][rR][uU][eE][uU][pP]):)"])
  }
}
