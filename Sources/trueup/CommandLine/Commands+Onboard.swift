extension CommandDefinition {
  static let onboard = CommandDefinition(
    name: .onboard, summary: "Write the manifest of a new client",
    discussion: """
      Takes the next free network of the fleet's pool, lists the blueprint's parameters with what it
      says of them, and names where each secret will be read from. The manifest is compiled with the
      whole desired state before it is written; an existing one is never overwritten. Calls nothing.
      """,
    positional: .init(
      placeholder: "CLIENT ENVIRONMENT", count: 2...2, help: "what the new stack is called by"),
    options: [.desired, .blueprint, .account, .region, .format],
    example: "trueup onboard acme prod --blueprint base")
}

extension OptionDefinition {
  static let blueprint = OptionDefinition(
    name: "--blueprint", argument: .text("NAME"), help: "the blueprint of the new stack (required)")
  static let account = OptionDefinition(
    name: "--account", argument: .text("NAME"),
    help: "an account of fleet.jsonc, instead of its default")
  static let region = OptionDefinition(
    name: "--region", argument: .text("REGION"), help: "instead of the account's or fleet's region")
}
