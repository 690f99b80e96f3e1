extension CommandDefinition {
  static let stacks: [OptionDefinition] = [.desired, .client, .environment]
  static let changing: [OptionDefinition] = [
    .parallelism, .trace, .yes, .noWait, .journal, .allowDeletes, .allowFleetDeletes,
    .allowDataLoss, .now, .checks, .notify,
  ]

  static let named = CommandDefinition.Positional(
    placeholder: "STACK", count: 0...Int.max,
    help: "a stack's name, client-environment; all stacks without one")

  /// All commands, in the order in which a user meets them.
  static let all: [CommandDefinition] = [
    CommandDefinition(
      name: .validate, summary: "Check the desired state without calling AWS",
      discussion: """
        Compiles every manifest and blueprint and lists all errors, each with its file, line and
        column: properties against their schemas, and what AWS would refuse besides (networks that
        overlap, policies, DNS records, tags, regions). Needs no credentials. Exits with 1 when there is
        an error.
        """,
      options: stacks + [.format, .strict], example: "trueup validate --desired desired-state"),
    CommandDefinition(
      name: .plan, summary: "Show what an apply would change",
      discussion: """
        Observes AWS and compares it with the desired state; changes nothing. Exits with 0 when all is
        in sync, 2 when there is something to change. What is the same in many stacks is told once.
        + is what an apply puts there, - what it takes away. With --out the plan is kept for review:
        apply FILE does what it says, or nothing. With --destroy it shows what destroy would delete.
        """,
      positional: named,
      options: stacks + [
        .revision, .since, .reportFormat, .details, .full, .out, .destroys, .parallelism, .trace,
        .journal, .allowDeletes, .allowReplaces, .allowFleetDeletes, .allowFleetReplaces,
        .allowDataLoss, .allowOrphans, .allowPartial, .checks, .metricsFile, .snapshot, .strict,
      ], example: "trueup plan acme-prod --details"),
    CommandDefinition(
      name: .apply, summary: "Make AWS as the desired state says",
      discussion: """
        Shows the plan and asks, on a terminal; elsewhere it needs --yes. Then it creates, updates,
        replaces and deletes in parallel, in the order of the dependencies. Every step is journaled
        before its request is sent: a run that was interrupted is taken up by the next one. The desired
        state has to be committed. Exits with 3 when the answer is no, or when it was refused, for
        instance because a stack's deletions or replacements are more than allowed; nothing is changed
        in that stack then.

        With the file of a plan --out it does exactly what was reviewed: where the desired state, AWS,
        a limit or the version has moved since in what the plan touches, it says what, changes nothing
        and exits with 3. Options that allow more are given again; those that narrow stand in the file.
        """,
      positional: .init(
        placeholder: "STACK|FILE", count: 0...Int.max,
        help: "stacks by their names, client-environment; or the file of a plan"),
      options: stacks + [.revision, .since, .format, .details, .full] + changing + [
        .allowReplaces, .allowFleetReplaces, .allowOrphans, .allowPartial, .allowDirty, .logFormat,
        .metricsFile, .strict,
      ],
      example: "trueup apply --client acme --allow-replaces 1"),
    CommandDefinition(
      name: .drift, summary: "Show what was changed behind the desired state's back",
      discussion: """
        Like plan, but shows only what differs because AWS moved, what is blocked or stalled and what is
        left over; changes that wait for an apply are counted. Exits with 2 when there is drift. + is what an
        apply puts there, - what it takes away.
        """,
      positional: named,
      options: stacks + [
        .reportFormat, .details, .full, .parallelism, .trace, .journal, .metricsFile, .snapshot,
        .notify,
      ],
      example: "trueup drift --environment prod --format json"),
    reconcile, deploy, approve, rollback, status,
    CommandDefinition(
      name: .destroy, summary: "Delete the resources of stacks",
      discussion: """
        Deletes what the named stacks own, in reverse order of their dependencies; resources that
        hold data are retained unless the manifest's "destroy" says otherwise. Shows all of it and asks,
        on a terminal; elsewhere it needs --yes. plan --destroy shows the same and changes nothing.
        """,
      positional: .init(
        placeholder: "STACK", count: 0...Int.max,
        help: "a stack's name, client-environment; or use --client and --environment"),
      options: stacks + [.format, .full] + changing,
      example: "trueup destroy acme-dev --allow-deletes 40"),
    CommandDefinition(
      name: .outputs, summary: "Show the outputs of stacks",
      discussion: "Takes the values from AWS as it is now. Secrets are not shown.",
      positional: .init(
        placeholder: "STACK", count: 0...Int.max,
        help: "a stack's name, client-environment; all stacks without one"),
      options: stacks + [.format, .parallelism, .trace, .journal],
      example: "trueup outputs acme-prod --format json"),
    CommandDefinition(
      name: .history, summary: "Show what past runs have changed",
      discussion: """
        Reads the journal; AWS is not called. Of a run, stack or resource that is named, it shows what
        changed, from what to what; values of secrets are in no journal.
        """,
      positional: .init(
        placeholder: "RUN|STACK[/RESOURCE]", count: 0...1,
        help: "only this run (its id, or the end of it), stack or resource"),
      options: [.desired, .journal, .limit, .historyFormat, .full],
      example: "trueup history acme-prod/Vpc --limit 10"),
    .onboard, .offboard, .adopt, .snapshot, .diff, .compile,
    CommandDefinition(
      name: .kinds, summary: "List the resource types that are supported",
      discussion: """
        Per type: whether it holds data and carries tags, which properties replace it, and which
        properties are not supported, not compared or not reset, each with the reason.
        """,
      options: [.kindsFormat], example: "trueup kinds --format json"),
    .explain, .schema, .completion,
    CommandDefinition(
      name: .version, summary: "Show the version", discussion: "", options: [],
      example: "trueup version"),
  ]
}
