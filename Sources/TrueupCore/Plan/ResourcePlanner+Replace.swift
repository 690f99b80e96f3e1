import Document

/// When a resource may be adopted or replaced.
extension ResourcePlanner {
  func adoptOrBlock(
    _ decision: Decision, entry: Int, reason: String
  ) throws(IntrinsicError) {
    let found = own(entry, decision.desired)
    decision.live = found
    try compare(decision, with: found, entry)
    let change = decision.change
    decision.live = nil
    let adoptable = change?.action != .replace
    if decision.resource.adopt, adoptable {
      decision.live = found
      decision.entry = entry
      decision.change = Change(
        address: decision.address, type: decision.resource.type, id: found.id, action: .adopt,
        cause: .new, differences: change?.differences ?? [])
      return
    }
    decision.blocker = found
    decision.isHeldForAdoption = true
    decision.change = Change(
      address: decision.address, type: decision.resource.type, id: found.id, action: .blocked,
      cause: base?.wasReached == true ? .drift : .new,
      reason: adoptable
        ? "\(reason); adopt it with: trueup adopt \(decision.address)"
        : "\(reason), and adopting it would replace it", differences: change?.differences ?? [])
  }

  /// Something that nobody owns and that looks like what would be made: the same create-only values,
  /// and the same name in its tags. A hint, never a reason to block.
  func resemblance(_ wanted: Document, _ resource: DesiredResource) -> String? {
    let place = Snapshot.Key(scope: resource.scope, type: resource.type)
    let name = resource.tags["Name"]?.document?.string
    let paths = createOnly.paths
    let alike = (world.byPlace[place] ?? []).filter { entry in
      guard world.entries[entry].owner == .nobody else { return false }
      let observed = world.entries[entry].observed
      guard observed.transition == nil, name == nil || observed.tags["Name"] == name else {
        return false
      }
      let shared = paths.filter { path in
        guard let value = comparison.value(at: path, in: wanted), value.isKnown else {
          return false
        }
        return comparison.value(at: path, in: world.entries[entry].normal) != nil
      }
      return !shared.isEmpty
        && shared.allSatisfy { path in
          comparison.value(at: path, in: wanted).map { value in
            comparison.satisfies(
              comparison.value(at: path, in: world.entries[entry].normal), value, at: path)
          } ?? false
        }
    }
    guard let first = alike.map({ world.entries[$0].observed.id }).min() else { return nil }
    let more = alike.count > 1 ? " and \(alike.count - 1) more" : ""
    return "\(first)\(more) exists and looks like it; take it over with: trueup adopt "
      + "\(resource.address) \(first)"
  }

  /// A replacement needs a free name, a reason that a person gave, and an old one that is really ours.
  func settle(_ decision: Decision, _ names: CandidateNames) throws(IntrinsicError) {
    guard let change = decision.change, change.action == .replace else { return }
    let replacing = Set(change.differences.filter { $0.effect == .replace }.map(\.path))
    if let fact = factBehind(replacing, decision) {
      return block(
        decision, "\(fact) changed, and that would replace it: pin the value in the blueprint")
    }
    if let doubt = doubt(decision) {
      return block(decision, "it must be replaced, and \(doubt)")
    }
    // The next revision stands beside the old one, under the same name.
    guard !facts.lifecycle.makesRevisions else { return }
    if let live = decision.live { try takeOver(decision, from: live) }
    let desired = normal(decision.desired.redacted)
    let clashes = facts.identity.keys.filter { key in
      decision.live.map { key.conflict(desired, normal($0.properties)) } == .same
    }
    // A name that a person gave is given up only where a person says so; one that Trueup made alternates.
    let keepsName = clashes.contains { $0 == facts.identity.name?.key } && !names.isGenerated
    if keepsName, !decision.resource.replaceDeleteFirst {
      return block(
        decision,
        "it must be replaced, and its declared name is taken by the old one: change the name, or set "
          + "Metadata.Trueup.Replace to \"delete-first\"")
    }
    decision.deletesFirst =
      decision.resource.replaceDeleteFirst
      || clashes.contains { $0 != facts.identity.name?.key }
    let live = facts.identity.name.flatMap { decision.live?.properties[$0.property]?.string }
    setName(decision, generation: 1 - names.generation(of: live), names)
  }

  /// Why the live one may not be deleted; `nil` where it is proven ours, or a person says that it is.
  private func doubt(_ decision: Decision) -> String? {
    guard !matching.proofs.allowsOrphans,
      !matching.proofs.takesOver.contains(decision.stack.name),
      let entry = decision.entry, let live = decision.live,
      matching.proofs.proof(of: world.entries[entry], at: decision.address) == nil
    else { return nil }
    return Self.doubt(live, address: decision.address, proofs: matching.proofs)
  }

  /// Why tags alone are not enough.
  static func doubt(_ observed: Observed, address: Address, proofs: Proofs) -> String {
    guard let revision = observed.tags[OwnershipTags.revision],
      !proofs.isRevisionKnown(observed, of: address.stack)
    else {
      return "nothing but its tags says that \(observed.id) is ours; say so with: trueup adopt "
        + "\(address) \(observed.id)"
    }
    return
      "\(observed.id) was applied at revision \(revision.prefix(12)), which is not known here: "
      + "another repository, or history that was rewritten; take the stack over with: trueup adopt "
      + address.stack
  }

  func block(_ decision: Decision, _ reason: String) {
    decision.change?.action = .blocked
    decision.change?.reason = reason
  }

  func factBehind(_ paths: Set<PropertyPath>, _ decision: Decision) -> String? {
    let facts = paths.compactMap(\.property).compactMap { decision.resource.properties[$0] }
      .flatMap(\.facts)
    return facts.first?.description
  }
}
