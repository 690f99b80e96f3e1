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
  let context: Planner.Context
  let decisions: [Address: Decision]
  let removals: [Removal]
  let evidence: Evidence
  let options: Planner.Options
  /// Stacks in which something without tags waits to be adopted. A revision in the tags of its neighbours
  /// would say, to those who have no journal, that it was applied and so is ours.
  let held: Set<String>
  /// What stalled resources refer to.
  let stillUsed: Set<Address>

  init(
    catalog: Catalog, context: Planner.Context, decisions: [Address: Decision],
    removals: [Removal], evidence: Evidence, options: Planner.Options
  ) {
    (self.catalog, self.context, self.decisions) = (catalog, context, decisions)
    (self.removals, self.evidence, self.options) = (removals, evidence, options)
    held = Set(
      decisions.values.filter {
        $0.isHeldForAdoption && catalog[$0.resource.type]?.facts.ownership.isTaggable == false
      }.map(\.address.stack))
    stillUsed = Set(
      decisions.values.filter { $0.change?.action == .stalled }
        .flatMap { context.index.prerequisites[$0.address] ?? [] }.map(\.address))
  }

  /// The deletions of what carries no tags and had another type under a logical id that is desired.
  private var formerTypes: [Address: [ID]] {
    Dictionary(
      grouping: removals.filter { removal in
        catalog[removal.observed.type]?.facts.ownership.isTaggable == false
          && context.index.resources[removal.change.address].map {
            $0.type != removal.observed.type
          } ?? false
      }.map { ID(address: $0.change.address, action: .delete, target: $0.observed.id) },
      by: \.address)
  }

  func steps() -> Result {
    var steps: [ID: PlannedStep] = [:]
    var result = Result()
    let needed = neededAttributes()
    for decision in decisions.values {
      for step in ownSteps(decision, needed[decision.address] ?? []) { steps[step.id] = step }
    }
    for removal in removals where removal.change.action != .blocked {
      var step = removalStep(
        removal.change.address, removal.observed, retains: removal.retains)
      step.keepsSnapshot = removal.keepsSnapshot
      if !removal.retains, context.disposals[removal.stack.id.name] != nil,
        catalog[step.type]?.facts.lifecycle.canBeKept == true
      {
        step.tags[OwnershipTags.destroyed] = .string("true")
        step.changesTags = true
      }
      step.isLeftover =
        decisions[step.id.address]?.live != nil
        && context.disposals[step.id.address.stack] == nil
      steps[step.id] = step
    }
    let formerTypes = formerTypes
    for decision in decisions.values {
      order(decision, formerTypes: formerTypes, steps: &steps, result: &result)
    }
    orderDeletions(&steps, &result)
    group(&steps)
    result.steps = steps.values.sorted { $0.id < $1.id }
    return result
  }

  // MARK: Order of creates and updates

  func order(
    _ decision: Decision, formerTypes: [Address: [ID]], steps: inout [ID: PlannedStep],
    result: inout Result
  ) {
    guard let own = mainStepID(decision.address, steps) else { return }
    for prerequisite in context.index.prerequisites[decision.address] ?? [] {
      guard let other = mainStepID(prerequisite.address, steps), other != own else { continue }
      steps[own]?.after.insert(other)
      var shown = prerequisite
      if decisions[prerequisite.address]?.change?.action == .replace,
        prerequisite.because == .reference
      {
        shown.because = .replacement
      }
      result.prerequisites[decision.address, default: []].append(shown)
    }
    if own.action == .create {
      // Under one logical id the journal remembers one thing, and what carries no tags nothing else does.
      for removal in formerTypes[decision.address] ?? [] where steps[removal] != nil {
        steps[own]?.after.insert(removal)
      }
    }
    guard decision.change?.action == .replace, let old = decision.live else { return }
    let removal = ID(address: decision.address, action: .delete, target: old.id)
    guard steps[removal] != nil else { return }
    if decision.deletesFirst {
      // Where values that are not known decide whether it has to go, it waits for them.
      if steps[removal]?.replacement != nil {
        let values = steps[own]?.after ?? []
        steps[removal]?.after.formUnion(values)
      }
      steps[own]?.after.insert(removal)
    } else {
      steps[removal]?.after.insert(own)
    }
  }

  func mainStepID(_ address: Address, _ steps: [ID: PlannedStep]) -> ID? {
    [Step.Action.create, .update].map { ID(address: address, action: $0) }
      .first { steps[$0] != nil }
  }

  // MARK: Groups

  /// Joins steps that AWS takes in one call. What cannot begin together (one waits, through others, for
  /// another of the group) is carried out one by one.
  private func group(_ steps: inout [ID: PlannedStep]) {
    var groups: [String: [ID]] = [:]
    for step in steps.values {
      guard let key = catalog[step.type]?.group(of: step) else { continue }
      groups["\(step.scope) \(step.type) \(key)", default: []].append(step.id)
    }
    for (key, members) in groups where members.count > 1 {
      let own = Set(members)
      // Among themselves they need no order; from outside, none may come between.
      for id in members { steps[id]?.after.subtract(own) }
      let outside = Set(members.flatMap { steps[$0]?.after ?? [] })
      guard !outside.contains(where: { reachesAny(from: $0, own, steps) }) else { continue }
      for id in members {
        steps[id]?.group = key
        steps[id]?.after = outside
      }
    }
  }

  private func reachesAny(from start: ID, _ ends: Set<ID>, _ steps: [ID: PlannedStep]) -> Bool {
    var seen: Set<ID> = [start]
    var queue = [start]
    while let next = queue.popLast() {
      if ends.contains(next) { return true }
      for first in steps[next]?.after ?? [] where seen.insert(first).inserted {
        queue.append(first)
      }
    }
    return false
  }
}
