import TrueupCore

/// A plan or drift as a comment on a pull request: the verdict, then what loses something, then a part
/// to unfold per client, the worst news first.
public enum PlanMarkdown {
  /// The longest body that GitHub takes for a comment.
  public static let characterLimit = 65_536

  /// The first line: by it a workflow finds its own comment again.
  public static func marker(_ command: RunReport.Command) -> String {
    "<!-- trueup:\(command.rawValue) -->"
  }

  /// The whole comment, ending in a line break. What does not fit the limit is left out and counted.
  ///
  /// - Parameters:
  ///   - budget: what a run may delete and replace per stack.
  ///   - options: the options that narrowed this run.
  ///   - isFull: values in full, and every stack by itself.
  ///   - limit: bytes of UTF-8, which no way of counting characters exceeds.
  public static func render(
    _ report: RunReport, budget: Budget = Budget(), options: [String] = [], isFull: Bool = false,
    limit: Int = characterLimit
  ) -> String {
    let shown = report.shown
    let headline = Headline(report: shown)
    var head = [
      marker(report.command),
      "### Trueup \(report.command.rawValue): \(headline.text)", "",
    ]
    if !shown.isClean { head += [headline.tally.map(\.text).joined(separator: ", "), ""] }
    head += warnings(shown, budget: budget) + WarningText.markdown(report.warnings)
    head += CheckText.markdown(shown.checks)
    head += shown.plan.stacks.filter { !shown.isNews($0) && !$0.isSuspended }.flatMap { stack in
      stack.notes.flatMap { [MarkdownText.text("\(stack.id.name): \($0)"), ""] }
    }
    let foot = ["", footer(report, options: options)]
    let news = shown.plan.stacks.filter(shown.isNews)
    let shared = isFull ? SameChanges() : SameChanges(shown, news)
    var rest = shown
    for index in rest.plan.stacks.indices {
      rest.plan.stacks[index].changes.removeAll(where: shared.contains)
    }
    let clients = Headline(report: rest).clients
      .filter { $0.stacks.contains(where: rest.isNews) }
    let others = headline.clients.flatMap(\.stacks).filter { !shown.isNews($0) }
    let middle = others.isEmpty ? [] : [inSync(others)]
    // Room for the line that counts what was left out.
    let room = limit - size(head + middle + foot) - 200
    var parts = MarkdownClients(report: rest, room: room, isFull: isFull)
    let same = shared.blocks.flatMap { parts.takingRoom($0) }
    return (head + same + parts.lines(clients) + middle + foot)
      .map { $0.withoutTrailingSpaces + "\n" }.joined()
  }

  static func size(_ lines: [String]) -> Int { lines.reduce(0) { $0 + $1.utf8.count + 1 } }

  /// What loses something, across all clients; GitHub shows it as a coloured alert.
  private static func warnings(_ report: RunReport, budget: Budget) -> [String] {
    var lines: [String] = []
    let security = report.plan.changes.filter(\.isSecurityFinding).sorted(by: Change.worstFirst)
    if !security.isEmpty {
      let names = security.prefix(10).map { MarkdownText.code($0.address.description) }
      let more = security.count > 10 ? " and \(security.count - 10) more" : ""
      lines += [
        "> [!WARNING]",
        "> **\(Wording.count(security.count, "security finding"))**: "
          + names.joined(separator: ", ") + more, "",
      ]
    }
    let losses = report.plan.changes.filter(\.isDestructive)
      .sorted(by: Change.worstFirst)
    if !losses.isEmpty {
      let names = losses.prefix(10).map {
        "\($0.action.rawValue) \(MarkdownText.code($0.address.description))"
      }
      let more = losses.count > 10 ? " and \(losses.count - 10) more" : ""
      lines += [
        "> [!CAUTION]",
        "> **\(Wording.count(losses.count, "destructive change"))**: "
          + names.joined(separator: ", ") + more, "",
      ]
    }
    let excess = BudgetExcess(report, budget: budget)
    if !report.isApplied, let reason = excess.reason {
      lines += [
        "> [!WARNING]",
        "> An apply will be refused: \(reason). Allow it with "
          + "`\(excess.options.joined(separator: " "))`.", "",
      ]
    }
    return lines
  }

  private static func inSync(_ stacks: [Plan.Stack]) -> String {
    let names = stacks.prefix(20).map { MarkdownText.code($0.id.name) }.joined(separator: ", ")
    let more = stacks.count > 20 ? " and \(stacks.count - 20) more" : ""
    let resources = Wording.count(stacks.reduce(0) { $0 + $1.inSync }, "resource")
    let notChecked = stacks.flatMap(\.notChecked)
    let open =
      notChecked.isEmpty ? "" : "; " + MarkdownText.text(NotChecked.text(notChecked, limit: 1))
    return "In sync: \(names)\(more) (\(resources))\(open)"
  }

  private static func footer(_ report: RunReport, options: [String]) -> String {
    let hasChanges = report.plan.changes.contains { $0.outcome == nil }
    let facts = [
      hasChanges ? "`-` is what an apply takes away, `+` what it puts there" : nil,
      PlanText.desiredState(report), PlanText.effort(report),
      options.isEmpty ? nil : MarkdownText.code(options.joined(separator: " ")),
    ]
    let pending = report.command == .drift ? report.pendingChanges : 0
    return "<sub>\(facts.compactMap(\.self).joined(separator: " · "))"
      + "\(PlanText.notShown(pending).withoutTrailingSpaces)</sub>"
  }
}
