import Document
import TrueupCore

/// A bucket that shows what it was told, as S3 does: ids that it made up, dates as seconds, filter
/// names with a capital letter.
struct StandInBucket {
  /// Outputs by read operation.
  private(set) var outputs: [String: Document] = ["GetBucketAcl": Self.acl([])]
  var tags: [String: String] = [:]

  mutating func answer(_ call: Call) -> Reply {
    if call.isRead { return shown(by: call) }
    let input = call.input
    switch call.operation {
    case "PutBucketTagging": tags = Self.tags(input["Tagging"]?["TagSet"])
    case "CreateBucket": tags = Self.tags(input["CreateBucketConfiguration"]?["Tags"])
    case "PutBucketAcl":
      outputs["GetBucketAcl"] = Self.grants[input["ACL"]?.string ?? ""] ?? Self.granted(input)
    case let operation where Self.shownAs[operation] != nil:
      if let (read, output) = Self.shownAs[operation]?(input) { outputs[read] = output }
    case let operation where operation.hasSuffix("Configuration") && input["Id"] != nil:
      changeListed(operation, input)
    default: break
    }
    return .success([:])
  }

  private func shown(by call: Call) -> Reply {
    switch call.operation {
    case "ListBuckets":
      return .success([
        "Buckets": [
          ["Name": "acme-assets", "BucketRegion": "eu-west-1", "CreationDate": 1_700_000_000]
        ]
      ])
    case "GetResources":
      let shown = tags[OwnershipTags.stack] == nil ? [] : [Self.mapping("acme-assets", tags)]
      return .success(["ResourceTagMappingList": .list(shown)])
    case "GetBucketTagging":
      return tags.isEmpty ? .absent : .success(["TagSet": Self.list(tags)])
    default:
      if let output = outputs[call.operation] { return .success(output) }
      return call.absentCodes.isEmpty ? .success([:]) : .absent
    }
  }

  static func mapping(_ bucket: String, _ tags: [String: String]) -> Document {
    ["ResourceARN": .string("arn:aws:s3:::\(bucket)"), "Tags": list(tags)]
  }

  static func list(_ tags: [String: String]) -> Document {
    .list(
      tags.sorted { $0.key < $1.key }.map { ["Key": .string($0.key), "Value": .string($0.value)] })
  }

  private static func tags(_ list: Document?) -> [String: String] {
    Dictionary(
      (list?.list ?? []).map { ($0["Key"]?.string ?? "", $0["Value"]?.string ?? "") },
      uniquingKeysWith: { $1 })
  }

  /// `PutBucketMetricsConfiguration` and its like: one configuration of a list.
  private mutating func changeListed(_ operation: String, _ input: Document) {
    let noun = operation.replacing("PutBucket", with: "").replacing("DeleteBucket", with: "")
    let (read, list) = ("ListBucket\(noun)s", "\(noun)List")
    var kept = (outputs[read]?[list]?.list ?? []).filter { $0["Id"] != input["Id"] }
    if let configuration = input[noun] { kept.append(configuration) }
    outputs[read] = [list: .list(kept), "IsTruncated": false]
  }

  // MARK: How S3 shows what it was told

