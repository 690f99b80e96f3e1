import Document
import TrueupCore

/// The four lists that S3 keeps as one configuration per id: listed together, put one by one, and deleted when
/// they are no longer declared.
extension BucketAspect {
  static let analytics = configurations(
    "Analytics",
    operations: (
      "ListBucketAnalyticsConfigurations", "PutBucketAnalyticsConfiguration",
      "DeleteBucketAnalyticsConfiguration"
    ),
    names: [
      "*/StorageClassAnalysis/DataExport/Destination/BucketArn": "S3BucketDestination/Bucket",
      "*/StorageClassAnalysis/DataExport/Destination/BucketAccountId":
        "S3BucketDestination/BucketAccountId",
      "*/StorageClassAnalysis/DataExport/Destination/Format": "S3BucketDestination/Format",
      "*/StorageClassAnalysis/DataExport/Destination/Prefix": "S3BucketDestination/Prefix",
    ])
  static let intelligentTiering = configurations(
    "IntelligentTiering",
    operations: (
      "ListBucketIntelligentTieringConfigurations", "PutBucketIntelligentTieringConfiguration",
      "DeleteBucketIntelligentTieringConfiguration"
    ), facts: ["*/Tierings": .set])
  static let inventory = configurations(
    "Inventory",
    operations: (
      "ListBucketInventoryConfigurations", "PutBucketInventoryConfiguration",
      "DeleteBucketInventoryConfiguration"
    ),
    names: [
      "*/Enabled": "IsEnabled", "*/ScheduleFrequency": "Schedule/Frequency",
      "*/Destination/BucketArn": "S3BucketDestination/Bucket",
      "*/Destination/BucketAccountId": "S3BucketDestination/AccountId",
      "*/Destination/Format": "S3BucketDestination/Format",
      "*/Destination/Prefix": "S3BucketDestination/Prefix",
    ], lists: "OptionalFields")
  static let metrics = configurations(
    "Metrics",
    operations: (
      "ListBucketMetricsConfigurations", "PutBucketMetricsConfiguration",
      "DeleteBucketMetricsConfiguration"
    ))

  /// - Parameter sort: as it stands in the members, `Analytics`.
  private static func configurations(
    _ sort: String, operations: (list: String, put: String, delete: String),
    names: MemberNames = [:], lists list: String = "TagFilters",
    facts: [PropertyPath: PropertyFacts] = [:]
  ) -> BucketAspect {
    BucketAspect(
      property: "\(sort)Configurations", reading: operations.list, writing: operations.put,
      member: "\(sort)ConfigurationList",
      absentValue: [], names: names, defaults: ["*/Prefix": "", PropertyPath(["*", list]): []],
      facts: facts.merging(["": .keyed("Id"), PropertyPath(["*", list]): .set]) { $1 },
      shown: { $0.list.map { .list($0.map(ConfigurationFilter.registry)) } },
      written: { $0.changing("*", ConfigurationFilter.api) },
      write: { aspect, _, step in
        let kept = step.desired.elements(aspect.property).map { $0["Id"] }
        let ids = step.shown.elements(aspect.property).map { $0["Id"] }
        return ids.filter { !kept.contains($0) }.map { id in
          step.s3(operations.delete, ["Id": id], absentCodes: ["NoSuchConfiguration"])
        }
          + step.added(to: aspect.property).map { configuration in
            step.s3(
              aspect.writing,
              ["Id": configuration["Id"], "\(sort)Configuration": aspect.api([configuration])[0]])
          }
      })
  }
}
