import Document
import TrueupCore

/// The calls that make, change and delete a secret.
struct SecretStep: KindStep {
  private let step: Step

  init(_ step: Step) { self.step = step }

  // MARK: Steps

  func create(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.name("Name")
    // The list may not show yet what an interrupted run made, and never what was deleted.
    if let found = try calls.make(Secret.description(name)).output {
      guard isOurs(found), let id = found["ARN"]?.string else {
        let state =
          found["DeletedDate"] == nil
          ? "there is" : "scheduled for deletion, and until then in the way, is"
        throw .failed("\(state) a secret \(name) that is not ours")
      }
      if found["DeletedDate"] != nil {
        try calls.make(call("RestoreSecret", ["SecretId": .string(id)]))
      }
      try change(id, Set(step.desired.object?.keys.map { $0 } ?? []), found: found, &calls)
      return done(id, name)
    }
    let salt = String(step.nonce.prefix(32))
    let value = try value(salt: salt, &calls)
    var input = step.desired.members(named: ["Name", "Description", "KmsKeyId", "Type"])
    input["AddReplicaRegions"] = step.desired["ReplicaRegions"]
    input["Tags"] = Tags.list(step.tags.merging([Secret.saltTag: salt]) { _, new in new })
    input["SecretString"] = value.map { .string($0.text) }
    input["ClientRequestToken"] = .string(value?.version ?? step.nonce)
    let created = try calls.make(
      // A secret that was deleted by force may hold its name for some seconds.
      call("CreateSecret", .members(input), transient: ["ResourceExistsException"]))
    guard let id = created.output?["ARN"]?.string else {
      throw .failed("CreateSecret answered without an ARN")
    }
    if let value { try move(Secret.label, of: id, from: nil, to: value.version, &calls) }
    try awaitReplicas(id, &calls)
    return done(id, name)
  }

  func update(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    if step.observed?.transition == "deleting" {
      try calls.make(call("RestoreSecret", ["SecretId": .string(id)]))
    }
    try change(id, step.changed, found: nil, &calls)
    return .done(id: id, attributes: [:])
  }

  /// The secret can be restored for thirty days.
  func delete(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    if let found = try calls.make(Secret.description(id)).output, found["DeletedDate"] == nil {
      let regions = (found["ReplicationStatus"]?.list ?? []).compactMap { $0["Region"] }
      if !regions.isEmpty {
        try calls.make(
          call(
            "RemoveRegionsFromReplication",
            ["SecretId": .string(id), "RemoveReplicaRegions": .list(regions)]))
      }
      // What is scheduled for deletion takes no tags.
      if !step.tags.isEmpty {
        try calls.make(
          call("TagResource", ["SecretId": .string(id), "Tags": Tags.list(step.tags)]))
      }
      try calls.make(
        Call(
          "secretsmanager", "DeleteSecret", ["SecretId": .string(id)],
          absentCodes: ["ResourceNotFoundException"]))
    }
    return .done(id: id, attributes: [:])
  }

  // MARK: Changes

  /// - Parameter found: the secret as it is described, where it was not observed.
  private func change(
    _ id: String, _ changed: Set<String>, found: Document?, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    let tags = found.map { Tags.read($0["Tags"]) } ?? step.observed?.tags ?? [:]
    let salt = tags[Secret.saltTag] ?? String(step.nonce.prefix(32))
    var written = found == nil ? step.newTags : step.tags
    let givesValue = !changed.isDisjoint(with: ["SecretString", "GenerateSecretString"])
    if givesValue, tags[Secret.saltTag] == nil { written[Secret.saltTag] = salt }
    // In the order of `Tags.calls`.
    if !step.removedTags.isEmpty {
      try calls.make(
        call("UntagResource", ["SecretId": .string(id), "TagKeys": Tags.keys(step.removedTags)]))
    }
    if !written.isEmpty {
      try calls.make(
        call("TagResource", ["SecretId": .string(id), "Tags": Tags.list(written)]))
    }
    let settings = changed.intersection(["Description", "KmsKeyId", "Type"])
    if !settings.isEmpty {
      var input: [String: Document] = ["SecretId": .string(id)]
      // An empty text takes the description away, and gives the AWS managed key back.
      for property in settings { input[property] = step.desired[property] ?? "" }
      try calls.make(call("UpdateSecret", .object(input)))
    }
    if givesValue, let value = try value(salt: salt, &calls) { try put(value, id, &calls) }
    if changed.contains("ReplicaRegions") {
      let present = found?["ReplicationStatus"] ?? step.observed?.properties["ReplicaRegions"]
      try changeReplicas(id, present: present?.list ?? [], &calls)
    }
  }

