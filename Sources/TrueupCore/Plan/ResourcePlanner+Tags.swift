import Document

/// How the tags of a resource differ from what is desired.
extension ResourcePlanner {
  static let tagsPath = PropertyPath(["Tags"])

  func tagDifferences(_ decision: Decision, _ live: Observed)
    throws(IntrinsicError) -> [Difference]
  {
    guard facts.ownership.isTaggable else { return [] }
    if let reason = live.unread[Self.tagsPath] {
      decision.notChecked.append(
        NotChecked(address: decision.address, path: Self.tagsPath, reason: reason))
      return []
    }
    var differences: [Difference] = []
    let open = decision.tags.filter { key, value in
      guard case .known(.string(let wanted)) = value else { return true }
      return live.tags[key] != wanted
    }
    for (key, value) in open.sorted(by: { $0.key < $1.key }) {
      if let reason = notAtHand(value) {
        decision.notChecked.append(
          NotChecked(address: decision.address, path: PropertyPath(["Tags", key]), reason: reason))
        continue
      }
      let shown = live.tags[key].map(Document.string)
      guard try comparableProperties(value) != shown else { continue }
      let isSecret = !value.secrets.isEmpty || wasSecret(key)
      differences.append(
        tagDifference(
          key, desired: value.redacted, observed: isSecret ? shown.map { _ in .secret(nil) } : shown
        ))
    }
    let gone = (base?.tags ?? [:]).keys.filter {
      decision.tags[$0] == nil && $0 != OwnershipTags.revision
        && !isLeft(Self.tagsPath.appending($0), decision)
    }
    for key in gone.sorted() {
      guard let shown = live.tags[key] else { continue }
      decision.removedTags.insert(key)
      differences.append(
        tagDifference(key, desired: nil, observed: wasSecret(key) ? .secret(nil) : .string(shown)))
    }
    // Written by Trueup alone, and in no desired state: whatever the base knows.
    for key in [OwnershipTags.deletionPolicy, OwnershipTags.destroyed] {
      guard let shown = live.tags[key], decision.tags[key] == nil,
        decision.removedTags.insert(key).inserted
      else { continue }
      differences.append(tagDifference(key, desired: nil, observed: .string(shown)))
    }
    return differences
  }

  private func wasSecret(_ key: String) -> Bool {
    base?.tags[key] == Base.Resource.hiddenTag
  }

  func tagDifference(_ key: String, desired: Document?, observed: Document?)
    -> Difference
  {
    let applied = base?.tags[key].map { wasSecret(key) ? .secret(nil) : Document.string($0) }
    // Of two secrets it is not told whether they are the same.
    let isHidden = base == nil || wasSecret(key) && desired == applied
    let cause: Cause =
      switch (isHidden, desired == applied, observed == applied) {
      case (true, _, _): .unknown
      case (_, true, _): .drift
      case (_, false, true): .pending
      case (_, false, false): applied == nil ? .pending : .conflict
      }
    return Difference(
      path: PropertyPath(["Tags", key]), desired: desired, observed: observed,
      lastApplied: applied, effect: .update, cause: cause)
  }
}
