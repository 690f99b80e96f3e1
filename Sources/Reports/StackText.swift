import TrueupCore

/// The stacks of a report for people: failed and refused ones first, then those with changes, then
/// those in sync.
struct StackText {
  var report: RunReport
  var style: TextStyle

  private var changes: ChangeText { ChangeText(style: style, all: report.plan.changes) }

  var lines: [String] {
    let stacks = report.stacksWorstFirst
    let news = self.news(stacks.filter(report.isNews))
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

  /// Stack by stack, and what is the same in many of them once.
  private func news(_ stacks: [Plan.Stack]) -> [String] {
    let shared =
      style.isFull ? SameChanges() : SameChanges(report, stacks, style: style)
    let blocks = shared.blocks.map { block in
      (badness: block.badness, name: block.names[0], lines: lines(block))
    }
    let rest = stacks.compactMap { stack -> (badness: Int, name: String, lines: [String])? in
      let own = stack.changes.filter { !shared.contains($0) }
      guard !own.isEmpty || stack.changes.isEmpty || !stack.notChecked.isEmpty else { return nil }
      return (report.badness(stack, own), stack.id.name, lines(stack, own))
    }
    return (blocks + rest).sorted { ($0.badness, $0.name) < ($1.badness, $1.name) }
      .flatMap(\.lines)
  }

  private func lines(_ block: SameChanges.Block) -> [String] {
    // Where something is lost, nobody has to ask where.
    let limit = block.changes.contains(where: \.isDestructive) ? block.names.count : 5
    let names = Wording.some(block.names, limit: limit)
    let title = style.paint("same in \(Wording.count(block.names.count, "stack"))", .bold)
    let lines = block.lines(style)
    let remark = block.isGeneralised ? OwnNames.remark(on: lines) : nil
    return ["\(title): \(names)   \(tally(block.changes))"] + lines
      + (remark.map { ["  \($0)"] } ?? [])
  }

  private func lines(_ stack: Plan.Stack, _ own: [Change]) -> [String] {
    let shared = stack.changes.count - own.count
    let more = shared > 0 ? ", and \(shared) as in other stacks" : ""
    var lines = [trouble(stack) ?? title(stack) + tally(own) + more]
    lines += changes.lines(own.sorted(by: Change.worstFirst))
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
    let results: [Outcome.Result] = [.failed, .stalled, .skipped, .progressing, .succeeded]
    let ended = results.compactMap { result in
      let count = changes.count { $0.outcome?.result == result }
      return count > 0 ? "\(count) \(result.rawValue)" : nil
    }
    let open = changes.filter { $0.outcome == nil }
    return (ended + RunReport.tally(open).map { "\($0.count) \($0.verdict.rawValue)" })
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
