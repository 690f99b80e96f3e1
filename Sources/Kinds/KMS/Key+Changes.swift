import Document
import TrueupCore

/// The calls of one step on a key.
extension Key {
  func told(by output: Document) -> [String: Document?] { ["Arn": output["KeyMetadata"]?["Arn"]] }

  func fill(_ step: Step, _ id: String, _ calls: inout CallSequence) throws(Pause) {
    guard step.action == .create else { return }
    if step.desired["EnableKeyRotation"] == true { try calls.make(rotation(step, id)) }
    // A key without material is not enabled yet.
    if step.desired["Enabled"] == false, step.desired["Origin"] != "EXTERNAL" {
      try calls.make(Self.call("DisableKey", id))
    }
  }

  func change(_ step: Step, _ id: String, _ calls: inout CallSequence) throws(Pause) {
    if isGoing(step) { try keep(step, id, &calls) }
    if step.changes("KeyPolicy") { try calls.make(policy(step, id)) }
    if step.changes("Description") {
      try calls.make(
        Self.call("UpdateKeyDescription", id, ["Description": step.desired["Description"] ?? ""]))
    }
    try changeUse(step, id, &calls)
  }

  /// KMS deletes a key days later; until then nothing can use it.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let id = try step.existingID()
    // KMS takes no tags once the deletion is scheduled.
    try calls.make(tagging.adding(step.tags, id))
    try calls.make(deletion.call(id).with(step.shown.members(named: ["PendingWindowInDays"])))
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
        "\(id) is scheduled for deletion, and its key material is imported: cancel its deletion "
          + "and import the material again yourself")
    }
    var cancel = Self.call("CancelKeyDeletion", id)
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
    if !wasEnabled, isEnabled || rotates { try calls.make(Self.call("EnableKey", id)) }
    if rotates {
      let isRotated = step.unchanged.merging(step.desired)["EnableKeyRotation"] == true
      try calls.make(isRotated ? rotation(step, id) : Self.call("DisableKeyRotation", id))
    }
    if !isEnabled, wasEnabled || rotates { try calls.make(Self.call("DisableKey", id)) }
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
    var put = Self.call(
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
  static let freshPrincipal: Set = ["MalformedPolicyDocumentException"]

  private func rotation(_ step: Step, _ id: String) -> Call {
    Self.call("EnableKeyRotation", id, step.desired.members(named: ["RotationPeriodInDays"]))
  }

  static func call(_ operation: String, _ id: String, _ input: [String: Document?] = [:]) -> Call {
    Call(
      "kms", operation, ["KeyId": .string(id)],
      transientCodes: ["NotFoundException", "DependencyTimeoutException"]
    ).with(input)
  }
}
