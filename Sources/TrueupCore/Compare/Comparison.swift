import Document

/// Compares the properties of one resource: desired, observed and last applied, all in normal form.
///
/// Only what is declared is compared: a member that neither the desired state nor the base mentions
/// is unmanaged. Lists that the kind's facts call sets or keyed are compared without regard to
/// order; lists that are owned whole are compared even where nothing is declared.
struct Comparison {
  /// A difference before its effect and cause are known.
  struct Finding: Hashable {
    var path: PropertyPath
    var desired: Document?
    var observed: Document?
  }

  let table: PropertyTable

  /// What of `desired` is not so in `observed`.
  func findings(_ desired: Document, _ observed: Document?, at path: PropertyPath = PropertyPath())
    -> [Finding]
  {
    if table.covering(path, \.notReadable) != nil { return [] }
    let difference = [Finding(path: path, desired: desired, observed: observed)]
    if desired.isUnknown || desired.isSecret { return difference }
    switch (desired, observed) {
    case (.object(let members), _):
      guard observed == nil || observed?.object != nil else { return difference }
      let found = memberFindings(members, observed, at: path)
      guard found.isEmpty, isPolicy(at: path), let shown = observed?.object else { return found }
      // A policy says no more than it says: a condition or a statement's member that nobody declares
      // makes it another one.
      return memberFindings(shown, desired, at: path).isEmpty ? [] : difference
    case (.list(let elements), _):
      guard observed == nil || observed?.list != nil else { return difference }
      return findings(elements, observed?.list ?? [], at: path)
    case (_, nil):
      return isDefault(desired, at: path) ? [] : difference
    case (_, .some(let observed)):
      return Self.sameScalar(desired, observed) || isVersion(observed, desired, at: path)
        ? [] : difference
    }
  }

  private func memberFindings(
    _ members: [String: Document], _ observed: Document?, at path: PropertyPath
  ) -> [Finding] {
    // Most are as they should be: only what is not needs a path and an order.
    members.filter { !Self.isSame($0.value, observed?[$0.key]) }.sorted { $0.key < $1.key }
      .flatMap { key, member in findings(member, observed?[key], at: path.appending(key)) }
  }

  /// Whether both are the same scalar, which nothing that is known of a property makes different.
  private static func isSame(_ desired: Document, _ observed: Document?) -> Bool {
    switch (desired, observed) {
    case (.string(let desired), .string(let observed)?): desired == observed
    case (.bool(let desired), .bool(let observed)?): desired == observed
    case (.integer(let desired), .integer(let observed)?): desired == observed
    default: false
    }
  }

  /// Whether a version is the declared one, as precisely as that is declared.
  private func isVersion(_ observed: Document, _ desired: Document, at path: PropertyPath) -> Bool {
    guard table[path]?.isVersion == true, let observed = Version(observed),
      let desired = Version(desired)
    else { return false }
    return observed.satisfies(desired)
  }

  private func isPolicy(at path: PropertyPath) -> Bool {
    table[path]?.normalisation == .policyDocument
  }

  /// Whether `observed` is all that `desired` asks for.
  func satisfies(_ observed: Document?, _ desired: Document, at path: PropertyPath) -> Bool {
    findings(desired, observed, at: path).isEmpty
  }

  /// What the base had declared, the desired state no longer mentions, and AWS still has at another
  /// value than its default.
  func removals(
    base: Document, desired: Document, observed: Document, at path: PropertyPath = PropertyPath()
  )
    -> [Finding]
  {
    if case .keyed(let keys) = collection(at: path), let last = base.list {
      return last.sorted { Self.key(of: $0, keys) < Self.key(of: $1, keys) }.flatMap { element in
        let key = Self.key(of: element, keys)
        func same(_ document: Document) -> Document? {
          document.list?.first { Self.key(of: $0, keys) == key }
        }
        // One that goes altogether is found where the lists are compared.
        guard let wanted = same(desired), let present = same(observed) else { return [Finding]() }
        return removals(base: element, desired: wanted, observed: present, at: path.appending(key))
      }
    }
    guard case .object(let members) = base else { return [] }
    return members.sorted { $0.key < $1.key }.flatMap { key, member -> [Finding] in
      let path = path.appending(key)
      guard let present = observed[key] else { return [] }
      if let wanted = desired[key] {
        return removals(base: member, desired: wanted, observed: present, at: path)
      }
      if isDefault(present, at: path) || present == [] || present == .object([:]) { return [] }
      return [Finding(path: path, desired: nil, observed: present)]
    }
  }

