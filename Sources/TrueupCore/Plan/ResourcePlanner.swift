import Document

/// Decides what becomes of one desired resource: pure, given what is known of all it refers to.
struct ResourcePlanner {
  let kind: any Kind
  let schema: ResourceSchema?
  let matching: Matching
  let base: Base.Resource?
  let facts: [Fact: Document]
  let secret: @Sendable (SecretReference) -> String?
  /// The value of a reference; `nil` while it is not known.
  let reference: (Reference) -> Document?
  /// The revision to write along with a change; `nil` from a dirty tree.
  let revision: String?

  private var annotations: Annotations { kind.annotations }
  private var comparison: Comparison { Comparison(annotations: annotations) }
  private var normaliser: Normaliser { Normaliser(annotations: annotations) }

  func decide(_ resource: DesiredResource, of stack: StackID) throws(IntrinsicError) -> Decision {
    var decision = Decision(resource: resource, stack: stack)
    decision.desired = try evaluated(resource.properties)
    decision.tags = try desiredTags(resource, stack)
    let names = candidateNames(resource, stack)
    let comparable = normal(try comparableProperties(decision.desired))
    let match = matching.match(
      resource, owner: stack.owner, names: names, desired: comparable, known: base?.id,
      annotations: annotations
    ) { observed in
      findings(comparable, normal(observed.properties)).allSatisfy {
        effect(of: $0) == .update
      }
    }
    switch match {
    case .none:
      decision.change = Change(
        address: resource.address, type: resource.type, action: .create,
        cause: base == nil ? .new : .drift)
      setName(&decision, generation: 0, names)
    case .unowned(let found, let reason):
      keepName(&decision, of: found, names)
      try adoptOrBlock(&decision, found, reason)
    case .ours(let live, let leftovers):
      decision.live = live
      decision.leftovers = leftovers
      keepName(&decision, of: live, names)
      try compare(&decision, with: live)
      settle(&decision, names)
    }
    return decision
  }

  // MARK: Values

  private func evaluated(_ value: Value) throws(IntrinsicError) -> Value {
    try value.evaluated { leaf in
      switch leaf {
      case .reference(let reference): self.reference(reference)
      case .fact(let fact): facts[fact]
      default: nil
      }
    }
  }

  /// The desired properties with the secrets at hand, for comparing only.
  private func comparableProperties(_ desired: Value) throws(IntrinsicError) -> Document {
    try desired.evaluated { leaf in
      guard case .secret(let reference) = leaf else { return nil }
      return secret(reference).map(Document.string)
    }.redacted
  }

  private func desiredTags(_ resource: DesiredResource, _ stack: StackID) throws(IntrinsicError)
    -> [String: Value]
  {
    guard annotations.isTaggable else { return [:] }
    var tags: [String: Value] = [:]
    for (key, value) in resource.tags { tags[key] = try evaluated(value) }
    for (key, value) in OwnershipTags.owner(stack, resource: resource.address.resource) {
      tags[key] = .string(value)
    }
    if let policy = resource.deletionPolicy, policy != .delete {
      tags[OwnershipTags.deletionPolicy] = .string(policy.rawValue)
    }
    return tags
  }

  private func normal(_ properties: Document) -> Document {
    normaliser.normal(annotations.canonical(properties), at: PropertyPath())
  }

  // MARK: Names

  /// The declared name, else the generated one of each generation; empty for kinds without names.
  private func candidateNames(_ resource: DesiredResource, _ stack: StackID) -> [String] {
    guard let rule = annotations.nameRule else { return [] }
    if let declared = resource.properties[rule.property] {
      return (try? evaluated(declared))?.document?.string.map { [$0] } ?? []
    }
    return PhysicalName.generations.map {
      PhysicalName.generated(
        stack: stack, resource: resource.address.resource, generation: $0, rule: rule)
    }
  }

  private func isGenerated(_ names: [String]) -> Bool {
    names.count == PhysicalName.generations.count
  }

