import Document

/// Decides what becomes of one desired resource: pure, given what is known of all it refers to.
struct ResourcePlanner {
  let deciding: Deciding
  let known: PlannedKind
  let base: Base.Resource?
  /// What Trueup itself deleted, where nothing was made since.
  let removed: Evidence.Removal?
  /// Values that AWS did not keep.
  let unkept: [Unkept]

  var kind: any Kind { known.kind }
  var facts: TypeFacts { known.facts }
  var schema: ResourceSchema? { known.schema }
  var comparison: Comparison { known.comparison }
  var createOnly: CreateOnly { known.createOnly }
  var matching: Matching { deciding.matching }
  var world: World { matching.world }
  var claims: Claims { deciding.claims }

  func decide(_ resource: DesiredResource, of stack: StackID) throws(IntrinsicError) -> Decision {
    let decision = Decision(resource: resource, stack: stack, knownID: base?.id)
    decision.ref = facts.identity.ref
    decision.desired = try evaluated(resource.properties)
    decision.tags = try desiredTags(resource, stack)
    let names = candidateNames(resource, stack)
    let comparable = try comparable(decision)
    var match = matching.match(
      resource, of: stack, desired: { named(comparable, names) }, known: base?.id, facts: facts,
      fits: { entry in
        findings(comparable, world.entries[entry].normal).allSatisfy { effect(of: $0) == .update }
      })
    if case .none = match, let given = given(resource, comparable) {
      match = .ours(given, leftovers: [])
    }
    switch match {
    case .none:
      decision.change = Change(
        address: resource.address, type: resource.type, action: .create, cause: causeOfAbsence)
      setName(decision, generation: lastGeneration(names), names)
      decision.hint = resemblance(comparable, resource)
    case .leaving(let entry):
      try keep(decision, entry: entry, names: names)
    case .gone(let entries, let reason):
      decision.rivals = Set(entries)
      decision.change = Change(
        address: resource.address, type: resource.type,
        id: entries.first.map { world.entries[$0].observed.id }, action: .blocked, cause: .conflict,
        reason: reason)
    case .missing(let reason):
      decision.change = Change(
        address: resource.address, type: resource.type, action: .blocked, cause: .new,
        reason: reason)
    case .unowned(let found, let reason):
      keepName(decision, of: world.entries[found].observed, names)
      try adoptOrBlock(decision, entry: found, reason: reason)
    case .taken(let found, let reason):
      let observed = world.entries[found].observed
      decision.blocker = observed
      decision.change = Change(
        address: resource.address, type: resource.type, id: observed.id, action: .blocked,
        cause: .new, reason: reason)
    case .ambiguous(let entries):
      blockAmbiguous(decision, entries)
    case .ours(let entry, let leftovers):
      let live = own(entry, decision.desired)
      decision.live = live
      decision.entry = entry
      decision.leftovers = Set(leftovers)
      keepName(decision, of: live, names)
      try compare(decision, with: live, entry)
      try settle(decision, names)
      doubtUnknownRevision(decision)
    }
    return decision
  }

  /// What is scheduled for deletion and can be kept is kept: never a new one beside it, which would lack
  /// its data.
  private func keep(_ decision: Decision, entry: Int, names: CandidateNames)
    throws(IntrinsicError)
  {
    let observed = world.entries[entry].observed
    decision.live = claims.without(entry, kind)
    decision.entry = entry
    keepName(decision, of: observed, names)
    try compare(decision, with: observed, entry)
    let differences = decision.change?.differences ?? []
    let obstacle =
      differences.contains { $0.effect == .replace }
      ? "it would have to be replaced" : kind.obstacle(toKeeping: observed)
    decision.change = Change(
      address: decision.address, type: decision.resource.type, id: observed.id,
      action: obstacle == nil ? .update : .blocked, cause: removed == nil ? .drift : .pending,
      reason: "it is scheduled for deletion"
        + (obstacle.map { ", and \($0): cancel its deletion yourself, or wait until it is gone" }
          ?? ": the deletion is cancelled"),
      differences: differences)
  }

  /// Why something desired is not there.
  private var causeOfAbsence: Cause {
    switch removed {
    case .undesired: .new
    case .replaced: .pending
    case nil where base?.wasReached != true: .new
    // What it was is another resource of the fleet by now: git moved.
    case nil: isStillThere ? .pending : .drift
    }
  }

  private var isStillThere: Bool {
    guard let base, let id = base.id else { return false }
    return world.settled(id, in: Snapshot.Key(scope: base.scope, type: base.type)) != nil
  }

  private func blockAmbiguous(_ decision: Decision, _ entries: [Int]) {
    let ids = entries.map { world.entries[$0].observed.id }.sorted()
    decision.rivals = Set(entries)
    decision.change = Change(
      address: decision.address, type: decision.resource.type, id: ids.first, action: .blocked,
      cause: .conflict,
      reason: "\(ids.joined(separator: " and ")) carry its tags, and nothing says which is ours; "
        + "choose one: trueup adopt \(decision.address) ID")
  }

