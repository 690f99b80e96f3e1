import Document

/// What of a resource is not as desired, and why.
extension ResourcePlanner {
  func compare(_ decision: Decision, with live: Observed, _ entry: Int?)
    throws(IntrinsicError)
  {
    leaveToOwners(decision, live)
    let parts = entry.map { claims.parts(of: $0, kind) } ?? []
    expectWhole(decision, beside: parts)
    let declared = withProofs(try comparable(decision), decision: decision, live: live)
    let comparable = without(parts, in: declared, of: live)
    let address = decision.address
    let observed = shown(live, entry)
    let applied = base.map { withProofs(normal($0.properties), of: live) }
    let threeWay = ThreeWay(comparison: comparison, base: applied)
    let desired = withExpectedWholes(comparable, live)

    var found = findings(desired, observed)
    if let applied {
      found += comparison.removals(base: applied, desired: desired, observed: observed)
        .filter {
          // A new revision lacks what is no longer declared; anything else keeps what cannot be changed.
          (facts.lifecycle.makesRevisions || !createOnly.contains($0.path)) && !isReadOnly($0.path)
            && !isLeft($0.path, decision)
        }
    }
    var differences: [Difference] = []
    for finding in found {
      guard let property = finding.path.property else { continue }
      // What the canonical form is made with tells things apart, and is nobody's property.
      if let schema, !schema.root.declares(property) { continue }
      if refersElsewhere(property, decision) {
        var moved = difference(
          finding, in: decision, desired: desired, observed: observed, threeWay: threeWay)
        moved.cause = .pending
        differences.append(moved)
      } else if let reason = notComparable(property, decision.desired) {
        decision.notChecked.append(
          NotChecked(address: address, path: PropertyPath([property]), reason: reason))
      } else if Self.reason(live.unread, finding.path) != nil {
        continue
      } else if finding.desired == nil,
        let reason = facts.properties.covering(finding.path, \.notResettable)
      {
        decision.notChecked.append(
          NotChecked(address: address, path: finding.path, reason: "left as is: \(reason)"))
      } else if facts.properties.covering(finding.path, \.notReadable) == nil {
        let found = difference(
          finding, in: decision, desired: desired, observed: observed, threeWay: threeWay)
        if let newer = newerVersion(found) {
          decision.notChecked.append(
            NotChecked(
              address: address, path: finding.path,
              reason: "left as is: AWS runs \(newer), and no version is lowered"))
        } else {
          differences.append(found)
        }
      }
    }
    // What could not be read is told even where it would be no difference.
    for (path, reason) in live.unread where comparison.value(at: path, in: comparable) != nil {
      decision.notChecked.append(NotChecked(address: address, path: path, reason: reason))
    }
    let hidden = hiddenProperties(decision, applied)
    decision.notChecked += hidden.notChecked
    if decision.notChecked.count > 1 {
      decision.notChecked = Set(decision.notChecked).sorted { $0.path < $1.path }
    }
    differences += hidden.differences
    let tags = try tagDifferences(decision, live)
    guard !differences.isEmpty || !tags.isEmpty else { return }
    let left = leaveUnkept(unique(differences), decision)
    guard !left.isEmpty || !tags.isEmpty else { return }
    let all = losses(left, desired: desired, observed: observed) + tags
    decision.changed = Set(left.compactMap(\.path.property))
    decision.change = Change(
      address: address, type: decision.resource.type, id: live.id,
      action: all.contains { $0.effect == .replace } ? .replace : .update,
      cause: ThreeWay.merged(all.map(\.cause)), differences: all)
  }

  /// The version that runs where it is newer than the declared one and nobody asked for an older one: AWS
  /// upgrades by itself.
  private func newerVersion(_ difference: Difference) -> String? {
    guard facts.properties[difference.path]?.isVersion == true,
      [.drift, .unknown].contains(difference.cause), let observed = Version(difference.observed),
      let desired = Version(difference.desired), desired < observed
    else { return nil }
    return difference.observed?.string ?? difference.observed?.json()
  }

  /// The differences without those that AWS has been found not to take, and that are as they were then.
  private func leaveUnkept(_ differences: [Difference], _ decision: Decision) -> [Difference] {
    guard !unkept.isEmpty else { return differences }
    return differences.filter { difference in
      guard difference.effect == .update,
        let value = unkept.first(where: { unkept in
          unkept.path == difference.path && unkept.desired == difference.desired
            && unkept.observed == difference.observed
        })
      else { return true }
      decision.unkept.append(value)
      decision.notChecked.append(
        NotChecked(address: decision.address, path: difference.path, reason: Unkept.reason))
      return false
    }
  }

  /// The differences, with what an update of them takes away.
  private func losses(_ differences: [Difference], desired: Document, observed: Document)
    -> [Difference]
  {
    let losing = facts.properties.losing
    let finder = Losses(comparison: comparison) { kind.identity(of: $0, in: $1) }
    var differences = differences
    for index in differences.indices {
      differences[index].isSecurity =
        facts.properties.covering(differences[index].path, \.isSecurity) == true
    }
    for property in Set(differences.compactMap(\.path.property)).intersection(losing).sorted() {
      let found = finder.findings(
        property, desired: desired[property], observed: observed[property])
      for loss in found {
        let index = differences.firstIndex { difference in
          difference.effect == .update && difference.loss == nil
            && (difference.cause != .drift || loss.loss.countsForDrift)
            && (difference.path.covers(loss.path) || loss.path.covers(difference.path))
        }
        if let index { differences[index].loss = loss.text }
      }
    }
    return differences
  }

