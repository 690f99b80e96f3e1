import TrueupCore

/// One change as lines of a `diff` block: GitHub paints `-` red, `+` green and `!` orange. Under the
/// change stands what AWS shows (`-`) and what is desired (`+`).
struct MarkdownChange {
  var change: Change
  var rowLimit: Int

  /// Columns that one value may take.
  private static let valueLimit = 100

  var lines: [String] {
    [title.printable] + rows
  }

  private var title: String {
    var parts = ["\(sign) \(change.action.rawValue) \(change.address.resource)", change.type]
    if change.action == .delete || change.action == .adopt, let id = change.id { parts.append(id) }
    if let place = change.place { parts.append(place) }
    let since = change.since.map { " since \(Wording.minute($0))" } ?? ""
    parts.append(change.cause.rawValue + since)
    if let reason = change.reason { parts.append(String(reason.prefix(600))) }
    if let hint = change.hint { parts.append(String(hint.prefix(600))) }
    if let outcome = change.outcome {
      parts.append(outcome.result.rawValue)
      if let error = outcome.error { parts.append(String(error.prefix(600))) }
    }
    return parts.joined(separator: "  ")
  }

  private var sign: String {
    switch change.action {
    case .delete, .replace: "-"
    case .update, .blocked: "!"
    case .create, .adopt: "+"
    }
  }

  private var rows: [String] {
    // What a new resource is made of stands in the blueprint, which the same pull request shows.
    guard change.action != .create else { return [] }
    let all = DifferenceText.rows(change, valueLimit: Self.valueLimit)
    let shown = all.prefix(rowLimit).flatMap(lines)
    let hidden = all.count - rowLimit
    return shown
      + (hidden > 0
        ? ["#     … and \(Wording.count(hidden, "more property", "more properties"))"] : [])
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
