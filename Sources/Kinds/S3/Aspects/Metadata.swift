import Document
import TrueupCore

/// S3 Metadata: tables about the bucket's objects. Version 1 has one table and can only be deleted
/// and created again; version 2 has a journal and an inventory, which can be updated.
/// Source: S3 API reference, CreateBucketMetadataConfiguration.
extension BucketAspect {
  static let metadataTable = BucketAspect(
    property: "MetadataTableConfiguration", reading: "GetBucketMetadataTableConfiguration",
    writing: "CreateBucketMetadataTableConfiguration",
    // S3 answers the second where the bucket has a configuration of version 2.
    absentCodes: ["MetadataConfigurationNotFound", "MethodNotAllowed"],
    deletion: "DeleteBucketMetadataTableConfiguration",
    shown: { output in
      let result = output["GetBucketMetadataTableConfigurationResult"]
      return result?["MetadataTableConfigurationResult"]?["S3TablesDestinationResult"].map {
        ["S3TablesDestination": $0]
      }
    },
    write: { aspect, value, step in
      (step.shown[aspect.property] == nil ? [] : aspect.reset(step)) + [
        step.s3(aspect.writing, [aspect.property: value])
      ]
    })

  static let metadata = BucketAspect(
    property: "MetadataConfiguration", reading: "GetBucketMetadataConfiguration",
    writing: "CreateBucketMetadataConfiguration",
    absentCodes: ["MetadataConfigurationNotFound"], deletion: "DeleteBucketMetadataConfiguration",
    names: [
      "Destination": "DestinationResult",
      "JournalTableConfiguration": "JournalTableConfigurationResult",
      "InventoryTableConfiguration": "InventoryTableConfigurationResult",
    ], defaults: ["InventoryTableConfiguration": ["ConfigurationState": "DISABLED"]],
    facts: [
      "InventoryTableConfiguration/EncryptionConfiguration": hiddenKey,
      "JournalTableConfiguration/EncryptionConfiguration": hiddenKey,
    ],
    shown: { output in
      let result = output["GetBucketMetadataConfigurationResult"]?["MetadataConfigurationResult"]
      // A configuration of version 1 has no journal and is the other property's.
      return result?["JournalTableConfigurationResult"] == nil ? nil : result
    },
    write: { aspect, value, step in
      guard let observed = step.shown[aspect.property] else {
        return [step.s3(aspect.writing, [aspect.property: value])]
      }
      let tables = [
        (
          "JournalTableConfiguration", "RecordExpiration", [],
          "UpdateBucketMetadataJournalTableConfiguration"
        ),
        (
          "InventoryTableConfiguration", "ConfigurationState", ["EncryptionConfiguration"],
          "UpdateBucketMetadataInventoryTableConfiguration"
        ),
      ]
      return tables.compactMap { table, changing, others, operation in
        if value[table]?[changing] == observed[table]?[changing] { return nil }
        let input = value[table]?.members(named: [changing] + others)
        return step.s3(operation, [table: input.map(Document.members)])
      }
    })

  private static let hiddenKey = PropertyFacts.notReadable(
    "S3 takes the encryption of a metadata table on creation and does not show it")
}
