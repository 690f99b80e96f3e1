import Document

/// Whether a resource that carries our tags is really ours: whoever may tag can write tags.
final class Proofs {
  let index: DesiredIndex
  let world: World
  let kinds: [String: PlannedKind]
  let evidence: Evidence
  /// Stacks whose revisions count as known, because a person takes them over.
  let takesOver: Set<String>
  /// A person says that what is not proven may be replaced and deleted all the same.
  let allowsOrphans: Bool

  init(
    index: DesiredIndex, world: World, kinds: [String: PlannedKind], evidence: Evidence,
    takesOver: Set<String>, allowsOrphans: Bool
  ) {
    self.index = index
    self.world = world
    self.kinds = kinds
    self.evidence = evidence
    self.takesOver = takesOver
    self.allowsOrphans = allowsOrphans
  }

  /// The strongest proof that an observed resource is the one at an address; `nil` where there is none.
  func proof(of entry: World.Entry, at address: Address) -> Proof? {
    let observed = entry.observed
    if isAdopted(observed, at: address) { return .adopted }
    if isJournaled(observed, at: address) { return .journaled }
    if isIntended(entry, at: address) { return .intended }
    // With a revision that nobody here knows, tags and names prove nothing: they may be another's.
    guard isRevisionKnown(observed, of: address.stack) else { return nil }
    if case .inferred(_, let reason) = entry.owner, reason != .parent { return .named }
    if hasGeneratedName(observed, at: address) { return .named }
    return declaration(entry, at: address) ?? parentProof(entry)
  }

  /// What carries no tags and lives in a resource of ours is as much ours as that one.
  private func parentProof(_ entry: World.Entry) -> Proof? {
    guard case .inferred(_, .parent) = entry.owner,
      let facts = world.catalog[entry.observed.type]?.facts
    else { return nil }
    for parent in world.parents(
      of: entry.observed.properties, facts.ownership, in: entry.observed.scope)
    {
      let parent = world.entries[parent]
      let address: Address? =
        switch parent.owner {
        case .tagged(let stack, let resource?): index.address(stack, resource)
        case .inferred(let address, _): address
        default: nil
        }
      if let proof = address.flatMap({ proof(of: parent, at: $0) }) { return proof }
    }
    return nil
  }

  /// Whether the revision in the tag is known, or there is none (a dirty tree wrote the tags).
  func isRevisionKnown(_ observed: Observed, of stack: String) -> Bool {
    guard let revision = observed.tags[OwnershipTags.revision] else { return true }
    return takesOver.contains(stack) || evidence.knows(revision)
  }

  // MARK: What a person, or a record of ours, says

  private func isAdopted(_ observed: Observed, at address: Address) -> Bool {
    func adopts(_ resource: DesiredResource?) -> Bool {
      guard let resource, resource.type == observed.type, let id = resource.adoptedID else {
        return false
      }
      return id == observed.id || names(observed).contains(id)
    }
    if adopts(index.resources[address]) { return true }
    guard case .recalled(let earlier)? = revision(of: observed) else { return false }
    return names(of: address).contains { adopts(earlier[$0]) }
  }

  private func names(_ observed: Observed) -> [String] {
    world.rules.identifying(observed.type).compactMap { observed.properties[$0.property]?.string }
  }

  private func isJournaled(_ observed: Observed, at address: Address) -> Bool {
    let known = Evidence.KnownID(type: observed.type, id: observed.id)
    return names(of: address).contains { evidence.knownIDs[$0]?.contains(known) == true }
  }

  /// The address, and the one that the resource had before it was renamed.
  private func names(of address: Address) -> [Address] {
    [address.resource, index.renamed[address]].compactMap(\.self).map {
      Address(stack: address.stack, resource: $0)
    }
  }

