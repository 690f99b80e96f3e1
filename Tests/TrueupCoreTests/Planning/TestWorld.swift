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
  var made = 0
  /// What the run that goes on has kept.
  var kept: Set<String> = []

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

  mutating func vouch(for address: Address, _ type: String, _ id: String) {
    knownIDs[address, default: []].insert(Evidence.KnownID(type: type, id: id))
    removed[address] = nil
  }
}
