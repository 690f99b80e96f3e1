extension CommandDefinition {
  static let snapshot = CommandDefinition(
    name: .snapshot, summary: "Record what was observed, for git",
    discussion: """
      Observes AWS and writes one file per stack: what the desired state declares, sorted, without
      secrets and without times, so that nothing changes where nothing changed. plan and drift read
      such a directory with --snapshot and need no credentials then. Commit it.
      """,
    options: [
      .desired, .client, .environment, .output, .prune, .format, .parallelism, .trace, .journal,
    ], example: "trueup snapshot --output snapshots")
}

extension OptionDefinition {
  static let output = OptionDefinition(
    name: "--output", argument: .text("DIR"), defaultValue: "snapshots",
    help: "the directory to write to")
  static let prune = OptionDefinition(
    name: "--prune", argument: .none, help: "remove the files of stacks that no longer exist")
  static let snapshot = OptionDefinition(
    name: "--snapshot", argument: .text("DIR|REV:DIR"),
    help: "compare with this recorded snapshot instead of asking AWS")
}
