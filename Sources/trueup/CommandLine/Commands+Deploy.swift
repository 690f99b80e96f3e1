extension CommandDefinition {
  static let deploy = CommandDefinition(
    name: .deploy, summary: "Deploy another image, or start a stalled deployment again",
    discussion: """
      With --image it writes the parameter Image into the manifests of the clients (of all their
      environments, unless --environment or the name of a stack says less), commits that and applies
      these stacks. A tag or a digest keeps the repository that the manifest names; a whole image takes
      its place. It asks on a terminal, before anything is written; elsewhere it needs --yes. The desired
      state has to be committed before.

      With --again it starts once more what was rolled back or stopped, as it is declared, and does
      nothing else.
      """,
    positional: .init(
      placeholder: "CLIENT|SERVICE", count: 1...Int.max,
      help:
        "clients or stacks, with --image; services by their address, STACK/RESOURCE, with --again"),
    options: [.desired, .environment, .image, .again, .format] + changing + [
      .allowReplaces, .allowFleetReplaces, .logFormat, .metricsFile,
    ],
    example: "trueup deploy acme --environment prod --image 2024-11-14")

  static let approve = CommandDefinition(
    name: .approve, summary: "Let a deployment go on that waits for a person",
    discussion: """
      Answers the hook at which the deployment pauses, and waits how it ends. Nothing else is changed.
      """,
    positional: answered, options: answering, example: "trueup approve acme-prod/Service")

  static let rollback = CommandDefinition(
    name: .rollback, summary: "Take a deployment back that is under way",
    discussion: """
      Answers the hook at which the deployment pauses, or stops it where it does not, and waits until
      what ran before runs again. Nothing else is changed, and what was taken back is not started again
      by itself. Change windows do not hold it up.
      """,
    positional: answered, options: answering, example: "trueup rollback acme-prod/Service")

  private static let answered = Positional(
    placeholder: "SERVICE", count: 1...1, help: "the service's address, STACK/RESOURCE")
  private static let answering: [OptionDefinition] = [
    .desired, .format, .parallelism, .trace, .noWait, .journal, .now, .logFormat,
  ]
}

extension OptionDefinition {
  static let image = OptionDefinition(
    name: "--image", argument: .text("TAG"),
    help: "a tag, a digest (sha256:...) or a whole image")
  static let again = OptionDefinition(
    name: "--again", argument: .none, help: "start once more what is stalled, as it is declared")
}
