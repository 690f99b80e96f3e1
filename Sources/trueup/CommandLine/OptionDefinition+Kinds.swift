extension OptionDefinition {
  /// The kinds are a page of the documentation, too.
  static let kindsFormat = OptionDefinition(
    name: "--format", argument: .choice(["text", "json", "markdown"]), defaultValue: "text",
    help: "text for people, json for programs, markdown for docs/kinds.md")
}
