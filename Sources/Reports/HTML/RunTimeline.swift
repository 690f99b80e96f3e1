/// Past runs one below the other, newest first.
enum RunTimeline {
  /// - Parameter details: with every change of every run.
  static func markup(_ runs: [PastRun], details: Bool = false) -> Markup {
    let items = runs.map { run -> Markup in
      let facts = [
        run.summary, run.seconds.map(Wording.duration), run.state,
        run.user.isEmpty ? nil : "by \(run.user)",
      ].compactMap(\.self).joined(separator: " · ")
      return """
        <li class="run-\(run.tone)"><time datetime="\(Wording.timestamp(run.time))">\
        \(Wording.minute(run.time))</time> <strong>\(run.command)</strong> \
        <span class="chip \(run.tone)">\(run.outcome)</span> <small><code>\(run.id)</code></small>
        <p class="soft">\(facts)</p>
        \(details ? changes(run) : "")</li>

        """
    }
    return "<ol class=\"runs\">\n\(items)</ol>\n"
  }

  private static func changes(_ run: PastRun) -> Markup {
    guard !run.changes.isEmpty else { return "" }
    let rows = run.changes.map { entry -> Markup in
      let error: Markup =
        entry.error.map { "<p class=\"observed\">\($0)</p>" } ?? ""
      return """
        <tr><td class="path"><strong>\(entry.stack)/\(entry.resource)</strong>\(error)\
        \(values(entry))</td>\
        <td class="side" data-side="action">\(entry.action) <small>\(entry.cause)</small></td>\
        <td class="side" data-side="outcome">\(entry.outcome)</td>\
        <td class="soft">\(Wording.count(entry.calls, "call")), \
        \(Wording.duration(entry.seconds))</td></tr>

        """
    }
    return """
      <table><thead><tr><th>Resource</th><th>Action</th><th>Outcome</th><th>Effort</th></tr></thead>
      <tbody>
      \(rows)</tbody></table>

      """
  }

  /// What changed, folded.
  private static func values(_ entry: HistoryEntry) -> Markup {
    let all = entry.values(.plain)
    guard !all.isEmpty else { return "" }
    let lines = all.prefix(valueLimit).map { line -> Markup in "<li><code>\(line)</code></li>\n" }
    let more: Markup =
      all.count > valueLimit ? "<li class=\"soft\">… and \(all.count - valueLimit) more</li>\n" : ""
    return """
      <details class="contents"><summary class="soft">what changed</summary>
      <ul class="values">
      \(lines)\(more)</ul></details>
      """
  }

  private static let valueLimit = 40
}
