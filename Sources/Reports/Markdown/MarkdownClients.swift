import TrueupCore

/// The clients of a comment, one part to unfold each, as many as there is room for.
struct MarkdownClients {
  var report: RunReport
  /// Bytes for all of them together.
  var room: Int
  /// Values in full.
  var isFull = false

  /// Rows of one change; the others are counted.
  private var rowLimit: Int { isFull ? TextStyle.noLimit : 8 }

  private func text(_ change: Change) -> MarkdownChange {
    MarkdownChange(
      change: change, rowLimit: rowLimit, valueLimit: isFull ? TextStyle.noLimit : 100)
  }

  // MARK: The same in many stacks

  /// A part for changes that are the same in many stacks; empty where there is no room left for it.
  mutating func takingRoom(_ block: SameChanges.Block) -> [String] {
    let tally = RunReport.tally(block.changes).map { "\($0.count) \($0.verdict.rawValue)" }
    let names = block.names.prefix(40).map(MarkdownText.code).joined(separator: ", ")
    let more = block.names.count > 40 ? " and \(block.names.count - 40) more" : ""
    let diff = block.changes.flatMap { text($0).lines }
    let remark = block.isGeneralised ? OwnNames.remark(on: diff) : nil
    let part =
      [
        "<details open><summary><b>Same in \(Wording.count(block.names.count, "stack"))</b>: "
          + "\(tally.joined(separator: ", "))</summary>", "", names + more, "",
      ] + MarkdownText.block(diff, language: "diff")
      + (remark.map { ["", MarkdownText.text($0)] } ?? []) + ["", "</details>", ""]
    let size = PlanMarkdown.size(part)
    guard size <= room else {
      let count = Wording.count(block.changes.count, "change")
      let line =
        "**Left out here for GitHub's limit: \(count) in each of \(block.names.count) stacks.**\n"
      room -= line.utf8.count + 1
      return [line]
    }
    room -= size
    return part
  }

  // MARK: Clients

  /// The parts, in order, then what was left out.
  func lines(_ clients: [(client: String, stacks: [Plan.Stack])]) -> [String] {
    var lines: [String] = []
    var left = room
    // One client's news must not drive out everybody else's.
    let share = clients.count > 1 ? max(room / 4, 8_000) : room
    for (index, client) in clients.enumerated() {
      let part = part(client.client, client.stacks, room: min(left, share))
      let size = PlanMarkdown.size(part)
      guard !part.isEmpty, size <= left else {
        return lines + [
          leftOut(clients[index...].flatMap(\.stacks), clients: clients.count - index)
        ]
      }
      lines += part
      left -= size
    }
    return lines
  }

  private func leftOut(_ stacks: [Plan.Stack], clients: Int) -> String {
    let changes = stacks.flatMap(\.changes)
    let tally = RunReport.tally(changes).map { "\($0.count) \($0.verdict.rawValue)" }
    let detail = tally.isEmpty ? "" : ": \(tally.joined(separator: ", "))"
    return "**Left out here for GitHub's limit: \(Wording.count(clients, "client")), "
      + "\(Wording.count(changes.count, "change"))\(detail).** `trueup "
      + "\(report.command.rawValue)` shows all of them.\n"
  }

  /// `<details>` of one client; empty where not even its heading fits.
  private func part(_ client: String, _ stacks: [Plan.Stack], room: Int) -> [String] {
    let changes = stacks.flatMap(\.changes)
    let tally = RunReport.tally(changes).map { "\($0.count) \($0.verdict.rawValue)" }
    let failed = stacks.count { $0.error != nil }
    let refused = stacks.count { report.refusals[$0.id.name] != nil }
    let verdict =
      (failed > 0 ? ["\(failed) failed"] : []) + (refused > 0 ? ["\(refused) refused"] : []) + tally
    let isWorse =
      failed + refused > 0
      || changes.contains { $0.isDestructive || $0.isGone || $0.isSecurityFinding }
    var lines = [
      "<details\(isWorse ? " open" : "")><summary><b>\(MarkdownText.text(client))</b>: "
        + "\(verdict.joined(separator: ", "))</summary>", "",
    ]
    let end = ["</details>", ""]
    var left = room - PlanMarkdown.size(lines + end)
    for stack in stacks.filter(report.isNews) {
      let part = self.part(stack, room: left)
      lines += part
      left -= PlanMarkdown.size(part)
    }
    return left < 0 ? [] : lines + end
  }

  private func part(_ stack: Plan.Stack, room: Int) -> [String] {
    let place = "\(stack.account) \(stack.region)"
    var lines = ["**\(MarkdownText.text(stack.id.name))** \(MarkdownText.code(place))", ""]
    if let error = stack.error {
      lines += ["Failed: \(MarkdownText.code(String(error.prefix(600))))", ""]
    }
    if let refusal = report.refusals[stack.id.name] {
      lines += ["Refused: \(MarkdownText.text(String(refusal.prefix(600))))", ""]
    }
    var notes: [String] = []
    if !stack.notChecked.isEmpty {
      let text = NotChecked.text(stack.notChecked, limit: 3)
      notes = [MarkdownText.text(String(text.prefix(600))), ""]
    }
    notes += stack.notesAndWait.flatMap { [MarkdownText.text(String($0.prefix(600))), ""] }
    var diff: [String] = []
    let changes = stack.changes.sorted(by: Change.worstFirst)
    // The fences, and the line that counts.
    var left = room - PlanMarkdown.size(lines + notes) - 160
    for (index, change) in changes.enumerated() {
      let part = text(change).lines
      left -= PlanMarkdown.size(part)
      guard left >= 0 else {
        let count = Wording.count(changes.count - index, "more change")
        diff.append("# … and \(count) of \(stack.id.name), left out for GitHub's limit")
        break
      }
      diff += part
    }
    if !diff.isEmpty { lines += MarkdownText.block(diff, language: "diff") + [""] }
    return lines + contents(changes, room: left) + notes
  }

  /// What new resources will hold, folded.
  private func contents(_ changes: [Change], room: Int) -> [String] {
    let all = changes.map { text($0).contents }.filter { !$0.isEmpty }
    guard !all.isEmpty else { return [] }
    let title =
      all.count == 1 ? "What 1 new resource will hold" : "What \(all.count) new resources will hold"
    let part =
      ["<details><summary>\(title)</summary>", ""]
      + MarkdownText.block(all.flatMap(\.self), language: "diff") + ["", "</details>", ""]
    if PlanMarkdown.size(part) <= room { return part }
    let line = ["\(title) is left out for GitHub's limit: `trueup plan --details` shows it.", ""]
    return PlanMarkdown.size(line) <= room ? line : []
  }
}
