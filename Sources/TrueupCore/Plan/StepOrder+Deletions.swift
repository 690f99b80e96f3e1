import Document

/// What a deletion waits for, and what waits for a deletion.
extension StepOrder {
  /// The steps on a thing, by where and what it is.
  private struct Subject: Hashable {
    var scope: Scope
    var type: String
    var id: String
  }

  func orderDeletions(_ steps: inout [ID: PlannedStep], _ result: inout Result) {
    let deletions = steps.values.filter { $0.id.action == .delete }
    guard !deletions.isEmpty else { return }
    let references = ObservedReferences(context.world)
    var bySubject: [Subject: [ID]] = [:]
    for step in steps.values {
      guard let id = step.physicalID else { continue }
      bySubject[Subject(scope: step.scope, type: step.type, id: id), default: []].append(step.id)
    }
    let removed = Dictionary(
      removals.map { ($0.change.address, $0.observed.id) }, uniquingKeysWith: { first, _ in first })
    var edges: [ID: [(step: ID, isReleasable: Bool)]] = [:]
    for deletion in deletions {
      guard let target = deletion.observed else { continue }
      for holder in references.holders(of: target) {
        let subject = Subject(
          scope: holder.observed.scope, type: holder.observed.type, id: holder.observed.id)
        guard let letsGo = stepThatLetsGo(bySubject[subject] ?? [], steps), letsGo != deletion.id
        else { continue }
        edges[deletion.id, default: []].append((letsGo, holder.isReleasable))
      }
      for dependent in context.index.dependents[deletion.id.address] ?? [] {
        let live = removed[dependent] ?? decisions[dependent]?.live?.id ?? ""
        let id = ID(address: dependent, action: .delete, target: live)
        if steps[id] != nil { edges[deletion.id, default: []].append((id, false)) }
      }
    }
    for (deletion, prerequisites) in edges.sorted(by: { $0.key < $1.key }) {
      for (letsGo, isReleasable) in prerequisites.sorted(by: { $0.step < $1.step }) {
        var first = letsGo
        if isReleasable, letsGo.action == .delete, reaches(from: letsGo, to: deletion, edges) {
          first = release(letsGo, &steps)
        } else if waits(letsGo, for: deletion, steps) {
          continue
        }
        steps[deletion]?.after.insert(first)
        result.deletionPrerequisites[deletion.target, default: []].append(
          Change.Prerequisite(address: letsGo.address, because: .deletion))
      }
    }
    makeWay(bySubject, steps: &steps, result: &result)
  }

  /// The step after which an observed resource no longer refers to anything that goes.
  private func stepThatLetsGo(_ own: [ID], _ steps: [ID: PlannedStep]) -> ID? {
    own.sorted().first { $0.action == .delete }
      ?? own.sorted().first { steps[$0]?.changed.isEmpty == false }
  }

  private func reaches(
    from start: ID, to end: ID, _ edges: [ID: [(step: ID, isReleasable: Bool)]]
  ) -> Bool {
    var seen: Set<ID> = [start]
    var queue = [start]
    while let next = queue.popLast() {
      if next == end { return true }
      for edge in edges[next] ?? [] where seen.insert(edge.step).inserted {
        queue.append(edge.step)
      }
    }
    return false
  }

  /// Whether a step already waits for another, so that the opposite order would be a circle.
  private func waits(_ step: ID, for other: ID, _ steps: [ID: PlannedStep]) -> Bool {
    var seen: Set<ID> = [step]
    var queue = [step]
    while let next = queue.popLast() {
      if next == other { return true }
      for first in steps[next]?.after ?? [] where seen.insert(first).inserted {
        queue.append(first)
      }
    }
    return false
  }

  /// Two that refer to each other cannot go one by one: the references are emptied first.
  private func release(_ deletion: ID, _ steps: inout [ID: PlannedStep]) -> ID {
    let id = ID(address: deletion.address, action: .update, target: deletion.target)
    guard steps[id] == nil, let step = steps[deletion], let observed = step.observed,
      case .object(var members) = observed.properties
    else { return id }
    let releasable = catalog[step.type]?.facts.properties.releasable ?? []
    for property in releasable { members[property] = [] }
    steps[id] = PlannedStep(
      id: id, type: step.type, scope: step.scope, region: step.region,
      physicalID: step.physicalID, desired: .known(.object(members)), observed: observed,
      changed: releasable, tags: observed.tags.mapValues(Value.string))
    steps[deletion]?.after.insert(id)
    return id
  }

  /// What takes the place of something that goes (the same network, the same name) or moves (a rule's
  /// priority) comes after it.
  private func makeWay(
    _ bySubject: [Subject: [ID]], steps: inout [ID: PlannedStep], result: inout Result
  ) {
    let updated = Decision.updates(decisions)
    for decision in decisions.values.sorted(by: { $0.address < $1.address }) where decision.creates
    {
      guard let kind = catalog[decision.resource.type] else { continue }
      let create = ID(address: decision.address, action: .create)
      let taken = takenOver(by: decision, kind, bySubject)
      // The creation finds it, and makes it its own; the deletion finds that it has gone to another.
      for deletion in taken where !waits(create, for: deletion, steps) {
        steps[deletion]?.after.insert(create)
        result.deletionPrerequisites[deletion.target, default: []].append(
          Change.Prerequisite(address: decision.address, because: .deletion))
      }
      guard taken.isEmpty else { continue }
      let place = Snapshot.Key(scope: decision.resource.scope, type: decision.resource.type)
      let shown = kind.facts.normal(decision.desired.redacted)
      for (entry, key) in context.world.conflicts(with: shown, in: place)
      where entry != decision.entry {
        if let mover = updated[entry], mover.makesRoom(for: shown, by: key, kind.facts) {
          let update = ID(address: mover.address, action: .update)
          if steps[update] != nil, !waits(update, for: create, steps) {
            steps[create]?.after.insert(update)
          }
          continue
        }
        let old = context.world.entries[entry].observed
        let subject = Subject(scope: old.scope, type: old.type, id: old.id)
        guard let deletion = bySubject[subject]?.first(where: { $0.action == .delete }),
          !waits(deletion, for: create, steps)
        else { continue }
        steps[create]?.after.insert(deletion)
        result.prerequisites[decision.address, default: []].append(
          Change.Prerequisite(address: deletion.address, because: .deletion))
      }
    }
  }

  /// The deletions of what is to AWS what the new resource is.
  private func takenOver(
    by decision: Decision, _ kind: any Kind, _ bySubject: [Subject: [ID]]
  ) -> [ID] {
    let facts = kind.facts
    guard !facts.ownership.parents.isEmpty,
      let wanted = kind.sameness(of: facts.normal(decision.desired.redacted))
    else { return [] }
    let place = Snapshot.Key(scope: decision.resource.scope, type: decision.resource.type)
    return (context.world.byPlace[place] ?? []).flatMap { entry -> [ID] in
      let old = context.world.entries[entry].observed
      let subject = Subject(scope: old.scope, type: old.type, id: old.id)
      guard let deletions = bySubject[subject]?.filter({ $0.action == .delete }),
        !deletions.isEmpty, kind.sameness(of: context.world.entries[entry].normal) == wanted
      else { return [] }
      return deletions
    }
  }
}
