import Digest
import Document

/// What a deletion waits for, and what waits for a deletion.
extension StepOrder {
  func orderDeletions(_ steps: inout [ID: PlannedStep], _ result: inout Result) {
    let deletions = steps.values.filter { $0.id.action == .delete }
    guard !deletions.isEmpty else { return }
    let references = ObservedReferences(snapshot: snapshot, catalog: catalog)
    var edges: [ID: [(step: ID, isReleasable: Bool)]] = [:]
    for deletion in deletions {
      guard let target = deletion.observed else { continue }
      for holder in references.holders(of: target) {
        guard let letsGo = stepThatLetsGo(holder.observed, steps), letsGo != deletion.id else {
          continue
        }
        edges[deletion.id, default: []].append((letsGo, holder.isReleasable))
      }
      for dependent in dependents(of: deletion) {
        let id = ID(address: dependent, action: .delete, target: liveID(dependent))
        if steps[id] != nil { edges[deletion.id, default: []].append((id, false)) }
      }
    }
    for (deletion, prerequisites) in edges.sorted(by: { $0.key < $1.key }) {
      for (letsGo, isReleasable) in prerequisites {
        var first = letsGo
        if isReleasable, letsGo.action == .delete, reaches(from: letsGo, to: deletion, edges) {
          first = release(letsGo, &steps)
        } else if steps[deletion].map({ _ in waits(letsGo, for: deletion, steps) }) == true {
          continue
        }
        steps[deletion]?.after.insert(first)
        result.deletionPrerequisites[deletion.target, default: []].append(
          Change.Prerequisite(address: letsGo.address, because: .deletion))
      }
    }
    freeNaturalKeys(&steps, &result)
  }

  /// The step after which an observed resource no longer refers to anything that goes.
  func stepThatLetsGo(_ holder: Observed, _ steps: [ID: PlannedStep]) -> ID? {
    let own = steps.values.filter {
      $0.physicalID == holder.id && $0.type == holder.type && $0.scope == holder.scope
    }
    let deletion = own.first { $0.id.action == .delete }
    return (deletion ?? own.first { !$0.changed.isEmpty })?.id
  }

  /// Addresses of a stack on its way out that depend on the one to be deleted.
  func dependents(of deletion: PlannedStep) -> [Address] {
    desired.stacks.flatMap(\.resources).filter {
      $0.dependsOn.contains(deletion.id.address)
    }.map(\.address)
  }

  func liveID(_ address: Address) -> String {
    removals.first { $0.change.address == address }?.observed.id
      ?? decisions[address]?.live?.id ?? ""
  }

  func reaches(
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
  func waits(_ step: ID, for other: ID, _ steps: [ID: PlannedStep]) -> Bool {
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
  func release(_ deletion: ID, _ steps: inout [ID: PlannedStep]) -> ID {
    let id = ID(address: deletion.address, action: .update, target: deletion.target)
    guard steps[id] == nil, let step = steps[deletion], let observed = step.observed,
      case .object(var members) = observed.properties
    else { return id }
    let releasable = catalog[step.type]?.annotations.releasable ?? []
    for property in releasable { members[property] = [] }
    steps[id] = PlannedStep(
      id: id, type: step.type, scope: step.scope, region: step.region,
      physicalID: step.physicalID, desired: .known(.object(members)), observed: observed,
      changed: Set(releasable), tags: observed.tags.mapValues(Value.string))
    steps[deletion]?.after.insert(id)
    return id
  }

  /// What takes the place of something that goes (the same network, the same name) comes after it.
  func freeNaturalKeys(_ steps: inout [ID: PlannedStep], _ result: inout Result) {
    let goers = steps.values.compactMap { step in
      step.id.action == .delete ? step.observed.map { (step.id, $0) } : nil
    }.sorted { $0.0 < $1.0 }
    for decision in decisions.values.sorted(by: { $0.address < $1.address })
    where decision.creates {
      guard let kind = catalog[decision.resource.type] else { continue }
      let annotations = kind.annotations
      let create = ID(address: decision.address, action: .create)
      let taken = goers.filter { takesOver($0.1, decision, kind) }
      // The creation finds it, and makes it its own; the deletion finds that it has gone to another.
      for (deletion, _) in taken where !waits(create, for: deletion, steps) {
        steps[deletion]?.after.insert(create)
        result.deletionPrerequisites[deletion.target, default: []].append(
          Change.Prerequisite(address: decision.address, because: .deletion))
      }
      guard taken.isEmpty else { continue }
      for (deletion, old) in goers
      where old.type == decision.resource.type && old.scope == decision.resource.scope
        && deletion.target != decision.live?.id && takesPlace(of: old, decision, annotations)
        && !waits(deletion, for: create, steps)
      {
        steps[create]?.after.insert(deletion)
        result.prerequisites[decision.address, default: []].append(
          Change.Prerequisite(address: deletion.address, because: .deletion))
      }
    }
  }

  /// Whether the new one is to AWS what the old one is.
  func takesOver(_ old: Observed, _ decision: Decision, _ kind: any Kind) -> Bool {
    guard old.type == decision.resource.type, old.scope == decision.resource.scope else {
      return false
    }
    func sameness(_ properties: Document) -> Document? {
      kind.sameness(
        of: Normaliser(annotations: kind.annotations)
          .normal(kind.annotations.canonical(properties), at: PropertyPath()))
    }
    return sameness(old.properties).map { $0 == sameness(decision.desired.redacted) } ?? false
  }

  func takesPlace(of old: Observed, _ decision: Decision, _ annotations: Annotations)
    -> Bool
  {
    func same(_ properties: [String]) -> Bool {
      !properties.isEmpty
        && properties.allSatisfy { property in
          guard let wanted = decision.desired[property]?.document,
            let shown = old.properties[property]
          else { return false }
          if let new = wanted.string.flatMap(Network.init),
            let existing = shown.string.flatMap(Network.init)
          {
            return new.overlaps(existing)
          }
          return wanted == shown
        }
    }
    let named = annotations.nameRule.map { [$0.property] + ($0.uniqueWithin.map { [$0] } ?? []) }
    return same(annotations.naturalKey) || same(named ?? [])
  }
}
