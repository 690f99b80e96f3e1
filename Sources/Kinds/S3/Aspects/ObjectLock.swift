import Document
import TrueupCore

extension BucketAspect {
  /// Object Lock can be turned on later on a versioned bucket, and never off.
  static let objectLockEnabled = BucketAspect(
    "ObjectLockEnabled", read: objectLockRead, absentCodes: objectLockAbsent, absentValue: false,
    decode: { output in
      output["ObjectLockConfiguration"]?["ObjectLockEnabled"].map { .bool($0 == "Enabled") }
    },
    write: { value, change in
      // A new bucket is created with it.
      value != true || change.isNew
        ? []
        : [putObjectLock(change.desired["ObjectLockConfiguration"]?["Rule"], change)]
    },
    reset: { _ in [] })

  static let objectLock = BucketAspect(
    "ObjectLockConfiguration", read: objectLockRead, absentCodes: objectLockAbsent,
    decode: { output in
      output["ObjectLockConfiguration"].flatMap {
        MemberNames(["ObjectLockEnabled", "Rule"]).registry($0).nonEmpty
      }
    },
    canonical: { value in value.defaulting(to: ["ObjectLockEnabled": "Enabled"]) },
    write: { value, change in [putObjectLock(value["Rule"], change)] },
    // Takes the default retention away; the lock itself stays.
    reset: { change in [putObjectLock(nil, change)] })

  private static let objectLockRead = "GetObjectLockConfiguration"
  private static let objectLockAbsent: Set<String> = ["ObjectLockConfigurationNotFoundError"]

  /// Versioning that was just turned on may not be seen yet: `InvalidBucketState`.
  private static func putObjectLock(_ rule: Document?, _ change: BucketChange) -> Call {
    change.call(
      "PutObjectLockConfiguration",
      ["ObjectLockConfiguration": .members(["ObjectLockEnabled": "Enabled", "Rule": rule])],
      transientCodes: ["InvalidBucketState"], patience: 60)
  }
}
