import Document
import TrueupCore

/// A DynamoDB table, with its indexes and what protects it.
public struct Table: ComposedKind {
  public init() {}

  public let type = "AWS::DynamoDB::Table"

  private static let later: PropertyFacts = .unsupported("it has calls and states of its own")

  public let facts = TypeFacts(
    Identity(
      ref: "TableName",
      name: NameRule(property: "TableName", maximumLength: 255, punctuation: "-_."),
      foretold: [
        "Arn": { "arn:\($0.partition):dynamodb:\($0.region):\($0.account):table/\($0.name)" }
      ]),
    lifecycle: Lifecycle(holdsData: true),
    properties: [
      "/AttributeDefinitions": .keyed("AttributeName"),
      "/KeySchema": .createOnly,
      "/LocalSecondaryIndexes": .keyed("IndexName").createOnly,
      "/LocalSecondaryIndexes/*/Projection/NonKeyAttributes": .set,
      "/GlobalSecondaryIndexes": .keyed("IndexName").losing(.members),
      "/GlobalSecondaryIndexes/*/Projection/NonKeyAttributes": .set,
      "/GlobalSecondaryIndexes/*/WarmThroughput": warm,
      "/GlobalSecondaryIndexes/*/ContributorInsightsSpecification": later,
      "/WarmThroughput": warm,
      // Source: DynamoDB API, CreateTable.
      "/BillingMode": .defaultsTo("PROVISIONED"),
      "/TableClass": .defaultsTo("STANDARD"),
      "/DeletionProtectionEnabled": .defaultsTo(false),
      "/SSESpecification": .security,
      "/SSESpecification/SSEEnabled": .defaultsTo(false),
      "/SSESpecification/SSEType": .defaultsTo("KMS"),
      "/TimeToLiveSpecification/Enabled": .defaultsTo(false),
      "/PointInTimeRecoverySpecification": .losing(.change),
      "/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled": .defaultsTo(false),
      "/PointInTimeRecoverySpecification/RecoveryPeriodInDays": .defaultsTo(35),
      "/ContributorInsightsSpecification": later,
      "/ImportSourceSpecification": .unsupported("an import makes its table by a call of its own"),
      "/KinesisStreamSpecification": later,
      "/ResourcePolicy": later,
      "/StreamSpecification/ResourcePolicy": later,
    ],
    canonical: { properties in
      // Capacities mean nothing where every request is paid for itself, and a key is named by id or ARN.
      let table = properties.changing("SSESpecification/KMSMasterKeyId") { key in
        key.string.map { .string(String($0.split(separator: "/").last ?? "")) } ?? key
      }
      guard table["BillingMode"] == "PAY_PER_REQUEST" else { return table }
      return table.setting("ProvisionedThroughput", nil)
        .changing("GlobalSecondaryIndexes/*") { $0.setting("ProvisionedThroughput", nil) }
    })

  private static let warm: PropertyFacts = .notReadable("DynamoDB raises it by itself")

  // MARK: Observing

  let listing = Listing(
    Read(Call("dynamodb", "ListTables", [:]), pageSize: 100, isEssential: true), "TableNames")
  /// Of others' tables nothing but their names could be seen.
  let showsOthers = false
  let details = [
    Detail([], isNeeded: true) { _, name in
      Table.description(name)
    } values: {
      Table.shown($0["Table"] ?? [:])
    },
    Detail(["TimeToLiveSpecification"]) { _, name in
      Read(Table.call("DescribeTimeToLive", name, absent: Table.gone))
    } values: { output in
      let shown = output["TimeToLiveDescription"]
      let isOn = ["ENABLED", "ENABLING"].contains(shown?["TimeToLiveStatus"]?.string)
      return [
        "TimeToLiveSpecification": .members([
          "Enabled": .bool(isOn), "AttributeName": isOn ? shown?["AttributeName"] : nil,
        ])
      ]
    },
    Detail(["PointInTimeRecoverySpecification"]) { _, name in
      Read(Table.call("DescribeContinuousBackups", name, absent: Table.gone))
    } values: { output in
      let shown = output["ContinuousBackupsDescription"]?["PointInTimeRecoveryDescription"]
      return [
        "PointInTimeRecoverySpecification": .members([
          "PointInTimeRecoveryEnabled": .bool(
            shown?["PointInTimeRecoveryStatus"] == "ENABLED"),
          "RecoveryPeriodInDays": shown?["RecoveryPeriodInDays"],
        ])
      ]
    },
  ]
  let tagging = SweptTags(
    TagCalls(Call("dynamodb", "TagResource", [:]), Call("dynamodb", "UntagResource", [:])) {
      step, name in ["ResourceArn": .string(step.arn("dynamodb", "table/" + name))]
    }
  ) { item, context in
    "arn:\(context.partition):dynamodb:\(context.region):\(context.scope.account):table/"
      + (item.string ?? "")
  } own: { _, arn in
    Read(
      Call(
        "dynamodb", "ListTagsOfResource", ["ResourceArn": .string(arn)], absentCodes: Table.gone))
  }

