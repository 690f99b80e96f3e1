import Document

/// Finds the observed resource that a desired one is: by its owner, else by its name, else by what AWS
/// allows only once. Only the first makes it ours.
struct Matching {
  /// What was found; numbers are entries of the world.
  enum Match {
    case none
    /// Ours; others with the same owner are left over from a replacement, or somebody else's.
    case ours(Int, leftovers: [Int])
    /// Several carry our tags, and nothing says which is ours.
    case ambiguous([Int])
    /// Ours, and scheduled for deletion: it can still be kept.
    case leaving(Int)
    /// Scheduled for deletion, and not to be kept without a word.
    case gone([Int], reason: String)
    /// Stands under our name, id or unique key and is not ours.
    case unowned(Int, reason: String)
    /// Another desired resource is this one already.
    case taken(Int, reason: String)
    /// The manifest adopts an id that is not there.
    case missing(reason: String)
  }

  let world: World
  let proofs: Proofs
  let index: DesiredIndex

  /// - Parameters:
  ///   - names: the desired properties in normal form, once for each name that the resource may have.
  ///   - known: the physical id of the base, where there is one.
  ///   - fits: whether an observed resource has the desired create-only properties.
  func match(
    _ resource: DesiredResource, of stack: StackID, desired names: () -> [Document], known: String?,
    facts: TypeFacts, fits: (Int) -> Bool
  ) -> Match {
    let place = Snapshot.Key(scope: resource.scope, type: resource.type)
    func ours(_ logical: String) -> [Int] {
      world.owned(place, stack: stack.owner, resource: logical).filter(isSettled)
    }
    let own = ours(resource.address.resource)
    let candidates = own.isEmpty ? resource.was.map(ours) ?? [] : own
    if let id = resource.adoptedID, !isLeaving(id, place) {
      return adopted(
        id, resource: resource, candidates: candidates,
        present: (world.byPlace[place] ?? []).filter(isSettled))
    }
    if !candidates.isEmpty {
      return choice(
        of: candidates, resource, known: known, desired: names, facts: facts, fits: fits)
    }
    if facts.lifecycle.canBeKept,
      let match = leaving(resource, stack: stack, known: known, place: place)
    {
      return match
    }
    if let known, let found = world.settled(known, in: place), !isAnother(found, than: resource) {
      return .unowned(
        found, reason: "the ownership tags of \(known) were changed or removed")
    }
    for shown in names() {
      for (entry, key) in world.conflicts(with: shown, in: place) where key.tells {
        if let match = inTheWay(entry, key: key, shown: shown, resource: resource, facts: facts) {
          return match
        }
      }
    }
    let alike = world.incomplete[place]?.first {
      looksLikeOurs($0, resource, owner: stack.owner, fits: fits)
    }
    if let alike {
      return .unowned(
        alike, reason: "\(world.entries[alike].observed.id) has lost ownership tags")
    }
    return .none
  }

  private func isLeaving(_ id: String, _ place: Snapshot.Key) -> Bool {
    (world.byPlace[place] ?? []).contains {
      world.entries[$0].observed.id == id
        && world.entries[$0].observed.transition == Observed.leaving
    }
  }

  private func isSettled(_ entry: Int) -> Bool { world.entries[entry].observed.transition == nil }

  /// The manifest names it by its id: nothing else is asked.
  private func adopted(
    _ id: String, resource: DesiredResource, candidates: [Int], present: [Int]
  ) -> Match {
    let found = present.first { entry in
      let observed = world.entries[entry].observed
      return observed.id == id
        || world.rules.identifying(observed.type).contains {
          observed.properties[$0.property]?.string == id
        }
    }
    guard let found else {
      return .missing(
        reason: "the manifest adopts \(id), and there is no such \(resource.type) in "
          + "\(resource.scope)")
    }
    if candidates.contains(found) {
      return .ours(found, leftovers: candidates.filter { $0 != found })
    }
    if case .tagged(let stack, let logical?) = world.entries[found].owner,
      let owner = index.address(stack, logical), index.resources[owner]?.type == resource.type
    {
      return .taken(found, reason: "\(id) is \(owner) already")
    }
    return .unowned(found, reason: "\(id) exists without our tags")
  }

