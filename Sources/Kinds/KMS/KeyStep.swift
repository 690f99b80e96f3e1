import Document
import TrueupCore

/// The calls of one step on a key.
struct KeyStep: KindStep {
  private let step: Step

  init(_ step: Step) { self.step = step }

  // MARK: Create

  func create(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    var input = step.desired.members(named: Key.fixed + ["Description"])
    input["Policy"] = step.desired["KeyPolicy"]?.parsedJSON.jsonText
    input["BypassPolicyLockoutSafetyCheck"] = step.desired["BypassPolicyLockoutSafetyCheck"]
    var tags = step.tags
    tags[KeyReads.windowTag] = window
    input["Tags"] = tags.isEmpty ? nil : KeyTags.list(tags)
    let created = try calls.make(
      Call("kms", "CreateKey", .members(input), transientCodes: Self.freshPrincipal))
    guard let metadata = created.output?["KeyMetadata"], let id = metadata["KeyId"]?.string else {
      throw .failed("CreateKey answered without a key id")
    }
    if step.desired["EnableKeyRotation"] == true { try calls.make(rotation(id)) }
    // A key without material is not enabled yet.
    if step.desired["Enabled"] == false, step.desired["Origin"] != "EXTERNAL" {
      try calls.make(call("DisableKey", id))
    }
    return .done(
      id: id,
      attributes: step.desired.merging(.members(["KeyId": .string(id), "Arn": metadata["Arn"]])))
  }

  // MARK: Update

  func update(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    if isGoing { try keep(id, &calls) }
    if step.changed.contains("KeyPolicy") { try calls.make(policy(id)) }
    if step.changed.contains("Description") {
      try calls.make(
        call("UpdateKeyDescription", id, ["Description": step.desired["Description"] ?? ""]))
    }
    try changeUse(id, &calls)
    try calls.make(tagCalls(id))
    return .done(id: id, attributes: step.unchanged.merging(step.desired))
  }

  /// Whether the key is scheduled for deletion.
  private var isGoing: Bool { step.observed?.transition == "deleting" }

  /// Takes back the deletion; KMS leaves the key disabled. Of imported material only its owner knows
  /// whether it is still there.
  private func keep(_ id: String, _ calls: inout CallSequence) throws(CallSequence.Pause) {
    guard step.observed?.properties["Origin"] != "EXTERNAL" else {
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
  private func changeUse(_ id: String, _ calls: inout CallSequence) throws(CallSequence.Pause) {
    let wasEnabled = step.observed?.properties["Enabled"] != false && !isGoing
    let isEnabled =
      step.changed.contains("Enabled") || isGoing ? step.desired["Enabled"] != false : wasEnabled
    let rotates = !step.changed.isDisjoint(with: ["EnableKeyRotation", "RotationPeriodInDays"])
    if !wasEnabled, isEnabled || rotates { try calls.make(call("EnableKey", id)) }
    if rotates {
      let isRotated =
        step.desired["EnableKeyRotation"]
        ?? (step.changed.contains("EnableKeyRotation")
          ? false : step.observed?.properties["EnableKeyRotation"] ?? false)
      try calls.make(isRotated == true ? rotation(id) : call("DisableKeyRotation", id))
    }
    if !isEnabled, wasEnabled || rotates { try calls.make(call("DisableKey", id)) }
  }

  /// What stands in no property of the key in AWS stands in a tag.
  private func tagCalls(_ id: String) -> [Call] {
    var new = step.newTags
    var removed = step.changesTags ? step.removedTags : []
    if step.changed.contains("PendingWindowInDays") {
      new[KeyReads.windowTag] = window
      if window == nil { removed.insert(KeyReads.windowTag) }
    }
    // In the order of `Tags.calls`.
    return
      (removed.isEmpty ? [] : [call("UntagResource", id, ["TagKeys": Tags.keys(removed)])])
      + (new.isEmpty ? [] : [call("TagResource", id, ["Tags": KeyTags.list(new)])])
  }

  private func policy(_ id: String) -> Call {
    call(
      "PutKeyPolicy", id,
      [
        "PolicyName": "default",
        "Policy": (step.desired["KeyPolicy"] ?? defaultPolicy).parsedJSON.jsonText,
        "BypassPolicyLockoutSafetyCheck": step.desired["BypassPolicyLockoutSafetyCheck"],
      ], transientCodes: Self.freshPrincipal)
  }

  /// What a key has that is created without a policy.
  /// Source: KMS Developer Guide, "Default key policy".
  private var defaultPolicy: Document {
    [
      "Version": "2012-10-17", "Id": "key-default",
      "Statement": [
        [
          "Sid": "Enable IAM User Permissions", "Effect": "Allow",
          "Principal": [
            "AWS": .string("arn:\(step.partition):iam::\(step.scope.account):root")
          ], "Action": "kms:*", "Resource": "*",
        ]
      ],
    ]
  }

  // MARK: Delete

  /// KMS deletes a key days later; until then nothing can use it.
  func delete(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    // KMS takes no tags once the deletion is scheduled.
    if !step.tags.isEmpty {
      try calls.make(call("TagResource", id, ["Tags": KeyTags.list(step.tags)]))
    }
    try calls.make(
      Call(
        "kms", "ScheduleKeyDeletion",
        .members([
          "KeyId": .string(id),
          "PendingWindowInDays": step.observed?.properties["PendingWindowInDays"],
        ]), absentCodes: ["NotFoundException"], transientCodes: ["DependencyTimeoutException"]))
    return .done(id: id, attributes: [:])
  }

  // MARK: Calls

  /// KMS refuses principals that it does not know yet.
  private static let freshPrincipal: Set<String> = ["MalformedPolicyDocumentException"]

  private var window: String? { step.desired["PendingWindowInDays"].map { $0.json() } }

  private func rotation(_ id: String) -> Call {
    call(
      "EnableKeyRotation", id, ["RotationPeriodInDays": step.desired["RotationPeriodInDays"]])
  }

  private func call(
    _ operation: String, _ id: String, _ input: [String: Document?] = [:],
    transientCodes: Set<String> = []
  ) -> Call {
    Call(
      "kms", operation, Document.members(input).merging(["KeyId": .string(id)]),
      transientCodes: transientCodes.union(["NotFoundException", "DependencyTimeoutException"]))
  }
}