  func id(of item: Document) -> String? { item.string }

  static func description(_ name: String) -> Read {
    Read(call("DescribeTable", name, absent: gone))
  }

  /// Of a table that is being deleted nothing is there any more.
  func amended(_ observed: Observed, _ item: Document, _ replies: Replies) -> Observed? {
    let table = replies[Self.description(observed.id)]?.output?["Table"]
    guard table?["TableStatus"] != "DELETING" else { return nil }
    var observed = observed
    observed.createdAt = table?["CreationDateTime"]?.double
    let status = table?["TableStatus"]?.string
    if let status, status != "ACTIVE" { observed.transition = status.lowercased() }
    return observed
  }

  /// What DescribeTable says, in registry terms.
  static func shown(_ table: Document) -> [String: Document?] {
    var members = table.members(named: [
      "AttributeDefinitions", "KeySchema", "DeletionProtectionEnabled", "OnDemandThroughput",
    ])
    let billing = table["BillingModeSummary"]?["BillingMode"] ?? "PROVISIONED"
    members["Arn"] = table["TableArn"]
    members["StreamArn"] = table["LatestStreamArn"]
    members["BillingMode"] = billing
    members["ProvisionedThroughput"] = billing == "PROVISIONED" ? throughput(table) : nil
    members["TableClass"] = table["TableClassSummary"]?["TableClass"] ?? "STANDARD"
    members["StreamSpecification"] = table["StreamSpecification"].flatMap { stream in
      stream["StreamEnabled"] == true
        ? .members(["StreamViewType": stream["StreamViewType"]]) : nil
    }
    members["SSESpecification"] = table["SSEDescription"].map { key in
      .members([
        "SSEEnabled": .bool(["ENABLED", "ENABLING", "UPDATING"].contains(key["Status"]?.string)),
        "SSEType": key["SSEType"], "KMSMasterKeyId": key["KMSMasterKeyArn"],
      ])
    }
    for list in ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"] {
      members[list] = table[list]?.list.map { indexes in
        .list(
          indexes.filter { $0["IndexStatus"] != "DELETING" }.map { index in
            var shown = index.members(named: [
              "IndexName", "KeySchema", "Projection", "OnDemandThroughput",
            ])
            let isPaced = list == "GlobalSecondaryIndexes" && billing == "PROVISIONED"
            shown["ProvisionedThroughput"] = isPaced ? throughput(index) : nil
            return .members(shown)
          })
      }
    }
    return members
  }

  private static func throughput(_ shown: Document) -> Document? {
    shown["ProvisionedThroughput"].map {
      .members($0.members(named: ["ReadCapacityUnits", "WriteCapacityUnits"]))
    }
  }

  // MARK: Changing

  /// The codes of a table that is not there.
  static let gone: Set<String> = ["ResourceNotFoundException", "TableNotFoundException"]
  /// Those of a table that is changing, and of too many that do.
  /// Source: DynamoDB API, UpdateTable.
  static let busy: Set<String> = ["ResourceInUseException", "LimitExceededException"]

  let creation = Creation(
    Call("dynamodb", "CreateTable", [:], transientCodes: busy),
    [
      "AttributeDefinitions", "BillingMode", "DeletionProtectionEnabled", "GlobalSecondaryIndexes",
      "KeySchema", "LocalSecondaryIndexes", "OnDemandThroughput", "ProvisionedThroughput",
      "TableClass", "TableName", "WarmThroughput",
    ])
  let deletion = Deletion(
    Call("dynamodb", "DeleteTable", [:], absentCodes: gone, transientCodes: busy), "TableName")

  static func call(
    _ operation: String, _ name: String, _ input: [String: Document?] = [:],
    absent: Set<String> = [], transient: Set<String> = []
  ) -> Call {
    Call(
      "dynamodb", operation, .members(input.merging(["TableName": .string(name)]) { $1 }),
      absentCodes: absent, transientCodes: transient)
  }
}
