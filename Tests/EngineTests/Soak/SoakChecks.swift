import Document
import TrueupCore

@testable import Engine

/// What must be so of every plan, and of the world in the end.
extension SoakCase {
  func lines(_ plan: Plan) -> [String] {
    plan.changes.map { change in
      let differences = change.differences.map { "\($0.path) \($0.cause)" }.joined(separator: ", ")
      return "\(change.action) \(change.address) \(change.type.dropFirst(6)) \(change.id ?? "-") "
        + "\(change.cause)" + (differences.isEmpty ? "" : " (\(differences))")
        + (change.reason.map { ": \($0)" } ?? "")
    }
  }

  mutating func check(_ plan: Plan, by runner: Runner) {
    for stack in plan.stacks {
      if let error = stack.error { fail("\(stack.id) cannot be planned: \(error)") }
    }
    checkIDs(plan)
    checkBlocked(plan)
    checkCauses(plan, by: runner)
  }

  /// Nothing is both live and left over.
  private mutating func checkIDs(_ plan: Plan) {
    let wanted = Dictionary(
      fleet.all.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
    var deleted: Set<SoakWorld.Key> = []
    var kept: Set<SoakWorld.Key> = []
    for change in plan.changes {
      guard let id = change.id else { continue }
      let scope =
        plan.steps.first { $0.id.address == change.address && $0.physicalID == id }?.scope
        ?? wanted[change.address]?.scope ?? SoakWorld.scopes[0]
      let key = SoakWorld.Key(scope: scope, type: change.type, id: id)
      switch change.action {
      case .delete:
        if !deleted.insert(key).inserted { fail("\(id) is deleted twice in \(lines(plan))") }
      case .update, .adopt, .replace:
        if !kept.insert(key).inserted { fail("\(id) is changed twice in \(lines(plan))") }
      case .create, .blocked, .stalled: continue
      }
    }
    for key in deleted.intersection(kept) {
      fail("\(key.id) is both live and left over in \(lines(plan))")
    }
    for (address, settled) in plan.settled {
      let key = SoakWorld.Key(scope: settled.scope, type: settled.type, id: settled.id ?? "")
      if deleted.contains(key) { fail("\(address) is as desired, and is deleted") }
    }
    let targets = plan.steps.filter { $0.id.action == .delete }.map {
      SoakWorld.Key(scope: $0.scope, type: $0.type, id: $0.physicalID ?? "")
    }
    if Set(targets).count < targets.count { fail("a thing is deleted twice by \(lines(plan))") }
  }

  private mutating func checkBlocked(_ plan: Plan) {
    guard !hasHardObstacles else { return }
    for change in plan.changes
    where change.action == .blocked && !(isIncomplete && maybeUntold(change)) {
      fail("\(change.address) is blocked (\(change.reason ?? "")), and nothing is in the way")
    }
  }

  /// Whether a journal that is not complete may not tell whose it is.
  func maybeUntold(_ change: Change) -> Bool {
    SoakKind.of(change.type)?.facts.ownership.isTaggable == false
      || ["needs ", "nothing of "].contains { change.reason?.hasPrefix($0) == true }
      || change.reason?.contains("nothing says which is ours") == true
  }

  // MARK: Causes

  private mutating func checkCauses(_ plan: Plan, by runner: Runner) {
    let wanted = Dictionary(
      fleet.all.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
    for change in plan.changes {
      if change.action == .create, !isIncomplete {
        let known = ledger.entries[change.address]
        let isLost =
          known.map { $0.key.type == change.type && world.things[$0.key] == nil } ?? false
        // What was made and lost before any journal noted it, nobody can know of; nor whether what is gone
        // went by a deletion that was begun.
        let isKnown = known?.runner != nil || !isLost
        let isBegun = begunDeletions[change.address] != nil
        let isTrue = isBegun ? change.cause != .drift : isLost == (change.cause == .drift)
        if isKnown, !isTrue, !uncertain.contains(change.address) {
          fail("\(change.address) is created as \(change.cause): lost \(isLost)")
        }
      }
      guard change.action == .update || change.action == .replace, let id = change.id,
        let resource = wanted[change.address], resource.type == change.type,
        let thing = world.things[
          SoakWorld.Key(scope: resource.scope, type: change.type, id: id)]
      else { continue }
      for difference in change.differences where difference.path.components.first != "Tags" {
        guard let property = difference.path.property,
          let causes = ledger.causes(
            of: property, at: change.address, resource, thing, by: runner.rawValue, git)
        else { continue }
        let isDoubted = difference.cause == .unknown && (isRewritten || !world.foreign.isEmpty)
        if !isDoubted, !causes.contains(difference.cause) {
          fail(
            "\(change.address)/\(property) is \(difference.cause), and not "
              + "\(causes.map(\.rawValue).sorted()): \(lines(plan))")
        }
      }
    }
    checkUnmoved(plan)
  }

  /// What did not move is no cause.
  private mutating func checkUnmoved(_ plan: Plan) {
    guard !hasObstacles else { return }
    let causes = plan.changes.map { ($0, Set([$0.cause] + $0.differences.map(\.cause))) }
    for (change, causes) in causes {
      if !isMeddled, !causes.isDisjoint(with: [.drift, .conflict]) {
        fail("nobody touched \(change.address), and it is \(causes): \(lines(plan))")
      }
      // What a killed run made anew for something that was lost, moves what refers to it.
      let isFollowing = isMeddled && isInterrupted && causes == [.pending]
      if !gitMoved, !isFollowing, !causes.isDisjoint(with: [.pending, .conflict, .new, .removed]) {
        fail("git did not move, and \(change.address) is \(causes): \(lines(plan))")
      }
      if causes.contains(.unknown) { fail("\(change.address) has no base: \(lines(plan))") }
    }
  }

  // MARK: Strangers

  /// What is not ours by right, and may be taken all the same: the only thing with the owner tags of
  /// something desired may be updated; and what nothing tells from ours.
  func mayTake(_ plan: Plan, _ memory: JournalMemory) -> [SoakWorld.Key] {
    plan.steps.compactMap { step in
      let key = SoakWorld.Key(scope: step.scope, type: step.type, id: step.physicalID ?? "")
      guard let thing = world.foreign[key] else { return nil }
      let address = step.id.address
      if SoakKind.of(thing.type)?.facts.ownership.isTaggable == false {
        return isNameOfOurs(thing, at: address, memory) ? key : nil
      }
      let owner = OwnershipTags.owner(
        StackID(
          project: "fleet", client: address.stack.replacing("-prod", with: ""),
          environment: "prod"), resource: address.resource)
      guard owner.allSatisfy({ thing.tags[$0.key] == $0.value }) else { return nil }
      let isAlone = world.things.values.allSatisfy { other in
        SoakWorld.Key(other) == key || other.type != thing.type || other.scope != thing.scope
          || owner.contains { other.tags[$0.key] != $0.value }
      }
      if step.id.action == .update, isAlone { return key }
      return isMimic(thing, at: address, memory) ? key : nil
    }
  }

  /// Without tags, what has the id or the name that ours has, or was to have, is ours.
  private func isNameOfOurs(_ thing: Observed, at address: Address, _ memory: JournalMemory) -> Bool
  {
    if memory.base.resources[address]?.id == thing.id { return true }
    // To those who have no whole journal, a revision says what there was.
    let isDeclared = git.commits.flatMap(\.desired.stacks).flatMap(\.resources).contains {
      resource in
      resource.address == address && resource.type == thing.type
    }
    if isIncomplete, isDeclared { return true }
    return memory.intents.contains { intent in
      intent.address == address && intent.type == thing.type
        && intent.revision == git.commits.last?.revision
    }
  }

  private func isMimic(_ thing: Observed, at address: Address, _ memory: JournalMemory) -> Bool {
    if memory.knownIDs[address]?.contains(Evidence.KnownID(type: thing.type, id: thing.id)) == true
    {
      return true
    }
    var declared =
      thing.tags[OwnershipTags.revision].flatMap(git.desired)?.stacks
      .flatMap(\.resources).filter { $0.address == address } ?? []
    if memory.intents.contains(where: { $0.address == address && $0.type == thing.type }) {
      declared += fleet.all.filter { $0.address == address }
    }
    let kind = SoakKind.of(thing.type)
    return declared.contains { resource in
      resource.type == thing.type && resource.scope == thing.scope
        && kind?.facts.identity.name.map { resource.properties[$0.property] != nil } ?? true
        && (kind?.createOnly ?? []).allSatisfy { property in
          resource.properties[property]?.document.map { $0 == thing.properties[property] } ?? true
        }
    }
  }

  // MARK: The world

  /// What there is of ours, with what is declared of it; ids as the addresses of what carries them.
  var inventory: [String] {
    let desired = Dictionary(
      fleet.all.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
    let own = world.sorted.filter { world.foreign[SoakWorld.Key($0)] == nil }
    var names: [String: String] = [:]
    for thing in own {
      let name = "<\(address(of: thing))>"
      names[thing.properties["Arn"]?.string ?? ""] = name
      if thing.id.contains("-") { names[thing.id] = name }
    }
    return own.map { thing in
      let address = address(of: thing)
      let kind = SoakKind.of(thing.type)
      // Which of two things without tags is whose, nothing in AWS tells.
      if kind?.facts.ownership.isTaggable == false {
        let properties = (kind?.createOnly ?? []).map {
          "\($0)=\(Self.text(thing.properties[$0], names))"
        }
        return "\(thing.type) \(thing.scope) \(properties.joined(separator: " "))"
      }
      let declared = desired[address]?.properties.members ?? [:]
      let properties = declared.keys.sorted().map { property in
        "\(property)=\(Self.text(thing.properties[property], names))"
      }
      let tags = (desired[address]?.tags ?? [:]).keys.sorted().map {
        "\($0)=\(thing.tags[$0] ?? "-")"
      }
      return "\(thing.type) \(thing.scope) \(address) \((properties + tags).joined(separator: " "))"
    }.sorted()
  }

  private func address(of thing: Observed) -> Address {
    if let stack = thing.tags[OwnershipTags.stack], let id = thing.tags[OwnershipTags.resource] {
      return Address(stack: stack.replacing("fleet/", with: ""), resource: id)
    }
    return world.origin[SoakWorld.Key(thing)] ?? Address(stack: "nobody", resource: thing.id)
  }

  private static func text(_ value: Document?, _ names: [String: String]) -> String {
    switch value {
    case nil: return "-"
    case .string(let text): return names[text] ?? text
    case .list(let elements):
      return "[" + elements.map { Self.text($0, names) }.sorted().joined(separator: ",") + "]"
    case .object(let members):
      return members.sorted { $0.key < $1.key }.map { "\($0.key):\(Self.text($0.value, names))" }
        .joined(separator: ",")
    case let other?: return other.json()
    }
  }
}
