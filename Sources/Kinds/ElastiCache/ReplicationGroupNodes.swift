import Document
import TrueupCore

/// How many node groups a replication group has, and how many replicas each, and the calls that change it.
struct ReplicationGroupNodes {
  private let step: Step

  init(_ step: Step) { self.step = step }

  /// New node groups, then new replicas.
  func added(to id: String) -> [Call] {
    shards.filter { $0.wanted > $0.shown }.map { shards in
      resharding(id, ["NodeGroupCount": .integer(shards.wanted)])
    }
      + replicas { $0 > $1 }.map { call("IncreaseReplicaCount", id, $0) }
  }

  /// Replicas that go, then node groups.
  func removed(from id: String) -> [Call] {
    replicas { $0 < $1 }.map { call("DecreaseReplicaCount", id, $0) }
      + shards.filter { $0.wanted < $0.shown }.map { shards in
        resharding(
          id,
          [
            "NodeGroupCount": .integer(shards.wanted),
            "NodeGroupsToRetain": .list(Array(kept.prefix(shards.wanted))),
          ])
      }
  }

  // MARK: Node groups

  /// Those that are declared by their ids; else the first ones.
  private var kept: [Document] {
    let declared = groups(step.desired).compactMap { $0["NodeGroupId"] }
    return declared.isEmpty ? groups(step.shown).compactMap { $0["NodeGroupId"] } : declared
  }

  private func groups(_ properties: Document) -> [Document] {
    ReplicationGroup().facts.canonical(properties).elements("NodeGroupConfiguration")
  }

  /// The number that is wanted and that is shown, where they may differ.
  private var shards: [(wanted: Int, shown: Int)] {
    guard step.changes("NumNodeGroups", "NodeGroupConfiguration"),
      let shown = step.shown["NumNodeGroups"]?.integer
    else { return [] }
    let declared = groups(step.desired).count
    let wanted = step.desired["NumNodeGroups"]?.integer ?? (declared > 0 ? declared : shown)
    return [(wanted, shown)]
  }

  private func resharding(_ id: String, _ input: [String: Document]) -> Call {
    call("ModifyReplicationGroupShardConfiguration", id, input)
  }

  // MARK: Replicas

  /// The inputs that bring those node groups to their number in which the comparison of wanted and shown
  /// holds.
  private func replicas(_ differs: (Int, Int) -> Bool) -> [[String: Document]] {
    let shown = groups(step.shown)
    if step.changes("ReplicasPerNodeGroup", "NumCacheClusters"),
      let wanted = step.desired["ReplicasPerNodeGroup"]?.integer
        ?? step.desired["NumCacheClusters"]?.integer.map({ $0 - 1 })
    {
      let isOpen = shown.contains { differs(wanted, $0["ReplicaCount"]?.integer ?? 0) }
      return isOpen ? [["NewReplicaCount": .integer(wanted)]] : []
    }
    guard step.changes("NodeGroupConfiguration") else { return [] }
    let changed = groups(step.desired).compactMap { group -> Document? in
      let own = shown.first { $0["NodeGroupId"] == group["NodeGroupId"] }
      guard let wanted = group["ReplicaCount"]?.integer, let old = own?["ReplicaCount"]?.integer,
        differs(wanted, old)
      else { return nil }
      return .members(["NodeGroupId": group["NodeGroupId"], "NewReplicaCount": .integer(wanted)])
    }
    return changed.isEmpty ? [] : [["ReplicaConfiguration": .list(changed)]]
  }

  private func call(_ operation: String, _ id: String, _ input: [String: Document]) -> Call {
    Call(
      "elasticache", operation,
      .object(
        input.merging(["ReplicationGroupId": .string(id), "ApplyImmediately": true]) { $1 }),
      transientCodes: ElastiCache.busy, patience: ElastiCache.patience)
  }
}
