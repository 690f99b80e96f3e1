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
    if shown.isClean {
      lines.append(inSyncLine(report))
    } else if shown.isApplied || !shown.refusals.isEmpty {
      lines += ApplySummary.lines(shown, budget: budget, options: options, style: style)
    } else {
      lines.append(summaryLine(shown, pending: report.pendingChanges))
      lines += nextCommand(shown, budget: budget, options: options)
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// `In sync: 3 stacks, 164 resources, 57 API calls, 0.6 s   (desired state 4f2c91e, clean)`.
  private static func inSyncLine(_ report: RunReport) -> String {
    let pending = report.command == .drift ? report.pendingChanges : 0
    let title =
      report.command == .destroy ? "Nothing to destroy" : pending > 0 ? "No drift" : "In sync"
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
    parts += RunReport.tally(report.plan.changes).map { action, count in
      action == .blocked ? "\(count) blocked" : "\(count) to \(action.rawValue)"
    }
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
    let command = (["trueup apply"] + options + needed.options).joined(separator: " ")
    let title = report.command == .drift ? "Mend" : "Apply"
    let why = needed.reason.map { "   (\($0))" } ?? ""
    return ["\(title) it with:  \(command)\(why)"]
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
