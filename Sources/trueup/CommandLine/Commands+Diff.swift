extension CommandDefinition {
  static let diff = CommandDefinition(
    name: .diff, summary: "Compare two recorded snapshots",
    discussion: """
      Says what changed in AWS between two snapshots, property by property. Calls nothing. Exits with
      0 when they are the same, 2 when they differ.
      """,
    positional: .init(
      placeholder: "SNAPSHOT SNAPSHOT", count: 2...2,
      help: "a directory, or one at a git revision: HEAD~1:snapshots"),
    options: [.format], example: "trueup diff HEAD~1:snapshots snapshots")
}
