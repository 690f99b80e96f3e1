import Document
import TrueupCore

/// A KMS key. It has no name: its tags say whose it is.
public struct Key: ComposedKind {
  public init() {}

  public let type = "AWS::KMS::Key"

  private static let fixed = ["KeySpec", "KeyUsage", "MultiRegion", "Origin"]

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

  /// KMS has no bulk read: the keys are those that the tag sweep shows as ours or that the base knows,
  /// and each is read by itself.
  let listing = Listing(TagSweep.read, "ResourceTagMappingList")
  let tagging = KeyTags()
  let creation = Creation(
    Call("kms", "CreateKey", [:], transientCodes: Key.freshPrincipal),
    fixed + ["Description", "BypassPolicyLockoutSafetyCheck"], renamed: ["KeyPolicy": "Policy"],
    texts: ["Policy"], id: ["KeyMetadata", "KeyId"])
  let deletion = Deletion(
    Call(
      "kms", "ScheduleKeyDeletion", [:], absentCodes: ["NotFoundException"],
      transientCodes: ["DependencyTimeoutException"]), "KeyId")

  // MARK: Observing

  func items(_ context: ReadContext, _ replies: Replies) -> [Document] {
    let prefix = KeyTags.prefix(context)
    let swept = TagSweep(context, replies).swept
      .filter { $0.key.hasPrefix(prefix) && context.owns($0.value) }.map(\.key.lastPart)
    return Set(swept).union(context.candidates.keys).sorted().map { ["KeyId": .string($0)] }
  }

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let sweep = TagSweep(context, replies)
    return [listing.read]
      + items(context, replies).compactMap(id).flatMap { id in
        let declared = context.properties.union(context.candidates[id] ?? [])
        let isRotation = !declared.isDisjoint(with: ["EnableKeyRotation", "RotationPeriodInDays"])
        return [
          Self.description(id), tagging.tags(of: [:], id: id, sweep).wanted,
          declared.contains("KeyPolicy") ? Self.policy(id) : nil,
          isRotation ? Self.rotation(id) : nil,
        ].compactMap(\.self)
      }
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    observed(context, replies).compactMap { key in
      var observed = key
      switch replies.finding(Self.description(key.id)) {
      case .nothing: return nil
      case .unread(let reason):
        observed.mark(["Arn", "Description", "Enabled"] + Self.fixed, reason)
      case .found(let output): describe(&observed, output["KeyMetadata"])
      }
      if key.unread["/Tags"] != nil {
        observed.mark(["PendingWindowInDays"], "its tag is not read")
      } else if let window = key.tags[KeyTags.window].flatMap({ Int($0) }) {
        observed.properties = observed.properties.merging(["PendingWindowInDays": .integer(window)])
      }
      observed.add("KeyPolicy", replies.finding(Self.policy(key.id))) { $0["Policy"]?.parsedJSON }
      let rotation = replies.finding(Self.rotation(key.id))
      observed.add("EnableKeyRotation", rotation) { $0["KeyRotationEnabled"] }
      observed.add("RotationPeriodInDays", rotation) { $0["RotationPeriodInDays"] }
      return observed
    }
  }

  private func describe(_ observed: inout Observed, _ metadata: Document?) {
    let state = metadata?["KeyState"]?.string ?? ""
    // It cannot be used, and KMS deletes it in time, unless somebody keeps it.
    if ["PendingDeletion", "PendingReplicaDeletion"].contains(state) {
      observed.transition = "deleting"
    }
    if state == "PendingImport" {
      observed.mark(["Enabled"], "the key's material is yet to be imported")
    }
    observed.createdAt = metadata?["CreationDate"]?.double
    var members = metadata?.members(named: ["Arn", "Description", "Enabled"] + Self.fixed) ?? [:]
    let specification: Document? = metadata?["KeySpec"] ?? metadata?["CustomerMasterKeySpec"]
    members["KeySpec"] = specification
    observed.properties = observed.properties.merging(.members(members))
  }

  private static func description(_ id: String) -> Read { read("DescribeKey", id) }

  private static func policy(_ id: String) -> Read {
    read("GetKeyPolicy", id, ["PolicyName": "default"])
  }

  /// Keys of most specifications cannot be rotated.
  private static func rotation(_ id: String) -> Read {
    var read = read("GetKeyRotationStatus", id)
    read.call.absentCodes.insert("UnsupportedOperationException")
    return read
  }

  static func read(_ operation: String, _ id: String, _ input: Document = [:]) -> Read {
    Read(
      Call(
        "kms", operation, input.merging(["KeyId": .string(id)]),
        absentCodes: ["NotFoundException"]))
  }
}
