import Document
import TrueupCore

/// The steps on a replication group. Each change is waited for, because ElastiCache takes the next one only
/// then.
extension ReplicationGroup {
  func create(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    try check(step)
    let step = withProof(step)
    let id = try creation.id(in: try creation.make(step, try created(step), &calls))
    var group = try available(id, "\(id) is available", reads: 1, &calls)
    if let cluster = step.desired["SnapshottingClusterId"] {
      group = try modify(id, ["SnapshottingClusterId": cluster], "its snapshots", &calls)
    }
    return done(step, id, group)
  }

  /// Nodes come before what needs them (failover), and go after that.
  func update(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    try check(step)
    let id = try step.existingID()
    let changes = ReplicationGroupChanges(step)
    let nodes = ReplicationGroupNodes(step)
    var group: Document?
    for (index, call) in nodes.added(to: id).enumerated() {
      try calls.make(call)
      group = try available(id, "\(id) has its new nodes (\(index + 1))", reads: 2, &calls)
    }
    for (index, input) in changes.inputs.enumerated() {
      group = try modify(id, input, "change \(index + 1) of \(changes.inputs.count)", &calls)
    }
    for (index, call) in nodes.removed(from: id).enumerated() {
      try calls.make(call)
      group = try available(id, "\(id) is rid of nodes (\(index + 1))", reads: 2, &calls)
    }
    try calls.make(tagging.calls(step.changes("AuthToken") ? withProof(step) : step, id))
    return done(step, id, group)
  }

  /// Waits until it is gone: its subnets, parameters and security groups are in use until then.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let id = try step.existingID()
    let snapshot = step.keepsSnapshot ? "\(id)-final-\(step.nonce.prefix(8))" : nil
    let call = deletion.call(id).with(["FinalSnapshotIdentifier": snapshot.map(Document.string)])
    if try calls.make(call) != .absent {
      _ = try calls.wait(
        Self.description(id), every: 30, limit: ElastiCache.patience, until: "\(id) is deleted"
      ) { $0.elements("ReplicationGroups").isEmpty ? .ready : .waiting }
    }
    return .done(id: id, attributes: [:])
  }

  // MARK: Parts

  /// What AWS would refuse, half an hour later or after a part of it.
  private func check(_ step: Step) throws(Pause) {
    let desired = step.desired
    if desired["AutomaticFailoverEnabled"] == true, desired["NumCacheClusters"]?.integer == 1 {
      throw .failed(
        "AutomaticFailoverEnabled needs a replica to fail over to: raise NumCacheClusters to 2")
    }
    if desired["MultiAZEnabled"] == true, desired["AutomaticFailoverEnabled"] != true {
      throw .failed("MultiAZEnabled needs AutomaticFailoverEnabled")
    }
    if step.changes("EngineVersion"), let old = Version(step.shown["EngineVersion"]),
      let new = Version(desired["EngineVersion"]), new < old
    {
      throw .failed(
        "ElastiCache lowers no version: it runs \(step.shown["EngineVersion"]?.string ?? ""), and "
          + "\(desired["EngineVersion"]?.string ?? "") is declared")
    }
  }

  private static func description(_ id: String) -> Call {
    Call(
      "elasticache", "DescribeReplicationGroups", ["ReplicationGroupId": .string(id)],
      absentCodes: ["ReplicationGroupNotFoundFault"],
      batch: CallBatch("ReplicationGroups", by: "ReplicationGroupId", marker: "Marker"))
  }

  private func modify(
    _ id: String, _ input: [String: Document?], _ what: String, _ calls: inout CallSequence
  ) throws(Pause) -> Document {
    try calls.make(
      Call(
        "elasticache", "ModifyReplicationGroup",
        .members(
          input.merging(["ReplicationGroupId": .string(id), "ApplyImmediately": true]) { $1 }),
        transientCodes: ElastiCache.busy, patience: ElastiCache.patience))
    return try available(id, "\(id) has taken \(what)", reads: 2, &calls)
  }

  /// The group once it works and nothing of it is being changed.
  ///
  /// - Parameter reads: how often it has to say so: it goes on saying it for some seconds after a change.
  private func available(
    _ id: String, _ state: String, reads: Int, _ calls: inout CallSequence
  ) throws(Pause) -> Document {
    var seen = 0
    let output = try calls.wait(
      Self.description(id), every: 30, limit: ElastiCache.patience, until: state
    ) { output in
      let group = output["ReplicationGroups"]?[0]
      switch group?["Status"]?.string {
      case "create-failed": return .failed("ElastiCache could not create \(id)")
      case "available" where group?["PendingModifiedValues"]?.object?.isEmpty != false: seen += 1
      default: seen = 0
      }
      return seen >= reads ? .ready : .waiting
    }
    return output["ReplicationGroups"]?[0] ?? [:]
  }

  /// The step with the tags that prove its token.
  private func withProof(_ step: Step) -> Step {
    var step = step
    if let token = step.desired["AuthToken"]?.string {
      let salt = step.observed?.tags[Self.saltTag] ?? String(step.nonce.prefix(32))
      step.tags[Self.saltTag] = salt
      step.tags[Self.proofTag] = SecretVersions.id(of: token, salt: salt)
    }
    step.changesTags = true
    return step
  }

  private func done(_ step: Step, _ id: String, _ group: Document?) -> Next {
    let shown = group.map { Document.members(ShownReplicationGroup($0).properties) } ?? [:]
    let known = step.unchanged.merging(step.desired).merging(shown)
    return .done(
      id: id,
      attributes: known.setting("AuthToken", nil).merging(["ReplicationGroupId": .string(id)]))
  }
}
