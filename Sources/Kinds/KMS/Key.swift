import Document
import TrueupCore

/// A KMS key. It has no name: its tags say whose it is.
public struct Key: SteppedKind {
  typealias Work = KeyStep

  public init() {}

  public let type = "AWS::KMS::Key"

  static let fixed = ["KeySpec", "KeyUsage", "MultiRegion", "Origin"]

  public let facts = TypeFacts(
    Identity(ref: "KeyId"),
    lifecycle: Lifecycle(holdsData: true, canBeKept: true),
    properties: [
      "/KeyPolicy": .normal(.policyDocument).losing(.policy),
      // Source: CloudFormation's AWS::KMS::Key.
      "/Description": .defaultsTo(""),
      "/Enabled": .defaultsTo(true).losing(.leaving(true)),
      "/EnableKeyRotation": .defaultsTo(false).security,
      "/RotationPeriodInDays": .defaultsTo(365),
      // No operation changes them.
      "/KeySpec": .defaultsTo("SYMMETRIC_DEFAULT").createOnly,
      "/KeyUsage": .defaultsTo("ENCRYPT_DECRYPT").createOnly,
      "/MultiRegion": .defaultsTo(false).createOnly,
      "/Origin": .defaultsTo("AWS_KMS").createOnly,
      "/BypassPolicyLockoutSafetyCheck": .notReadable(
        "KMS takes it along with a policy and does not keep it"),
    ])

  /// Of imported material only its owner knows whether it is still there.
  public func obstacle(toKeeping observed: Observed) -> String? {
    observed.properties["Origin"] == "EXTERNAL"
      ? "its key material is imported, and is not kept with it" : nil
  }

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let keys = KeyReads(context, replies).keys
    return [TagSweep.read]
      + keys.flatMap { key in [key.description, key.tags.wanted].compactMap(\.self) + key.aspects }
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    KeyReads(context, replies).keys.compactMap { key in
      var observed = Observed(
        type: type, id: key.id, scope: context.scope, properties: ["KeyId": .string(key.id)],
        tags: key.tags.known)
      if let reason = key.tags.unread { observed.unread["/Tags"] = reason }
      switch replies.finding(key.description) {
      case .nothing: return nil
      case .unread(let reason):
        observed.mark(["Arn", "Description", "Enabled"] + Self.fixed, reason)
      case .found(let output):
        let metadata = output["KeyMetadata"] ?? .object([:])
        let state = metadata["KeyState"]?.string ?? ""
        // It cannot be used, and KMS deletes it in time, unless somebody keeps it.
        if ["PendingDeletion", "PendingReplicaDeletion"].contains(state) {
          observed.transition = "deleting"
        }
        observed.properties = properties(metadata, key.id)
        observed.createdAt = metadata["CreationDate"]?.double
        if state == "PendingImport" {
          observed.mark(["Enabled"], "the key's material is yet to be imported")
        }
      }
      key.addAspects(to: &observed, replies)
      return observed
    }
  }

  private func properties(_ metadata: Document, _ id: String) -> Document {
    var members = metadata.members(named: [
      "Arn", "Description", "Enabled", "KeyUsage", "MultiRegion", "Origin",
    ])
    members["KeyId"] = .string(id)
    let specification: Document? = metadata["KeySpec"] ?? metadata["CustomerMasterKeySpec"]
    members["KeySpec"] = specification
    return .members(members)
  }
}
