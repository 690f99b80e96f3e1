import Document

/// A resource of ours that goes: no longer desired, left over from a replacement, or part of a stack
/// that is destroyed.
struct Removal {
  struct Owner {
    var id: StackID
    var account: String
    var region: String
  }

  var stack: Owner
  var observed: Observed
  var change: Change
  /// Only our tags are removed; the resource stays.
  var retains: Bool
  /// AWS keeps a snapshot of what is deleted.
  var keepsSnapshot = false
  /// It deletes what holds data, and neither its `DeletionPolicy` nor the manifest has said that it may.
  var losesData = false
}

/// Finds everything that is ours and not wanted.
struct Removals {
  let planner: Planner
  let context: Planner.Context
  let decisions: [Address: Decision]
  /// What each entry of the world is.
  private let byEntry: [Decision?]

  init(planner: Planner, context: Planner.Context, decisions: [Address: Decision]) {
    self.planner = planner
    self.context = context
    self.decisions = decisions
    var byEntry = [Decision?](repeating: nil, count: context.world.entries.count)
    for decision in decisions.values {
      guard let entry = decision.entry else { continue }
      // What stays comes before what is destroyed.
      if let other = byEntry[entry], context.disposals[other.address.stack] == nil { continue }
      byEntry[entry] = decision
    }
    self.byEntry = byEntry
  }

  /// All removals, sorted. Stacks in `failed` are left alone.
  func all(failed: Set<String>) -> [Removal] {
    let rivals = decisions.values.reduce(into: Set<Int>()) { $0.formUnion($1.rivals) }
    let blockers = Set(decisions.values.compactMap(\.blocker))
    var removals: [Removal] = []
    for (index, entry) in context.world.entries.enumerated()
    where entry.observed.transition == nil && entry.owner != .nobody {
      if let live = byEntry[index], !isDestroyed(live.address.stack) { continue }
      guard !rivals.contains(index), !blockers.contains(entry.observed),
        !isDescribed(entry.observed), let removal = removal(of: index, entry, failed)
      else { continue }
      removals.append(removal)
    }
    return removals.sorted {
      ($0.change.address, $0.observed.id) < ($1.change.address, $1.observed.id)
    }
  }

  private func isDestroyed(_ stack: String) -> Bool { context.disposals[stack] != nil }

  /// Whether it is a part of another resource that describes it itself by now: a rule that was a resource of
  /// its own and stands in its group. It stays as it is.
  private func isDescribed(_ observed: Observed) -> Bool {
    guard let ownership = planner.catalog[observed.type]?.facts.ownership,
      !ownership.parents.isEmpty
    else { return false }
    let claim = Claim(type: observed.type, properties: observed.properties, observed: observed)
    return context.world.parents(of: observed.properties, ownership, in: observed.scope).contains {
      parent in
      guard let decision = byEntry[parent], let live = decision.live, live.type != observed.type,
        let holder = planner.catalog[live.type], !isDestroyed(decision.address.stack),
        var members = decision.desired.redacted.object
      else { return false }
      for (path, expected) in holder.facts.properties.owned {
        if let property = path.property { members[property] = members[property] ?? expected }
      }
      var described = live
      described.properties = .object(members)
      return holder.without([claim], in: described) != described
    }
  }

