import Document
import TrueupCore

/// What a stack calls its own, and what stands for it where many stacks are told at once.
struct OwnNames {
  /// Longer ones first: a stack's name holds its client's.
  private var names: [(name: String, placeholder: String)]

  init(_ stack: Plan.Stack) {
    names = [
      (stack.id.name, "{stack}"), (stack.account, "{account}"), (stack.region, "{region}"),
      (stack.id.client, "{client}"), (stack.id.environment, "{environment}"),
    ].filter { !$0.0.isEmpty }
  }

  /// The change with placeholders in its values.
  func generalised(_ change: Change) -> Change {
    var change = change
    change.reason = change.reason.map(generalised)
    change.hint = change.hint.map(generalised)
    change.desired = change.desired.map(generalised)
    change.differences = change.differences.map { difference in
      var difference = difference
      difference.desired = difference.desired.map(generalised)
      difference.observed = difference.observed.map(generalised)
      difference.lastApplied = difference.lastApplied.map(generalised)
      return difference
    }
    return change
  }

  private func generalised(_ value: Document) -> Document {
    switch value {
    case .string(let text): .string(generalised(text))
    case .list(let elements): .list(elements.map(generalised))
    case .object(let members): .object(members.mapValues(generalised))
    default: value
    }
  }

  private func generalised(_ text: String) -> String {
    names.reduce(text) { Self.replacing($1.name, in: $0, with: $1.placeholder) }
  }

  /// Replaces a name where it stands by itself: `app` in `/ecs/app`, not in `application`.
  private static func replacing(
    _ name: String, in text: String, with placeholder: String
  ) -> String {
    func isWord(_ character: Character?) -> Bool {
      character.map { $0.isLetter || $0.isNumber } ?? false
    }
    var result = ""
    var rest = text[...]
    while let range = rest.firstRange(of: name) {
      let before =
        result.last.flatMap { range.lowerBound == rest.startIndex ? $0 : nil }
        ?? rest[..<range.lowerBound].last
      let after = rest[range.upperBound...].first
      result += rest[..<range.lowerBound]
      // Within a placeholder nothing is replaced.
      let isOwn = !isWord(before) && !isWord(after) && before != "{"
      result += isOwn ? placeholder : name
      rest = rest[range.upperBound...]
    }
    return result + rest
  }

  /// The placeholders that stand in the lines, as a remark: `({client}: each stack's own)`.
  static func remark(on lines: [String]) -> String? {
    let used = placeholders.filter { placeholder in
      lines.contains { $0.contains(placeholder) }
    }
    return used.isEmpty ? nil : "(\(used.joined(separator: ", ")): each stack's own)"
  }

  /// Whether a text of the change holds a placeholder as it is.
  static func isMentioned(in change: Change) -> Bool {
    let texts =
      [change.reason, change.hint]
      + ([change.desired]
      + change.differences.flatMap { [$0.desired, $0.observed, $0.lastApplied] })
      .map { $0?.json() }
    return texts.contains { text in
      text?.contains("{") == true && placeholders.contains { text?.contains($0) == true }
    }
  }

  private static let placeholders = [
    "{stack}", "{account}", "{region}", "{client}", "{environment}",
  ]
}
