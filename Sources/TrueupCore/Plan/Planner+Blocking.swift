import Document

/// What holds up a change although nothing is wrong with the resource itself.
extension Planner {
  /// What lies for good in something that is deleted first goes before it, and comes after it.
  func deleteFirst(_ decision: Decision, _ decisions: [Address: Decision]) {
    guard let change = decision.change, change.action == .replace else { return }
    let replacing = Set(
      change.differences.filter { $0.effect == .replace }.compactMap(\.path.property))
    let follows = decision.resource.properties.references.contains { path, reference in
      guard let needed = decisions[reference.address], needed.change?.action == .replace,
        let property = path.property
      else { return false }
      return needed.deletesFirst && replacing.contains(property)
    }
    if follows { decision.deletesFirst = true }
  }

  /// What has to be made from something that is blocked, or would come to refer to it, is blocked
  /// itself: what stands in its place is not ours. So is what would need a resource that another
  /// stack has still to make.
  func blockWithPrerequisites(
    _ decision: Decision, decisions: [Address: Decision], context: Context
  ) {
    guard let change = decision.change, !change.action.leavesAsIs else { return }
    for prerequisite in context.index.prerequisites[decision.address] ?? [] {
      let needed = prerequisite.address
      let action = decisions[needed]?.change?.action
      let isBlocked = action?.leavesAsIs == true
      let isElsewhere =
        needed.stack != decision.address.stack && !options.acts(on: needed.stack)
        && decisions[needed]?.creates == true
      guard isBlocked || isElsewhere else { continue }
      let refers = decision.resource.properties.references.contains { path, reference in
        reference.address == needed
          && change.differences.contains { $0.path.property == path.property }
      }
      guard isBlocked && (change.action == .create || refers) || isElsewhere else { continue }
      decision.change?.action = action == .stalled ? .stalled : .blocked
      decision.change?.reason =
        isBlocked
        ? "needs \(needed), which is \(action == .stalled ? "stalled" : "blocked")"
        : "needs \(needed), which is not in this run"
    }
  }

  /// Of a stack of which nothing is ours yet, and of which parts exist and wait to be adopted, nothing
  /// is made beside them unless a person says so: it may all be there already.
  /// What would refer into such a stack waits with it.
  func holdPartial(_ context: Context, _ decisions: [Address: Decision]) {
    guard !options.allowsPartial else { return }
    var held: Set<String> = []
    for stack in desired.stacks where context.disposals[stack.id.name] == nil {
      let own = stack.resources.compactMap { decisions[$0.address] }
      let waiting = own.filter(\.isHeldForAdoption)
      guard !waiting.isEmpty, own.allSatisfy({ $0.live == nil && $0.rivals.isEmpty }),
        own.allSatisfy({ evidence.base.resources[$0.address]?.wasReached != true })
      else { continue }
      held.insert(stack.id.name)
      let names = waiting.map(\.address.resource).sorted().prefix(3).joined(separator: ", ")
      for decision in own where decision.change?.action == .create {
        decision.change?.action = .blocked
        decision.change?.reason =
          "nothing of \(stack.id) is ours yet, and \(names) exists already: adopt what exists, or "
          + "create the rest beside it with --allow-partial"
      }
    }
    for resource in context.index.ordered where !held.isEmpty {
      guard !held.contains(resource.address.stack), let decision = decisions[resource.address]
      else { continue }
      blockWithPrerequisites(decision, decisions: decisions, context: context)
    }
  }