  private func removal(of index: Int, _ entry: World.Entry, _ failed: Set<String>) -> Removal? {
    let observed = entry.observed
    let address: Address
    switch entry.owner {
    case .nobody: return nil
    case .inferred(let owner, _), .within(let owner): address = owner
    case .tagged(let owner, let resource):
      guard owner.hasPrefix(planner.desired.project + "/") else { return nil }
      guard let stack = context.index.stacksByOwner[owner] else {
        return ofUnknownStack(observed, owner)
      }
      address = Address(stack: stack.id.name, resource: resource ?? "")
    }
    guard let stack = context.index.stacks[address.stack], !failed.contains(stack.id.name),
      planner.options.acts(on: stack.id.name)
    else { return nil }
    let owned = Removal.Owner(id: stack.id, account: stack.account, region: stack.region)
    if case .tagged(_, nil) = entry.owner {
      return blocked(
        observed, owner: owned, resource: observed.id,
        reason:
          "carries \(OwnershipTags.stack) but not \(OwnershipTags.resource); restore the tag, or remove "
          + "\(OwnershipTags.stack) too")
    }
    guard planner.catalog[observed.type] != nil else {
      return blocked(
        observed, owner: owned, resource: address.resource,
        reason: "Trueup has no kind for \(observed.type): delete it yourself, or remove "
          + OwnershipTags.stack)
    }
    // It goes with what it lives in.
    if case .within = entry.owner, isDestroyed(stack.id.name) { return nil }
    let removal = ofKnownStack(index, entry: entry, stack: stack, owner: owned, address: address)
    guard let doubt = doubt(entry, address), !planner.options.allowsOrphans else { return removal }
    return blocked(
      observed, owner: owned, resource: removal.change.address.resource,
      reason: "\(doubt); or delete it too with --allow-orphans")
  }

  /// Why something with our tags may not be deleted; `nil` where it is proven ours.
  private func doubt(_ entry: World.Entry, _ address: Address) -> String? {
    let proofs = context.proofs
    switch entry.owner {
    case .inferred(_, .applied), .inferred(_, .name), .nobody: return nil
    case .tagged:
      guard proofs.proof(of: entry, at: address) == nil else { return nil }
      return ResourcePlanner.doubt(entry.observed, address: address, proofs: proofs)
    case .inferred(_, .parent), .within:
      guard let facts = planner.catalog[entry.observed.type]?.facts else { return nil }
      // One that is proven ours is enough; what is not ours proves nothing.
      var doubt: String?
      for parent in context.world.parents(
        of: entry.observed.properties, facts.ownership, in: entry.observed.scope)
      {
        let parent = context.world.entries[parent]
        guard let place = self.address(of: parent) else { continue }
        if proofs.proof(of: parent, at: place) != nil { return nil }
        doubt = doubt ?? ResourcePlanner.doubt(parent.observed, address: place, proofs: proofs)
      }
      return doubt
    }
  }

  private func address(of entry: World.Entry) -> Address? {
    switch entry.owner {
    case .tagged(let owner, let resource?): context.index.address(owner, resource)
    case .inferred(let address, _): address
    default: nil
    }
  }

