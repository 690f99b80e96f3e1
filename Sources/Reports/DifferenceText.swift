import Document
import TrueupCore

/// One difference for people: `/Port 3000 → 8080 (create-only)`. What AWS shows stands left of the
/// arrow, what is desired right of it; lists show their elements that differ.
struct DifferenceText {
  var values: ValueText

  /// Elements of one list that are shown; the others are counted.
  private static let elementLimit = 6

  static let changedInAWS = "changed in AWS"

  /// One line, or several where elements of a list differ.
  func lines(_ difference: Difference) -> [String] {
    expanded(difference).flatMap(leafLines)
  }

  /// Objects are compared member by member, so that a long policy shows what moved in it.
  func expanded(_ difference: Difference) -> [Difference] {
    if let element = changedElement(difference) { return expanded(element) }
    guard let desired = difference.desired?.object, let observed = difference.observed?.object,
      desired.count > 0
    else { return [difference] }
    let applied = difference.lastApplied?.object ?? [:]
    func members(_ keys: some Sequence<String>) -> [Difference] {
      keys.sorted().flatMap { key -> [Difference] in
        guard !isMet(desired[key], by: observed[key]) else { return [] }
        var member = difference
        member.path = difference.path.appending(key)
        member.desired = desired[key]
        member.observed = observed[key]
        member.lastApplied = applied[key]
        return expanded(member)
      }
    }
    // Members that nobody declared are unmanaged; they are the difference only if nothing else is.
    let declared = members(desired.keys)
    return declared.isEmpty ? members(observed.keys) : declared
  }

  /// The one element by which two lists differ, where it is the same thing in another shape: the only
  /// one, or with members in common.
  private func changedElement(_ difference: Difference) -> Difference? {
    guard let desired = difference.desired?.list, let observed = difference.observed?.list,
      let new = only(missing(desired, in: observed)),
      let old = only(undesired(observed, by: desired)),
      let index = desired.firstIndex(of: new),
      let members = new.object, let others = old.object,
      desired.count == 1 || members.contains(where: { others[$0.key] == $0.value }),
      RuleText(values: values).text(new, of: difference.path) == nil
    else { return nil }
    var element = difference
    element.path = difference.path.appending(String(index))
    element.desired = new
    element.observed = old
    element.lastApplied = difference.lastApplied?[index]
    return element
  }

  private func only(_ elements: [Document]) -> Document? {
    elements.count == 1 ? elements.first : nil
  }

  private func leafLines(_ difference: Difference) -> [String] {
    if let lines = elementLines(difference) { return lines }
    let path = difference.path.description.printable
    if isSecret(difference) {
      return ["\(path) (secret) changed\(note(difference))"]
    }
    let (old, new) = shortPair(difference.observed, difference.desired)
    return ["\(path) \(old) → \(new)\(note(difference))"]
  }

  func isSecret(_ difference: Difference) -> Bool {
    ValueText.isSecret(difference.desired) || ValueText.isSecret(difference.observed)
  }

  private func note(_ difference: Difference) -> String {
    let notes = notes(difference)
    return notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))"
  }

  func notes(_ difference: Difference) -> [String] {
    var notes: [String] = []
    if difference.effect == .replace { notes.append("create-only") }
    switch difference.cause {
    case .drift: notes.append(Self.changedInAWS)
    case .conflict where difference.lastApplied == difference.desired:
      // Of a property in conflict, a part in which AWS alone has moved.
      notes.append(Self.changedInAWS)
    case .conflict: notes.append("was \(values.short(difference.lastApplied)) when last applied")
    default: break
    }
    return notes
  }

  /// Both values shortened; where that makes them look alike, from where they part.
  func shortPair(_ observed: Document?, _ desired: Document?) -> (String, String) {
    let short = (values.short(observed), values.short(desired))
    guard short.0 == short.1 else { return short }
    let full = (values.full(observed), values.full(desired))
    let same = full.0.commonPrefix(with: full.1)
    let skipped = max(0, same.count - 8)
    guard skipped > 0 else { return full }
    func rest(_ text: String) -> String {
      let rest = text.dropFirst(skipped)
      let hidden = rest.count - values.limit
      return "…" + rest.prefix(values.limit) + (hidden > 0 ? "…(\(hidden) more)" : "")
    }
    return (rest(full.0), rest(full.1))
  }

  /// The elements by which two lists differ, each with a sign that says how the side that moved has
  /// moved: in AWS for drift, in the desired state otherwise. `nil` where this is no difference of
  /// elements.
  private func elementLines(_ difference: Difference) -> [String]? {
    guard let changed = changedElements(difference) else { return nil }
    // The signs say what an apply does, whoever has moved.
    let all =
      changed.undesired.map { ("-", $0, "observed, not desired") }
      + changed.missing.map { ("+", $0, "desired, not observed") }
    let path = difference.path.description.printable
    let blank = String(repeating: " ", count: path.columns)
    let createOnly = difference.effect == .replace ? " (create-only)" : ""
    let limit = values.limit >= TextStyle.noLimit ? all.count : Self.elementLimit
    var lines = all.prefix(limit).enumerated().map { index, item in
      let (sign, element, side) = item
      let text = values.element(element, of: difference.path)
      return "\(index == 0 ? path : blank) \(sign) \(text)   \(side)\(createOnly)"
    }
    if all.count > lines.count { lines.append("\(blank) … and \(all.count - lines.count) more") }
    return lines
  }

  /// The elements that only AWS shows, and those that are only desired; `nil` where this is no
  /// difference of elements.
  func changedElements(
    _ difference: Difference
  ) -> (undesired: [Document], missing: [Document])? {
    guard difference.desired?.list != nil || difference.observed?.list != nil,
      let desired = elements(difference.desired), let observed = elements(difference.observed)
    else { return nil }
    let changed = (undesired(observed, by: desired), missing(desired, in: observed))
    return changed.0.isEmpty && changed.1.isEmpty ? nil : changed
  }

  private func elements(_ value: Document?) -> [Document]? {
    switch value {
    case nil, .null: []
    case .list(let elements): elements
    default: nil
    }
  }

  private func missing(_ desired: [Document], in observed: [Document]) -> [Document] {
    unmatched(desired, among: observed) { isMet($0, by: $1) }
  }

  private func undesired(_ observed: [Document], by desired: [Document]) -> [Document] {
    unmatched(observed, among: desired) { isMet($1, by: $0) }
  }

  /// The elements that have no partner among the others, one for one.
  private func unmatched(
    _ elements: [Document], among others: [Document], _ matches: (Document, Document) -> Bool
  ) -> [Document] {
    var left = others
    return elements.filter { element in
      guard let index = left.firstIndex(where: { matches(element, $0) }) else { return true }
      left.remove(at: index)
      return false
    }
  }

  /// Whether AWS shows all that is declared; what it shows beyond that is unmanaged.
  private func isMet(_ desired: Document?, by observed: Document?) -> Bool {
    guard case .object(let members) = desired, let shown = observed?.object else {
      return desired == observed
    }
    return members.allSatisfy { isMet($0.value, by: shown[$0.key]) }
  }
}
