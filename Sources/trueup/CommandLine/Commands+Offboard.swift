extension CommandDefinition {
  static let offboard = CommandDefinition(
    name: .offboard, summary: "Mark a client's stack for removal",
    discussion: """
      Writes "destroy" into the manifest, and nothing else, and says what the next apply would delete
      and what it would keep. Calls nothing. Remove the manifest once the stack is gone.
      """,
    positional: .init(
      placeholder: "CLIENT ENVIRONMENT", count: 2...2, help: "what the stack is called by"),
    options: [.desired, .data, .format], example: "trueup offboard acme dev --data delete")
}

extension OptionDefinition {
  static let data = OptionDefinition(
    name: "--data", argument: .choice(["retain", "snapshot", "delete"]), defaultValue: "retain",
    help: "what becomes of resources that hold data")
}