  /// What AWS allows only once and something else has: that one makes way where the plan deletes it,
  /// and is in the way where not.
  func makeWay(
    _ removals: [Removal], context: Context, decisions: [Address: Decision]
  ) {
    let going = Goers(removals, decisions)
    var takes: [Address: Set<Address>] = [:]
    var open = decisions.values.filter { $0.creates && isActive($0) }.map(\.address).sorted()
    while let address = open.popLast() {
      guard let decision = decisions[address], decision.creates,
        let facts = catalog[decision.resource.type]?.facts
      else { continue }
      let place = Snapshot.Key(scope: decision.resource.scope, type: decision.resource.type)
      let shown = facts.normal(decision.desired.redacted)
      for (entry, key) in context.world.conflicts(with: shown, in: place)
      where entry != decision.entry {
        let holder = context.world.entries[entry]
        guard holder.observed.transition == nil else { continue }
        if going.goes(entry, holder.observed) {
          if let other = going.replaced[entry], other != address {
            takes[address, default: []].insert(other)
          }
          continue
        }
        if going.updated[entry]?.makesRoom(for: shown, by: key, facts) == true { continue }
        // What nobody owns and a create would find was looked at by matching. A replacement comes from
        // elsewhere.
        guard holder.owner != .nobody || !key.tells || decision.change?.action == .replace else {
          continue
        }
        block(decision, holder: holder, key: key, context: context, decisions: decisions)
        break
      }
    }
    trade(takes, decisions)
    // What is in one of them goes before it.
    for resource in context.index.ordered where !takes.isEmpty {
      if let decision = decisions[resource.address] { deleteFirst(decision, decisions) }
    }
  }

  /// Replacements that take each other's places would wait for one another: their old resources go
  /// first. One that takes the place of another's old resource alone waits until that is gone.
  private func trade(_ takes: [Address: Set<Address>], _ decisions: [Address: Decision]) {
    for address in takes.keys {
      var seen: Set<Address> = []
      var queue = Array(takes[address] ?? [])
      while let next = queue.popLast() {
        guard next != address else {
          decisions[address]?.deletesFirst = true
          break
        }
        if seen.insert(next).inserted { queue += takes[next] ?? [] }
      }
    }
  }

  private func block(
    _ decision: Decision, holder: World.Entry, key: UniqueKey, context: Context,
    decisions: [Address: Decision]
  ) {
    let owner: String =
      switch holder.owner {
      case .tagged(let stack, let resource): resource.map { "\(stack)/\($0)" } ?? stack
      case .inferred(let owner, _), .within(let owner): owner.description
      case .nobody: "somebody else"
      }
    let what = key.properties.joined(separator: ", ")
    decision.change?.action = .blocked
    decision.change?.reason =
      "\(holder.observed.id) of \(owner) has the same \(what), and AWS allows it only once"
    for dependent in context.index.ordered
    where context.index.prerequisites[dependent.address]?.contains(where: {
      $0.address == decision.address
    })
      == true
    {
      if let decision = decisions[dependent.address] {
        blockWithPrerequisites(decision, decisions: decisions, context: context)
      }
    }
  }
}

/// What the plan deletes.
struct Goers {
  private struct ID: Hashable {
    var scope: Scope
    var type: String
    var id: String
  }

  /// The addresses of replacements by the entry of their old resource.
  private(set) var replaced: [Int: Address] = [:]
  /// The decisions to update by entry: what is updated may give up what another one takes.
  let updated: [Int: Decision]
  private var deleted: Set<ID> = []

  init(_ removals: [Removal], _ decisions: [Address: Decision]) {
    updated = Decision.updates(decisions)
    for removal in removals where removal.change.action == .delete {
      let observed = removal.observed
      deleted.insert(ID(scope: observed.scope, type: observed.type, id: observed.id))
    }
    for decision in decisions.values where decision.change?.action == .replace {
      let policy = decision.resource.updateReplacePolicy
      guard let entry = decision.entry, policy != .retain, policy != .retainExceptOnCreate else {
        continue
      }
      replaced[entry] = decision.address
    }
  }

  func goes(_ entry: Int, _ observed: Observed) -> Bool {
    replaced[entry] != nil
      || deleted.contains(ID(scope: observed.scope, type: observed.type, id: observed.id))
  }
}

extension Decision {
  /// Those to update, by entry.
  static func updates(_ decisions: [Address: Decision]) -> [Int: Decision] {
    Dictionary(
      decisions.values.compactMap { decision in
        decision.change?.action == .update ? decision.entry.map { ($0, decision) } : nil
      }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether the update gives up what AWS allows only once (the priority of a rule) to another one.
  func makesRoom(for other: Document, by key: UniqueKey, _ facts: TypeFacts) -> Bool {
    !changed.isDisjoint(with: key.properties)
      && key.conflict(other, facts.normal(desired.redacted)) == .different
  }
}
