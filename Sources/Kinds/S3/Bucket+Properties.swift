import Document
import TrueupCore

extension Bucket {
  /// All aspects, in the order in which they are written; taking away goes backwards.
  static let aspects: [BucketAspect] = [
    // What keeps the public out comes first. Grants need an ownership that allows them.
    .publicAccessBlock, .ownershipControls, .accessControl,
    // Object Lock and replication need it.
    .versioning,
    .encryption, .objectLockEnabled, .objectLock, .lifecycle, .cors, .website, .logging,
    .notifications, .acceleration, .analytics, .intelligentTiering, .inventory, .metrics,
    .replication, .metadataTable, .metadata,
    // From then on, tags are written in another way.
    .abac,
  ]

  /// What is known of single properties.
  static let properties =
    ([
      "/AccessControl": .security,
      "/AnalyticsConfigurations": .keyed("Id"),
      "/AnalyticsConfigurations/*/TagFilters": .set,
      "/BucketEncryption": .security,
      "/BucketEncryption/ServerSideEncryptionConfiguration/*/BlockedEncryptionTypes/EncryptionType":
        .set,
      "/BucketNamePrefix": .unsupported(
        """
        CloudFormation makes the name of it; declare the whole BucketName with Fn::Sub, for instance \
        ${Prefix}-${AWS::AccountId}-${AWS::Region}-an for the account-regional namespace
        """),
      "/BucketNamespace": .notReadable("S3 takes the namespace on creation and does not show it"),
      "/CorsConfiguration/CorsRules": .losing(.members),
      "/CorsConfiguration/CorsRules/*/AllowedHeaders": .set,
      "/CorsConfiguration/CorsRules/*/AllowedMethods": .set,
      "/CorsConfiguration/CorsRules/*/AllowedOrigins": .set,
      "/CorsConfiguration/CorsRules/*/ExposedHeaders": .set,
      "/IntelligentTieringConfigurations": .keyed("Id"),
      "/IntelligentTieringConfigurations/*/TagFilters": .set,
      "/IntelligentTieringConfigurations/*/Tierings": .set,
      "/InventoryConfigurations": .keyed("Id"),
      "/InventoryConfigurations/*/OptionalFields": .set,
      "/LifecycleConfiguration/Rules": .set.losing(
        .rules(
          deletingBy: [
            "ExpirationInDays", "ExpirationDate", "NoncurrentVersionExpiration",
            "NoncurrentVersionExpirationInDays",
          ], while: "Status", is: "Enabled")),
      "/LifecycleConfiguration/Rules/*/NoncurrentVersionTransitions": .set,
      "/LifecycleConfiguration/Rules/*/TagFilters": .set,
      "/LifecycleConfiguration/Rules/*/Transitions": .set,
      "/LoggingConfiguration/DestinationBucketName": .refers(to: "AWS::S3::Bucket"),
      "/MetadataConfiguration/InventoryTableConfiguration/EncryptionConfiguration": hiddenKey,
      "/MetadataConfiguration/JournalTableConfiguration/EncryptionConfiguration": hiddenKey,
      "/MetricsConfigurations": .keyed("Id"),
      "/MetricsConfigurations/*/TagFilters": .set,
      "/NotificationConfiguration/LambdaConfigurations": .set.losing(.members),
      "/NotificationConfiguration/LambdaConfigurations/*/Filter/S3Key/Rules": .set,
      "/NotificationConfiguration/QueueConfigurations": .set.losing(.members),
      "/NotificationConfiguration/QueueConfigurations/*/Filter/S3Key/Rules": .set,
      "/NotificationConfiguration/TopicConfigurations": .set.losing(.members),
      "/NotificationConfiguration/TopicConfigurations/*/Filter/S3Key/Rules": .set,
      "/ObjectLockConfiguration/Rule/DefaultRetention/Days": .losing(.less(absent: 0)),
      "/ObjectLockConfiguration/Rule/DefaultRetention/Years": .losing(.less(absent: 0)),
      "/ObjectLockEnabled": .notResettable("Object Lock cannot be turned off once it is on"),
      "/OwnershipControls": .security,
      "/PublicAccessBlockConfiguration": .security,
      "/ReplicationConfiguration": .losing(.members),
      "/ReplicationConfiguration/Rules": .set.losing(.members),
      "/ReplicationConfiguration/Rules/*/Filter/And/TagFilters": .set,
      "/VersioningConfiguration/Status": .losing(.leaving("Enabled")),
      "/WebsiteConfiguration": .losing(.members),
    ] as PropertyTable).adding(
      defaults: aspects.reduce(into: [:]) { defaults, aspect in
        aspect.absentValue?.collect(into: &defaults, at: PropertyPath([aspect.property]))
      })

  private static let hiddenKey = PropertyFacts.notReadable(
    "S3 takes the encryption of a metadata table on creation and does not show it")
}

extension Document {
  /// This value and those of its members, each under its path.
  fileprivate func collect(into values: inout [PropertyPath: Document], at path: PropertyPath) {
    values[path] = self
    for (key, member) in object ?? [:] {
      member.collect(into: &values, at: path.appending(key))
    }
  }
}
