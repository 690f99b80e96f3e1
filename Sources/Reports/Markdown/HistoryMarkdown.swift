import TrueupCore

/// What was done before, as a comment or a page of a wiki: a part to unfold per run.
public enum HistoryMarkdown {
  /// The first line: by it a workflow finds its own comment again.
  public static let marker = "<!-- trueup:history -->"

  /// The whole text, ending in a line break; runs that do not fit the limit are left out and counted.
  ///
  /// - Parameters:
  ///   - runs: newest first, with the changes to show.
  ///   - limit: bytes of UTF-8.
  public static func render(
    _ runs: [PastRun], limit: Int = PlanMarkdown.characterLimit
  ) -> String {
    let changes = runs.reduce(0) { $0 + $1.changes.count }
    let title =
      runs.isEmpty
      ? "nothing was applied yet"
      : "\(Wording.count(changes, "change")) in \(Wording.count(runs.count, "run"))"
    var lines = [marker, "### Trueup history: \(title)", ""]
    // Room for the line that counts.
    var left = limit - PlanMarkdown.size(lines) - 100
    for (index, run) in runs.enumerated() {
      let part = part(run, isOpen: index == 0)
      left -= PlanMarkdown.size(part)
      guard left >= 0 else {
        lines.append("Left out: \(Wording.count(runs.count - index, "older run")).")
        break
      }
      lines += part
    }
    return lines.map { $0.withoutTrailingSpaces + "\n" }.joined()
  }

  /// Changes of one run; the others are counted.
  private static let changeLimit = 100
  /// Values of one change; the others are left out.
  private static let valueLimit = 20

  private static func part(_ run: PastRun, isOpen: Bool) -> [String] {
    let head =
      "\(Wording.minute(run.time)) <b>\(MarkdownText.text(run.command))</b> "
      + "\(MarkdownText.text(run.outcome)): \(MarkdownText.text(run.summary))"
    let facts = [
      MarkdownText.code(run.id), run.seconds.map(Wording.duration),
      run.state.map(MarkdownText.text),
      run.user.isEmpty ? nil : "by \(MarkdownText.code(run.user))",
    ].compactMap(\.self)
    var rows = run.changes.prefix(changeLimit).map { entry in
      let error = entry.error.map { " " + MarkdownText.code(String($0.prefix(300))) } ?? ""
      return
        "| \(MarkdownText.code("\(entry.stack)/\(entry.resource)")) | \(MarkdownText.text(entry.action)) "
        + "| \(MarkdownText.text(entry.cause)) | \(MarkdownText.text(entry.outcome))\(error) "
        + "| \(Wording.count(entry.calls, "call")), \(Wording.duration(entry.seconds)) |"
    }
    let values = run.changes.prefix(changeLimit).flatMap { entry -> [String] in
      let lines = entry.values(.plain).prefix(valueLimit)
      return lines.isEmpty ? [] : ["# \(entry.action) \(entry.stack)/\(entry.resource)"] + lines
    }
    let hidden = run.changes.count - changeLimit
    if hidden > 0 { rows.append("| … and \(hidden) more | | | | |") }
    let table =
      rows.isEmpty
      ? []
      : ["| Resource | Action | Cause | Outcome | Effort |", "|---|---|---|---|---|"] + rows + [""]
    let folded =
      values.isEmpty
      ? []
      : ["<details><summary>What changed, from what to what</summary>", ""]
        + MarkdownText.block(values, language: "diff") + ["", "</details>", ""]
    return ["<details\(isOpen ? " open" : "")><summary>\(head)</summary>", ""]
      + [facts.joined(separator: " · "), ""] + table + folded + ["</details>", ""]
  }
}
