import Document
import TrueupCore

/// Who may reach what is in a bucket.
extension BucketAspect {
  /// Without a configuration S3 blocks nothing at the bucket; a new bucket has one that blocks all, and so
  /// has one whose declaration is taken away: never less safe than a new one.
  static let publicAccessBlock = BucketAspect(
    property: "PublicAccessBlockConfiguration", noun: "PublicAccessBlock",
    absentCodes: ["NoSuchPublicAccessBlockConfiguration"], absentValue: block(false),
    initial: block(true))

  private static func block(_ isOn: Document) -> Document {
    [
      "BlockPublicAcls": isOn, "BlockPublicPolicy": isOn, "IgnorePublicAcls": isOn,
      "RestrictPublicBuckets": isOn,
    ]
  }

  /// Who owns the objects that others put. Buckets from before 2021 without a setting behave as
  /// `ObjectWriter`; new ones have `BucketOwnerEnforced`.
  static let ownershipControls = BucketAspect(
    property: "OwnershipControls", noun: "BucketOwnershipControls",
    absentCodes: ["OwnershipControlsNotFoundError"], absentValue: ownership("ObjectWriter"),
    initial: ownership("BucketOwnerEnforced"))

  private static func ownership(_ rule: Document) -> Document {
    ["Rules": [["ObjectOwnership": rule]]]
  }

  /// Access by the bucket's tags. While it is on, S3 takes tags through S3 Control alone.
  static let abac = BucketAspect(
    property: "AbacStatus", noun: "BucketAbac", absentValue: "Disabled",
    shown: { $0["Status"] },
    written: { ["Status": $0] },
    write: { $2.isNew && $1 == $0.absentValue ? [] : [$0.put($1, $2)] })

  static let cors = BucketAspect(
    property: "CorsConfiguration", noun: "BucketCors", member: "CORSConfiguration",
    absentCodes: ["NoSuchCORSConfiguration"], deletion: "DeleteBucketCors",
    names: [
      "CorsRules": "CORSRules", "CorsRules/*/Id": "ID",
      "CorsRules/*/ExposedHeaders": "ExposeHeaders", "CorsRules/*/MaxAge": "MaxAgeSeconds",
    ],
    settled: { value in
      value.changing("CorsRules/*") { $0.dropping(["AllowedHeaders": [], "ExposedHeaders": []]) }
    })

  static let website = BucketAspect(
    property: "WebsiteConfiguration", noun: "BucketWebsite",
    absentCodes: ["NoSuchWebsiteConfiguration"], deletion: "DeleteBucketWebsite",
    names: [
      "IndexDocument": "IndexDocument/Suffix", "ErrorDocument": "ErrorDocument/Key",
      "RoutingRules/*/RedirectRule": "Redirect",
      "RoutingRules/*/RoutingRuleCondition": "Condition",
    ],
    settled: { $0.dropping(["RoutingRules": []]) })

  /// Transfer acceleration. Regions and names that cannot have it say so instead of showing none.
  static let acceleration = BucketAspect(
    property: "AccelerateConfiguration", noun: "BucketAccelerateConfiguration",
    absentCodes: ["UnsupportedArgument", "MethodNotAllowed"],
    absentValue: ["AccelerationStatus": "Suspended"], names: ["AccelerationStatus": "Status"])

  /// Server access logs; without a destination they go into the bucket itself. The destination may be about to
  /// get the policy or the ACL that lets logs in.
  static let logging = BucketAspect(
    property: "LoggingConfiguration", noun: "BucketLogging", member: "BucketLoggingStatus",
    initial: [:], transientCodes: ["InvalidTargetBucketForLogging"],
    names: [
      "DestinationBucketName": "LoggingEnabled/TargetBucket",
      "LogFilePrefix": "LoggingEnabled/TargetPrefix",
      "TargetObjectKeyFormat": "LoggingEnabled/TargetObjectKeyFormat",
    ], defaults: ["LogFilePrefix": ""],
    write: { logging, value, change in
      let own: Document = ["DestinationBucketName": .string(change.bucket)]
      return [logging.put(value == logging.initial ? value : own.merging(value), change)]
    })
}
