import Document

/// Finds what an update takes away, from what is declared of the properties (`PropertyFacts.loss`).
struct Losses {
  struct Finding: Hashable {
    var path: PropertyPath
    var loss: Loss
    /// For people: `2 of 3 are taken away`.
    var text: String
  }

  let comparison: Comparison
  /// What tells an element of a top-level list apart (`Kind.identity`).
  let identity: (_ element: Document, _ property: String) -> Document

  private var table: PropertyTable { comparison.table }

  /// What of a property goes, both sides in normal form.
  func findings(_ property: String, desired: Document?, observed: Document?) -> [Finding] {
    findings(PropertyPath([property]), desired: desired, observed: observed)
  }

  private func findings(_ path: PropertyPath, desired: Document?, observed: Document?)
    -> [Finding]
  {
    // What is known of the property itself, and not of what it lies below.
    let own = table[path]?.loss.flatMap { loss in
      text(loss, path: path, desired: desired, observed: observed).map {
        Finding(path: path, loss: loss, text: $0)
      }
    }
    if let own { return [own] }
    guard desired?.isUnknown != true, desired?.isSecret != true else { return [] }
    if desired?.object != nil || observed?.object != nil {
      let keys = Set(desired?.object?.keys.map { $0 } ?? []).union(
        observed?.object?.keys.map { $0 } ?? [])
      return keys.sorted().flatMap { key in
        findings(path.appending(key), desired: desired?[key], observed: observed?[key])
      }
    }
    guard let before = observed?.list, case .keyed(let keys) = comparison.collection(at: path)
    else {
      return []
    }
    return before.flatMap { element -> [Finding] in
      let key = Comparison.key(of: element, keys)
      guard let after = desired?.list?.first(where: { Comparison.key(of: $0, keys) == key }) else {
        return []
      }
      return findings(path.appending(key), desired: after, observed: element)
    }
  }

  private func text(
    _ loss: Loss, path: PropertyPath, desired: Document?, observed: Document?
  ) -> String? {
    switch loss {
    case .members: members(path, desired: desired, observed: observed)
    case .less(let absent): less(desired, observed, absent: absent)
    case .leaving(let value):
      observed == value && desired != value && desired?.isUnknown != true
        ? "it is no longer \(value.json())" : nil
    case .change:
      observed != nil && desired != observed && desired?.isKnown != false
        ? "what it was before goes" : nil
    case .narrowing:
      desired != nil && desired != observed && desired?.isKnown != false ? "it is narrowed" : nil
    case .policy:
      PolicyLoss.text(
        desired: desired ?? table[path]?.defaultValue,
        observed: observed ?? table[path]?.defaultValue)
    case .rules(let members, let state, let value):
      rules(desired, observed, members: members, state: state, value: value)
    }
  }

  private func members(_ path: PropertyPath, desired: Document?, observed: Document?) -> String? {
    guard let observed, observed != [], observed != .object([:]) else { return nil }
    guard let before = observed.list else {
      return desired == nil || desired == .object([:]) ? "it is taken away" : nil
    }
    guard desired?.isUnknown != true else { return nil }
    let after = desired?.list ?? []
    let property = path.components.count == 1 ? path.property : nil
    func known(_ element: Document) -> Document {
      if case .keyed(let keys) = comparison.collection(at: path) {
        return .string(Comparison.key(of: element, keys))
      }
      return property.map { identity(element, $0) } ?? element
    }
    let wanted = Set(after.map(known))
    let inner = path.appending("*")
    let gone = before.filter { element in
      !wanted.contains(known(element))
        && !after.contains { comparison.satisfies(element, $0, at: inner) }
    }
    // What is not known yet may be one of those.
    let open = after.count { !$0.isKnown }
    guard gone.count > open else { return nil }
    return
      "\(gone.count - open) of \(before.count) \(gone.count - open == 1 ? "is" : "are") taken away"
  }

  private func less(_ desired: Document?, _ observed: Document?, absent: Double?) -> String? {
    func number(_ value: Document?) -> Double? {
      guard let value else { return absent ?? .infinity }
      return value.double ?? value.string.flatMap(Double.init)
    }
    guard let after = number(desired), let before = number(observed), after < before else {
      return nil
    }
    func shown(_ value: Double) -> String {
      value == .infinity ? "for ever" : Document.integer(Int(value)).json()
    }
    return "it falls from \(shown(before)) to \(shown(after))"
  }

  private func rules(
    _ desired: Document?, _ observed: Document?, members: Set<String>, state: String,
    value: Document
  ) -> String? {
    func active(_ rules: Document?) -> [[String: Document]] {
      (rules?.list ?? []).compactMap(\.object).filter { rule in
        rule[state] == value && members.contains { rule[$0] != nil }
      }
    }
    /// What it matches, whatever it is called and else does.
    func scope(_ rule: [String: Document]) -> [String: Document] {
      rule.filter { key, _ in
        !members.contains(key) && !["Id", "Version", state].contains(key)
          && !key.contains("Transition") && !key.contains("Abort")
      }
    }
    let before = active(observed)
    let worse = active(desired).filter { rule in
      !before.contains { old in
        scope(old) == scope(rule)
          && members.allSatisfy { member in
            rule[member].map { new in old[member].map { Self.isNoLess(new, $0) } ?? false } ?? true
          }
      }
    }
    guard !worse.isEmpty else { return nil }
    return "\(worse.count == 1 ? "a rule deletes" : "\(worse.count) rules delete") more than before"
  }

  /// Whether every number and time is as great as it was.
  private static func isNoLess(_ new: Document, _ old: Document) -> Bool {
    if let new = new.object {
      guard let old = old.object, Set(new.keys) == Set(old.keys) else { return false }
      return new.allSatisfy { key, value in old[key].map { isNoLess(value, $0) } ?? false }
    }
    if let new = new.double, let old = old.double { return new >= old }
    // Times are written so that they sort: ISO 8601.
    if let new = new.string, let old = old.string, new.first?.isNumber == true { return new >= old }
    return new == old
  }
}
