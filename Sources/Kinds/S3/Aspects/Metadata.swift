import Document
import TrueupCore

/// S3 Metadata: tables about the bucket's objects. Version 1 has one table and can only be deleted
/// and created again; version 2 has a journal and an inventory, which can be updated.
/// Source: S3 API reference, CreateBucketMetadataConfiguration.
extension BucketAspect {
  private static let metadataAbsent: Set<String> = ["MetadataConfigurationNotFound"]

  static let metadataTable = BucketAspect(
    "MetadataTableConfiguration", read: "GetBucketMetadataTableConfiguration",
    // S3 answers this where the bucket has a configuration of version 2.
    absentCodes: metadataAbsent.union(["MethodNotAllowed"]),
    decode: { output in
      let result = output["GetBucketMetadataTableConfigurationResult"]
      return result?["MetadataTableConfigurationResult"]?["S3TablesDestinationResult"].map {
        ["S3TablesDestination": $0]
      }
    },
    write: { value, change in
      let destination = MemberNames(["TableBucketArn", "TableName"]).api(
        value["S3TablesDestination"] ?? [:])
      let create = change.call(
        "CreateBucketMetadataTableConfiguration",
        ["MetadataTableConfiguration": ["S3TablesDestination": destination]])
      let isThere = change.observed["MetadataTableConfiguration"] != nil
      return (isThere ? [deleteMetadataTable(change)] : []) + [create]
    },
    reset: { change in [deleteMetadataTable(change)] })

  private static func deleteMetadataTable(_ change: BucketChange) -> Call {
    change.call("DeleteBucketMetadataTableConfiguration", absentCodes: metadataAbsent)
  }

  static let metadata = BucketAspect(
    "MetadataConfiguration", read: "GetBucketMetadataConfiguration", absentCodes: metadataAbsent,
    decode: { output in
      let result = output["GetBucketMetadataConfigurationResult"]?["MetadataConfigurationResult"]
      // A configuration of version 1 has no journal and is the other property's.
      guard let result, let journal = result["JournalTableConfigurationResult"] else { return nil }
      return .members([
        "Destination": result["DestinationResult"],
        "JournalTableConfiguration": MemberNames(["RecordExpiration", "TableName", "TableArn"])
          .registry(journal),
        "InventoryTableConfiguration": result["InventoryTableConfigurationResult"].map(
          MemberNames(["ConfigurationState", "TableName", "TableArn"]).registry),
      ])
    },
    canonical: { value in
      value.defaulting(to: ["InventoryTableConfiguration": ["ConfigurationState": "DISABLED"]])
    },
    write: { value, change in
      let journal = value["JournalTableConfiguration"] ?? [:]
      let inventory = MemberNames(["ConfigurationState", "EncryptionConfiguration"]).api(
        value["InventoryTableConfiguration"] ?? [:])
      guard let observed = change.observed["MetadataConfiguration"] else {
        return [
          change.call(
            "CreateBucketMetadataConfiguration",
            [
              "MetadataConfiguration": [
                "JournalTableConfiguration": MemberNames([
                  "RecordExpiration", "EncryptionConfiguration",
                ]).api(journal),
                "InventoryTableConfiguration": inventory,
              ]
            ])
        ]
      }
      let expiration = MemberNames(["RecordExpiration"]).api(journal)
      let shown = observed["JournalTableConfiguration"]?["RecordExpiration"]
      let shownState = observed["InventoryTableConfiguration"]?["ConfigurationState"]
      let journalCalls =
        shown == journal["RecordExpiration"]
        ? []
        : [
          change.call(
            "UpdateBucketMetadataJournalTableConfiguration",
            ["JournalTableConfiguration": expiration])
        ]
      let inventoryCalls =
        shownState == inventory["ConfigurationState"]
        ? []
        : [
          change.call(
            "UpdateBucketMetadataInventoryTableConfiguration",
            ["InventoryTableConfiguration": inventory])
        ]
      return journalCalls + inventoryCalls
    },
    reset: { change in
      [change.call("DeleteBucketMetadataConfiguration", absentCodes: metadataAbsent)]
    })
}
