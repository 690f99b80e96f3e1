import Document

/// Parts of a resource that others describe, or that others put there.
extension ResourcePlanner {
  /// The observed resource without the parts that are none of its own.
  func own(_ entry: Int, _ desired: Value) -> Observed {
    var observed = claims.without(entry, kind)
    if observed.transition == Observed.given { observed.transition = nil }
    guard !kind.sharedLists.isEmpty else { return observed }
    let applied = [desired.redacted, base?.properties].compactMap(\.self)
    return SharedLists(kind: kind).own(observed, applied)
  }

  /// What the resource is expected to have beside the resources that describe parts of it.
  func expectWhole(_ decision: Decision, beside parts: [Claim]) {
    guard !parts.isEmpty, var members = decision.desired.members else { return }
    for (property, expected) in kind.undeclared(beside: parts)
    where members[property] == nil {
      members[property] = .known(expected)
    }
    decision.desired = .object(of: members)
  }

  /// Desired properties without the parts that resources of their own describe as well: they are compared
  /// there, as those that are observed are.
  func without(_ parts: [Claim], in desired: Document, of live: Observed) -> Document {
    guard !parts.isEmpty else { return desired }
    var described = live
    described.properties = desired
    return kind.without(parts, in: described).properties
  }
}
