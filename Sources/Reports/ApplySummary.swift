import TrueupCore

/// The last words of an `apply` or `destroy`: what was done, what was not, the next command.
public enum ApplySummary {
  /// One or a few lines, each ending in a line break; first, why stacks failed or were refused.
  public static func render(
    _ report: RunReport, budget: Budget = Budget(), options: [String] = [],
    style: TextStyle = .plain
  ) -> String {
    let troubles = StackText(report: report, style: style).troubles
    return (troubles + lines(report, budget: budget, options: options, style: style))
      .map { $0 + "\n" }.joined()
  }

  static func lines(
    _ report: RunReport, budget: Budget, options: [String], style: TextStyle
  ) -> [String] {
    var lines: [String] = []
    if report.isApplied { lines += appliedLines(report, style: style) }
    let failed = report.plan.stacks.filter { $0.error != nil }.map(\.id.name).sorted()
    if !failed.isEmpty {
      lines.append(
        "\(style.paint("Failed:", .red)) \(Wording.some(failed, limit: 5)). "
          + "The other stacks were not held up.")
    }
    lines += refusalLines(report, budget: budget, options: options, style: style)
    for (action, word) in [(Change.Action.blocked, "blocked"), (.stalled, "stalled")] {
      let count = report.count(action)
      guard count > 0 else { continue }
      lines.append(
        "\(Wording.count(count, "resource")) \(word): left as "
          + (count == 1 ? "it is." : "they are."))
    }
    return lines
  }

  /// Which stacks are refused, and the options that allow it.
  static func refusalLines(
    _ report: RunReport, budget: Budget, options: [String], style: TextStyle,
    isAhead: Bool = false
  ) -> [String] {
    guard !report.refusals.isEmpty else { return [] }
    let names = Wording.some(report.refusals.keys.sorted(), limit: 5)
    let refused = style.paint("Refused:", .red)
    var lines = ["\(refused) \(names). Nothing \(isAhead ? "will be" : "was") changed there."]
    var refusedOnly = report
    refusedOnly.plan.stacks.removeAll { report.refusals[$0.id.name] == nil }
    let needed = BudgetExcess(refusedOnly, budget: budget)
    if !needed.options.isEmpty {
      let command = (["trueup \(report.command.rawValue)"] + options + needed.options)
        .joined(separator: " ")
      lines.append("Allow it with:  \(command)")
    }
    return lines
  }

  private static func appliedLines(_ report: RunReport, style: TextStyle) -> [String] {
    let refused = Set(report.refusals.keys)
    let changes = report.plan.changes.filter {
      !$0.action.leavesAsIs && !refused.contains($0.address.stack)
    }
    let begun = report.count(.succeeded) + report.count(.progressing)
    let results: [Outcome.Result] = [.succeeded, .failed, .stalled, .skipped, .progressing]
    var parts = results.compactMap { result in
      let count = report.count(result)
      return count > 0 ? "\(count) \(result.rawValue)" : nil
    }
    if report.command == .destroy {
      // What holds data stays: only our tags are taken off.
      let retained = changes.count { $0.action == .update && $0.outcome?.result == .succeeded }
      if retained > 0 {
        parts[0] = "\(report.count(.succeeded) - retained) deleted, \(retained) retained"
      }
    }
    let open = changes.count { $0.outcome == nil }
    if open > 0 { parts.append("\(open) not begun") }
    let isWhole = begun == changes.count
    let amount = isWhole ? "" : "\(begun) of "
    let verb = report.command == .destroy ? "Destroyed" : "Applied"
    let noun = report.command == .destroy ? "resource" : "change"
    let title = style.paint(verb, isWhole ? .green : .red)
    let applied =
      "\(title) \(amount)\(Wording.count(changes.count, noun)) "
      + "in \(Wording.duration(report.seconds)): \(parts.joined(separator: ", "))."
      + (report.run.map { "   run \($0)   trueup history \(Wording.shortRun($0))" } ?? "")
    return isWhole
      ? [applied] : [applied, "Run it again when mended: it goes on from what is there."]
  }
}