  /// The value at a path that may run through keyed lists.
  func value(at path: PropertyPath, in document: Document?) -> Document? {
    var value = document
    var walked = PropertyPath()
    for component in path.components {
      switch value {
      case .object(let members): value = members[component]
      case .list(let elements):
        if case .keyed(let keys) = collection(at: walked) {
          value = elements.first { Self.key(of: $0, keys) == component }
        } else {
          value = Int(component).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
        }
      default: return nil
      }
      walked = walked.appending(component)
    }
    return value
  }

  /// The places in a document that a path with `*` for any element or member stands for.
  func places(of pattern: PropertyPath, in document: Document?) -> [PropertyPath] {
    guard pattern.components.contains("*") else { return [pattern] }
    var places = [PropertyPath()]
    for component in pattern.components {
      guard component == "*" else {
        places = places.map { $0.appending(component) }
        continue
      }
      places = places.flatMap { place -> [PropertyPath] in
        switch value(at: place, in: document) {
        case .object(let members)?: members.keys.sorted().map(place.appending)
        case .list(let elements)?:
          if case .keyed(let keys) = collection(at: place) {
            elements.map { place.appending(Self.key(of: $0, keys)) }
          } else {
            elements.indices.map { place.appending(String($0)) }
          }
        default: []
        }
      }
    }
    return places
  }

  /// How the elements of the list at a path are matched; ordered unless annotated.
  func collection(at path: PropertyPath) -> Collection {
    table[path]?.collection ?? .ordered
  }

  private func findings(_ desired: [Document], _ observed: [Document], at path: PropertyPath)
    -> [Finding]
  {
    let whole = [
      Finding(
        path: path, desired: .list(desired), observed: observed.isEmpty ? nil : .list(observed))
    ]
    switch collection(at: path) {
    case .ordered:
      guard desired.count == observed.count else { return whole }
      return zip(desired, observed).enumerated().flatMap { index, pair in
        findings(pair.0, pair.1, at: path.appending(String(index)))
      }
    case .set:
      return matchesAsSet(desired, observed, at: path) ? [] : whole
    case .keyed(let keys):
      return keyedFindings(desired, observed, keys: keys, at: path)
    }
  }

  /// Whether each desired element has an observed one of its own. What is equal goes together first.
  /// In a list that is owned whole nothing may be shown of an element that is not declared either.
  private func matchesAsSet(_ desired: [Document], _ observed: [Document], at path: PropertyPath)
    -> Bool
  {
    guard desired.count == observed.count else { return false }
    let inner = path.appending("*")
    let isExact = table[path]?.wholeDefault != nil
    var left = observed
    var open: [Document] = []
    for element in desired {
      if let index = left.firstIndex(of: element) {
        left.remove(at: index)
      } else {
        open.append(element)
      }
    }
    for element in open {
      let match = left.firstIndex { shown in
        satisfies(shown, element, at: inner) && (!isExact || satisfies(element, shown, at: inner))
      }
      guard let match else { return false }
      left.remove(at: match)
    }
    return true
  }

  private func keyedFindings(
    _ desired: [Document], _ observed: [Document], keys: [String], at path: PropertyPath
  ) -> [Finding] {
    let shown = Dictionary(
      observed.map { (Self.key(of: $0, keys), $0) }, uniquingKeysWith: { _, last in last })
    let wanted = Set(desired.map { Self.key(of: $0, keys) })
    let missingOrDifferent = desired.flatMap { element -> [Finding] in
      let key = Self.key(of: element, keys)
      guard let present = shown[key] else {
        return [Finding(path: path.appending(key), desired: element, observed: nil)]
      }
      return findings(element, present, at: path.appending(key))
    }
    let extra = shown.filter { !wanted.contains($0.key) }.sorted { $0.key < $1.key }.map {
      Finding(path: path.appending($0.key), desired: nil, observed: $0.value)
    }
    return missingOrDifferent + extra
  }

  private func isDefault(_ value: Document, at path: PropertyPath) -> Bool {
    table[path]?.defaultValue.map { Self.sameScalar($0, value) } ?? false
  }

  /// The text by which an element of a keyed list is told apart.
  static func key(of element: Document, _ keys: [String]) -> String {
    keys.map { element[$0]?.string ?? element[$0]?.json() ?? "" }.joined(separator: ",")
  }

  private static func sameScalar(_ left: Document, _ right: Document) -> Bool {
    if left == right { return true }
    if let left = left.double, let right = right.double { return left == right }
    return false
  }
}
