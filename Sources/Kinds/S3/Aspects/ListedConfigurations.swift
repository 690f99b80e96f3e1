import Document
import TrueupCore

/// The four lists that S3 keeps as one configuration per id: listed together, put one by one, and deleted when they are no longer declared.
extension BucketAspect {
  static let analytics = configurations(
    "Analytics", "AnalyticsConfigurations",
    Operations(
      list: "ListBucketAnalyticsConfigurations", put: "PutBucketAnalyticsConfiguration",
      delete: "DeleteBucketAnalyticsConfiguration"),
    registry: { configuration in
      ConfigurationFilter.registry(configuration["Filter"]).merging(
        .members([
          "Id": configuration["Id"],
          "StorageClassAnalysis": configuration["StorageClassAnalysis"]?.changing("DataExport") {
            $0.changing("Destination") { ExportDestination.analytics.registry($0) }
          },
        ]))
    },
    api: { value in
      .members([
        "Id": value["Id"], "Filter": ConfigurationFilter.api(value),
        "StorageClassAnalysis": value["StorageClassAnalysis"]?.changing("DataExport") {
          $0.changing("Destination") { ExportDestination.analytics.api($0) }
        },
      ])
    })

  static let intelligentTiering = configurations(
    "IntelligentTiering", "IntelligentTieringConfigurations",
    Operations(
      list: "ListBucketIntelligentTieringConfigurations",
      put: "PutBucketIntelligentTieringConfiguration",
      delete: "DeleteBucketIntelligentTieringConfiguration"),
    registry: { configuration in
      Document.members(configuration.members(named: ["Id", "Status", "Tierings"]))
        .merging(ConfigurationFilter.registry(configuration["Filter"]))
    },
    api: { value in
      Document.members(value.members(named: ["Id", "Status", "Tierings"]))
        .merging(.members(["Filter": ConfigurationFilter.api(value)]))
    })

  static let inventory = configurations(
    "Inventory", "InventoryConfigurations",
    Operations(
      list: "ListBucketInventoryConfigurations", put: "PutBucketInventoryConfiguration",
      delete: "DeleteBucketInventoryConfiguration"),
    registry: { configuration in
      .members([
        "Id": configuration["Id"], "Enabled": configuration["IsEnabled"],
        "IncludedObjectVersions": configuration["IncludedObjectVersions"],
        "OptionalFields": configuration["OptionalFields"],
        "Prefix": configuration["Filter"]?["Prefix"],
        "ScheduleFrequency": configuration["Schedule"]?["Frequency"],
        "Destination": configuration["Destination"].map(ExportDestination.inventory.registry),
      ])
    },
    api: { value in
      .members([
        "Id": value["Id"], "IsEnabled": value["Enabled"],
        "IncludedObjectVersions": value["IncludedObjectVersions"],
        "OptionalFields": value["OptionalFields"]?.nonEmpty,
        "Filter": ConfigurationFilter.api(value),
        "Schedule": value["ScheduleFrequency"].map { ["Frequency": $0] },
        "Destination": value["Destination"].map(ExportDestination.inventory.api),
      ])
    },
    canonical: { value in value.defaulting(to: ["Prefix": "", "OptionalFields": []]) })

  static let metrics = configurations(
    "Metrics", "MetricsConfigurations",
    Operations(
      list: "ListBucketMetricsConfigurations", put: "PutBucketMetricsConfiguration",
      delete: "DeleteBucketMetricsConfiguration"),
    registry: { configuration in
      ConfigurationFilter.registry(configuration["Filter"], metricsConditions)
        .merging(.members(["Id": configuration["Id"]]))
    },
    api: { value in
      .members([
        "Id": value["Id"], "Filter": ConfigurationFilter.api(value, metricsConditions),
      ])
    })

  private static let metricsConditions = ["Prefix", "AccessPointArn"]

  /// - Parameter noun: as it stands in the members, `Analytics`.
  private static func configurations(
    _ noun: String, _ property: String, _ operations: Operations,
    registry: @escaping @Sendable (Document) -> Document,
    api: @escaping @Sendable (Document) -> Document,
    canonical: @escaping @Sendable (Document) -> Document = ConfigurationFilter.canonical
  ) -> BucketAspect {
    let list = "\(noun)ConfigurationList"
    return BucketAspect(
      property, read: operations.list, absentValue: [],
      decode: { output in output[list]?.nonEmpty?.changingEach(registry) },
      canonical: { value in
        value.changingEach { configuration in
          canonical(configuration).changing("OptionalFields", \.unordered)
            .changing("Tierings", \.unordered)
        }.unordered
      },
      write: { value, change in
        let observed = change.observed[property]?.list ?? []
        let desired = value.list ?? []
        let gone = ids(observed).subtracting(ids(desired))
        let puts = desired.filter { !observed.contains($0) }.map { configuration in
          change.call(
            operations.put,
            [
              "Id": configuration["Id"] ?? "", "\(noun)Configuration": api(configuration),
            ])
        }
        return deletes(operations, gone, change) + puts
      },
      reset: { change in deletes(operations, ids(change.observed[property]?.list ?? []), change) })
  }

  private struct Operations: Sendable {
    let list: String
    let put: String
    let delete: String
  }

  private static func ids(_ configurations: [Document]) -> Set<String> {
    Set(configurations.compactMap { $0["Id"]?.string })
  }

  private static func deletes(
    _ operations: Operations, _ ids: Set<String>, _ change: BucketChange
  ) -> [Call] {
    ids.sorted().map { id in
      change.call(
        operations.delete, ["Id": .string(id)],
        absentCodes: ["NoSuchConfiguration"])
    }
  }
}

/// Where S3 writes its reports: the registry has flat what the API has under `S3BucketDestination`.
private struct ExportDestination: Sendable {
  static let analytics = ExportDestination(names: [
    "BucketArn": "Bucket", "BucketAccountId": "BucketAccountId", "Format": "Format",
    "Prefix": "Prefix",
  ])
  static let inventory = ExportDestination(names: [
    "BucketArn": "Bucket", "BucketAccountId": "AccountId", "Format": "Format", "Prefix": "Prefix",
  ])

  let names: MemberNames

  func registry(_ destination: Document) -> Document {
    names.registry(destination["S3BucketDestination"] ?? [:])
  }

  func api(_ destination: Document) -> Document {
    ["S3BucketDestination": names.api(destination)]
  }
}