  // MARK: What is on its way out

  /// What AWS deletes in some days and is the live one by the journal, its name or its revision is kept,
  /// also where git had removed it; never what a replacement retired, or what went with its stack.
  private func leaving(
    _ resource: DesiredResource, stack: StackID, known: String?, place: Snapshot.Key
  ) -> Match? {
    let logicalIDs = [resource.address.resource, resource.was].compactMap(\.self)
    let leaving = logicalIDs.flatMap { world.owned(place, stack: stack.owner, resource: $0) }
      .filter { world.entries[$0].observed.transition == Observed.leaving }
    guard !leaving.isEmpty else { return nil }
    func ids(_ entries: [Int]) -> String {
      entries.map { world.entries[$0].observed.id }.sorted().joined(separator: " and ")
    }
    if let adopted = resource.adoptedID,
      let found = leaving.first(where: { world.entries[$0].observed.id == adopted })
    {
      return .leaving(found)
    }
    let destroyed = leaving.filter {
      world.entries[$0].observed.tags[OwnershipTags.destroyed] != nil
    }
    // The base still knows the id of what was destroyed, and that is no reason to keep it.
    let live = leaving.first { world.entries[$0].observed.id == known }
    if let live, !destroyed.contains(live) { return .leaving(live) }
    if !destroyed.isEmpty {
      return .gone(
        destroyed,
        reason:
          "\(ids(destroyed)) is scheduled for deletion, because its stack was destroyed with its "
          + "data; keep it with: trueup adopt \(resource.address) ID, or wait until AWS has deleted it"
      )
    }
    let proven = leaving.filter {
      proofs.proof(of: world.entries[$0], at: resource.address) != nil
    }
    if proven.count == 1 { return .leaving(proven[0]) }
    return .gone(
      leaving,
      reason:
        "\(ids(leaving)) is scheduled for deletion, and nothing says that it is the one to keep; "
        + "keep one with: trueup adopt \(resource.address) ID, or wait until AWS has deleted it")
  }

  /// Whether it is another resource of the fleet by now: its name or place went over to that one, and the
  /// base is older.
  private func isAnother(_ entry: Int, than resource: DesiredResource) -> Bool {
    let other: Address? =
      switch world.entries[entry].owner {
      case .tagged(let stack, let logical?): index.address(stack, logical)
      case .inferred(let address, _): address
      default: nil
      }
    guard let other, other != resource.address else { return false }
    return index.resources[other]?.type == resource.type
  }

  // MARK: Twins

  /// Of several with the same owner: what is proven comes first, then what fits, then the newest. Where
  /// tags and revision say the same of two that fit alike, nobody can tell which is ours.
  private func choice(
    of candidates: [Int], _ resource: DesiredResource, known: String?,
    desired names: () -> [Document],
    facts: TypeFacts, fits: (Int) -> Bool
  ) -> Match {
    guard candidates.count > 1 else { return .ours(candidates[0], leftovers: []) }
    let names = names()
    func isNamed(_ entry: Int) -> Bool {
      facts.identity.telling.contains { key in
        names.contains { key.conflict($0, world.entries[entry].normal) == .same }
      }
    }
    func best(_ entries: [Int]) -> Int? {
      entries.min { left, right in
        let (one, other) = (world.entries[left].observed, world.entries[right].observed)
        if !facts.ownership.isTaggable, isNamed(left) != isNamed(right) { return isNamed(left) }
        if fits(left) != fits(right) { return fits(left) }
        if one.createdAt != other.createdAt {
          return (one.createdAt ?? 0) > (other.createdAt ?? 0)
        }
        if (one.id == known) != (other.id == known) { return one.id == known }
        return one.id < other.id
      }
    }
    func ours(_ live: Int) -> Match { .ours(live, leftovers: candidates.filter { $0 != live }) }
    // What carries no tags cannot carry forged ones.
    if !facts.ownership.isTaggable, let live = best(candidates) { return ours(live) }
    let proven = candidates.map {
      (entry: $0, proof: proofs.proof(of: world.entries[$0], at: resource.address))
    }
    if proven.contains(where: { $0.proof == .adopted }) {
      return best(proven.filter { $0.proof == .adopted }.map(\.entry)).map(ours) ?? .none
    }
    if let live = best(proven.filter { $0.proof?.singlesOut == true }.map(\.entry)) {
      return ours(live)
    }
    let declared = proven.filter { $0.proof == .declared }.map(\.entry)
    if declared.count == 1 { return ours(declared[0]) }
    let fitting = declared.filter(fits)
    return fitting.count == 1 ? ours(fitting[0]) : .ambiguous(candidates)
  }

