import TrueupCore

/// The stacks of a report for people: failed and refused ones first, then those with changes, then
/// those in sync.
struct StackText {
  var report: RunReport
  var style: TextStyle

  private var changes: ChangeText { ChangeText(style: style, all: report.plan.changes) }

  var lines: [String] {
    let stacks = report.stacksWorstFirst
    let news = stacks.filter(report.isNews).flatMap(lines)
    let quiet = stacks.filter { !report.isNews($0) && !$0.isSuspended }
    let noted = quiet.flatMap { stack in stack.notes.map { "\(stack.id.name): \($0.printable)" } }
    let partly = quiet.filter { !$0.notChecked.isEmpty }
    let inSync = quiet.filter(\.notChecked.isEmpty)
    let suspended = stacks.filter(\.isSuspended).map(\.id.name)
    let rows = partly.map { [$0.id.name, "in sync, \(notChecked($0.notChecked, limit: 1))"] }
    let left =
      suspended.isEmpty ? [] : ["suspended, left alone: \(Wording.some(suspended, limit: 5))"]
    return news + noted + aligned(rows) + (news.isEmpty ? [] : inSyncLine(inSync)) + left
  }

  private func lines(_ stack: Plan.Stack) -> [String] {
    var lines = [trouble(stack) ?? title(stack) + tally(stack.changes)]
    lines += changes.lines(stack.changes.sorted(by: Change.worstFirst))
    if !stack.notChecked.isEmpty { lines.append("  " + notChecked(stack.notChecked, limit: 3)) }
    lines += stack.notesAndWait.map { "  " + $0.printable }
    return lines
  }

  /// The stacks that failed or were refused, each with the reason.
  var troubles: [String] { report.stacksWorstFirst.compactMap(trouble) }

  private func title(_ stack: Plan.Stack) -> String {
    "\(style.paint(stack.id.name, .bold))  \(stack.account) \(stack.region)   "
  }

  private func trouble(_ stack: Plan.Stack) -> String? {
    if let error = stack.error {
      return title(stack) + "\(style.paint("failed:", .red)) \(error.printable)"
    }
    return report.refusals[stack.id.name].map {
      title(stack) + "\(style.paint("refused:", .red)) \($0.printable)"
    }
  }

  private func tally(_ changes: [Change]) -> String {
    let results: [Outcome.Result] = [.failed, .skipped, .progressing, .succeeded]
    let ended = results.compactMap { result in
      let count = changes.count { $0.outcome?.result == result }
      return count > 0 ? "\(count) \(result.rawValue)" : nil
    }
    let open = changes.filter { $0.outcome == nil }
    return (ended + RunReport.tally(open).map { "\($0.count) \($0.action.rawValue)" })
      .joined(separator: ", ")
  }

  private func notChecked(_ items: [NotChecked], limit: Int) -> String {
    NotChecked.text(items, limit: limit)
  }

  private func inSyncLine(_ stacks: [Plan.Stack]) -> [String] {
    guard !stacks.isEmpty else { return [] }
    let resources = stacks.reduce(0) { $0 + $1.inSync }
    let names = Wording.some(stacks.map(\.id.name), limit: 5)
    return ["in sync: \(names) (\(Wording.count(resources, "resource")))"]
  }
}
