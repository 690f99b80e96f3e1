import Document
import TrueupCore

/// The calls that make, change and delete a secret.
extension Secret {
  // MARK: Steps

  func create(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let name = try step.name("Name")
    let salt = String(step.nonce.prefix(32))
    let value = try SecretValue(step, salt: salt, &calls)
    var input = step.desired.members(named: ["Name", "Description", "KmsKeyId", "Type"])
    input["AddReplicaRegions"] = step.desired["ReplicaRegions"]
    input["Tags"] = Tags.list(step.tags.merging([Self.saltTag: salt]) { _, new in new })
    input["SecretString"] = value.map { .string($0.text) }
    input["ClientRequestToken"] = .string(value?.version ?? step.nonce)
    // The list may not show yet what an interrupted run made, and never what was deleted.
    // Source: Secrets Manager API reference, CreateSecret: ResourceExistsException, and
    // InvalidRequestException where it is scheduled for deletion.
    var first = call("CreateSecret").with(input)
    first.absentCodes = ["ResourceExistsException", "InvalidRequestException"]
    var created = try calls.make(first)
    if created == .absent {
      if let found = try calls.make(Self.description(name)).output {
        return try take(found, step, name, &calls)
      }
      // One that was deleted by force may hold its name for some seconds.
      created = try calls.make(
        call("CreateSecret", transient: ["ResourceExistsException"]).with(input))
    }
    guard let id = created.output?["ARN"]?.string else {
      throw .failed("CreateSecret answered without an ARN")
    }
    if let value { try move(Self.label, of: id, from: nil, to: value.version, &calls) }
    try awaitReplicas(step, id, &calls)
    return done(id, name)
  }

  /// Brings a secret that is there under the name to what the step desires, where it is ours.
  private func take(
    _ found: Document, _ step: Step, _ name: String, _ calls: inout CallSequence
  ) throws(Pause) -> Next {
    guard isOurs(found, step), let id = found["ARN"]?.string else {
      let state =
        found["DeletedDate"] == nil
        ? "there is" : "scheduled for deletion, and until then in the way, is"
      throw .failed("\(state) a secret \(name) that is not ours")
    }
    if found["DeletedDate"] != nil { try calls.make(call("RestoreSecret", id)) }
    try change(step, id, found: found, &calls)
    return done(id, name)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let id = try step.existingID()
    if step.observed?.transition == "deleting" { try calls.make(call("RestoreSecret", id)) }
    try change(step, id, found: nil, &calls)
    return .done(id: id, attributes: [:])
  }

