import Digest
import Document

/// Turns decisions and removals into steps, and finds what each step must wait for.
///
/// - A create or update waits for the creates and updates of what it refers to or depends on.
/// - A delete waits for every step that stops referring to it: what really refers to it stands in the
///   observed properties, not in the blueprint.
/// - A replacement is a create and a delete; the delete comes last unless old and new cannot exist at
///   once.
struct StepOrder {
  typealias ID = PlannedStep.ID

  struct Result {
    var steps: [PlannedStep] = []
    /// What must come first, by the address of the change.
    var prerequisites: [Address: [Change.Prerequisite]] = [:]
    /// The same for deletions, by the physical id.
    var deletionPrerequisites: [String: [Change.Prerequisite]] = [:]
  }

  let catalog: Catalog
  let desired: Desired
  let decisions: [Address: Decision]
  let removals: [Removal]
  let snapshot: Snapshot
  let revision: String?

  func steps() -> Result {
    var steps: [ID: PlannedStep] = [:]
    var result = Result()
    let needed = neededAttributes()
    for decision in decisions.values {
      for step in ownSteps(decision, needed[decision.address] ?? []) { steps[step.id] = step }
    }
    for removal in removals where removal.change.action != .blocked {
      let step = removalStep(
        removal.change.address, removal.observed, retains: removal.retains)
      steps[step.id] = step
    }
    for decision in decisions.values { order(decision, &steps, &result) }
    orderDeletions(&steps, &result)
    result.steps = steps.values.sorted { $0.id < $1.id }
    return result
  }

  // MARK: Steps

  private func ownSteps(_ decision: Decision, _ needed: Set<String>) -> [PlannedStep] {
    guard let change = decision.change else { return [] }
    var steps: [PlannedStep] = []
    switch change.action {
    case .blocked, .delete: return []
    case .create, .replace:
      steps.append(mainStep(decision, .create, needed))
    case .update, .adopt:
      steps.append(mainStep(decision, .update, needed))
    }
    if change.action == .replace, let old = decision.live {
      let policy = decision.resource.updateReplacePolicy
      steps.append(
        removalStep(
          decision.address, old, retains: policy == .retain || policy == .retainExceptOnCreate))
    }
    return steps
  }

  private func mainStep(_ decision: Decision, _ action: Step.Action, _ needed: Set<String>)
    -> PlannedStep
  {
    let isCreate = action == .create
    var tags = decision.tags
    if catalog[decision.resource.type]?.annotations.isTaggable == true, let revision {
      tags[OwnershipTags.revision] = .string(revision)
    }
    let shown = decision.live?.tags ?? [:]
    let changesTags =
      isCreate || !decision.removedTags.isEmpty
      || tags.contains { $0.value.document?.string != shown[$0.key] }
    return PlannedStep(
      id: ID(address: decision.address, action: action), type: decision.resource.type,
      scope: decision.resource.scope, region: region(of: decision.address.stack),
      physicalID: isCreate ? nil : decision.live?.id, desired: decision.desired,
      observed: isCreate ? nil : decision.live, changed: isCreate ? [] : decision.changed,
      tags: tags, removedTags: decision.removedTags, changesTags: changesTags,
      token: token(decision), neededAttributes: needed)
  }

  private func removalStep(_ address: Address, _ observed: Observed, retains: Bool) -> PlannedStep {
    PlannedStep(
      id: ID(address: address, action: retains ? .update : .delete, target: observed.id),
      type: observed.type, scope: observed.scope, region: region(of: address.stack),
      physicalID: observed.id, desired: .known(observed.properties), observed: observed,
      tags: retains
        ? observed.tags.filter { !OwnershipTags.all.contains($0.key) }.mapValues(Value.string)
        : [:],
      removedTags: retains ? OwnershipTags.all.intersection(observed.tags.keys) : [],
      changesTags: retains)
  }

  /// Made of what is wanted, not of when: a create that is repeated after a crash has the same token.
  private func token(_ decision: Decision) -> String {
    let properties = decision.resource.properties.redacted.json()
    return SHA256.hexadecimal(
      of:
        "\(decision.stack.owner)/\(decision.address.resource)#\(decision.generation)\n\(properties)"
    )
  }

  private func region(of stack: String) -> String {
    desired.stacks.first { $0.id.name == stack }?.region ?? ""
  }

  private func neededAttributes() -> [Address: Set<String>] {
    var needed: [Address: Set<String>] = [:]
    for stack in desired.stacks {
      for reference in stack.values.flatMap(\.references).map(\.reference) {
        if let attribute = reference.attribute {
          needed[reference.address, default: []].insert(attribute)
        }
      }
    }
    return needed
  }

  // MARK: Order of creates and updates

  private func order(_ decision: Decision, _ steps: inout [ID: PlannedStep], _ result: inout Result)
  {
    guard let own = mainStepID(decision.address, steps) else { return }
    for prerequisite in ReferenceOrder.prerequisites(of: decision.resource) {
      guard let other = mainStepID(prerequisite.address, steps) else { continue }
      steps[own]?.after.insert(other)
      var shown = prerequisite
      if decisions[prerequisite.address]?.change?.action == .replace,
        prerequisite.because == .reference
      {
        shown.because = .replacement
      }
      result.prerequisites[decision.address, default: []].append(shown)
    }
    guard decision.change?.action == .replace, let old = decision.live else { return }
    let removal = ID(address: decision.address, action: .delete, target: old.id)
    guard steps[removal] != nil else { return }
    if decision.deletesFirst {
      steps[own]?.after.insert(removal)
    } else {
      steps[removal]?.after.insert(own)
    }
  }

  private func mainStepID(_ address: Address, _ steps: [ID: PlannedStep]) -> ID? {
    [Step.Action.create, .update].map { ID(address: address, action: $0) }
      .first { steps[$0] != nil }
  }

  // MARK: Order of deletions

  private func orderDeletions(_ steps: inout [ID: PlannedStep], _ result: inout Result) {
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
    for (deletion, prerequisites) in edges {
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
  private func stepThatLetsGo(_ holder: Observed, _ steps: [ID: PlannedStep]) -> ID? {
    let own = steps.values.filter {
      $0.physicalID == holder.id && $0.type == holder.type && $0.scope == holder.scope
    }
    let deletion = own.first { $0.id.action == .delete }
    return (deletion ?? own.first { !$0.changed.isEmpty })?.id
  }

  /// Addresses of a stack on its way out that depend on the one to be deleted.
  private func dependents(of deletion: PlannedStep) -> [Address] {
    desired.stacks.flatMap(\.resources).filter {
      $0.dependsOn.contains(deletion.id.address)
    }.map(\.address)
  }

  private func liveID(_ address: Address) -> String {
    removals.first { $0.change.address == address }?.observed.id
      ?? decisions[address]?.live?.id ?? ""
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
  private func freeNaturalKeys(_ steps: inout [ID: PlannedStep], _ result: inout Result) {
    let goers = steps.values.compactMap { step in
      step.id.action == .delete ? step.observed.map { (step.id, $0) } : nil
    }.sorted { $0.0 < $1.0 }
    for decision in decisions.values.sorted(by: { $0.address < $1.address })
    where decision.creates {
      guard let annotations = catalog[decision.resource.type]?.annotations else { continue }
      let create = ID(address: decision.address, action: .create)
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

  private func takesPlace(of old: Observed, _ decision: Decision, _ annotations: Annotations)
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
