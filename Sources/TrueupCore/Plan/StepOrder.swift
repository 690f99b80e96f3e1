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
  let context: Planner.Context
  let decisions: [Address: Decision]
  let removals: [Removal]
  let evidence: Evidence
  let options: Planner.Options
  /// Stacks in which something without tags waits to be adopted. A revision in the tags of its neighbours
  /// would say, to those who have no journal, that it was applied and so is ours.
  private let held: Set<String>
  /// What stalled resources refer to.
  private let stillUsed: Set<Address>

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

  // MARK: Steps

  func ownSteps(_ decision: Decision, _ needed: Set<String>) -> [PlannedStep] {
    guard let change = decision.change else { return takeOver(decision, needed) }
    var steps: [PlannedStep] = []
    switch change.action {
    case .blocked, .stalled, .delete: return []
    case .create, .replace:
      steps.append(mainStep(decision, action: .create, needed: needed))
    case .update, .adopt:
      steps.append(mainStep(decision, action: .update, needed: needed))
    }
    if change.action == .replace, let live = decision.live, let entry = decision.entry,
      !isStillUsed(decision)
    {
      // With what others describe of it, which goes as well.
      let old = context.world.entries[entry].observed
      let policy = decision.resource.updateReplacePolicy
      var removal = removalStep(
        decision.address, old, retains: policy == .retain || policy == .retainExceptOnCreate)
      removal.isReplacement = true
      removal.keepsSnapshot = policy == .snapshot
      let isOpen = change.differences.filter { $0.effect == .replace }.allSatisfy {
        $0.desired?.contains(where: \.isUnknown) == true
      }
      if isOpen, !followsReplacement(decision),
        let index = steps.firstIndex(where: { $0.id.action == .create })
      {
        steps[index].replaced = live
        if decision.deletesFirst {
          removal.replaced = live
          removal.replacement = steps[index].desired
          removal.generatedName = steps[index].generatedName
        }
      }
      steps.append(removal)
    }
    return steps
  }

  /// Whether something that is stalled goes on using the old revision: it is left over once nothing does.
  private func isStillUsed(_ decision: Decision) -> Bool {
    catalog[decision.resource.type]?.facts.lifecycle.makesRevisions == true
      && stillUsed.contains(decision.address)
  }

  /// Whether something that it refers to is replaced: then its values change, or what stood in the old
  /// one has gone with it.
  private func followsReplacement(_ decision: Decision) -> Bool {
    (context.index.prerequisites[decision.address] ?? []).contains {
      decisions[$0.address]?.change?.action == .replace
    }
  }

  /// What is as desired in a stack that is taken over has the new revision written to it.
  private func takeOver(_ decision: Decision, _ needed: Set<String>) -> [PlannedStep] {
    guard options.takesOver.contains(decision.stack.name), decision.live != nil,
      context.disposals[decision.stack.name] == nil, decision.resource.type.isEmpty == false,
      catalog[decision.resource.type]?.facts.ownership.isTaggable == true,
      let revision = options.revision(of: decision.stack.name),
      decision.live?.tags[OwnershipTags.revision] != revision
    else { return [] }
    return [mainStep(decision, action: .update, needed: needed)]
  }

  func mainStep(_ decision: Decision, action: Step.Action, needed: Set<String>)
    -> PlannedStep
  {
    let isCreate = action == .create
    let facts = catalog[decision.resource.type]?.facts
    var tags = decision.tags
    if facts?.ownership.isTaggable == true, !held.contains(decision.stack.name),
      let revision = options.revision(of: decision.stack.name)
    {
      tags[OwnershipTags.revision] = .string(revision)
    }
    let shown = decision.live?.tags ?? [:]
    // What a person says of something under way is not what git wants.
    let isAnswered = decision.answer == .approve || decision.answer == .rollback
    let changesTags =
      isCreate || !decision.removedTags.isEmpty
      || !isAnswered && decision.live?.unread[ResourcePlanner.tagsPath] == nil
        && tags.contains { $0.value.document?.string != shown[$0.key] }
    var step = PlannedStep(
      id: ID(address: decision.address, action: action), type: decision.resource.type,
      scope: decision.resource.scope, region: region(decision.resource.scope, decision.address),
      physicalID: isCreate ? nil : decision.live?.id, desired: decision.desired,
      observed: isCreate ? nil : decision.live, changed: isCreate ? [] : decision.changed,
      tags: tags, removedTags: decision.removedTags, changesTags: changesTags,
      token: token(decision), neededAttributes: needed,
      parent: facts?.parentAddress(of: decision.resource))
    step.applied = evidence.base.resources[decision.address]?.properties
    step.answer = decision.answer
    step.mayBeDeleted = decision.resource.deletionPolicy == .delete
    if let name = facts?.identity.name?.property, decision.resource.properties[name] == nil {
      step.generatedName = name
    }
    if !isCreate, let entry = decision.entry, decision.change?.action != .adopt {
      step.isProven =
        context.proofs.proof(of: context.world.entries[entry], at: decision.address) != nil
    }
    return step
  }

  func removalStep(_ address: Address, _ observed: Observed, retains: Bool) -> PlannedStep {
    var step = PlannedStep(
      id: ID(address: address, action: retains ? .update : .delete, target: observed.id),
      type: observed.type, scope: observed.scope, region: region(observed.scope, address),
      physicalID: observed.id, desired: .known(observed.properties), observed: observed,
      tags: retains
        ? observed.tags.filter { !OwnershipTags.all.contains($0.key) }.mapValues(Value.string)
        : [:],
      removedTags: retains ? OwnershipTags.all.intersection(observed.tags.keys) : [],
      changesTags: retains)
    if let last = evidence.base.resources[address], last.type == observed.type,
      last.id == nil || last.id == observed.id
    {
      step.applied = last.properties
    }
    return step
  }

  /// Made of what is wanted, not of when: a create that is repeated after a crash has the same token.
  /// One that follows on another has its own, or AWS would give that one back, dead as it is.
  func token(_ decision: Decision) -> String {
    let properties = decision.resource.properties.redacted.json()
    let earlier = decision.live?.id ?? decision.knownID ?? ""
    return SHA256.hexadecimal(
      of: "\(decision.stack.owner)/\(decision.address.resource)#\(decision.generation)\n"
        + "\(properties)\n\(earlier)")
  }

  /// Where the calls are made: the resource's own region, whatever its stack's.
  func region(_ scope: Scope, _ address: Address) -> String {
    scope.callRegion(ofStackIn: context.index.stacks[address.stack]?.region ?? "")
  }

  func neededAttributes() -> [Address: Set<String>] {
    // Without a step nothing is needed.
    guard !options.takesOver.isEmpty || decisions.values.contains(where: { $0.change != nil })
    else { return [:] }
    return context.index.desired.stacks.referredAttributes
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