  private func ofKnownStack(
    _ index: Int, entry: World.Entry, stack: DesiredStack, owner: Removal.Owner,
    address: Address
  ) -> Removal {
    let observed = entry.observed
    let facts = planner.catalog[observed.type]?.facts
    let isTaggable = facts?.ownership.isTaggable ?? true
    let disposal = context.disposals[stack.id.name]
    let mayLoseData = context.index.resources[address]?.deletionPolicy == .delete
    // A policy of the blueprint wins over what the manifest says of data.
    let wantsSnapshot = disposal == .snapshot || disposal != nil && entry.policy == .snapshot
    let leavesSnapshot =
      wantsSnapshot && facts?.lifecycle.canSnapshot == true && !mayLoseData
    let keepsData =
      disposal != nil && disposal != .delete && !leavesSnapshot
      && facts?.lifecycle.holdsData == true && !mayLoseData
    let retains =
      entry.policy == .retain || entry.policy == .retainExceptOnCreate || keepsData
    let isLeftover = decisions[address]?.leftovers.contains(index) ?? false
    let isKnown = planner.evidence.base.resources[address] != nil
    var shown = address
    var within: String?
    if case .within(let parent) = entry.owner {
      within = parent.resource
      shown = Address(stack: parent.stack, resource: observed.id)
    }
    let reason: String? =
      if retains {
        (keepsData && entry.policy == nil
          ? "holds data and is retained"
          : "DeletionPolicy is \(entry.policy?.rawValue ?? "Retain")")
          + ": " + (isTaggable ? "only Trueup's tags are removed" : "it stays as it is")
      } else if let within {
        "it belongs to \(within), and no stack declares it"
      } else if isLeftover {
        "left over from a replacement"
      } else if disposal != nil {
        "the stack is destroyed"
      } else {
        nil
      }
    let keepsSnapshot = !retains && (leavesSnapshot || entry.policy == .snapshot)
    let told = [reason, keepsSnapshot ? "AWS keeps a snapshot of it" : nil].compactMap(\.self)
    let change = Change(
      address: shown, type: observed.type, id: observed.id, action: retains ? .update : .delete,
      cause: within != nil && !isInLeftover(observed, address)
        ? .drift : isLeftover || within != nil || !isKnown && disposal == nil ? .orphan : .removed,
      reason: told.isEmpty ? nil : told.joined(separator: "; "),
      differences: retains && isTaggable ? ownershipDifferences(observed) : [])
    let consents =
      disposal == .delete || leavesSnapshot || entry.policy == .snapshot
      || (context.index.resources[address]?.deletionPolicy
        ?? planner.evidence.base.resources[address]?.deletionPolicy) == .delete && !isLeftover
    return Removal(
      stack: owner, observed: own(observed, address), change: change, retains: retains,
      keepsSnapshot: keepsSnapshot,
      losesData: !retains && facts?.lifecycle.holdsData == true && !consents)
  }

  /// What is ours of it: members that others put into its lists stay.
  private func own(_ observed: Observed, _ address: Address) -> Observed {
    guard let kind = planner.catalog[observed.type], !kind.sharedLists.isEmpty,
      let last = planner.evidence.base.resources[address]
    else { return observed }
    return SharedLists(kind: kind).own(observed, [last.properties])
  }

  /// Whether it lives in what a replacement left over, and no person put it there.
  private func isInLeftover(_ observed: Observed, _ parent: Address) -> Bool {
    guard let facts = planner.catalog[observed.type]?.facts,
      let leftovers = decisions[parent]?.leftovers, !leftovers.isEmpty
    else { return false }
    return context.world.parents(of: observed.properties, facts.ownership, in: observed.scope)
      .contains(where: leftovers.contains)
  }

  private func ownershipDifferences(_ observed: Observed) -> [Difference] {
    observed.tags.filter { OwnershipTags.all.contains($0.key) }.sorted { $0.key < $1.key }.map {
      Difference(
        path: PropertyPath(["Tags", $0.key]), desired: nil, observed: .string($0.value),
        lastApplied: .string($0.value), effect: .update, cause: .removed)
    }
  }

  /// A stack whose manifest is gone is a finding, never an action.
  private func ofUnknownStack(_ observed: Observed, _ owner: String) -> Removal? {
    guard planner.options.selected == nil else { return nil }
    let name = String(owner.dropFirst(planner.desired.project.count + 1))
    let parts = name.split(separator: "-").map(String.init)
    let id = StackID(
      project: planner.desired.project, client: parts.dropLast().joined(separator: "-"),
      environment: parts.last ?? "")
    let owned = Removal.Owner(
      id: id, account: observed.scope.account, region: observed.scope.region ?? "global")
    return blocked(
      observed, owner: owned, resource: observed.tags[OwnershipTags.resource] ?? observed.id,
      reason: "its stack has no manifest: restore the manifest, or give it one with \"destroy\"")
  }

  private func blocked(
    _ observed: Observed, owner: Removal.Owner, resource: String, reason: String
  ) -> Removal {
    Removal(
      stack: owner, observed: observed,
      change: Change(
        address: Address(stack: owner.id.name, resource: resource), type: observed.type,
        id: observed.id, action: .blocked, cause: .orphan, reason: reason),
      retains: false)
  }
}
