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
  /// Only our tags are taken off; the resource stays.
  var retains: Bool
}

/// Finds everything that is ours and not wanted.
struct Removals {
  let planner: Planner
  let decisions: [Address: Decision]

  /// All removals, sorted. Stacks in `failed` are left alone.
  func all(failed: Set<String>) -> [Removal] {
    let live = Set(decisions.values.filter { !isDestroyed($0.address.stack) }.compactMap(liveKey))
    let blockers = Set(decisions.values.compactMap { $0.blocker.map(Key.init) })
    var removals: [Removal] = []
    for resources in planner.snapshot.resources.values {
      for observed in resources where observed.transition == nil {
        let own = Key(observed)
        guard !live.contains(own), !blockers.contains(own), !isDescribed(observed),
          let removal = removal(of: observed, failed: failed)
        else { continue }
        removals.append(removal)
      }
    }
    return removals.sorted {
      ($0.change.address, $0.observed.id) < ($1.change.address, $1.observed.id)
    }
  }

  /// Whether it is a part of another resource that describes it itself by now: a rule that was a resource of
  /// its own and stands in its group. It stays as it is.
  private func isDescribed(_ observed: Observed) -> Bool {
    guard let parent = planner.catalog[observed.type]?.annotations.parent,
      let value = observed.properties[parent]
    else { return false }
    let parents = Set((value.list ?? [value]).compactMap(\.string))
    let claim = Claim(type: observed.type, properties: observed.properties, observed: observed)
    return decisions.values.contains { decision in
      guard let live = decision.live, live.type != observed.type,
        let holder = planner.catalog[live.type],
        parents.contains(live.id)
          || live.properties[holder.annotations.ref]?.string.map(parents.contains) == true,
        !isDestroyed(decision.address.stack), var members = decision.desired.redacted.object
      else { return false }
      for (path, expected) in holder.annotations.ownedWhole {
        if let property = path.property { members[property] = members[property] ?? expected }
      }
      var described = live
      described.properties = .object(members)
      return holder.without([claim], in: described) != described
    }
  }

  /// Names are unique in a scope only.
  private struct Key: Hashable {
    var scope: Scope
    var type: String
    var id: String

    init(_ observed: Observed) {
      scope = observed.scope
      type = observed.type
      id = observed.id
    }
  }

  private func liveKey(_ decision: Decision) -> Key? { decision.live.map(Key.init) }

  private func isDestroyed(_ stack: String) -> Bool { planner.disposal(ofStack: stack) != nil }

  private func removal(of observed: Observed, failed: Set<String>) -> Removal? {
    guard let owner = observed.tags[OwnershipTags.stack],
      owner.hasPrefix(planner.desired.project + "/")
    else { return nil }
    guard let stack = planner.desired.stacks.first(where: { $0.id.owner == owner }) else {
      return ofUnknownStack(observed, owner)
    }
    guard !failed.contains(stack.id.name), planner.options.acts(on: stack.id.name) else {
      return nil
    }
    let owned = Removal.Owner(id: stack.id, account: stack.account, region: stack.region)
    guard let logical = observed.tags[OwnershipTags.resource] else {
      return blocked(
        observed, owned, resource: observed.id,
        "carries \(OwnershipTags.stack) but not \(OwnershipTags.resource); restore the tag, or take "
          + "\(OwnershipTags.stack) off too")
    }
    guard planner.catalog[observed.type] != nil else {
      return blocked(
        observed, owned, resource: logical,
        "Trueup has no kind for \(observed.type): delete it yourself, or take "
          + "\(OwnershipTags.stack) off")
    }
    return ofKnownStack(observed, stack, owned, logical)
  }

  private func ofKnownStack(
    _ observed: Observed, _ stack: DesiredStack, _ owner: Removal.Owner, _ logical: String
  ) -> Removal? {
    let address = Address(stack: stack.id.name, resource: logical)
    let isTaggable = planner.catalog[observed.type]?.annotations.isTaggable ?? true
    let within = observed.tags[UntaggedOwners.within]
    let policy = observed.tags[OwnershipTags.deletionPolicy].flatMap(RemovalPolicy.init)
    let isStateful = planner.catalog[observed.type]?.annotations.isStateful ?? false
    let disposal = planner.disposal(of: stack)
    // It goes with what it lies in.
    if within != nil, disposal != nil { return nil }
    let keepsData =
      disposal != nil && disposal != .delete && isStateful
      && stack.resources.first { $0.address == address }?.deletionPolicy != .delete
    let retains = policy == .retain || policy == .retainExceptOnCreate || keepsData
    let isLeftover = decisions[address]?.leftovers.contains(observed) ?? false
    let isKnown = planner.base.resources[address] != nil
    let reason: String? =
      if retains {
        (keepsData && policy == nil
          ? "holds data and is retained" : "DeletionPolicy is \(policy?.rawValue ?? "Retain")")
          + ": " + (isTaggable ? "only Trueup's tags are taken off" : "it stays as it is")
      } else if let within {
        "it lies within \(within), and no stack declares it"
      } else if isLeftover {
        "left over from a replacement"
      } else if disposal != nil {
        "the stack is destroyed"
      } else {
        nil
      }
    let change = Change(
      address: address, type: observed.type, id: observed.id,
      action: retains ? .update : .delete,
      cause: within != nil
        ? .drift : isLeftover || !isKnown && disposal == nil ? .orphan : .removed, reason: reason,
      differences: retains && isTaggable ? ownershipDifferences(observed) : [])
    return Removal(
      stack: owner, observed: own(observed, address), change: change, retains: retains)
  }

  /// What is ours of it: members that others put into its lists stay.
  private func own(_ observed: Observed, _ address: Address) -> Observed {
    guard let kind = planner.catalog[observed.type], !kind.sharedLists.isEmpty,
      let last = planner.base.resources[address]
    else { return observed }
    return SharedLists(kind: kind).own(observed, [last.properties])
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
      observed, owned, resource: observed.tags[OwnershipTags.resource] ?? observed.id,
      "its stack has no manifest: restore the manifest, or give it one with \"destroy\"")
  }

  private func blocked(
    _ observed: Observed, _ owner: Removal.Owner, resource: String, _ reason: String
  ) -> Removal {
    Removal(
      stack: owner, observed: observed,
      change: Change(
        address: Address(stack: owner.id.name, resource: resource), type: observed.type,
        id: observed.id, action: .blocked, cause: .orphan, reason: reason),
      retains: false)
  }
}
