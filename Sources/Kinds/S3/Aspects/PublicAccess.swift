import Document
import TrueupCore

extension BucketAspect {
  /// Without a configuration S3 blocks nothing at the bucket; a new bucket has one that blocks all,
  /// and so has one whose declaration is taken away: never less safe than a new one.
  static let publicAccessBlock = BucketAspect(
    "PublicAccessBlockConfiguration", read: "GetPublicAccessBlock",
    absentCodes: ["NoSuchPublicAccessBlockConfiguration"], absentValue: block(false),
    decode: { output in
      output["PublicAccessBlockConfiguration"].map(MemberNames(blockMembers).registry)
    },
    canonical: { value in value.defaulting(to: block(false).object ?? [:]) },
    write: { value, change in
      [change.call("PutPublicAccessBlock", ["PublicAccessBlockConfiguration": value])]
    },
    reset: { change in
      [change.call("PutPublicAccessBlock", ["PublicAccessBlockConfiguration": block(true)])]
    })

  private static let blockMembers = [
    "BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets",
  ]

  private static func block(_ isOn: Bool) -> Document {
    .object(Dictionary(blockMembers.map { ($0, .bool(isOn)) }, uniquingKeysWith: { $1 }))
  }

  /// Who owns the objects that others put. Buckets from before 2021 without a setting behave as
  /// `ObjectWriter`; new ones have `BucketOwnerEnforced`.
  static let ownershipControls = BucketAspect(
    "OwnershipControls", read: "GetBucketOwnershipControls",
    absentCodes: ["OwnershipControlsNotFoundError"], absentValue: ownership("ObjectWriter"),
    decode: { output in output["OwnershipControls"] },
    write: { value, change in
      [change.call("PutBucketOwnershipControls", ["OwnershipControls": value])]
    },
    reset: { change in
      [
        change.call(
          "PutBucketOwnershipControls", ["OwnershipControls": ownership("BucketOwnerEnforced")])
      ]
    })

  private static func ownership(_ rule: Document) -> Document {
    ["Rules": [["ObjectOwnership": rule]]]
  }
}
