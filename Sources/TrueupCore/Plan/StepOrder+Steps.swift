import Digest
import Document

/// The steps of decisions and removals, before they are put in order.
extension StepOrder {
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
}
