import Document
import TrueupCore

/// The calls of one step on a key.
extension Key {
  func create(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    var input = step.desired.members(
      named: Key.fixed + ["Description", "BypassPolicyLockoutSafetyCheck"])
    input["Policy"] = step.desired["KeyPolicy"]?.parsedJSON.jsonText
    var tags = step.tags
    tags[Self.windowTag] = window(step)
    input["Tags"] = tags.isEmpty ? nil : Self.list(tags)
    let created = try calls.make(
      Call("kms", "CreateKey", .members(input), transientCodes: Self.freshPrincipal))
    guard let metadata = created.output?["KeyMetadata"], let id = metadata["KeyId"]?.string else {
      throw .failed("CreateKey answered without a key id")
    }
    if step.desired["EnableKeyRotation"] == true { try calls.make(rotation(step, id)) }
    // A key without material is not enabled yet.
    if step.desired["Enabled"] == false, step.desired["Origin"] != "EXTERNAL" {
      try calls.make(call("DisableKey", id))
    }
    return .done(
      id: id,
      attributes: step.desired.merging(.members(["KeyId": .string(id), "Arn": metadata["Arn"]])))
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let id = try step.existingID()
    if isGoing(step) { try keep(step, id, &calls) }
    if step.changes("KeyPolicy") { try calls.make(policy(step, id)) }
    if step.changes("Description") {
      try calls.make(
        call("UpdateKeyDescription", id, ["Description": step.desired["Description"] ?? ""]))
    }
    try changeUse(step, id, &calls)
    // What stands in no property of the key in AWS stands in a tag.
    var new = step.newTags
    var removed = step.changesTags ? step.removedTags : []
    if step.changes("PendingWindowInDays") {
      new[Self.windowTag] = window(step)
      if window(step) == nil { removed.insert(Self.windowTag) }
    }
    // In the order of `Tags.calls`.
    if !removed.isEmpty {
      try calls.make(call("UntagResource", id, ["TagKeys": Tags.keys(removed)]))
    }
    try calls.make(tag(new, id))
    return .done(id: id, attributes: step.unchanged.merging(step.desired))
  }

  /// KMS deletes a key days later; until then nothing can use it.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let id = try step.existingID()
    // KMS takes no tags once the deletion is scheduled.
    try calls.make(tag(step.tags, id))
    try calls.make(
      Call(
        "kms", "ScheduleKeyDeletion",
        .members(["KeyId": .string(id), "PendingWindowInDays": step.shown["PendingWindowInDays"]]),
        absentCodes: ["NotFoundException"], transientCodes: ["DependencyTimeoutException"]))
    return .done(id: id, attributes: [:])
  }

  // MARK: Parts

  /// Whether the key is scheduled for deletion.
  private func isGoing(_ step: Step) -> Bool { step.observed?.transition == "deleting" }

  /// Takes back the deletion; KMS leaves the key disabled. Of imported material only its owner knows
  /// whether it is still there.
  private func keep(_ step: Step, _ id: String, _ calls: inout CallSequence) throws(Pause) {
    guard step.shown["Origin"] != "EXTERNAL" else {
      throw .failed(
        "\(id) is scheduled for deletion, and its key material is imported: cancel its deletion and "
          + "import the material again yourself")
    }
    var cancel = call("CancelKeyDeletion", id)
    // Somebody was faster.
    cancel.absentCodes = ["KMSInvalidStateException"]
    try calls.make(cancel)
  }

  /// Whether the key can be used and is rotated. KMS changes the rotation of enabled keys alone.
  private func changeUse(_ step: Step, _ id: String, _ calls: inout CallSequence) throws(Pause) {
    let isGoing = isGoing(step)
    let wasEnabled = step.shown["Enabled"] != false && !isGoing
    let isEnabled =
      step.changes("Enabled") || isGoing ? step.desired["Enabled"] != false : wasEnabled
    let rotates = step.changes("EnableKeyRotation", "RotationPeriodInDays")
    if !wasEnabled, isEnabled || rotates { try calls.make(call("EnableKey", id)) }
    if rotates {
      let isRotated = step.unchanged.merging(step.desired)["EnableKeyRotation"] == true
      try calls.make(isRotated ? rotation(step, id) : call("DisableKeyRotation", id))
    }
    if !isEnabled, wasEnabled || rotates { try calls.make(call("DisableKey", id)) }
  }

  private func policy(_ step: Step, _ id: String) -> Call {
    // What a key has that is created without a policy.
    // Source: KMS Developer Guide, "Default key policy".
    let root = Document.string("arn:\(step.partition):iam::\(step.scope.account):root")
    let initial: Document = [
      "Version": "2012-10-17", "Id": "key-default",
      "Statement": [
        [
          "Sid": "Enable IAM User Permissions", "Effect": "Allow", "Principal": ["AWS": root],
          "Action": "kms:*", "Resource": "*",
        ]
      ],
    ]
    var put = call(
      "PutKeyPolicy", id,
      [
        "PolicyName": "default",
        "Policy": (step.desired["KeyPolicy"] ?? initial).parsedJSON.jsonText,
        "BypassPolicyLockoutSafetyCheck": step.desired["BypassPolicyLockoutSafetyCheck"],
      ])
    put.transientCodes.formUnion(Self.freshPrincipal)
    return put
  }

  /// KMS refuses principals that it does not know yet.
  private static let freshPrincipal: Set<String> = ["MalformedPolicyDocumentException"]

  private func window(_ step: Step) -> String? { step.desired["PendingWindowInDays"]?.json() }

  private func rotation(_ step: Step, _ id: String) -> Call {
    call("EnableKeyRotation", id, step.desired.members(named: ["RotationPeriodInDays"]))
  }

  private func tag(_ tags: [String: String], _ id: String) -> [Call] {
    tags.isEmpty ? [] : [call("TagResource", id, ["Tags": Self.list(tags)])]
  }

  private func call(_ operation: String, _ id: String, _ input: [String: Document?] = [:]) -> Call {
    Call(
      "kms", operation, ["KeyId": .string(id)],
      transientCodes: ["NotFoundException", "DependencyTimeoutException"]
    ).with(input)
  }
}
