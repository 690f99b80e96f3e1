import Digest
import Document

@testable import TrueupCore

/// A world of toys that carries out plans as strictly as AWS would: nothing that is referred to can
/// be deleted, and no name or network can be taken twice.
struct TestWorld {
  /// What git would know: the desired states that were planned, by revision.
  final class Repository: @unchecked Sendable {
    // Unchecked: tests are single-threaded.
    var revisions: [String: [Address: DesiredResource]] = [:]

    func commit(_ desired: Desired, as name: String?) -> String {
      let revision =
        name ?? SHA256.hexadecimal(of: desired.stacks.map(\.fingerprint).joined(separator: " "))
      revisions[revision] = Dictionary(
        desired.stacks.flatMap(\.resources).map { ($0.address, $0) },
        uniquingKeysWith: { first, _ in first })
      return revision
    }
  }

  var resources: [Observed] = []
  var git = Repository()
  /// What the journal would know.
  var base = Base()
  var knownIDs: [Address: Set<Evidence.KnownID>] = [:]
  var removed: [Address: Evidence.Removal] = [:]
  var intents: [Evidence.Intent] = []
  var facts: [Fact: Document] = [:]
  var secrets: [String: String] = [:]
  private var made = 0
  /// What the run that goes on has kept.
  private var kept: Set<String> = []

  var snapshot: Snapshot {
    var snapshot = Snapshot(facts: facts)
    // Observed, even where there is none.
    for type in ToyKind.catalog.types {
      snapshot.resources[Snapshot.Key(scope: Fleet.scope, type: type)] = []
    }
    for resource in resources {
      snapshot.resources[
        Snapshot.Key(scope: resource.scope, type: resource.type), default: []
      ].append(resource)
    }
    return snapshot
  }

  func plan(
    _ desired: Desired, selected: Set<String>? = nil, destroy: [String: DataDisposal] = [:],
    withBase: Bool = true, revision: String? = nil, knowsHistory: Bool = true,
    _ change: (inout Planner.Options) -> Void = { _ in }
  ) -> Plan {
    let secrets = secrets
    var options = Planner.Options(
      selected: selected, destroy: destroy, secret: { secrets[$0.parameter] },
      revision: git.commit(desired, as: revision))
    change(&options)
    var evidence = evidence(withBase: withBase)
    if !knowsHistory { evidence.revisions = [:] }
    return Planner(
      catalog: ToyKind.catalog, desired: desired, snapshot: snapshot, evidence: evidence,
      options: options
    ).plan()
  }

  /// What is remembered, with or without a journal.
  func evidence(withBase: Bool = true) -> Evidence {
    let revisions = git.revisions.mapValues(Evidence.Revision.recalled)
    guard withBase else { return Evidence(revisions: revisions) }
    return Evidence(
      base: base, knownIDs: knownIDs, intents: intents, revisions: revisions, removed: removed)
  }

  /// Plans and carries it out; returns what went wrong.
  @discardableResult
  mutating func converge(_ desired: Desired, revision: String? = nil) -> [String] {
    carryOut(plan(desired, revision: revision))
  }

  /// Carries out the steps of a plan, in an order that `choose` picks among the steps that are ready.
  /// Returns what AWS would have refused. Stops, as if killed, after `limit` steps.
  @discardableResult
  mutating func carryOut(
    _ plan: Plan, limit: Int = .max, choose: (inout [PlannedStep.ID]) -> Void = { $0.sort() }
  ) -> [String] {
    var problems: [String] = []
    let steps = Dictionary(uniqueKeysWithValues: plan.steps.map { ($0.id, $0) })
    var values: [Address: Document] = [:]
    var left = limit
    kept = []
    do {
      var schedule = try Schedule(steps.mapValues(\.after))
      var ready: [PlannedStep.ID] = []
      while left > 0 {
        ready += schedule.next(limit: .max)
        choose(&ready)
        guard !ready.isEmpty else { break }
        let id = ready.removeFirst()
        guard let step = steps[id] else { continue }
        let before = problems.count
        perform(step, &values, &problems)
        _ = schedule.finish(id, problems.count == before ? .succeeded : .failed)
        left -= 1
      }
    } catch {
      problems.append("\(error)")
    }
    for (address, resource) in plan.settled {
      base.resources[address] = resource
      vouch(for: address, resource.type, resource.id ?? "")
    }
    for address in plan.vanished {
      base.resources[address] = nil
      removed[address] = .undesired
    }
    return problems
  }