  /// An unfinished creation of ours made it: it came after the call was to leave, and has the values
  /// that cannot be changed later.
  private func isIntended(_ entry: World.Entry, at address: Address) -> Bool {
    guard
      let intent = evidence.intents.first(where: {
        $0.address == address && $0.type == entry.observed.type
      })
    else { return false }
    // Clocks differ a little.
    if let made = entry.observed.createdAt, made < intent.at - 300 { return false }
    if hasGeneratedName(entry.observed, at: address) { return true }
    guard let wanted = index.resources[address], wanted.type == entry.observed.type,
      !hasNameToMake(wanted)
    else { return false }
    return agreement(entry, wanted).map { $0 > 0 } ?? false
  }

  // MARK: What it carries

  /// Only Trueup makes such names; whatever logical id it was that the resource had.
  private func hasGeneratedName(_ observed: Observed, at address: Address) -> Bool {
    guard let rule = world.catalog[observed.type]?.facts.identity.name,
      let name = observed.properties[rule.property]?.string,
      let stack = index.stacks[address.stack]?.id
    else { return false }
    let logicalIDs = [address.resource, index.renamed[address]].compactMap(\.self)
    return [stack.project, index.desired.formerProject].compactMap(\.self).contains { project in
      let owner = StackID(
        project: project, client: stack.client, environment: stack.environment)
      return PhysicalName.isGenerated(name, for: owner, resources: logicalIDs, rule: rule)
    }
  }

  private func revision(of observed: Observed) -> Evidence.Revision? {
    observed.tags[OwnershipTags.revision].flatMap { evidence.revisions[$0] }
  }

  /// The revision in its tag declares the address with this type, account and region, and what is
  /// written there and cannot be changed is so.
  private func declaration(_ entry: World.Entry, at address: Address) -> Proof? {
    guard case .recalled(let earlier)? = revision(of: entry.observed),
      let declared = names(of: address).compactMap({ earlier[$0] })
        .first(where: { $0.type == entry.observed.type }),
      declared.scope == entry.observed.scope
    else { return nil }
    guard !hasNameToMake(declared) else { return nil }
    return agreement(entry, declared).map { $0 == 0 ? .declaredWithoutValues : .declared }
  }

  /// Whether Trueup makes its name: a restored copy carries our tags and another one.
  private func hasNameToMake(_ declared: DesiredResource) -> Bool {
    guard let rule = world.catalog[declared.type]?.facts.identity.name else { return false }
    return declared.properties[rule.property] == nil
  }

  /// How many values that are declared and create-only could be compared with what is observed; `nil`
  /// where one of them is another.
  private func agreement(_ entry: World.Entry, _ declared: DesiredResource) -> Int? {
    guard let known = kinds[declared.type] else { return nil }
    let comparison = known.comparison
    let shown = known.facts.normal(declared.properties.redacted)
    var compared = 0
    for path in known.createOnly.paths where path.components.first != "*" {
      guard let property = path.property, let value = declared.properties[property] else {
        continue
      }
      guard entry.observed.unread.first(where: { $0.key.covers(path) }) == nil else { continue }
      if case .reference(let reference) = value {
        switch pointsAt(reference, entry: entry, property: property) {
        case true?: compared += 1
        case false?: return nil
        case nil: continue
        }
      } else if let wanted = comparison.value(at: path, in: shown), wanted.isKnown,
        let observed = comparison.value(at: path, in: entry.normal)
      {
        guard comparison.satisfies(observed, wanted, at: path) else { return nil }
        compared += 1
      }
    }
    return compared
  }

  /// Whether a property refers to what carries the referred address's tags, or to something that is
  /// gone; `nil` where AWS does not show it.
  private func pointsAt(_ reference: Reference, entry: World.Entry, property: String) -> Bool? {
    guard let text = entry.observed.properties[property]?.string else { return nil }
    let types = world.rules.targets(entry.observed.type, PropertyPath([property]))
    let named = world.named(text, in: entry.observed.scope, by: types)
    guard !named.isEmpty else { return true }
    return named.contains { other in
      switch world.entries[other].owner {
      case .tagged(let stack, let resource):
        index.stacks[reference.address.stack]?.id.owner == stack
          && (resource == reference.address.resource
            || resource == index.renamed[reference.address])
      case .inferred(let address, _): address == reference.address
      case .within, .nobody: false
      }
    }
  }
}
