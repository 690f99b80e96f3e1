import Document
import TrueupCore

/// Takes from an observed world what belongs into the stacks' snapshots. Pure.
struct SnapshotRecorder {
  let catalog: Catalog
  let desired: Desired
  let snapshot: Snapshot
  /// What is ours, by owner, with the logical id where one is known.
  let owned: [String: [(observed: Observed, logicalID: String?)]]
  let base: Base
  /// Of the stacks to record: it tells what stands in the way of a resource without our tags.
  let plan: Plan
  /// Values that decided conditions and loops of the desired state.
  let decisionFacts: [Fact: Document]

  /// One snapshot per planned stack that has no error, sorted; stacks whose manifest is gone only
  /// where the plan names them.
  func stacks() -> [StackSnapshot] {
    var shown: [[String]: Observed] = [:]
    for observed in snapshot.resources.values.joined() {
      shown[[observed.type, observed.id]] = observed
    }
    let attributes = desired.stacks.referredProperties
    return plan.stacks.filter { $0.error == nil }.map { planned in
      let stack = desired.stacks.first { $0.id == planned.id }
      let wanted = Dictionary(
        (stack?.resources ?? []).map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
      var found = owned[planned.id.owner] ?? []
      let ownedIDs = Set(found.map { [$0.0.type, $0.0.id] })
      for change in planned.changes {
        guard let id = change.id, !ownedIDs.contains([change.type, id]),
          let observed = shown[[change.type, id]]
        else { continue }
        found.append((observed, change.address.resource))
      }
      return StackSnapshot(
        id: planned.id, account: planned.account, region: planned.region,
        resources: found.map { observed, logicalID in
          let address = logicalID.map { Address(stack: planned.id.name, resource: $0) }
          return record(
            observed, logicalID, desired: address.flatMap { wanted[$0] },
            base: address.flatMap { base.resources[$0] },
            attributes: address.flatMap { attributes[$0] } ?? [])
        }, facts: facts(of: stack))
    }
  }

  private func record(
    _ observed: Observed, _ logicalID: String?, desired: DesiredResource?, base: Base.Resource?,
    attributes: Set<String>
  ) -> StackSnapshot.Resource {
    let facts = catalog[observed.type]?.facts
    let desired = desired.flatMap { $0.type == observed.type ? $0 : nil }
    let base = base.flatMap { $0.type == observed.type ? $0 : nil }
    let declared = desired?.properties.members ?? [:]
    let applied = base?.properties.object ?? [:]
    // What names it, what others refer to, and what says which of two is the live one.
    let identifying = [
      facts?.identity.ref, facts?.identity.name?.property, facts?.identity.name?.uniqueWithin,
      "Arn",
    ].compactMap(\.self)
    let telling = facts?.identity.keys.flatMap { $0.properties + $0.within } ?? []
    let parents = facts?.ownership.parents.map(\.property) ?? []
    let shown = attributes.union(identifying).union(telling).union(parents)
    let expected = Set(declared.keys).union(applied.keys)
      .union(facts?.properties.owned.keys.compactMap(\.property) ?? [])
    var properties: [String: Document] = [:]
    for property in expected.union(shown) {
      let holdsSecret =
        facts?.properties.proven.contains(property) == true
        || declared[property]?.secrets.isEmpty == false
        || applied[property]?.contains(where: \.isSecret) ?? false
      if holdsSecret {
        properties[property] = StackSnapshot.secret
      } else if let value = observed.properties[property] {
        properties[property] = ordered(
          value, at: PropertyPath([property]), facts?.properties)
      } else if expected.contains(property) {
        properties[property] = .null
      }
    }
    var tags: [String: Document] = [:]
    let ours = OwnershipTags.all.union(desired?.tags.keys.map { $0 } ?? [])
      .union(base?.tags.keys.map { $0 } ?? [])
    for key in ours {
      let isSecret =
        desired?.tags[key]?.secrets.isEmpty == false
        || base?.tags[key] == Base.Resource.hiddenTag
      tags[key] = observed.tags[key].map { isSecret ? StackSnapshot.secret : .string($0) }
    }
    return StackSnapshot.Resource(
      logicalID: logicalID, type: observed.type, id: observed.id, scope: observed.scope,
      properties: properties, tags: tags,
      unread: observed.unread.keys.filter { path in
        path.property.map { $0 == "Tags" || properties[$0] != nil } ?? true
      }, createdAt: observed.createdAt, transition: observed.transition)
  }

  /// The value with the elements of lists that have no order of their own sorted: AWS gives them in
  /// any.
  private func ordered(
    _ value: Document, at path: PropertyPath, _ table: PropertyTable?
  ) -> Document {
    switch value {
    case .object(let members):
      return .object(
        Dictionary(
          uniqueKeysWithValues: members.map { key, value in
            (key, ordered(value, at: path.appending(key), table))
          }))
    case .list(let elements):
      let inner = elements.map { ordered($0, at: path.appending("*"), table) }
      switch table?[path]?.collection {
      case .set, .keyed: return .list(inner.sorted { $0.json() < $1.json() })
      case .ordered, nil: return .list(inner)
      }
    default:
      return value
    }
  }

  private func facts(of stack: DesiredStack?) -> [Fact: Document] {
    guard let stack else { return [:] }
    let asked = stack.values.reduce(into: Set<Fact>()) { $0.formUnion($1.facts) }
    var facts = decisionFacts.filter { fact, _ in
      switch fact {
      case .availabilityZones(let account, let region), .parameter(_, _, let account, let region):
        account == stack.account && region == stack.region
      }
    }
    for fact in asked { facts[fact] = snapshot.facts[fact] ?? facts[fact] }
    return facts
  }
}

/// What `trueup snapshot` has to tell.
public struct SnapshotRecording: Sendable {
  /// The stacks that were observed.
  public var stacks: [StackSnapshot]
  /// The others, by name, with what went wrong.
  public var errors: [String: String]
  /// Stacks that a guard refused, by name.
  public var refusals: [String: String]
  public var calls: CallCount
  public var seconds: Double
}

extension Reconciler {
  /// Observes the selected stacks and records what it saw. Changes nothing in AWS.
  ///
  /// - Parameter facts: what AWS told that conditions and loops of the desired state hang on.
  public func record(
    _ request: Request, facts: [Fact: Document] = [:]
  ) async throws(EngineError) -> SnapshotRecording {
    let began = clock.now()
    let prepared = try await prepare(request)
    var plan = prepared.planned
    plan.stacks.removeAll { prepared.refusals[$0.id.name] != nil }
    let recorder = SnapshotRecorder(
      catalog: catalog, desired: request.desired, snapshot: prepared.snapshot,
      owned: prepared.planner.owned(), base: prepared.base, plan: plan, decisionFacts: facts)
    return SnapshotRecording(
      stacks: recorder.stacks(),
      errors: Dictionary(
        uniqueKeysWithValues: plan.stacks.compactMap { stack in
          stack.error.map { (stack.id.name, $0) }
        }), refusals: prepared.refusals, calls: cloud.callCount(),
      seconds: clock.now() - began)
  }
}
