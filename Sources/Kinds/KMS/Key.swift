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

  let details = [
    Detail(["Arn", "Description", "Enabled"] + fixed, isNeeded: true) { _, id in
      Key.description(id)
    } values: { output in
      let metadata = output["KeyMetadata"] ?? .object([:])
      let specification: Document? = metadata["KeySpec"] ?? metadata["CustomerMasterKeySpec"]
      return metadata.members(named: ["Arn", "Description", "Enabled"] + fixed)
        .merging(["KeySpec": specification]) { $1 }
    },
    Detail(["KeyPolicy"]) { _, id in
      Key.read("GetKeyPolicy", id, ["PolicyName": "default"])
    } values: {
      ["KeyPolicy": $0["Policy"]?.parsedJSON]
    },
    // Keys of most specifications cannot be rotated.
    Detail(["EnableKeyRotation", "RotationPeriodInDays"]) { _, id in
      Key.read("GetKeyRotationStatus", id, absent: "UnsupportedOperationException")
    } values: {
      [
        "EnableKeyRotation": $0["KeyRotationEnabled"],
        "RotationPeriodInDays": $0["RotationPeriodInDays"],
      ]
    },
  ]

  /// Also of a key whose tags are gone, all is asked for that any declares.
  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    [listing.read]
      + listed(context, replies).flatMap { entry in
        var entry = entry
        entry.declared.formUnion(context.properties)
        return (details.map { $0.wanted(of: entry) } + [entry.tags.wanted]).compactMap(\.self)
      }
  }

  func amended(_ observed: Observed, _ item: Document, _ replies: Replies) -> Observed? {
    var observed = observed
    let metadata = replies[Self.description(observed.id)]?.output?["KeyMetadata"]
    let state = metadata?["KeyState"]?.string ?? ""
    // It cannot be used, and KMS deletes it in time, unless somebody keeps it.
    if ["PendingDeletion", "PendingReplicaDeletion"].contains(state) {
      observed.transition = "deleting"
    }
    if state == "PendingImport" {
      observed.mark(["Enabled"], "the key's material is yet to be imported")
    }
    observed.createdAt = metadata?["CreationDate"]?.double
    if observed.unread["/Tags"] != nil {
      observed.mark(["PendingWindowInDays"], "its tag is not read")
    } else if let window = observed.tags[KeyTags.window].flatMap({ Int($0) }) {
      observed.properties = observed.properties.merging(["PendingWindowInDays": .integer(window)])
    }
    return observed
  }

  private static func description(_ id: String) -> Read { read("DescribeKey", id) }

  static func read(
    _ operation: String, _ id: String, _ input: Document = [:], absent: String...
  ) -> Read {
    Read(
      Call(
        "kms", operation, input.merging(["KeyId": .string(id)]),
        absentCodes: Set(absent + ["NotFoundException"])))
  }
}
