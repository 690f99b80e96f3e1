import Document

/// Decides what becomes of one desired resource: pure, given what is known of all it refers to.
struct ResourcePlanner {
  let kind: any Kind
  let schema: ResourceSchema?
  let matching: Matching
  let base: Base.Resource?
  let claims: Claims
  let facts: [Fact: Document]
  let secret: @Sendable (SecretReference) -> String?
  /// Whether a secret is made up where it is missing, and kept by AWS alone.
  let isGenerated: (SecretReference) -> Bool
  /// The value of a reference; `nil` while it is not known.
  let reference: (Reference) -> Document?
  /// References to what other changes of the run bring about.
  let unsettled: Set<Reference>

  var annotations: Annotations { kind.annotations }
  var comparison: Comparison { Comparison(annotations: annotations) }
  var normaliser: Normaliser { Normaliser(annotations: annotations) }

  func decide(_ resource: DesiredResource, of stack: StackID) throws(IntrinsicError) -> Decision {
    var decision = Decision(resource: resource, stack: stack, knownID: base?.id)
    decision.desired = try evaluated(resource.properties)
    decision.tags = try desiredTags(resource, stack)
    let names = candidateNames(resource, stack)
    let comparable = normal(try comparableProperties(decision.desired))
    var match = matching.match(
      resource, owner: stack.owner, names: names, desired: comparable, known: base?.id,
      annotations: annotations, normal: normal
    ) { observed in
      findings(comparable, normal(observed.properties)).allSatisfy {
        effect(of: $0) == .update
      }
    }
    if case .none = match, let given = given(resource, comparable) {
      match = .ours(given, leftovers: [])
    }
    switch match {
    case .none:
      decision.change = Change(
        address: resource.address, type: resource.type, action: .create,
        cause: base?.wasReached == true ? .drift : .new)
      setName(&decision, generation: 0, names)
    case .unowned(let found, let reason):
      keepName(&decision, of: found, names)
      try adoptOrBlock(&decision, own(found, decision.desired), reason)
    case .taken(let found, let reason):
      decision.blocker = found
      decision.change = Change(
        address: resource.address, type: resource.type, id: found.id, action: .blocked,
        cause: .new, reason: reason)
    case .ours(let observed, let leftovers):
      let live = own(observed, decision.desired)
      decision.live = live
      decision.leftovers = leftovers
      keepName(&decision, of: live, names)
      try compare(&decision, with: live)
      settle(&decision, names)
    }
    return decision
  }

  // MARK: Values

  /// What cannot be computed of the world as it is, and may be when other changes are made, is not known.
  func evaluated(_ value: Value) throws(IntrinsicError) -> Value {
    func known(_ leaf: Value) -> Document? {
      switch leaf {
      case .reference(let reference): self.reference(reference)
      case .fact(let fact): facts[fact]
      default: nil
      }
    }
    do {
      return try value.evaluated(known)
    } catch {
      guard value.references.contains(where: { unsettled.contains($0.reference) }) else {
        throw error
      }
      return try value.evaluated { leaf in
        if case .reference(let reference) = leaf, unsettled.contains(reference) { return nil }
        return known(leaf)
      }
    }
  }

  /// A desired value with the secrets at hand, for comparing only.
  func comparableProperties(_ desired: Value) throws(IntrinsicError) -> Document {
    try desired.evaluated { leaf in
      guard case .secret(let reference) = leaf else { return nil }
      return secret(reference).map(Document.string)
    }.redacted
  }

  func desiredTags(_ resource: DesiredResource, _ stack: StackID) throws(IntrinsicError)
    -> [String: Value]
  {
    var tags: [String: Value] = [:]
    if annotations.isTaggable {
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

  func normal(_ properties: Document) -> Document {
    normaliser.normal(annotations.canonical(properties), at: PropertyPath())
  }

  // MARK: Names

  /// The declared name, else the generated one of each generation; empty for kinds without names.
  func candidateNames(_ resource: DesiredResource, _ stack: StackID) -> [String] {
    guard let rule = annotations.nameRule else { return [] }
    if let declared = resource.properties[rule.property] {
      return (try? evaluated(declared))?.document?.string.map { [$0] } ?? []
    }
    return PhysicalName.generated(for: resource, of: stack, rule: rule)
  }

  func isGenerated(_ names: [String]) -> Bool {
    names.count == PhysicalName.generations.count
  }

  func setName(_ decision: inout Decision, generation: Int, _ names: [String]) {
    decision.generation = generation
    guard let rule = annotations.nameRule, isGenerated(names),
      var members = decision.desired.members
    else { return }
    members[rule.property] = .string(names[generation])
    decision.desired = .object(of: members)
  }

  /// A resource that exists keeps its name, whatever it is, where the blueprint declares none.
  func keepName(_ decision: inout Decision, of live: Observed, _ names: [String]) {
    guard let rule = annotations.nameRule, isGenerated(names),
      let name = live.properties[rule.property]?.string, var members = decision.desired.members
    else { return }
    decision.generation = names.firstIndex(of: name) ?? 0
    members[rule.property] = .string(name)
    decision.desired = .object(of: members)
  }
}
