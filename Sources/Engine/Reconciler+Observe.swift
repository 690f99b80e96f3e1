import Document
import Journal
import TrueupCore

extension Reconciler {
  /// What the reads show. What was made a moment ago and does not show yet is looked for again: a list
  /// that lags behind is no deletion, and nothing is made twice.
  /// Source: EC2 API reference, "Eventual consistency".
  func snapshot(of stacks: [DesiredStack], base: Base, _ request: Request)
    async throws(EngineError) -> Snapshot
  {
    var observation = observation(request)
    let applied = try lastApplied(stacks)
    observation.recent = Dictionary(
      grouping: applied.filter { $0.at > clock.now() - Self.longLag }, by: \.type
    ).mapValues { applied in
      Dictionary(applied.map { ($0.physicalID, $0.at) }, uniquingKeysWith: max)
    }
    let made = try justMade(stacks, applied)
    var snapshot = await observation.snapshot(of: stacks, base: base)
    for attempt in 1...Self.looks {
      let missing = made.filter { $0.looks >= attempt && !$0.isShown(in: snapshot) }
      guard !missing.isEmpty, !shouldStop() else { break }
      let names = missing.map(\.address.description).sorted().joined(separator: ", ")
      events(.note("looking again for \(names): applied within the last minute and not shown"))
      await clock.sleep(Self.pause)
      let again = await observation.snapshot(
        of: stacks, base: base, types: Set(missing.map(\.type)))
      snapshot.resources.merge(again.resources) { _, new in new }
      snapshot.failures.merge(again.failures) { _, new in new }
    }
    return snapshot
  }

  func observation(_ request: Request) -> Observation {
    Observation(
      catalog: catalog, cloud: cloud, project: request.desired.project,
      formerProject: request.desired.formerProject,
      swept: { target, reply in sweeps.access { $0[target] = reply } },
      note: { events(.note($0)) }, reading: reading)
  }

  private static let looks = 2
  /// Seconds between two looks.
  private static let pause = 2.0
  /// Seconds for which AWS's lists may lag behind.
  private static let lag = 60.0

  /// Seconds for which the slowest of AWS's lists may lag behind.
  /// Source: Secrets Manager API reference, ListSecrets.
  private static let longLag = 300.0

  /// A resource that should show: it was applied, or its creation was begun and its reply was lost.
  private struct JustMade {
    var address: Address
    var owner: String
    var type: String
    var id: String?
    /// How often it is worth looking again.
    var looks: Int

    func isShown(in snapshot: Snapshot) -> Bool {
      snapshot.failures.keys.contains { $0.type == type }
        || snapshot.resources.values.joined().contains { observed in
          observed.type == type
            && (observed.id == id
              || observed.tags[OwnershipTags.stack] == owner
                && observed.tags[OwnershipTags.resource] == address.resource)
        }
    }
  }

  private func lastApplied(_ stacks: [DesiredStack]) throws(EngineError) -> [LastApplied] {
    guard let journal else { return [] }
    do throws(JournalError) {
      return try journal.lastApplied(stacks: Set(stacks.map(\.id.owner))).filter {
        !$0.physicalID.isEmpty
      }
    } catch {
      throw .journal(error)
    }
  }

  private func justMade(_ stacks: [DesiredStack], _ applied: [LastApplied]) throws(EngineError)
    -> [JustMade]
  {
    guard let journal else { return [] }
    let since = clock.now() - Self.lag
    let owners = Dictionary(
      stacks.map { ($0.id.owner, $0.id.name) }, uniquingKeysWith: { first, _ in first })
    do throws(JournalError) {
      let applied = applied.filter { $0.at > since }.map { applied in
        JustMade(
          address: Address(stack: owners[applied.stack] ?? "", resource: applied.resource),
          owner: applied.stack, type: applied.type, id: applied.physicalID, looks: 1)
      }
      let begun = try journal.unfinishedIntents(stacks: Set(owners.keys)).map(\.start).filter {
        $0.at > since && $0.action == Step.Action.create.rawValue
      }.map { intent in
        JustMade(
          address: Address(stack: owners[intent.stack] ?? "", resource: intent.resource),
          owner: intent.stack, type: intent.type, id: nil, looks: Self.looks)
      }
      return applied + begun
    } catch {
      throw .journal(error)
    }
  }
}
