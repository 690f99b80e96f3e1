import Document

/// Says of resources that carry no tags, or whose tags could not be read, whose they are.
///
/// What stands under the name or unique key of a desired resource is its own where the base knows it
/// there, where only Trueup can have made its name, or where it lives inside a resource of ours. What the
/// base alone knows is what was desired before. What lives inside a resource of ours that is owned whole,
/// and that nobody desires, belongs to that one's stack.
struct Inference {
  let index: DesiredIndex
  let base: Base
  let values: ObservedValues
  let catalog: Catalog
  /// Creations of which nobody knows what became.
  var intents: [Evidence.Intent] = []
  /// The revision of the run, by stack name.
  var revision: (String) -> String? = { _ in nil }
  /// What the journal knows by its id.
  var knownIDs: [Address: Set<Evidence.KnownID>] = [:]
  /// The value of a secret, for comparing only; `nil` where its source is not at hand.
  var secret: (SecretReference) -> String? = { _ in nil }
  /// What was inferred before, and is referred to by what lives in it.
  var inferred: [Address: Observed] = [:]

  func apply(to world: World) {
    let applied = base.byPlace
    var known: [String: [(id: String, address: Address)]] = [:]
    for (address, ids) in knownIDs {
      for id in ids { known[id.type, default: []].append((id.id, address)) }
    }
    // What carries no tags comes before what lives in it.
    let places = world.byPlace.sorted {
      (depth($0.key.type), $0.key) < (depth($1.key.type), $1.key)
    }
    for (place, entries) in places {
      guard let kind = catalog[place.type] else { continue }
      let open = entries.filter { Self.isOpen(world.entries[$0], kind.facts) }
      guard !open.isEmpty else { continue }
      var inference = self
      if depth(place.type) > 0 { inference.inferred = Self.inferred(in: world) }
      inference.infer(
        open, place: place, facts: kind.facts, applied: applied[place] ?? [],
        known: known[place.type] ?? [], world: world)
    }
  }

  /// In how many things without tags, one in another, a resource of the type lives.
  private func depth(_ type: String, _ seen: Set<String> = []) -> Int {
    let parents = catalog[type]?.facts.ownership.parents.map(\.type) ?? []
    return Set(parents).subtracting(seen).filter {
      catalog[$0]?.facts.ownership.isTaggable == false
    }.map { 1 + depth($0, seen.union([type])) }.max() ?? 0
  }

  private static func inferred(in world: World) -> [Address: Observed] {
    var found: [Address: Observed] = [:]
    for entry in world.entries {
      if case .inferred(let address, _) = entry.owner { found[address] = entry.observed }
    }
    return found
  }

  /// Whether tags do not tell whose a resource is.
  private static func isOpen(_ entry: World.Entry, _ facts: TypeFacts) -> Bool {
    entry.observed.transition == nil && entry.owner == .nobody
      && (!facts.ownership.isTaggable || entry.observed.unread["/Tags"] != nil)
  }

  private func infer(
    _ open: [Int], place: Snapshot.Key, facts: TypeFacts,
    applied: [(address: Address, resource: Base.Resource)],
    known: [(id: String, address: Address)], world: World
  ) {
    var free = Set(open)
    let byID = Dictionary(
      open.map { (world.entries[$0].observed.id, $0) }, uniquingKeysWith: { first, _ in first })
    for wanted in index.byPlace[place] ?? [] {
      guard let stack = index.stacks[wanted.address.stack] else { continue }
      let last = self.last(of: wanted.address)
      for candidate in candidates(
        for: wanted, of: stack.id, last, byID: byID, place: place, facts: facts, world: world)
      where free.contains(candidate.entry) {
        let entry = world.entries[candidate.entry]
        let reason: Owner.Inference? =
          if isKnown(entry, last: last, facts: facts)
            || isIntended(entry, at: wanted.address, revision(stack.id.name))
          {
            .applied
          } else if candidate.isGenerated {
            .name
          } else if parent(of: entry, facts, world) != nil {
            .parent
          } else {
            nil
          }
        guard let reason else { continue }
        world.infer(
          .inferred(wanted.address, reason), of: candidate.entry, stack: stack.id,
          resource: wanted.address.resource, policy: wanted.deletionPolicy)
        free.remove(candidate.entry)
        break
      }
      inferTwins(of: wanted, stack.id, place: place, facts: facts, free: &free, world: world)
    }
    inferApplied(applied, byID: byID, free: &free, place: place, facts: facts, world: world)
    inferIntended(&free, place: place, facts: facts, world: world)
    if !facts.ownership.isTaggable {
      inferLeftOver(&free, known: known, place: place, world: world)
    }
    guard facts.ownership.isWhole else { return }
    for entry in open where free.contains(entry) {
      guard let parent = parent(of: world.entries[entry], facts, world),
        index.resources[parent] != nil, let stack = index.stacks[parent.stack]
      else { continue }
      world.infer(.within(parent), of: entry, stack: stack.id, resource: nil, policy: nil)
    }
  }

