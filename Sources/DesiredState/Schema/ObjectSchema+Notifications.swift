import Document

/// `notify` of `fleet.jsonc`.
extension ObjectSchema {
  static let notify = ObjectSchema([
    Member(
      "digestHour",
      [
        "type": ["integer", "null"], "minimum": 0, "maximum": 23, "default": 8,
        "description": "The hour (UTC) of the daily digest; null for none.",
      ]),
    Member(
      "destinations", .map("Who hears, by a name of your own.", of: destination.document)),
  ])

  static let destination = ObjectSchema([
    Member("slack", slack.document.described("A Slack channel.")),
    Member("webhook", webhook.document.described("Any service: signed JSON by HTTPS.")),
    Member("clients", .texts("Only what concerns these clients; all where it is left out.")),
  ])

  static let slack = ObjectSchema([
    Member("webhook", secret("The URL of an incoming webhook.")),
    Member("token", secret("The token of a bot, together with \"channel\".")),
    Member("channel", .text("The channel that the bot writes to.")),
    Member("api", .text("Where Slack's Web API is.")),
  ])

  static let webhook = ObjectSchema([
    Member("url", secret("Where to."), isRequired: true),
    Member("secret", secret("What the signature is made with."), isRequired: true),
  ])

  /// Where a value is read from that does not belong into git.
  static let secretPlace = ObjectSchema([
    Member("env", .text("An environment variable.")), Member("file", .text("A file.")),
  ])

  private static func secret(_ description: String) -> Document {
    secretPlace.document.setting("minProperties", 1).setting("maxProperties", 1)
      .described(description)
  }
}