  // MARK: What stands in the way

  /// What is under the name or unique key and is not ours, or is another address's.
  private func inTheWay(
    _ entry: Int, key: UniqueKey, shown: Document, resource: DesiredResource,
    facts: TypeFacts
  ) -> Match? {
    let observed = world.entries[entry].observed
    switch world.entries[entry].owner {
    case .tagged(let stack, let logical):
      if let logical, let other = index.address(stack, logical) {
        return held(entry, by: other, key: key, shown: shown, resource: resource)
      }
      let owner = logical.map { "\(stack)/\($0)" } ?? stack
      return .unowned(entry, reason: "\(observed.id) exists and belongs to \(owner)")
    case .inferred(let other, _):
      return held(entry, by: other, key: key, shown: shown, resource: resource)
    case .within:
      // It would be deleted: that it is declared now makes it this one.
      return nil
    case .nobody:
      func isSecret(_ property: String) -> Bool {
        resource.properties[property]?.secrets.isEmpty == false
      }
      let name = key.properties[0]
      let named = key == facts.identity.name?.key && !isSecret(name) ? shown[name]?.string : nil
      if let named { return .unowned(entry, reason: "\(named) exists without our tags") }
      let values = (key.within + key.properties).compactMap { property in
        shown[property]?.string.map { "\(property) \(isSecret(property) ? "(secret)" : $0)" }
      }
      return .unowned(
        entry, reason: "\(observed.id) exists without our tags (\(values.joined(separator: ", ")))")
    }
  }

  /// What another address of the fleet has makes way where that address lets it go; the planner sees to
  /// it. What it keeps is taken.
  private func held(
    _ entry: Int, by other: Address, key: UniqueKey, shown: Document,
    resource: DesiredResource
  ) -> Match? {
    let observed = world.entries[entry].observed
    let facts = facts(of: resource)
    guard let holder = index.resources[other], holder.type == resource.type,
      holder.scope == resource.scope, !facts.ownership.isTaggable,
      key.conflict(facts.normal(holder.properties.redacted), shown) != .different
    else { return nil }
    return .taken(entry, reason: "\(observed.id) is \(other) already")
  }

  private func facts(of resource: DesiredResource) -> TypeFacts {
    world.catalog[resource.type]?.facts ?? TypeFacts(Identity(ref: ""))
  }

  /// One of the two ownership tags is left, or all of the stack's other tags on something alike.
  private func looksLikeOurs(
    _ entry: Int, _ resource: DesiredResource, owner: String, fits: (Int) -> Bool
  ) -> Bool {
    let observed = world.entries[entry].observed
    let stack = observed.tags[OwnershipTags.stack]
    let logical = observed.tags[OwnershipTags.resource]
    if stack == owner { return logical == nil }
    guard stack == nil else { return false }
    let declared = resource.tags.compactMapValues { $0.document?.string }
    guard declared.allSatisfy({ observed.tags[$0.key] == $0.value }) else { return false }
    return logical == resource.address.resource
      || logical == nil && !declared.isEmpty && fits(entry)
  }
}