  /// The secret can be restored for thirty days.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let id = try step.existingID()
    if let found = try calls.make(Self.description(id)).output, found["DeletedDate"] == nil {
      let regions = found.elements("ReplicationStatus").compactMap { $0["Region"] }
      try calls.make(removal(of: regions, id))
      // What is scheduled for deletion takes no tags.
      try calls.make(tag(step.tags, id))
      try calls.make(
        Call(
          "secretsmanager", "DeleteSecret", ["SecretId": .string(id)],
          absentCodes: ["ResourceNotFoundException"]))
    }
    return .done(id: id, attributes: [:])
  }

  // MARK: Changes

  /// - Parameter found: the secret as it is described, where it was not observed: all that is desired
  ///   is written.
  private func change(
    _ step: Step, _ id: String, found: Document?, _ calls: inout CallSequence
  ) throws(Pause) {
    let changed = found == nil ? step.changed : Set((step.desired.object ?? [:]).keys)
    let tags = found.map { Tags.read($0["Tags"]) } ?? step.observed?.tags ?? [:]
    let salt = tags[Self.saltTag] ?? String(step.nonce.prefix(32))
    var written = found == nil ? step.newTags : step.tags
    let givesValue = !changed.isDisjoint(with: ["SecretString", "GenerateSecretString"])
    if givesValue, tags[Self.saltTag] == nil { written[Self.saltTag] = salt }
    // In the order of `Tags.calls`.
    if !step.removedTags.isEmpty {
      try calls.make(call("UntagResource", id, ["TagKeys": Tags.keys(step.removedTags)]))
    }
    try calls.make(tag(written, id))
    let settings = changed.intersection(["Description", "KmsKeyId", "Type"])
    if !settings.isEmpty {
      // An empty text takes the description away, and gives the AWS managed key back.
      let values = settings.map { ($0, step.desired[$0] ?? "") }
      try calls.make(call("UpdateSecret", id, Dictionary(uniqueKeysWithValues: values)))
    }
    if givesValue, let value = try SecretValue(step, salt: salt, &calls) {
      try put(value, id, &calls)
    }
    if changed.contains("ReplicaRegions") {
      let present: Document? = found?["ReplicationStatus"] ?? step.shown["ReplicaRegions"]
      try changeReplicas(step, id, present: present?.list ?? [], &calls)
    }
  }

  /// Writes a version and makes it the current one. A version that is there already, because the value
  /// once was the same, is not written again and has only lost its labels.
  private func put(_ value: SecretValue, _ id: String, _ calls: inout CallSequence) throws(Pause) {
    try calls.make(
      call(
        "PutSecretValue", id,
        [
          "ClientRequestToken": .string(value.version), "SecretString": .string(value.text),
          "VersionStages": [.string(Self.current), .string(Self.label)],
        ]))
    guard let described = try calls.make(Self.description(id)).output else { return }
    let versions = SecretVersions(described)
    for label in [Self.current, Self.label] where versions[label] != value.version {
      try move(label, of: id, from: versions[label], to: value.version, &calls)
    }
  }

  private func move(
    _ label: String, of id: String, from old: String?, to version: String,
    _ calls: inout CallSequence
  ) throws(Pause) {
    try calls.make(
      call(
        "UpdateSecretVersionStage", id,
        [
          "VersionStage": .string(label), "MoveToVersionId": .string(version),
          "RemoveFromVersionId": old.map(Document.string),
        ]))
  }

  // MARK: Replicas

  private func changeReplicas(
    _ step: Step, _ id: String, present: [Document], _ calls: inout CallSequence
  ) throws(Pause) {
    let wanted = step.desired.elements("ReplicaRegions")
    // A replica cannot change its key.
    let gone = present.filter { old in
      !wanted.contains {
        $0["Region"] == old["Region"]
          && ($0["KmsKeyId"] == nil || $0["KmsKeyId"] == old["KmsKeyId"])
      }
    }.compactMap { $0["Region"] }
    let added = wanted.filter { replica in
      guard let region = replica["Region"] else { return false }
      return gone.contains(region) || !present.contains { $0["Region"] == region }
    }
    try calls.make(removal(of: gone, id))
    guard !added.isEmpty else { return }
    // A replica goes a moment after it was taken away.
    let replication = call(
      "ReplicateSecretToRegions", id, ["AddReplicaRegions": .list(added)],
      transient: ["ResourceExistsException"])
    try calls.make(replication)
    try awaitReplicas(step, id, &calls)
  }

  private func awaitReplicas(_ step: Step, _ id: String, _ calls: inout CallSequence) throws(Pause)
  {
    guard !step.desired.elements("ReplicaRegions").isEmpty else { return }
    _ = try calls.wait(
      Self.description(id), every: 3, limit: 300, until: "the replicas are in sync"
    ) { described in
      let replicas = described.elements("ReplicationStatus")
      if let failed = replicas.first(where: { $0["Status"] == "Failed" }) {
        let region = failed["Region"]?.string ?? ""
        return .failed(
          "the replica in \(region) failed: \(failed["StatusMessage"]?.string ?? "no reason given")"
        )
      }
      return replicas.contains { $0["Status"] == "InProgress" } ? .waiting : .ready
    }
  }

  // MARK: Parts

  private func isOurs(_ found: Document, _ step: Step) -> Bool {
    let tags = Tags.read(found["Tags"])
    return [OwnershipTags.stack, OwnershipTags.resource].allSatisfy {
      tags[$0] != nil && tags[$0] == step.tags[$0]
    }
  }

  private func done(_ id: String, _ name: String) -> Next {
    .done(id: id, attributes: ["Id": .string(id), "Name": .string(name)])
  }

  private func tag(_ tags: [String: String], _ id: String) -> [Call] {
    tags.isEmpty ? [] : [call("TagResource", id, ["Tags": Tags.list(tags)])]
  }

  private func removal(of regions: [Document], _ id: String) -> [Call] {
    regions.isEmpty
      ? []
      : [call("RemoveRegionsFromReplication", id, ["RemoveReplicaRegions": .list(regions)])]
  }

  private func call(
    _ operation: String, _ id: String? = nil, _ input: [String: Document?] = [:],
    transient: Set<String> = []
  ) -> Call {
    Call(
      "secretsmanager", operation, .members(["SecretId": id.map(Document.string)]),
      // A key that was made a moment ago cannot be used everywhere yet.
      transientCodes: transient.union(["EncryptionFailure", "DecryptionFailure"])
    ).with(input)
  }
}