  private func setName(_ decision: inout Decision, generation: Int, _ names: [String]) {
    decision.generation = generation
    guard let rule = annotations.nameRule, isGenerated(names),
      var members = decision.desired.members
    else { return }
    members[rule.property] = .string(names[generation])
    decision.desired = .object(of: members)
  }

  /// A resource that exists keeps its name, whatever it is, where the blueprint declares none.
  private func keepName(_ decision: inout Decision, of live: Observed, _ names: [String]) {
    guard let rule = annotations.nameRule, isGenerated(names),
      let name = live.properties[rule.property]?.string, var members = decision.desired.members
    else { return }
    decision.generation = names.firstIndex(of: name) ?? 0
    members[rule.property] = .string(name)
    decision.desired = .object(of: members)
  }

  // MARK: Comparing

  private func compare(_ decision: inout Decision, with live: Observed) throws(IntrinsicError) {
    let comparable = normal(try comparableProperties(decision.desired))
    let address = decision.address
    let observed = normal(live.properties)
    let applied = base.map { normal($0.properties) }
    let threeWay = ThreeWay(comparison: comparison, base: applied)
    let desired = withExpectedWholes(comparable, live)

    var found = findings(desired, observed)
    if let applied {
      found += comparison.removals(base: applied, desired: desired, observed: observed)
        .filter { !isCreateOnly($0.path) && !isReadOnly($0.path) }
    }
    var differences: [Difference] = []
    for finding in found {
      guard let property = finding.path.property else { continue }
      if let reason = notComparable(property, decision.desired) {
        decision.notChecked.append(
          NotChecked(address: address, path: PropertyPath([property]), reason: reason))
      } else if let reason = Self.reason(live.unread, finding.path) {
        decision.notChecked.append(
          NotChecked(address: address, path: finding.path, reason: reason))
      } else if finding.desired == nil,
        let reason = Self.reason(annotations.notResettable, finding.path)
      {
        decision.notChecked.append(
          NotChecked(address: address, path: finding.path, reason: "left as is: \(reason)"))
      } else if Self.reason(annotations.notReadable, finding.path) == nil {
        differences.append(
          difference(finding, in: decision, desired, observed, threeWay))
      }
    }
    let hidden = hiddenProperties(decision, applied)
    decision.notChecked = Array(Set(decision.notChecked + hidden.notChecked)).sorted {
      $0.path < $1.path
    }
    differences += hidden.differences
    let tags = tagDifferences(&decision, live)
    guard !differences.isEmpty || !tags.isEmpty else { return }
    let all = unique(differences) + tags
    decision.changed = Set(differences.compactMap(\.path.property))
    decision.change = Change(
      address: address, type: decision.resource.type, id: live.id,
      action: all.contains { $0.effect == .replace } ? .replace : .update,
      cause: ThreeWay.merged(all.map(\.cause)), differences: all)
  }

  private func findings(_ desired: Document, _ observed: Document) -> [Comparison.Finding] {
    comparison.findings(desired, observed)
  }

  /// Lists that are owned whole are expected even where the blueprint is silent.
  private func withExpectedWholes(_ desired: Document, _ live: Observed) -> Document {
    guard case .object(var members) = desired else { return desired }
    for (path, expected) in annotations.ownedWhole {
      guard let property = path.property, members[property] == nil,
        Self.reason(live.unread, path) == nil
      else { continue }
      members[property] = normaliser.normal(expected, at: path)
    }
    return .object(members)
  }