  /// The normal form of what is live; it is at hand where nothing is left out of what AWS shows.
  private func shown(_ live: Observed, _ entry: Int?) -> Document {
    if let entry, world.entries[entry].observed.properties == live.properties {
      return world.entries[entry].normal
    }
    return normal(live.properties)
  }

  func findings(_ desired: Document, _ observed: Document) -> [Comparison.Finding] {
    comparison.findings(desired, observed)
  }

  /// Lists that are owned whole are expected even where the blueprint is silent.
  func withExpectedWholes(_ desired: Document, _ live: Observed) -> Document {
    guard case .object(var members) = desired else { return desired }
    for (path, expected) in facts.properties.owned {
      guard let property = path.property, members[property] == nil,
        Self.reason(live.unread, path) == nil
      else { continue }
      members[property] = facts.properties.normal(expected, at: path)
    }
    return .object(members)
  }

  func difference(
    _ finding: Comparison.Finding, in decision: Decision, desired: Document,
    observed: Document, threeWay: ThreeWay
  ) -> Difference {
    let property = finding.path.property ?? ""
    let cause = inherited(
      threeWay.cause(of: finding, in: desired, observed), finding: finding, decision: decision)
    let desiresSecret =
      facts.properties.proven.contains(property)
      || decision.desired[property]?.secrets.isEmpty == false
    let appliedSecret =
      threeWay.base?[property]?.contains(where: \.isSecret) ?? false
    if desiresSecret || appliedSecret {
      return Difference(
        path: PropertyPath([property]),
        desired: desiresSecret ? .secret(nil) : decision.desired[property]?.redacted,
        observed: .secret(nil), effect: effect(of: finding), cause: cause)
    }
    return Difference(
      path: finding.path, desired: finding.desired, observed: finding.observed,
      lastApplied: comparison.value(at: finding.path, in: threeWay.base),
      effect: effect(of: finding), cause: cause)
  }

  /// Where git did not move and only what is referred to was lost in AWS, that is why this differs too.
  private func inherited(_ cause: Cause, finding: Comparison.Finding, decision: Decision)
    -> Cause
  {
    guard let base, base.wasReached, let property = finding.path.property,
      let value = decision.desired[property]
    else { return cause }
    let isOpen =
      switch cause {
      case .pending, .conflict: finding.desired?.contains(where: \.isUnknown) == true
      // A revision that is compiled again knows no more than the reference itself.
      case .unknown: base.properties[property] == value.redacted
      default: false
      }
    let changes = Set(value.references.map(\.reference.address)).map(deciding.change)
    return isOpen && !changes.isEmpty && changes.allSatisfy { $0?.cause == .drift } ? .drift : cause
  }

  func unique(_ differences: [Difference]) -> [Difference] {
    var seen: Set<Difference> = []
    return differences.filter { seen.insert($0).inserted }
  }

  /// Why a property cannot be compared in this run: its value is not at hand.
  func notComparable(_ property: String, _ desired: Value) -> String? {
    isGeneratedOnce(property, desired) ? nil : desired[property].flatMap(notAtHand)
  }

  /// Properties that AWS accepts and never shows: changed ones are known from the base alone.
  func hiddenProperties(_ decision: Decision, _ applied: Document?) -> (
    differences: [Difference], notChecked: [NotChecked]
  ) {
    var differences: [Difference] = []
    var notChecked: [NotChecked] = []
    guard !facts.properties.notReadable.isEmpty else { return (differences, notChecked) }
    let desired = normal(decision.desired.redacted)
    for (pattern, reason) in facts.properties.notReadable {
      for path in comparison.places(of: pattern, in: desired) {
        guard let wanted = comparison.value(at: path, in: desired) else { continue }
        notChecked.append(NotChecked(address: decision.address, path: path, reason: reason))
        guard let applied, !wanted.isUnknown else { continue }
        let last = comparison.value(at: path, in: applied)
        if last != wanted, last?.isUnknown != true {
          differences.append(
            Difference(
              path: path, desired: wanted, observed: nil, lastApplied: last,
              effect: createOnly.contains(pattern) ? .replace : .update, cause: .pending))
        }
      }
    }
    return (differences, notChecked)
  }

  func effect(of finding: Comparison.Finding) -> Effect {
    if createOnly.contains(finding.path) { return .replace }
    guard let desired = finding.desired, let observed = finding.observed else { return .update }
    return facts.replaces(finding.path, desired, observed) ? .replace : .update
  }

  func isReadOnly(_ path: PropertyPath) -> Bool {
    schema?.readOnly.contains { $0.covers(path) } ?? false
  }

  static func reason(_ reasons: [PropertyPath: String], _ path: PropertyPath) -> String? {
    reasons.first { $0.key.covers(path) }?.value
  }
}
