extension CommandDefinition {
  static let reconcile = CommandDefinition(
    name: .reconcile, summary: "Make AWS as a commit says, for a timer to repeat",
    discussion: """
      Like apply, but for a machine: with --follow it fetches a branch and reads the desired state from
      its newest commit; the work tree is not touched. A stack that does not compile there stays at its
      last good revision, the others go on, and the exit code is 1. Exits with 0 and one line when
      another reconcile is still running.
      """,
    options: stacks + [
      .once, .follow, .requireSigned, .allowDirty, .format, .parallelism, .trace, .noWait, .journal,
      .since, .allowDeletes, .allowReplaces, .allowFleetDeletes, .allowFleetReplaces,
      .allowDataLoss, .allowOrphans, .allowPartial, .now, .checks, .logFormat, .metricsFile,
      .notify,
    ],
    example: "trueup reconcile --once --follow origin/main --require-signed")

  static let status = CommandDefinition(
    name: .status, summary: "Show how all stacks stand, as the last runs saw them",
    discussion: """
      Reads the journal; AWS is not called. Exits with 0 when every stack is in sync or suspended, 1
      when one failed, else 2.
      """,
    positional: .init(
      placeholder: "STACK", count: 0...Int.max,
      help: "a stack's name, client-environment; all stacks without one"),
    options: [.desired, .journal, .format],
    example: "trueup status --format json")
}

extension OptionDefinition {
  static let once = OptionDefinition(
    name: "--once", argument: .none, help: "run once and end; a timer repeats it")
  static let follow = OptionDefinition(
    name: "--follow", argument: .text("BRANCH"),
    help: "fetch this branch (origin/main) and act at its newest commit")
  static let requireSigned = OptionDefinition(
    name: "--require-signed", argument: .none,
    help: "refuse a commit whose signature git cannot verify")
  static let allowDirty = OptionDefinition(
    name: "--allow-dirty", argument: .none,
    help: "use files that are not committed; the journal notes it")
  static let logFormat = OptionDefinition(
    name: "--log-format", argument: .choice(["text", "json"]), defaultValue: "text",
    help: "how events are written off a terminal: as lines, or as JSON objects")
  static let metricsFile = OptionDefinition(
    name: "--metrics-file", argument: .text("FILE"),
    help: "write metrics for Prometheus (node_exporter's textfile collector) to FILE")
}