  private func difference(
    _ finding: Comparison.Finding, in decision: Decision, _ desired: Document,
    _ observed: Document, _ threeWay: ThreeWay
  ) -> Difference {
    let property = finding.path.property ?? ""
    let cause = threeWay.cause(of: finding, in: desired, observed)
    let desiresSecret = decision.desired[property]?.secrets.isEmpty == false
    let appliedSecret =
      threeWay.base?[property].map { Comparison.holds($0, where: Comparison.isSecret) } ?? false
    if desiresSecret || appliedSecret {
      return Difference(
        path: PropertyPath([property]),
        desired: desiresSecret ? ["secret": true] : decision.desired[property]?.redacted,
        observed: ["secret": true], effect: effect(of: finding), cause: cause)
    }
    return Difference(
      path: finding.path, desired: finding.desired, observed: finding.observed,
      lastApplied: comparison.value(at: finding.path, in: threeWay.base),
      effect: effect(of: finding), cause: cause)
  }

  private func unique(_ differences: [Difference]) -> [Difference] {
    var seen: Set<Difference> = []
    return differences.filter { seen.insert($0).inserted }
  }

  /// Why a property cannot be compared in this run: its value is not at hand.
  private func notComparable(_ property: String, _ desired: Value) -> String? {
    guard let value = desired[property] else { return nil }
    if let missing = value.secrets.first(where: { secret($0) == nil }) {
      return "no source for \(missing.parameter) here"
    }
    if let fact = value.facts.first {
      return "\(fact) could not be read"
    }
    return nil
  }

  /// Properties that AWS accepts and never shows: changed ones are known from the base alone.
  private func hiddenProperties(_ decision: Decision, _ applied: Document?) -> (
    differences: [Difference], notChecked: [NotChecked]
  ) {
    let desired = normal(decision.desired.redacted)
    func isUnknown(_ value: Document) -> Bool {
      Comparison.isMarker(value) && !Comparison.isSecret(value)
    }
    var differences: [Difference] = []
    var notChecked: [NotChecked] = []
    for (pattern, reason) in annotations.notReadable {
      guard let wanted = comparison.value(at: pattern, in: desired) else { continue }
      notChecked.append(NotChecked(address: decision.address, path: pattern, reason: reason))
      guard let applied, !isUnknown(wanted) else { continue }
      let last = comparison.value(at: pattern, in: applied)
      if last != wanted, last.map(isUnknown) != true {
        differences.append(
          Difference(
            path: pattern, desired: wanted, observed: nil, lastApplied: last,
            effect: isCreateOnly(pattern) ? .replace : .update, cause: .pending))
      }
    }
    return (differences, notChecked)
  }

  private func tagDifferences(_ decision: inout Decision, _ live: Observed) -> [Difference] {
    guard annotations.isTaggable else { return [] }
    var differences: [Difference] = []
    for (key, value) in decision.tags.sorted(by: { $0.key < $1.key }) {
      let wanted = value.redacted
      let shown = live.tags[key].map(Document.string)
      guard wanted != shown else { continue }
      differences.append(tagDifference(key, wanted, shown))
    }
    for (key, _) in (base?.tags ?? [:]).sorted(by: { $0.key < $1.key })
    where decision.tags[key] == nil && key != OwnershipTags.revision {
      guard let shown = live.tags[key] else { continue }
      decision.removedTags.insert(key)
      differences.append(tagDifference(key, nil, .string(shown)))
    }
    if live.tags[OwnershipTags.deletionPolicy] != nil,
      decision.tags[OwnershipTags.deletionPolicy] == nil,
      decision.removedTags.insert(OwnershipTags.deletionPolicy).inserted
    {
      differences.append(
        tagDifference(
          OwnershipTags.deletionPolicy, nil,
          live.tags[OwnershipTags.deletionPolicy].map(Document.string)))
    }
    return differences
  }

  private func tagDifference(_ key: String, _ desired: Document?, _ observed: Document?)
    -> Difference
  {
    let applied = base?.tags[key].map(Document.string)
    let cause: Cause =
      switch (base == nil, desired == applied, observed == applied) {
      case (true, _, _): .unknown
      case (_, true, _): .drift
      case (_, false, true): .pending
      case (_, false, false): applied == nil ? .pending : .conflict
      }
    return Difference(
      path: PropertyPath(["Tags", key]), desired: desired, observed: observed,
      lastApplied: applied, effect: .update, cause: cause)
  }

