import Document

/// When a resource may be adopted or replaced.
extension ResourcePlanner {
  func adoptOrBlock(
    _ decision: inout Decision, _ found: Observed, _ reason: String
  ) throws(IntrinsicError) {
    decision.live = found
    try compare(&decision, with: found)
    let change = decision.change
    decision.live = nil
    let adoptable = change?.action != .replace
    if decision.resource.adopt, adoptable {
      decision.live = found
      decision.change = Change(
        address: decision.address, type: decision.resource.type, id: found.id, action: .adopt,
        cause: .new, differences: change?.differences ?? [])
      return
    }
    decision.blocker = found
    decision.change = Change(
      address: decision.address, type: decision.resource.type, id: found.id, action: .blocked,
      cause: base?.wasReached == true ? .drift : .new,
      reason: adoptable
        ? "\(reason); adopt it by naming \(decision.address.resource) in the manifest's \"adopt\""
        : "\(reason), and adopting it would replace it", differences: change?.differences ?? [])
  }

  /// A replacement needs a free name, and a reason that a person gave.
  func settle(_ decision: inout Decision, _ names: [String]) {
    guard let change = decision.change, change.action == .replace else { return }
    let replacing = Set(change.differences.filter { $0.effect == .replace }.map(\.path))
    if let fact = factBehind(replacing, decision) {
      return block(
        &decision, "\(fact) changed, and that would replace it: pin the value in the blueprint")
    }
    decision.deletesFirst =
      decision.resource.replaceDeleteFirst
      || annotations.replacesDeleteFirst && keepsNaturalKey(change.differences)
      || annotations.exclusive.contains { keeps($0, decision) }
    if !decision.deletesFirst, !isGenerated(names), keepsName(replacing) {
      return block(
        &decision,
        "it must be replaced, and its declared name is taken by the old one: change the name, or set "
          + "Metadata.Trueup.Replace to \"delete-first\"")
    }
    setName(&decision, generation: 1 - decision.generation, names)
  }

  func block(_ decision: inout Decision, _ reason: String) {
    decision.change?.action = .blocked
    decision.change?.reason = reason
  }

  func factBehind(_ paths: Set<PropertyPath>, _ decision: Decision) -> String? {
    let facts = paths.compactMap(\.property).compactMap { decision.resource.properties[$0] }
      .flatMap(\.facts)
    return facts.first?.description
  }

  /// Old and new cannot exist at once: no part of the natural key changes, or only to a network that
  /// overlaps the old one.
  func keepsNaturalKey(_ differences: [Difference]) -> Bool {
    differences.filter { $0.path.property.map(annotations.naturalKey.contains) == true }
      .allSatisfy { difference in
        guard let desired = difference.desired?.string.flatMap(Network.init),
          let observed = difference.observed?.string.flatMap(Network.init)
        else { return false }
        return desired.overlaps(observed)
      }
  }

  /// Whether the new one would hold what the old one holds.
  func keeps(_ property: String, _ decision: Decision) -> Bool {
    func values(_ value: Document?) -> [Document] { value?.list ?? value.map { [$0] } ?? [] }
    let held = values(decision.live?.properties[property])
    return values(decision.desired[property]?.document).contains { held.contains($0) }
  }

  func keepsName(_ replacing: Set<PropertyPath>) -> Bool {
    guard let rule = annotations.nameRule else { return false }
    return !replacing.contains {
      $0.property == rule.property || $0.property == rule.uniqueWithin
    }
  }
}