  /// Writes a version and makes it the current one. A version that is there already, because the value
  /// once was the same, is not written again and has only lost its labels.
  private func put(_ value: SecretValue, _ id: String, _ calls: inout CallSequence)
    throws(CallSequence.Pause)
  {
    try calls.make(
      call(
        "PutSecretValue",
        [
          "SecretId": .string(id), "ClientRequestToken": .string(value.version),
          "SecretString": .string(value.text),
          "VersionStages": [.string(Secret.current), .string(Secret.label)],
        ]))
    guard let described = try calls.make(Secret.description(id)).output else { return }
    let versions = SecretVersions(described)
    for label in [Secret.current, Secret.label] where versions[label] != value.version {
      try move(label, of: id, from: versions[label], to: value.version, &calls)
    }
  }

  private func move(
    _ label: String, of id: String, from old: String?, to version: String,
    _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    try calls.make(
      call(
        "UpdateSecretVersionStage",
        .members([
          "SecretId": .string(id), "VersionStage": .string(label),
          "MoveToVersionId": .string(version), "RemoveFromVersionId": old.map(Document.string),
        ])))
  }

  /// The value to write and the id of its version; `nil` where none is declared.
  private func value(salt: String, _ calls: inout CallSequence) throws(CallSequence.Pause)
    -> SecretValue?
  {
    if let text = step.desired["SecretString"]?.string {
      return SecretValue(text: text, version: SecretVersions.id(of: text, salt: salt))
    }
    guard let settings = step.desired["GenerateSecretString"] else { return nil }
    return try SecretValue.generated(settings, salt: salt, nonce: step.nonce, &calls)
  }

  // MARK: Replicas

  private func changeReplicas(
    _ id: String, present: [Document], _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    let wanted = step.desired["ReplicaRegions"]?.list ?? []
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
    if !gone.isEmpty {
      try calls.make(
        call(
          "RemoveRegionsFromReplication",
          ["SecretId": .string(id), "RemoveReplicaRegions": .list(gone)]))
    }
    if !added.isEmpty {
      try calls.make(
        call(
          "ReplicateSecretToRegions", ["SecretId": .string(id), "AddReplicaRegions": .list(added)],
          // A replica goes a moment after it was taken away.
          transient: ["ResourceExistsException"]))
      try awaitReplicas(id, &calls)
    }
  }

  private func awaitReplicas(_ id: String, _ calls: inout CallSequence) throws(CallSequence.Pause) {
    guard step.desired["ReplicaRegions"]?.list?.isEmpty == false else { return }
    _ = try calls.wait(
      Secret.description(id), every: 3, limit: 300, until: "the replicas are in sync"
    ) { described in
      let replicas = described["ReplicationStatus"]?.list ?? []
      if let failed = replicas.first(where: { $0["Status"]?.string == "Failed" }) {
        let region = failed["Region"]?.string ?? ""
        return .failed(
          "the replica in \(region) failed: \(failed["StatusMessage"]?.string ?? "no reason given")"
        )
      }
      return replicas.contains { $0["Status"]?.string == "InProgress" } ? .waiting : .ready
    }
  }

  // MARK: Parts

  private func isOurs(_ found: Document) -> Bool {
    let tags = Tags.read(found["Tags"])
    return [OwnershipTags.stack, OwnershipTags.resource].allSatisfy {
      tags[$0] != nil && tags[$0] == step.tags[$0]
    }
  }

  private func done(_ id: String, _ name: String) -> Next {
    .done(id: id, attributes: ["Id": .string(id), "Name": .string(name)])
  }

  private func call(
    _ operation: String, _ input: Document, transient: Set<String> = []
  ) -> Call {
    Call(
      "secretsmanager", operation, input,
      // A key that was made a moment ago cannot be used everywhere yet.
      transientCodes: transient.union(["EncryptionFailure", "DecryptionFailure"]))
  }
}
