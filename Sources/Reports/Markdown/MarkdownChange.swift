import TrueupCore

/// One change as lines of a `diff` block: GitHub paints `-` red, `+` green and `!` orange. The signs say
/// what an apply does: `-` goes, `+` comes, `!` stays and changes, or has to be looked at.
struct MarkdownChange {
  var change: Change
  var rowLimit: Int
  /// Columns that one value may take.
  var valueLimit = 100

  var lines: [String] {
    [title.printable] + rows
  }

  private var title: String {
    let verdict = Verdict(change)
    var parts = ["\(sign) \(verdict.rawValue) \(change.address.resource)", change.type]
    if change.action == .delete || change.action == .adopt, let id = change.id { parts.append(id) }
    if let place = change.place { parts.append(place) }
    let since = change.since.map { " since \(Wording.minute($0))" } ?? ""
    parts.append(change.cause.rawValue + since)
    if let consequence = change.consequence { parts.append(consequence) }
    if let reason = change.reason { parts.append(String(reason.prefix(600))) }
    if let hint = change.hint { parts.append(String(hint.prefix(600))) }
    if let outcome = change.outcome {
      parts.append(outcome.result.rawValue)
      if let error = outcome.error { parts.append(String(error.prefix(600))) }
    }
    return parts.joined(separator: "  ")
  }

  private var sign: String {
    switch Verdict(change) {
    case .delete: "-"
    case .replace, .update, .blocked, .stalled, .gone: "!"
    case .create, .adopt: "+"
    }
  }

  private var rows: [String] {
    // What a new resource will hold stands in a part of its own.
    guard change.action != .create else { return [] }
    let all = DifferenceText.rows(change, valueLimit: valueLimit)
    let shown = all.prefix(rowLimit).flatMap(lines)
    let hidden = all.count - rowLimit
    return shown
      + (hidden > 0
        ? ["#     … and \(Wording.count(hidden, "more property", plural: "more properties"))"] : [])
  }

  /// What a new resource will hold; empty for any other change.
  var contents: [String] {
    guard change.action == .create || change.action == .replace else { return [] }
    let entries = Contents(change, valueLimit: valueLimit).entries
    guard !entries.isEmpty else { return [] }
    return ["+ \(change.address.resource)  \(change.type)".printable]
      + entries.map { "+     \($0.path): \($0.value)" }
  }

  private func lines(_ row: DifferenceRow) -> [String] {
    let notes = row.notes.isEmpty ? "" : "   (\(row.notes.joined(separator: ", ")))"
    // The note stands on the last line of the pair.
    let observed = row.observed.map {
      "-     \(row.path): \($0)" + (row.desired == nil ? notes : "")
    }
    let desired = row.desired.map { "+     \(row.path): \($0)\(notes)" }
    return [observed, desired].compactMap(\.self)
  }
}
