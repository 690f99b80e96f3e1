import TrueupCore

/// One change of a stack: what, why, since when, and what AWS shows beside what is desired.
struct ChangeSection {
  var change: Change
  /// When the report was made, in seconds since 1970.
  var time: Double

  /// Values and lists in full.
  var isFull = false

  /// Rows of one change; the others are counted.
  private var rowLimit: Int { isFull ? TextStyle.noLimit : 40 }
  private var valueLimit: Int { isFull ? TextStyle.noLimit : 160 }

  var markup: Markup {
    let verdict = Verdict(change)
    let id: Markup = change.id.map { "<div><small><code>\($0)</code></small></div>\n" } ?? ""
    return """
      <div class="change">
      <div class="head"><span class="chip \(verdict.rawValue)">\(verdict.symbol) \
      \(verdict.rawValue)</span>\(security) <strong>\(change.address.resource)</strong> \
      <small>\(change.type)\(change.place.map { " \($0)" } ?? "")</small><small class="since">\(cause)</small></div>
      \(id)\
      \(sentence(change.reason))\(sentence(change.hint))\(sentence(consequence))\(outcome)\(table)\
      \(contents)</div>

      """
  }

  private var security: Markup {
    change.isSecurityFinding ? " <span class=\"chip bad\">security</span>" : ""
  }

  private var consequence: String? {
    change.consequence.map {
      change.isGone ? "It is gone in AWS, and \($0)." : "What follows: \($0)."
    }
  }

  private var cause: Markup {
    guard let since = change.since else { return "\(change.cause.rawValue)" }
    let stamp = Wording.timestamp(since)
    return """
      \(change.cause.rawValue) since <time datetime="\(stamp)">\(Wording.minute(since))</time>, \
      \(Wording.age(time - since))
      """
  }

  private func sentence(_ text: String?) -> Markup { text.map { "<p>\($0)</p>\n" } ?? "" }

  private var outcome: Markup {
    guard let outcome = change.outcome else { return "" }
    return sentence(
      outcome.result.rawValue + (outcome.error.map { ": \($0)" } ?? ""))
  }

  private var table: Markup {
    guard change.action != .create else { return "" }
    let all = DifferenceText.rows(change, valueLimit: valueLimit)
    guard !all.isEmpty else { return "" }
    let rows = all.prefix(rowLimit).map { row -> Markup in
      """
      <tr><td class="path"><code>\(path(row.path))</code></td>\
      \(cell(row.observed, side: "in AWS", style: "observed"))\
      \(cell(row.desired, side: "desired", style: "desired"))\
      <td class="soft">\(row.notes.joined(separator: ", "))</td></tr>

      """
    }
    let hidden = all.count - rowLimit
    let more: Markup =
      hidden > 0
      ? "<p class=\"soft\">… and \(Wording.count(hidden, "more property", plural: "more properties"))</p>\n"
      : ""
    return """
      <table><thead><tr><th>Property</th><th>In AWS</th><th>Desired</th><th></th></tr></thead>
      <tbody>
      \(rows)</tbody></table>
      \(more)
      """
  }

  /// What a new resource will hold, folded.
  private var contents: Markup {
    guard change.action == .create || change.action == .replace else { return "" }
    let entries = Contents(change, valueLimit: valueLimit).entries
    guard !entries.isEmpty else { return "" }
    let rows = entries.prefix(rowLimit).map { entry -> Markup in
      """
      <tr><td class="path"><code>\(path(entry.path))</code></td>\
      \(cell(entry.value, side: "will hold", style: "desired"))</tr>

      """
    }
    let hidden = entries.count - rowLimit
    let more: Markup =
      hidden > 0
      ? "<p class=\"soft\">… and \(Wording.count(hidden, "more value"))</p>\n" : ""
    return """
      <details class="contents"><summary class="soft">What it will hold: \
      \(Wording.count(entries.count, "value"))</summary>
      <table><tbody>
      \(rows)</tbody></table>
      \(more)</details>

      """
  }

  /// The path with places to break it, so that no name is cut in two.
  private func path(_ path: String) -> Markup {
    let names = path.split(separator: "/").map { name -> Markup in "<wbr />/\(String(name))" }
    return "\(names)"
  }

  private func cell(_ value: String?, side: String, style: String) -> Markup {
    guard let value else {
      return "<td class=\"side\" data-side=\"\(side)\"><small>none</small></td>"
    }
    return """
      <td class="side" data-side="\(side)"><code class="\(style)">\(value)</code></td>
      """
  }
}
