import Document
import TrueupCore

/// A KMS key. It has no name: its tags say whose it is.
public struct Key: SequencedKind {
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

  /// The tag that keeps how long a key waits for its deletion, which KMS is told only then.
  static let windowTag = "trueup:pending-window"

  /// KMS has no bulk read: the keys are those that the tag sweep shows as ours or that the base knows,
  /// and each is read by itself.
  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    [TagSweep.read]
      + keys(context, replies).flatMap { id, tags in
        let declared = context.properties.union(context.candidates[id] ?? [])
        let isRotation = !declared.isDisjoint(with: ["EnableKeyRotation", "RotationPeriodInDays"])
        return [
          Self.description(id), tags.wanted, declared.contains("KeyPolicy") ? Self.policy(id) : nil,
          isRotation ? Self.rotation(id) : nil,
        ].compactMap(\.self)
      }
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    keys(context, replies).compactMap { id, tags in
      let window = tags.known[Self.windowTag].flatMap { Int($0) }.map(Document.integer)
      var observed = observed(
        id, ["KeyId": .string(id), "PendingWindowInDays": window], tags, context)
      if tags.unread != nil { observed.mark(["PendingWindowInDays"], "its tag is not read") }
      switch replies.finding(Self.description(id)) {
      case .nothing: return nil
      case .unread(let reason):
        observed.mark(["Arn", "Description", "Enabled"] + Self.fixed, reason)
      case .found(let output): describe(&observed, output["KeyMetadata"] ?? .object([:]))
      }
      observed.add("KeyPolicy", replies.finding(Self.policy(id))) { $0["Policy"]?.parsedJSON }
      let rotation = replies.finding(Self.rotation(id))
      observed.add("EnableKeyRotation", rotation) { $0["KeyRotationEnabled"] }
      observed.add("RotationPeriodInDays", rotation) { $0["RotationPeriodInDays"] }
      return observed
    }
  }

  private func keys(
    _ context: ReadContext, _ replies: Replies
  ) -> [(id: String, tags: TagSweep.KnownTags)] {
    let sweep = TagSweep(context, replies)
    let prefix = "arn:\(context.partition):kms:\(context.region):\(context.scope.account):key/"
    let swept = sweep.swept.filter { $0.key.hasPrefix(prefix) && context.owns($0.value) }
      .map { String($0.key.dropFirst(prefix.count)) }
    return Set(swept).union(context.candidates.keys).sorted().map { id in
      var own = Self.read("ListResourceTags", id)
      own.pageSize = 50
      return (id, sweep.tags(ofARN: prefix + id, candidate: id, own: own, Self.tags))
    }
  }

  private func describe(_ observed: inout Observed, _ metadata: Document) {
    let state = metadata["KeyState"]?.string ?? ""
    // It cannot be used, and KMS deletes it in time, unless somebody keeps it.
    if ["PendingDeletion", "PendingReplicaDeletion"].contains(state) {
      observed.transition = "deleting"
    }
    if state == "PendingImport" {
      observed.mark(["Enabled"], "the key's material is yet to be imported")
    }
    observed.createdAt = metadata["CreationDate"]?.double
    var members = metadata.members(named: ["Arn", "Description", "Enabled"] + Self.fixed)
    members["KeySpec"] = metadata["KeySpec"] ?? metadata["CustomerMasterKeySpec"]
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

  private static func read(_ operation: String, _ id: String, _ input: Document = [:]) -> Read {
    Read(
      Call(
        "kms", operation, input.merging(["KeyId": .string(id)]),
        absentCodes: ["NotFoundException"]))
  }

  // MARK: Tags

  /// Tags as KMS writes them.
  static func list(_ tags: [String: String]) -> Document {
    .list(
      tags.sorted { $0.key < $1.key }.map {
        ["TagKey": .string($0.key), "TagValue": .string($0.value)]
      })
  }

  private static func tags(_ output: Document) -> [String: String] {
    let pairs = output.elements("Tags").compactMap { tag in
      tag["TagKey"]?.string.map { ($0, tag["TagValue"]?.string ?? "") }
    }
    return Dictionary(pairs, uniquingKeysWith: { _, last in last })
  }
}
