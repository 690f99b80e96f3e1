import Document
import TrueupCore

/// `AWS::S3::Bucket`: a name, and a long list of settings of which each has operations of its own.
public struct Bucket: SteppedKind {
  typealias Work = BucketStep

  public init() {}

  public let type = "AWS::S3::Bucket"

  public let facts = TypeFacts(
    Identity(
      ref: "BucketName", name: NameRule(property: "BucketName", maximumLength: 63, lowercase: true),
      arn: "s3", foretold: ["Arn": { "arn:\($0.partition):s3:::\($0.name)" }]),
    lifecycle: Lifecycle(holdsData: true),
    properties: ([
      "/AnalyticsConfigurations": .keyed("Id"),
      "/AnalyticsConfigurations/*/TagFilters": .set,
      "/BucketEncryption/ServerSideEncryptionConfiguration/*/BlockedEncryptionTypes/EncryptionType":
        .set,
      "/CorsConfiguration/CorsRules/*/AllowedHeaders": .set,
      "/CorsConfiguration/CorsRules/*/AllowedMethods": .set,
      "/CorsConfiguration/CorsRules/*/AllowedOrigins": .set,
      "/CorsConfiguration/CorsRules/*/ExposedHeaders": .set,
      "/IntelligentTieringConfigurations": .keyed("Id"),
      "/IntelligentTieringConfigurations/*/TagFilters": .set,
      "/IntelligentTieringConfigurations/*/Tierings": .set,
      "/InventoryConfigurations": .keyed("Id"),
      "/InventoryConfigurations/*/OptionalFields": .set,
      "/CorsConfiguration/CorsRules": .losing(.members),
      "/LifecycleConfiguration/Rules": .set.losing(
        .rules(
          deletingBy: [
            "ExpirationInDays", "ExpirationDate", "NoncurrentVersionExpiration",
            "NoncurrentVersionExpirationInDays",
          ], while: "Status", is: "Enabled")),
      "/ObjectLockConfiguration/Rule/DefaultRetention/Days": .losing(.less(absent: 0)),
      "/ObjectLockConfiguration/Rule/DefaultRetention/Years": .losing(.less(absent: 0)),
      "/PublicAccessBlockConfiguration": .security,
      "/BucketEncryption": .security,
      "/AccessControl": .security,
      "/OwnershipControls": .security,
      "/VersioningConfiguration/Status": .losing(.leaving("Enabled")),
      "/WebsiteConfiguration": .losing(.members),
      "/LoggingConfiguration/DestinationBucketName": .refers(to: "AWS::S3::Bucket"),
      "/LifecycleConfiguration/Rules/*/NoncurrentVersionTransitions": .set,
      "/LifecycleConfiguration/Rules/*/TagFilters": .set,
      "/LifecycleConfiguration/Rules/*/Transitions": .set,
      "/MetricsConfigurations": .keyed("Id"),
      "/MetricsConfigurations/*/TagFilters": .set,
      "/NotificationConfiguration/LambdaConfigurations": .set.losing(.members),
      "/NotificationConfiguration/LambdaConfigurations/*/Filter/S3Key/Rules": .set,
      "/NotificationConfiguration/QueueConfigurations": .set.losing(.members),
      "/NotificationConfiguration/QueueConfigurations/*/Filter/S3Key/Rules": .set,
      "/NotificationConfiguration/TopicConfigurations": .set.losing(.members),
      "/NotificationConfiguration/TopicConfigurations/*/Filter/S3Key/Rules": .set,
      "/ReplicationConfiguration": .losing(.members),
      "/ReplicationConfiguration/Rules": .set.losing(.members),
      "/ReplicationConfiguration/Rules/*/Filter/And/TagFilters": .set,
      "/BucketNamePrefix": .unsupported(
        """
        CloudFormation makes the name of it; declare the whole BucketName with Fn::Sub, for instance \
        ${Prefix}-${AWS::AccountId}-${AWS::Region}-an for the account-regional namespace
        """),
      "/BucketNamespace": .notReadable("S3 takes the namespace on creation and does not show it"),
      "/MetadataConfiguration/JournalTableConfiguration/EncryptionConfiguration": .notReadable(
        "S3 takes the encryption of a metadata table on creation and does not show it"),
      "/MetadataConfiguration/InventoryTableConfiguration/EncryptionConfiguration": .notReadable(
        "S3 takes the encryption of a metadata table on creation and does not show it"),
      "/ObjectLockEnabled": .notResettable("Object Lock cannot be turned off once it is on"),
    ] as PropertyTable).adding(
      defaults: BucketAspect.all.reduce(into: [:]) { defaults, aspect in
        aspect.absentValue?.collect(into: &defaults, at: PropertyPath([aspect.property]))
      }),
    canonical: { Bucket.canonical($0) },
    replaces: { path, desired, observed in
      path == "/ObjectLockEnabled" && desired == false && observed == true
    })

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    BucketObservation(context: context, replies: replies).reads
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    BucketObservation(context: context, replies: replies).buckets(ofType: type)
  }

  /// The properties with each aspect in its one form.
  static func canonical(_ properties: Document) -> Document {
    BucketAspect.all.reduce(properties) { properties, aspect in
      properties.changing(aspect.property, aspect.canonical)
    }
  }
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