  /// Changes the one resource that carries this logical id: something happens behind our back.
  mutating func change(_ logical: String, _ change: (inout Observed) -> Void) {
    for index in resources.indices
    where resources[index].tags[OwnershipTags.resource] == logical { change(&resources[index]) }
  }

  mutating func remove(_ logical: String) {
    resources.removeAll { $0.tags[OwnershipTags.resource] == logical }
  }

  func found(_ logical: String) -> [Observed] {
    resources.filter { $0.tags[OwnershipTags.resource] == logical }
  }

  private mutating func vouch(for address: Address, _ type: String, _ id: String) {
    knownIDs[address, default: []].insert(Evidence.KnownID(type: type, id: id))
    removed[address] = nil
  }

  // MARK: Steps

  private mutating func perform(
    _ step: PlannedStep, _ values: inout [Address: Document], _ problems: inout [String]
  ) {
    switch step.id.action {
    case .create:
      create(step, &values, &problems)
    case .update:
      update(step, &values, &problems)
    case .delete:
      guard !kept.contains("\(step.type) \(step.scope) \(step.id.target)"),
        !staysAsItIs(step, values)
      else { return }
      guard let index = resources.firstIndex(where: { isTarget($0, of: step) }) else {
        return problems.append("\(step.id): there is no such resource")
      }
      let names = [resources[index].id, "arn:\(resources[index].id)"]
      let holders = resources.filter { other in
        !isTarget(other, of: step) && names.contains { Self.mentions(other.properties, $0) }
      }
      guard holders.isEmpty else {
        return problems.append("\(step.id): \(holders.map(\.id)) refer to it")
      }
      resources.remove(at: index)
      knownIDs[step.id.address]?.remove(Evidence.KnownID(type: step.type, id: step.id.target))
      if values[step.id.address] == nil, !step.isLeftover {
        removed[step.id.address] = step.isReplacement ? .replaced : .undesired
      }
      if values[step.id.address] == nil, !step.isLeftover,
        base.resources[step.id.address]?.id == step.id.target
      {
        base.resources[step.id.address] = nil
      }
    }
  }

  /// What would be deleted to make room turns out to be what is to be made.
  private func staysAsItIs(_ step: PlannedStep, _ values: [Address: Document]) -> Bool {
    guard let kind = ToyKind.catalog[step.type], let replacement = step.replacement,
      let wanted = clear(replacement, values)
    else { return false }
    return Reconsideration.changes(of: step, to: wanted, kind: kind) != nil
  }

  private mutating func create(
    _ step: PlannedStep, _ values: inout [Address: Document], _ problems: inout [String]
  ) {
    guard let kind = ToyKind.catalog[step.type],
      var properties = clear(step.desired, values)?.object, let tags = tags(step, values)
    else { return problems.append("\(step.id): \(step.desired.redacted.json()) is not known") }
    if let live = step.replaced,
      resources.contains(where: {
        $0.id == live.id && $0.type == live.type && $0.scope == live.scope
      }),
      let changed = Reconsideration.changes(of: step, to: .object(properties), kind: kind)
    {
      keep(live, changed, properties, tags, step, &values, &problems)
      return
    }
    let rule = kind.facts.identity.name
    made += 1
    let name = rule.flatMap { properties[$0.property]?.string }
    if rule != nil, name == nil { return problems.append("\(step.id): it has no name") }
    let id = kind.facts.identity.ref == rule?.property ? name ?? "" : "\(step.type)-\(made)"
    let shown = kind.facts.normal(.object(properties))
    let taken = resources.first { peer in
      peer.type == step.type && peer.scope == step.scope
        && kind.facts.identity.keys.contains {
          $0.conflict(shown, kind.facts.normal(peer.properties)) == .same
        }
    }
    if let taken { return problems.append("\(step.id): \(taken.id) is in its place") }
    properties[kind.facts.identity.ref] = .string(id)
    properties["Arn"] = .string("arn:\(id)")
    for hidden in kind.facts.properties.listing(\.notReadable).compactMap(\.path.property) {
      properties[hidden] = nil
    }
    resources.append(
      Observed(
        type: step.type, id: id, scope: step.scope, properties: .object(properties), tags: tags,
        createdAt: Double(made)))
    note(step, id, &values)
  }