  /// Where a replacement was cut short, what the wanted resource lives in is there twice, and so may it be: in
  /// each of them it is ours.
  private func inferTwins(
    of wanted: DesiredResource, _ stack: StackID, place: Snapshot.Key, facts: TypeFacts,
    free: inout Set<Int>, world: World
  ) {
    guard !free.isEmpty, !facts.ownership.parents.isEmpty else { return }
    for choice in choices(in: wanted) {
      let properties = evaluated(wanted, facts, choice: choice)
      for (entry, key) in world.conflicts(with: properties, in: place)
      where key.tells && free.contains(entry) {
        guard parent(of: world.entries[entry], facts, world) != nil else { continue }
        world.infer(
          .inferred(wanted.address, .parent), of: entry, stack: stack,
          resource: wanted.address.resource, policy: wanted.deletionPolicy)
        free.remove(entry)
      }
    }
  }

  /// What was applied and is no longer desired.
  private func inferApplied(
    _ applied: [(address: Address, resource: Base.Resource)], byID: [String: Int],
    free: inout Set<Int>, place: Snapshot.Key, facts: TypeFacts, world: World
  ) {
    guard !free.isEmpty else { return }
    for (address, last) in applied {
      guard let stack = index.stacks[address.stack] else { continue }
      let known = last.id.flatMap { byID[$0] }.map { [$0] } ?? []
      let alike = world.conflicts(with: facts.normal(last.properties), in: place)
        .filter(\.key.tells).map(\.entry)
      guard let found = (known + alike).first(where: free.contains) else { continue }
      world.infer(
        .inferred(address, .applied), of: found, stack: stack.id, resource: address.resource,
        policy: last.deletionPolicy)
      free.remove(found)
    }
  }

  /// What a run that was killed made, and git has taken back since: under a name that only Trueup makes.
  private func inferIntended(
    _ free: inout Set<Int>, place: Snapshot.Key, facts: TypeFacts, world: World
  ) {
    guard let rule = facts.identity.name, !free.isEmpty else { return }
    for intent in intents where intent.type == place.type {
      guard let stack = index.stacks[intent.address.stack] else { continue }
      let names = PhysicalName.generations.flatMap { generation in
        ([""] + rule.suffixes.values).map {
          PhysicalName.generated(
            stack: stack.id, resource: intent.address.resource, generation: generation, rule: rule,
            suffix: $0)
        }
      }
      let found = free.sorted().first { entry in
        let name = world.entries[entry].observed.properties[rule.property]?.string
        return name.map(names.contains) == true
          && isIntended(world.entries[entry], at: intent.address)
      }
      guard let found else { continue }
      world.infer(
        .inferred(intent.address, .name), of: found, stack: stack.id,
        resource: intent.address.resource, policy: nil)
      free.remove(found)
    }
  }

  /// What a replacement left behind: the journal knows its id, and its successor.
  private func inferLeftOver(
    _ free: inout Set<Int>, known: [(id: String, address: Address)], place: Snapshot.Key,
    world: World
  ) {
    let addresses = Dictionary(known, uniquingKeysWith: min)
    for entry in free.sorted() {
      let id = world.entries[entry].observed.id
      guard let address = addresses[id], let stack = index.stacks[address.stack],
        let last = base.resources[address], last.type == place.type, last.scope == place.scope,
        let successor = last.id, successor != id
      else { continue }
      world.infer(
        .inferred(address, .applied), of: entry, stack: stack.id, resource: address.resource,
        policy: last.deletionPolicy)
      free.remove(entry)
    }
  }

  /// Whether an unfinished creation of ours may have made it: it came after the call was to leave.
  ///
  /// - Parameter revision: that of the run, where the call must have asked for the same; `nil` where a
  ///   name that only Trueup makes says so.
  private func isIntended(
    _ entry: World.Entry, at address: Address, _ revision: String?? = nil
  ) -> Bool {
    intents.contains { intent in
      intent.address == address && intent.type == entry.observed.type
        && revision.map { $0 == intent.revision } ?? true
        && entry.observed.createdAt.map { $0 >= intent.at - 300 } ?? true
    }
  }

  private func isKnown(
    _ entry: World.Entry, last: Base.Resource?, facts: TypeFacts
  ) -> Bool {
    guard let last, last.type == entry.observed.type, last.scope == entry.observed.scope else {
      return false
    }
    if last.id == entry.observed.id { return true }
    guard !facts.identity.telling.isEmpty else { return false }
    let applied = facts.normal(last.properties)
    return facts.identity.telling.contains { $0.conflict(applied, entry.normal) == .same }
  }

  /// The address of the resource of ours inside which a thing lives.
  private func parent(of entry: World.Entry, _ facts: TypeFacts, _ world: World) -> Address? {
    for parent in world.parents(
      of: entry.observed.properties, facts.ownership, in: entry.observed.scope)
    {
      switch world.entries[parent].owner {
      case .tagged(let stack, let resource?):
        if let address = index.address(stack, resource) { return address }
      case .inferred(let address, _): return address
      default: continue
      }
    }
    return nil
  }
}
