import TrueupCore

/// One change for people: a row, and under it what the row has no room for.
struct ChangeText {
  var style: TextStyle
  /// All changes of the run, among which are those that follow from this one.
  var all: [Change]
  /// The change stands for the same in other stacks, where its id is another one.
  var isShared = false

  /// Lines under one change; what is left out is counted.
  private static let lineLimit = 8

  /// The lines of a stack's changes, aligned with one another.
  func lines(_ changes: [Change]) -> [String] {
    let width = changes.map(\.address.resource.columns).max() ?? 0
    return changes.flatMap { lines($0, nameWidth: width) }
  }

  private func lines(_ change: Change, nameWidth: Int) -> [String] {
    let name = change.address.resource.printable.padded(to: nameWidth)
    if let outcome = change.outcome {
      return [outcomeRow(change, outcome, name: name)]
        + under([change.reason, change.hint].compactMap { $0?.printable })
    }
    let action = change.action
    let verdict = Verdict(change)
    var details = change.differences.map { differences(change).lines($0) }
    if action == .create { details = [] }
    let contents =
      style.showsContents && (action == .create || action == .replace)
      ? Contents(change, valueLimit: style.valueLimit).lines : []
    var inRow: [String] = []
    if action.leavesAsIs {
      // What stands in the way, and under it the remedy.
      inRow = [change.place, change.reason].compactMap(\.self).joined(separator: ": ")
        .split(separator: "; ", maxSplits: 1).map { String($0).printable }
    } else {
      inRow = [change.cause.rawValue.padded(to: 8) + "  " + summary(change, &details)]
    }
    let symbol = style.paint(verdict.symbol, verdict.paint)
    let verb = style.paint(verdict.rawValue, verdict.paint)
    let space = String(repeating: " ", count: max(0, 8 - verdict.rawValue.columns))
    let row = "  \(symbol) \(verb)\(space) \(name)  \(inRow.first ?? "")".withoutTrailingSpaces
    let hint = change.hint.map { $0.split(separator: "; ", maxSplits: 1) } ?? []
    return [row]
      + under(
        inRow.dropFirst() + hint.map { String($0).printable } + limited(details.flatMap { $0 })
          + contents)
  }

  /// What the row says after the cause. Takes the first difference out of `details` where the row has
  /// room for it.
  private func summary(_ change: Change, _ details: inout [[String]]) -> String {
    var parts: [String] = []
    if change.action == .create { parts.append(change.type) }
    if change.action == .delete || change.action == .adopt {
      let id = isShared ? nil : change.id?.printable
      parts.append([change.type, id].compactMap(\.self).joined(separator: " "))
    }
    if let place = change.place { parts.append(place) }
    if let since = change.since { parts.append("since \(Wording.minute(since))") }
    if let reason = change.reason { parts.append(reason.printable) }
    if let consequence = change.consequence { parts.append(consequence) }
    if parts.isEmpty, let first = details.first, first.count == 1 {
      parts += details.removeFirst()
    }
    let followers = followers(of: change)
    if !followers.isEmpty { parts.append("then ← \(Wording.some(followers))") }
    return parts.joined(separator: "   ")
  }

  /// Resources that are changed because this one is replaced.
  private func followers(of change: Change) -> [String] {
    guard change.action == .replace else { return [] }
    let names = all.filter { other in
      other.address != change.address
        && other.after.contains {
          $0.address == change.address && [.replacement, .reference].contains($0.because)
        }
    }.map { other in
      other.address.stack == change.address.stack
        ? other.address.resource : other.address.description
    }
    return Set(names).sorted()
  }

  private func outcomeRow(_ change: Change, _ outcome: Outcome, name: String) -> String {
    let symbol = style.paint(outcome.result.symbol, outcome.result.paint)
    let error = outcome.error?.printable
    let text =
      switch outcome.result {
      case .succeeded:
        "\(change.action.past.padded(to: 8))  \(succeeded(change))   "
          + Wording.duration(outcome.seconds)
      case .progressing:
        "\(change.action.rawValue) begun, not waited for: \(error ?? "progressing")"
      case .failed: "\(change.action.rawValue) failed: \(error ?? "no reason was given")"
      case .stalled: "stalled: \(error ?? "no reason was given")"
      case .skipped: "skipped: \(error ?? "something that it needs failed")"
      }
    return "  \(symbol) \(name)  \(text)".withoutTrailingSpaces
  }

  /// What a change that succeeded has made: the id, or the properties that it brought in line.
  private func succeeded(_ change: Change) -> String {
    let id = change.id.map { ValueText(stack: "", limit: style.valueLimit).shortened($0.printable) }
    guard change.action == .update else { return id ?? change.type }
    let paths = change.differences.map(\.path.description.printable)
    return paths.isEmpty ? id ?? "" : Wording.some(paths)
  }

  private func differences(_ change: Change) -> DifferenceText {
    DifferenceText(values: ValueText(stack: change.address.stack, limit: style.valueLimit))
  }

  private func limited(_ lines: [String]) -> [String] {
    guard lines.count > Self.lineLimit, !style.isFull else { return lines }
    let hidden = lines.count - Self.lineLimit
    return lines.prefix(Self.lineLimit) + ["… and \(hidden) more"]
  }

  private func under(_ lines: [String]) -> [String] {
    lines.map { String(repeating: " ", count: 13) + $0.withoutTrailingSpaces }
  }
}

extension Change {
  /// `in 222222222222 us-east-1`, where the resource lives elsewhere than its stack.
  var place: String? { scope.map { "in \($0)" } }
}