  private static let shownAs: [String: @Sendable (Document) -> (String, Document?)] = [
    "PutBucketVersioning": { ("GetBucketVersioning", $0["VersioningConfiguration"]) },
    "PutBucketEncryption": { input in
      ("GetBucketEncryption", input.only("ServerSideEncryptionConfiguration"))
    },
    "DeleteBucketEncryption": { _ in
      (
        "GetBucketEncryption",
        [
          "ServerSideEncryptionConfiguration": [
            "Rules": [
              [
                "ApplyServerSideEncryptionByDefault": ["SSEAlgorithm": "AES256"],
                "BucketKeyEnabled": false,
              ]
            ]
          ]
        ]
      )
    },
    "PutPublicAccessBlock": { ("GetPublicAccessBlock", $0.only("PublicAccessBlockConfiguration")) },
    "PutBucketOwnershipControls": {
      ("GetBucketOwnershipControls", $0.only("OwnershipControls"))
    },
    "PutObjectLockConfiguration": {
      ("GetObjectLockConfiguration", $0.only("ObjectLockConfiguration"))
    },
    "PutBucketLifecycleConfiguration": { input in
      (
        "GetBucketLifecycleConfiguration",
        [
          "Rules": identified(input["LifecycleConfiguration"]?["Rules"]).withDatesAsSeconds,
          "TransitionDefaultMinimumObjectSize": input["TransitionDefaultMinimumObjectSize"]
            ?? "all_storage_classes_128K",
        ]
      )
    },
    "DeleteBucketLifecycle": { _ in ("GetBucketLifecycleConfiguration", nil) },
    "PutBucketCors": { ("GetBucketCors", $0["CORSConfiguration"]) },
    "DeleteBucketCors": { _ in ("GetBucketCors", nil) },
    "PutBucketWebsite": { ("GetBucketWebsite", $0["WebsiteConfiguration"]) },
    "DeleteBucketWebsite": { _ in ("GetBucketWebsite", nil) },
    "PutBucketLogging": { ("GetBucketLogging", $0["BucketLoggingStatus"]) },
    "PutBucketNotificationConfiguration": { input in
      (
        "GetBucketNotificationConfiguration",
        input["NotificationConfiguration"]?.withCapitalisedFilterNames
      )
    },
    "PutBucketReplication": { input in
      let configuration = input["ReplicationConfiguration"] ?? [:]
      return (
        "GetBucketReplication",
        [
          "ReplicationConfiguration": configuration.with([
            "Rules": identified(configuration["Rules"])
          ])
        ]
      )
    },
    "DeleteBucketReplication": { _ in ("GetBucketReplication", nil) },
    "PutBucketAccelerateConfiguration": {
      ("GetBucketAccelerateConfiguration", $0["AccelerateConfiguration"])
    },
    "CreateBucketMetadataTableConfiguration": { input in
      let destination = input["MetadataTableConfiguration"]?["S3TablesDestination"] ?? [:]
      return (
        "GetBucketMetadataTableConfiguration",
        [
          "GetBucketMetadataTableConfigurationResult": [
            "Status": "CREATING",
            "MetadataTableConfigurationResult": [
              "S3TablesDestinationResult": destination.with([
                "TableArn": "arn:aws:s3tables:eu-west-1:111122223333:bucket/tables/table/1",
                "TableNamespace": "aws_s3_metadata",
              ])
            ],
          ]
        ]
      )
    },
    "DeleteBucketMetadataTableConfiguration": { _ in ("GetBucketMetadataTableConfiguration", nil) },
    "CreateBucketMetadataConfiguration": { input in
      let configuration = input["MetadataConfiguration"]
      return (
        "GetBucketMetadataConfiguration",
        [
          "GetBucketMetadataConfigurationResult": [
            "MetadataConfigurationResult": [
              "DestinationResult": ["TableBucketType": "aws", "TableNamespace": "b_acme-assets"],
              "JournalTableConfigurationResult": [
                "TableStatus": "CREATING", "TableName": "journal",
                "RecordExpiration": configuration?["JournalTableConfiguration"]?["RecordExpiration"]
                  ?? .null,
              ],
              "InventoryTableConfigurationResult": [
                "TableName": "inventory",
                "ConfigurationState":
                  configuration?["InventoryTableConfiguration"]?["ConfigurationState"] ?? .null,
              ],
            ]
          ]
        ]
      )
    },
    "DeleteBucketMetadataConfiguration": { _ in ("GetBucketMetadataConfiguration", nil) },
    "PutBucketAbac": { ("GetBucketAbac", $0.only("AbacStatus")) },
  ]

  private static func identified(_ rules: Document?) -> Document {
    .list(
      (rules?.list ?? []).enumerated().map { index, rule in
        rule["ID"] == nil ? rule.with(["ID": .string("made-up-\(index)")]) : rule
      })
  }

  private static let grants: [String: Document] = {
    let group = "http://acs.amazonaws.com/groups/"
    return [
      "private": acl([]),
      "public-read": acl([["URI": .string(group + "global/AllUsers")]], ["READ"]),
      "public-read-write": acl([["URI": .string(group + "global/AllUsers")]], ["READ", "WRITE"]),
      "authenticated-read": acl([["URI": .string(group + "global/AuthenticatedUsers")]], ["READ"]),
    ]
  }()

  /// The grants of the members that give one each.
  private static func granted(_ input: Document) -> Document {
    let members = [
      "GrantFullControl": "FULL_CONTROL", "GrantRead": "READ", "GrantWrite": "WRITE",
      "GrantReadACP": "READ_ACP",
    ]
    let grants = members.compactMap { member, permission -> Document? in
      guard let parts = input[member]?.string?.split(separator: "\"").map(String.init),
        parts.count == 2
      else { return nil }
      let key = parts[0] == "uri=" ? "URI" : "ID"
      return ["Grantee": [key: .string(parts[1])], "Permission": .string(permission)]
    }
    return ["Owner": ["ID": "owner"], "Grants": .list(grants)]
  }

  static func acl(_ grantees: [Document], _ permissions: [Document] = []) -> Document {
    let own: Document = ["Grantee": ["ID": "owner"], "Permission": "FULL_CONTROL"]
    return [
      "Owner": ["ID": "owner"],
      "Grants": .list(
        [own]
          + grantees.flatMap { grantee in
            permissions.map { ["Grantee": grantee, "Permission": $0] }
          }),
    ]
  }
}

extension Document {
  fileprivate func only(_ member: String) -> Document { [member: self[member] ?? .null] }

  /// Members called `Date` as AWSClient gives timestamps: seconds since 1970.
  fileprivate var withDatesAsSeconds: Document {
    let seconds: [Document: Document] = [
      "2030-01-01T00:00:00Z": 1_893_456_000, "2031-06-01T00:00:00Z": 1_938_038_400,
    ]
    return mapped { key, value in key == "Date" ? seconds[value] ?? value : value }
  }

  fileprivate var withCapitalisedFilterNames: Document {
    mapped { key, value in key == "Name" ? .string(value.string?.capitalized ?? "") : value }
  }

  private func mapped(_ change: (String, Document) -> Document) -> Document {
    switch self {
    case .object(let members):
      .object(
        Dictionary(
          uniqueKeysWithValues: members.map { ($0.key, change($0.key, $0.value.mapped(change))) }))
    case .list(let elements): .list(elements.map { $0.mapped(change) })
    default: self
    }
  }
}