  /// With a revision that nobody here knows the base is a guess: what is updated in place goes on, and
  /// says so.
  private func doubtUnknownRevision(_ decision: Decision) {
    guard let entry = decision.entry, let live = decision.live,
      !matching.proofs.isRevisionKnown(live, of: decision.stack.name)
    else { return }
    decision.hasUnknownRevision = true
    guard var change = decision.change, change.action == .update,
      matching.proofs.proof(of: world.entries[entry], at: decision.address) == nil
    else { return }
    change.cause = .unknown
    change.differences = change.differences.map { difference in
      var difference = difference
      difference.cause = .unknown
      return difference
    }
    decision.change = change
  }

  // MARK: Values

  /// What cannot be computed of the world as it is, and may be when other changes are made, is not known.
  func evaluated(_ value: Value) throws(IntrinsicError) -> Value {
    func known(_ leaf: Value) -> Document? {
      switch leaf {
      case .reference(let reference): deciding.value(of: reference)
      case .fact(let fact): deciding.accountFacts[fact]
      default: nil
      }
    }
    do {
      return try value.evaluated(known)
    } catch {
      guard
        value.references.contains(where: {
          deciding.unsettled.contains($0.reference)
        })
      else {
        throw error
      }
      return try value.evaluated { leaf in
        if case .reference(let reference) = leaf, deciding.unsettled.contains(reference) {
          return nil
        }
        return known(leaf)
      }
    }
  }

  /// A desired value with the secrets at hand, for comparing only.
  func comparableProperties(_ desired: Value) throws(IntrinsicError) -> Document {
    try desired.evaluated { leaf in
      switch leaf {
      case .secret(let reference): deciding.secret(reference).map(Document.string)
      case .reference(let reference): deciding.foretold(reference)
      default: nil
      }
    }.redacted
  }

  /// What a decision desires in the form in which it is compared.
  func comparable(_ decision: Decision) throws(IntrinsicError) -> Document {
    if let comparable = decision.comparable { return comparable }
    let comparable = normal(try comparableProperties(decision.desired))
    decision.comparable = comparable
    return comparable
  }

  func desiredTags(_ resource: DesiredResource, _ stack: StackID) throws(IntrinsicError)
    -> [String: Value]
  {
    var tags: [String: Value] = [:]
    if facts.ownership.isTaggable {
      for (key, value) in resource.tags { tags[key] = try evaluated(value) }
      for (key, value) in OwnershipTags.owner(stack, resource: resource.address.resource) {
        tags[key] = .string(value)
      }
    }
    // Of what carries no tags, the base alone remembers it.
    if let policy = resource.deletionPolicy, policy != .delete {
      tags[OwnershipTags.deletionPolicy] = .string(policy.rawValue)
    }
    return tags
  }

  func normal(_ properties: Document) -> Document { facts.normal(properties) }

  // MARK: Names

  func candidateNames(_ resource: DesiredResource, _ stack: StackID) -> CandidateNames {
    guard let rule = facts.identity.name else { return CandidateNames(isGenerated: false) { [] } }
    if let declared = resource.properties[rule.property] {
      let name = (try? evaluated(declared))?.document?.string
      return CandidateNames(isGenerated: false) { name.map { [$0] } ?? [] }
    }
    return CandidateNames(isGenerated: true) {
      PhysicalName.generated(for: resource, of: stack, rule: rule, lifecycle: facts.lifecycle)
    }
  }

  /// The properties with each name that the resource may have.
  private func named(_ properties: Document, _ names: CandidateNames) -> [Document] {
    guard let rule = facts.identity.name, !names.all.isEmpty else { return [properties] }
    return names.all.map { normal(properties.setting(rule.property, .string($0))) }
  }

  /// The generation of the name that it had: what was lost comes back under its own, so that whatever
  /// names it still does.
  private func lastGeneration(_ names: CandidateNames) -> Int {
    guard let rule = facts.identity.name, removed == nil else { return 0 }
    return names.generation(of: base?.properties[rule.property]?.string)
  }

  func setName(_ decision: Decision, generation: Int, _ names: CandidateNames) {
    decision.generation = generation
    guard let rule = facts.identity.name, names.isGenerated,
      var members = decision.desired.members
    else { return }
    members[rule.property] = .string(names.all[generation])
    decision.desired = .object(of: members)
  }

  /// A resource that exists keeps its name, whatever it is, where the blueprint declares none.
  func keepName(_ decision: Decision, of live: Observed, _ names: CandidateNames) {
    guard let rule = facts.identity.name, names.isGenerated,
      let name = live.properties[rule.property]?.string, var members = decision.desired.members
    else { return }
    members[rule.property] = .string(name)
    decision.desired = .object(of: members)
  }
}
