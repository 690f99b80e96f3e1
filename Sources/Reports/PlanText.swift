import TrueupCore

/// What `plan`, `drift`, `apply` and `destroy` tell people: stacks with the worst news first, a line
/// per change, a summary. The first line says whether to worry.
public enum PlanText {
  /// The whole report, ending in a line break.
  ///
  /// - Parameters:
  ///   - budget: what a run may delete and replace per stack; where the plan exceeds it, the command
  ///     to apply it is given with the options that allow it.
  ///   - options: the options that narrowed this run (`--client acme`), repeated in that command.
  public static func render(
    _ report: RunReport, budget: Budget = Budget(), options: [String] = [],
    style: TextStyle = .plain
  ) -> String {
    let shown = report.shown
    var lines = StackText(report: shown, style: style).lines
    let judged = CheckText.lines(shown.checks, style: style)
    if !lines.isEmpty, !judged.isEmpty { lines.append("") }
    lines += judged
    if !lines.isEmpty { lines.append("") }
    lines += WarningText.lines(report.warnings, style: style)
    if shown.isClean {
      lines.append(inSyncLine(report))
    } else if shown.isApplied || !shown.refusals.isEmpty {
      lines += ApplySummary.lines(shown, budget: budget, options: options, style: style)
    } else {
      lines.append(summaryLine(shown, pending: report.pendingChanges))
      lines += nextCommand(shown, budget: budget, options: options)
      lines += detailsCommand(shown, options: options, style: style)
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// What a person is shown before anything is written: the plan, what of it is refused, a summary of
  /// what would be done. Ends in a line break.
  public static func proposal(
    _ report: RunReport, budget: Budget = Budget(), options: [String] = [],
    style: TextStyle = .plain
  ) -> String {
    var lines = StackText(report: report, style: style).lines
    let judged = CheckText.lines(report.checks, style: style)
    if !lines.isEmpty, !judged.isEmpty { lines.append("") }
    lines += judged
    if !lines.isEmpty { lines.append("") }
    lines += WarningText.lines(report.warnings, style: style)
    var permitted = report
    for (index, stack) in permitted.plan.stacks.enumerated()
    where report.refusals[stack.id.name] != nil {
      permitted.plan.stacks[index].changes = []
    }
    lines += ApplySummary.refusalLines(
      report, budget: budget, options: options, style: style, isAhead: true)
    lines.append(summaryLine(permitted, pending: 0))
    return lines.map { $0 + "\n" }.joined()
  }

  /// The question after it: `Apply 12 changes in 3 stacks (1 to delete)?`
  public static func question(_ report: RunReport) -> String {
    let stacks = report.plan.stacks.filter { stack in
      report.refusals[stack.id.name] == nil && stack.changes.contains { !$0.action.leavesAsIs }
    }
    let changes = stacks.flatMap(\.changes).filter { !$0.action.leavesAsIs }
    var losses = RunReport.tally(changes.filter { $0.isDestructive && !$0.isLoss }).map {
      $0.verdict.counted($0.count)
    }
    let updates = changes.count(where: \.isLoss)
    if updates > 0 {
      losses.append("\(updates) \(updates == 1 ? "takes" : "take") something away")
    }
    let place = stacks.count == 1 ? stacks[0].id.name : Wording.count(stacks.count, "stack")
    if report.destroys {
      let retained = changes.count { $0.action == .update }
      let kept = retained > 0 ? ", retain \(retained)" : ""
      return
        "Destroy \(place): delete \(Wording.count(changes.count - retained, "resource"))\(kept)?"
    }
    let what = Wording.count(changes.count, "change")
    return "Apply \(what) in \(place)"
      + (losses.isEmpty ? "?" : " (\(losses.joined(separator: ", ")))?")
  }

  /// `In sync: 3 stacks, 164 resources, 57 API calls, 0.6 s   (desired state 4f2c91e, clean)`.
  private static func inSyncLine(_ report: RunReport) -> String {
    let pending = report.command == .drift ? report.pendingChanges : 0
    let title =
      report.destroys ? "Nothing to destroy" : pending > 0 ? "No drift" : "In sync"
    let facts = [
      Wording.count(report.plan.stacks.count, "stack"),
      Wording.count(report.resourcesInSync, "resource"), effort(report),
    ]
    return "\(title): \(facts.joined(separator: ", "))   (\(desiredState(report)))"
      + notShown(pending)
  }

  private static func summaryLine(_ report: RunReport, pending: Int) -> String {
    let isDrift = report.command == .drift
    var parts: [String] = []
    let failed = report.plan.stacks.count { $0.error != nil }
    if failed > 0 { parts.append("\(Wording.count(failed, "stack")) failed") }
    parts += RunReport.tally(report.plan.changes).map { $0.verdict.counted($0.count) }
    parts.append("\(report.resourcesInSync) in sync")
    return "\(isDrift ? "Drift" : "Plan"): \(parts.joined(separator: ", ")).   \(effort(report))"
      + notShown(isDrift ? pending : 0)
  }

  static func notShown(_ pending: Int) -> String {
    guard pending > 0 else { return "" }
    return "   \(Wording.count(pending, "pending change")) not shown "
      + "(trueup plan shows \(pending == 1 ? "it" : "them"))"
  }

  static func nextCommand(
    _ report: RunReport, budget: Budget, options: [String]
  ) -> [String] {
    guard report.changesAnything, report.command == .plan || report.command == .drift else {
      return []
    }
    let needed = BudgetExcess(report, budget: budget)
    let verb = report.destroys ? "destroy" : "apply"
    let command = (["trueup \(verb)"] + options + needed.options).joined(separator: " ")
    let title = report.command == .drift ? "Mend" : report.destroys ? "Destroy" : "Apply"
    let why = needed.reason.map { "   (\($0))" } ?? ""
    return ["\(title) it with:  \(command)\(why)"]
  }

  /// How to see what new resources will hold, where that is not shown.
  private static func detailsCommand(
    _ report: RunReport, options: [String], style: TextStyle
  ) -> [String] {
    guard !style.showsContents,
      report.plan.changes.contains(where: { $0.action == .create && $0.desired != nil })
    else { return [] }
    let command = (["trueup \(report.command.rawValue)"] + options + ["--details"])
      .joined(separator: " ")
    return ["What is created will hold:  \(command)"]
  }

  static func effort(_ report: RunReport) -> String {
    let calls =
      report.snapshot.map { "from \($0), AWS was not asked" }
      ?? Wording.count(report.calls.total, "API call")
    return "\(calls), \(Wording.duration(report.seconds))"
  }

  static func desiredState(_ report: RunReport) -> String {
    guard let revision = report.revision else { return "desired state not in git" }
    let state = report.isDirty ? "with changes that are not committed" : "clean"
    return "desired state \(revision.prefix(7)), \(state)"
  }
}
