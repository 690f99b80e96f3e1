import Document
import TrueupCore

/// What keeps the objects of a bucket from being lost or read.
extension BucketAspect {
  /// Once on, versioning can be suspended but never be off again.
  static let versioning = BucketAspect(
    property: "VersioningConfiguration", reading: "GetBucketVersioning",
    writing: "PutBucketVersioning",
    absentValue: ["Status": "Suspended"], facts: ["Status": .losing(.leaving("Enabled"))],
    write: { versioning, value, step in
      var put = versioning.put(value, step)
      // A replication configuration that is on its way out blocks the step for a while.
      if step.desired[replication.property] == nil, step.shown[replication.property] != nil {
        put.transientCodes.insert("InvalidBucketState")
      }
      return [put]
    })

  /// Every bucket encrypts: without a configuration of its own with S3's keys (AES256).
  static let encryption = BucketAspect(
    property: "BucketEncryption", reading: "GetBucketEncryption",
    writing: "PutBucketEncryption",
    member: "ServerSideEncryptionConfiguration",
    absentCodes: ["ServerSideEncryptionConfigurationNotFoundError"],
    absentValue: [
      "ServerSideEncryptionConfiguration": [
        ["ServerSideEncryptionByDefault": ["SSEAlgorithm": "AES256"], "BucketKeyEnabled": false]
      ]
    ], deletion: "DeleteBucketEncryption",
    names: [
      "ServerSideEncryptionConfiguration": "Rules",
      "ServerSideEncryptionConfiguration/*/ServerSideEncryptionByDefault":
        "ApplyServerSideEncryptionByDefault",
    ],
    facts: [
      "": .security,
      "ServerSideEncryptionConfiguration/*/BlockedEncryptionTypes/EncryptionType": .set,
    ],
    settled: { value in
      value.changing("ServerSideEncryptionConfiguration/*") { rule in
        rule["ServerSideEncryptionByDefault"] == nil
          ? rule : rule.defaulting(to: ["BucketKeyEnabled": false])
      }
    },
    write: { encryption, value, step in
      // S3 replaces all of it, so what is not declared (S3 blocks SSE-C by itself) is said again.
      let rule = step.shown["BucketEncryption"]?["ServerSideEncryptionConfiguration"]?[0]
      let shown = Document.members(["BlockedEncryptionTypes": rule?["BlockedEncryptionTypes"]])
      let whole = value.changing("ServerSideEncryptionConfiguration/*", shown.merging)
      return [encryption.put(whole, step)]
    })

  /// Object Lock can be turned on later on a versioned bucket, and never off.
  static let objectLockEnabled = BucketAspect(
    property: "ObjectLockEnabled", reading: objectLock.reading, writing: objectLock.writing,
    member: objectLock.property,
    absentCodes: objectLock.absentCodes, absentValue: false,
    facts: ["": .notResettable("Object Lock cannot be turned off once it is on")],
    shown: { $0["ObjectLockEnabled"].map { .bool($0 == "Enabled") } },
    write: { _, value, step in
      // A new bucket is created with it.
      if value != true || step.action == .create { return [] }
      let rule = step.desired[objectLock.property]?["Rule"]
      return [objectLock.put(.members(["ObjectLockEnabled": "Enabled", "Rule": rule]), step)]
    })

  /// The default retention; where it is taken away, the lock itself stays. Versioning that was just turned
  /// on may not be seen yet.
  static let objectLock = BucketAspect(
    property: "ObjectLockConfiguration", reading: "GetObjectLockConfiguration",
    writing: "PutObjectLockConfiguration",
    absentCodes: ["ObjectLockConfigurationNotFoundError"],
    initial: ["ObjectLockEnabled": "Enabled"], transientCodes: ["InvalidBucketState"],
    defaults: ["ObjectLockEnabled": "Enabled"],
    facts: [
      "Rule/DefaultRetention/Days": .losing(.less(absent: 0)),
      "Rule/DefaultRetention/Years": .losing(.less(absent: 0)),
    ])
}
