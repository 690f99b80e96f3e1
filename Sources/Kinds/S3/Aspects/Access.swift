import Document
import TrueupCore

/// Who may reach what is in a bucket, and how.
extension BucketAspect {
  /// Without a configuration S3 blocks nothing at the bucket; a new bucket has one that blocks all, and so
  /// has one whose declaration is taken away: never less safe than a new one.
  static let publicAccessBlock = BucketAspect(
    property: "PublicAccessBlockConfiguration", reading: "GetPublicAccessBlock",
    writing: "PutPublicAccessBlock",
    absentCodes: ["NoSuchPublicAccessBlockConfiguration"], absentValue: block(false),
    initial: block(true), facts: ["": .security])

  private static func block(_ isOn: Document) -> Document {
    [
      "BlockPublicAcls": isOn, "BlockPublicPolicy": isOn, "IgnorePublicAcls": isOn,
      "RestrictPublicBuckets": isOn,
    ]
  }

  /// Who owns the objects that others put. Buckets from before 2021 without a setting behave as
  /// `ObjectWriter`; new ones have `BucketOwnerEnforced`.
  static let ownershipControls = BucketAspect(
    property: "OwnershipControls", reading: "GetBucketOwnershipControls",
    writing: "PutBucketOwnershipControls",
    absentCodes: ["OwnershipControlsNotFoundError"],
    absentValue: ["Rules": [["ObjectOwnership": "ObjectWriter"]]],
    initial: ["Rules": [["ObjectOwnership": "BucketOwnerEnforced"]]], facts: ["": .security])

  /// Access by the bucket's tags. While it is on, S3 takes tags through S3 Control alone.
  static let abac = BucketAspect(
    property: "AbacStatus", reading: "GetBucketAbac",
    writing: "PutBucketAbac", absentValue: "Disabled",
    shown: { $0["Status"] },
    written: { ["Status": $0] },
    write: { abac, value, step in
      step.action == .create && value == abac.absentValue ? [] : [abac.put(value, step)]
    })

  static let cors = BucketAspect(
    property: "CorsConfiguration", reading: "GetBucketCors",
    writing: "PutBucketCors", member: "CORSConfiguration",
    absentCodes: ["NoSuchCORSConfiguration"], deletion: "DeleteBucketCors",
    names: [
      "CorsRules": "CORSRules", "CorsRules/*/Id": "ID",
      "CorsRules/*/ExposedHeaders": "ExposeHeaders", "CorsRules/*/MaxAge": "MaxAgeSeconds",
    ],
    facts: [
      // The first rule that fits a request decides: their order matters, that of their lists not.
      "CorsRules": .losing(.members), "CorsRules/*/AllowedHeaders": .set,
      "CorsRules/*/AllowedMethods": .set, "CorsRules/*/AllowedOrigins": .set,
      "CorsRules/*/ExposedHeaders": .set,
    ],
    settled: { value in
      value.changing("CorsRules/*") { $0.dropping(["AllowedHeaders": [], "ExposedHeaders": []]) }
    })

  static let website = BucketAspect(
    property: "WebsiteConfiguration", reading: "GetBucketWebsite",
    writing: "PutBucketWebsite",
    absentCodes: ["NoSuchWebsiteConfiguration"], deletion: "DeleteBucketWebsite",
    names: [
      "IndexDocument": "IndexDocument/Suffix", "ErrorDocument": "ErrorDocument/Key",
      "RoutingRules/*/RedirectRule": "Redirect",
      "RoutingRules/*/RoutingRuleCondition": "Condition",
    ], facts: ["": .losing(.members)],
    settled: { $0.dropping(["RoutingRules": []]) })

  /// Transfer acceleration. Regions and names that cannot have it say so instead of showing none.
  static let acceleration = BucketAspect(
    property: "AccelerateConfiguration", reading: "GetBucketAccelerateConfiguration",
    writing: "PutBucketAccelerateConfiguration",
    absentCodes: ["UnsupportedArgument", "MethodNotAllowed"],
    absentValue: ["AccelerationStatus": "Suspended"], names: ["AccelerationStatus": "Status"])

  /// Server access logs; without a destination they go into the bucket itself. The destination may be about
  /// to get the policy or the ACL that lets logs in.
  static let logging = BucketAspect(
    property: "LoggingConfiguration", reading: "GetBucketLogging",
    writing: "PutBucketLogging", member: "BucketLoggingStatus",
    initial: [:], transientCodes: ["InvalidTargetBucketForLogging"],
    names: [
      "DestinationBucketName": "LoggingEnabled/TargetBucket",
      "LogFilePrefix": "LoggingEnabled/TargetPrefix",
      "TargetObjectKeyFormat": "LoggingEnabled/TargetObjectKeyFormat",
    ], defaults: ["LogFilePrefix": ""],
    facts: ["DestinationBucketName": .refers(to: "AWS::S3::Bucket")],
    write: { logging, value, step in
      let own: Document = ["DestinationBucketName": .string(step.id ?? "")]
      return [logging.put(value == logging.initial ? value : own.merging(value), step)]
    })
}
