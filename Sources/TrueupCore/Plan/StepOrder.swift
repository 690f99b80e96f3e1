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
  /// The revision to write along with a change of a stack; `nil` from a dirty tree.
  let revision: (_ stack: String) -> String?

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

  func ownSteps(_ decision: Decision, _ needed: Set<String>) -> [PlannedStep] {
    guard let change = decision.change else { return [] }
    var steps: [PlannedStep] = []
    switch change.action {
    case .blocked, .delete: return []
    case .create, .replace:
      steps.append(mainStep(decision, .create, needed))
    case .update, .adopt:
      steps.append(mainStep(decision, .update, needed))
    }
    if change.action == .replace, let live = decision.live {
      // With what others describe of it, which goes as well.
      let old =
        snapshot.resources(ofType: live.type, in: live.scope).first { $0.id == live.id } ?? live
      let policy = decision.resource.updateReplacePolicy
      steps.append(
        removalStep(
          decision.address, old, retains: policy == .retain || policy == .retainExceptOnCreate))
    }
    return steps
  }

  func mainStep(_ decision: Decision, _ action: Step.Action, _ needed: Set<String>)
    -> PlannedStep
  {
    let isCreate = action == .create
    var tags = decision.tags
    if catalog[decision.resource.type]?.annotations.isTaggable == true,
      let revision = revision(decision.stack.name)
    {
      tags[OwnershipTags.revision] = .string(revision)
    }
    let shown = decision.live?.tags ?? [:]
    let changesTags =
      isCreate || !decision.removedTags.isEmpty
      || decision.live?.unread["/Tags"] == nil
        && tags.contains { $0.value.document?.string != shown[$0.key] }
    return PlannedStep(
      id: ID(address: decision.address, action: action), type: decision.resource.type,
      scope: decision.resource.scope, region: region(decision.resource.scope, decision.address),
      physicalID: isCreate ? nil : decision.live?.id, desired: decision.desired,
      observed: isCreate ? nil : decision.live, changed: isCreate ? [] : decision.changed,
      tags: tags, removedTags: decision.removedTags, changesTags: changesTags,
      token: token(decision), neededAttributes: needed,
      parent: catalog[decision.resource.type]?.annotations.parentAddress(of: decision.resource))
  }

  func removalStep(_ address: Address, _ observed: Observed, retains: Bool) -> PlannedStep {
    PlannedStep(
      id: ID(address: address, action: retains ? .update : .delete, target: observed.id),
      type: observed.type, scope: observed.scope, region: region(observed.scope, address),
      physicalID: observed.id, desired: .known(observed.properties), observed: observed,
      tags: retains
        ? observed.tags.filter { !OwnershipTags.all.contains($0.key) }.mapValues(Value.string)
        : [:],
      removedTags: retains ? OwnershipTags.all.intersection(observed.tags.keys) : [],
      changesTags: retains)
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
    let stack = desired.stacks.first { $0.id.name == address.stack }
    return scope.callRegion(ofStackIn: stack?.region ?? "")
  }

  func neededAttributes() -> [Address: Set<String>] {
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

  func order(_ decision: Decision, _ steps: inout [ID: PlannedStep], _ result: inout Result) {
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

  func mainStepID(_ address: Address, _ steps: [ID: PlannedStep]) -> ID? {
    [Step.Action.create, .update].map { ID(address: address, action: $0) }
      .first { steps[$0] != nil }
  }
}