  /// What was to be replaced turns out to be as desired, or to need an update alone.
  private mutating func keep(
    _ live: Observed, _ changed: Set<String>, _ properties: [String: Document],
    _ tags: [String: String], _ step: PlannedStep, _ values: inout [Address: Document],
    _ problems: inout [String]
  ) {
    guard
      let index = resources.firstIndex(where: {
        $0.id == live.id && $0.type == live.type && $0.scope == live.scope
      })
    else { return problems.append("\(step.id): it is not there") }
    for property in changed {
      resources[index].properties = resources[index].properties.setting(
        property, properties[property])
    }
    if ToyKind.catalog[step.type]?.facts.ownership.isTaggable == true {
      resources[index].tags.merge(tags) { _, new in new }
    }
    kept.insert("\(live.type) \(live.scope) \(live.id)")
    note(step, live.id, &values)
  }

  private mutating func update(
    _ step: PlannedStep, _ values: inout [Address: Document], _ problems: inout [String]
  ) {
    guard let index = resources.firstIndex(where: { isTarget($0, of: step) }),
      let desired = clear(step.desired, values)?.object, let tags = tags(step, values),
      case .object(var properties) = resources[index].properties
    else { return problems.append("\(step.id): it is not there, or its properties are not known") }
    for property in step.changed { properties[property] = desired[property] }
    resources[index].properties = .object(properties)
    if step.changesTags {
      resources[index].tags.merge(tags) { _, new in new }
      for key in step.removedTags { resources[index].tags[key] = nil }
    }
    if !step.id.target.isEmpty, step.changed.isEmpty {
      knownIDs[step.id.address]?.remove(Evidence.KnownID(type: step.type, id: step.id.target))
    }
    if step.id.target.isEmpty {
      note(step, resources[index].id, &values)
    } else if base.resources[step.id.address]?.id == step.id.target {
      base.resources[step.id.address] = nil
    }
  }

  private mutating func note(
    _ step: PlannedStep, _ id: String, _ values: inout [Address: Document]
  ) {
    guard let observed = resources.first(where: { $0.id == id && $0.type == step.type }) else {
      return
    }
    values[step.id.address] = observed.properties
    if step.isProven { vouch(for: step.id.address, step.type, id) }
    base.resources[step.id.address] = Base.Resource(
      type: step.type, id: id, scope: step.scope,
      properties: known(step.desired, values).redacted,
      tags: step.tags.compactMapValues { $0.document?.string })
  }

  private func isTarget(_ observed: Observed, of step: PlannedStep) -> Bool {
    observed.id == step.physicalID && observed.type == step.type && observed.scope == step.scope
  }

  // MARK: Values

  private func known(_ value: Value, _ values: [Address: Document]) -> Value {
    let evaluated = try? value.evaluated { leaf in
      guard case .reference(let reference) = leaf, let properties = values[reference.address]
      else { return nil }
      let type = resources.first { $0.properties == properties }?.type ?? ""
      return properties[reference.attribute ?? ToyKind.catalog[type]?.facts.identity.ref ?? ""]
    }
    return evaluated ?? value
  }

  private func clear(_ value: Value, _ values: [Address: Document]) -> Document? {
    let evaluated = try? known(value, values).evaluated { leaf in
      guard case .secret(let secret) = leaf else { return nil }
      return secrets[secret.parameter].map(Document.string)
    }
    return evaluated?.document
  }

  private func tags(_ step: PlannedStep, _ values: [Address: Document]) -> [String: String]? {
    let tags = step.tags.compactMapValues { known($0, values).document?.string }
    return tags.count == step.tags.count ? tags : nil
  }

  private static func mentions(_ value: Document, _ text: String) -> Bool {
    switch value {
    case .string(let string): string == text
    case .list(let elements): elements.contains { mentions($0, text) }
    case .object(let members): members.values.contains { mentions($0, text) }
    default: false
    }
  }
}