  // MARK: Effects

  private func effect(of finding: Comparison.Finding) -> Effect {
    if isCreateOnly(finding.path) { return .replace }
    guard let desired = finding.desired, let observed = finding.observed else { return .update }
    return annotations.replaces(finding.path, desired, observed) ? .replace : .update
  }

  private func isCreateOnly(_ path: PropertyPath) -> Bool {
    for (pattern, adds) in annotations.createOnly where pattern.covers(path) { return adds }
    return schema?.createOnly.contains { $0.covers(path) } ?? false
  }

  private func isReadOnly(_ path: PropertyPath) -> Bool {
    schema?.readOnly.contains { $0.covers(path) } ?? false
  }

  private static func reason(_ reasons: [PropertyPath: String], _ path: PropertyPath) -> String? {
    reasons.first { $0.key.covers(path) }?.value
  }

  // MARK: Adoption, replacement

  private func adoptOrBlock(
    _ decision: inout Decision, _ found: Observed, _ reason: String
  ) throws(IntrinsicError) {
    decision.live = found
    try compare(&decision, with: found)
    let change = decision.change
    decision.live = nil
    let adoptable = change?.action != .replace
    if decision.resource.adopt, adoptable {
      decision.live = found
      decision.change = Change(
        address: decision.address, type: decision.resource.type, id: found.id, action: .adopt,
        cause: .new, differences: change?.differences ?? [])
      return
    }
    decision.blocker = found
    decision.change = Change(
      address: decision.address, type: decision.resource.type, id: found.id, action: .blocked,
      cause: base == nil ? .new : .drift,
      reason: adoptable
        ? "\(reason); adopt it by naming \(decision.address.resource) in the manifest's \"adopt\""
        : "\(reason), and adopting it would replace it", differences: change?.differences ?? [])
  }

  /// A replacement needs a free name, and a reason that a person gave.
  private func settle(_ decision: inout Decision, _ names: [String]) {
    guard let change = decision.change, change.action == .replace else { return }
    let replacing = Set(change.differences.filter { $0.effect == .replace }.map(\.path))
    if let fact = factBehind(replacing, decision) {
      return block(
        &decision, "\(fact) changed, and that would replace it: pin the value in the blueprint")
    }
    decision.deletesFirst =
      decision.resource.replaceDeleteFirst
      || annotations.replacesDeleteFirst && keepsNaturalKey(change.differences)
    if !decision.deletesFirst, !isGenerated(names), keepsName(replacing) {
      return block(
        &decision,
        "it must be replaced, and its declared name is taken by the old one: change the name, or set "
          + "Metadata.Trueup.Replace to \"delete-first\"")
    }
    setName(&decision, generation: 1 - decision.generation, names)
  }

  private func block(_ decision: inout Decision, _ reason: String) {
    decision.change?.action = .blocked
    decision.change?.reason = reason
  }

  private func factBehind(_ paths: Set<PropertyPath>, _ decision: Decision) -> String? {
    let facts = paths.compactMap(\.property).compactMap { decision.resource.properties[$0] }
      .flatMap(\.facts)
    return facts.first?.description
  }

  /// Old and new cannot exist at once: no part of the natural key changes, or only to a network that
  /// overlaps the old one.
  private func keepsNaturalKey(_ differences: [Difference]) -> Bool {
    differences.filter { $0.path.property.map(annotations.naturalKey.contains) == true }
      .allSatisfy { difference in
        guard let desired = difference.desired?.string.flatMap(Network.init),
          let observed = difference.observed?.string.flatMap(Network.init)
        else { return false }
        return desired.overlaps(observed)
      }
  }

  private func keepsName(_ replacing: Set<PropertyPath>) -> Bool {
    guard let rule = annotations.nameRule else { return false }
    return !replacing.contains {
      $0.property == rule.property || $0.property == rule.uniqueWithin
    }
  }
}
