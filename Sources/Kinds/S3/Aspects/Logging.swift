import Document
import TrueupCore

extension BucketAspect {
  /// Server access logs; without a destination they go into the bucket itself.
  static let logging = BucketAspect(
    "LoggingConfiguration", read: "GetBucketLogging",
    decode: { output in output["LoggingEnabled"].map(loggingNames.registry) },
    canonical: { value in value.defaulting(to: ["LogFilePrefix": ""]) },
    write: { value, change in
      let target = value.defaulting(to: ["DestinationBucketName": .string(change.bucket)])
      return [
        // The destination may be about to get the policy or the ACL that lets logs in.
        change.call(
          "PutBucketLogging", ["BucketLoggingStatus": ["LoggingEnabled": loggingNames.api(target)]],
          transientCodes: ["InvalidTargetBucketForLogging"], patience: 30)
      ]
    },
    reset: { change in [change.call("PutBucketLogging", ["BucketLoggingStatus": [:]])] })

  private static let loggingNames: MemberNames = [
    "DestinationBucketName": "TargetBucket", "LogFilePrefix": "TargetPrefix",
    "TargetObjectKeyFormat": "TargetObjectKeyFormat",
  ]
}
