import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::DynamoDB::Table`.
final class DynamoDBTableTests: XCTestCase {
  private let table = Table()
  private static let arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/"

  private static func key(_ name: String, _ type: String = "HASH") -> Document {
    ["AttributeName": .string(name), "KeyType": .string(type)]
  }

  private static func index(_ name: String, by attribute: String) -> Document {
    [
      "IndexName": .string(name), "KeySchema": [key(attribute)],
      "Projection": ["ProjectionType": "ALL"],
      "ProvisionedThroughput": ["ReadCapacityUnits": 1, "WriteCapacityUnits": 1],
    ]
  }

  private static func described(_ more: Document = [:]) -> Document {
    let table: [String: Document] = [
      "TableName": "ours", "TableArn": .string(arn + "ours"), "TableStatus": "ACTIVE",
      "CreationDateTime": 1_700_000_000, "KeySchema": [key("id")],
      "AttributeDefinitions": [["AttributeName": "id", "AttributeType": "S"]],
      "ProvisionedThroughput": [
        "NumberOfDecreasesToday": 0, "ReadCapacityUnits": 1, "WriteCapacityUnits": 2,
      ],
      "LatestStreamArn": "arn:stream",
      "SSEDescription": ["Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": "arn:key/1"],
      "GlobalSecondaryIndexes": [
        .object(
          (index("states", by: "state").object ?? [:]).merging(["IndexStatus": "ACTIVE"]) { $1 })
      ],
    ]
    return ["Table": .object(table.merging(more.object ?? [:]) { $1 })]
  }

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "ListTables": .success(["TableNames": ["ours", "others"]])
    case "DescribeTable": .success(described())
    case "GetResources":
      .success([
        "ResourceTagMappingList": [["ResourceARN": .string(arn + "ours"), "Tags": .ourTagList]]
      ])
    case "DescribeTimeToLive":
      .success(["TimeToLiveDescription": ["TimeToLiveStatus": "ENABLED", "AttributeName": "end"]])
    case "DescribeContinuousBackups":
      .success([
        "ContinuousBackupsDescription": [
          "PointInTimeRecoveryDescription": [
            "PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": 7,
          ]
        ]
      ])
    default: .success([:])
    }
  }

  func testOurTablesAloneAreDescribed() throws {
    let observation = ObservationRehearsal(
      table, .rehearsal(properties: ["TimeToLiveSpecification"]), answer: Self.answer)
    XCTAssertEqual(
      observation.lines,
      [
        "ListTables {}", #"GetResources {"TagFilters":[{"Key":"trueup:stack"}]}"#,
        #"DescribeTable {"TableName":"ours"}"#, #"DescribeTimeToLive {"TableName":"ours"}"#,
      ])
    XCTAssertEqual(observation.observed.map(\.id), ["ours"])
    let ours = try XCTUnwrap(observation["ours"])
    XCTAssertEqual(ours.tags, Step.ourTags)
    XCTAssertEqual(ours.createdAt, 1_700_000_000)
    XCTAssertEqual(
      ours.properties["ProvisionedThroughput"], ["ReadCapacityUnits": 1, "WriteCapacityUnits": 2])
    XCTAssertEqual(
      ours.properties["TimeToLiveSpecification"], ["Enabled": true, "AttributeName": "end"])
    XCTAssertEqual(ours.properties["TableClass"], "STANDARD")
    let refused = ObservationRehearsal(
      table, .rehearsal(properties: ["PointInTimeRecoverySpecification"])
    ) { $0.operation == "DescribeContinuousBackups" ? denied($0) : Self.answer($0) }
    XCTAssertEqual(
      refused["ours"]?.unread["/PointInTimeRecoverySpecification"],
      "DescribeContinuousBackups is not allowed")
    XCTAssertEqual(try modelProblems(observation.reads.map(\.call)), [])
  }

  func testTagsThatTheSweepDoesNotShowYetAreReadOfTheTable() throws {
    let observation = ObservationRehearsal(table, .rehearsal(candidates: ["others": []])) { call in
      call.operation == "ListTagsOfResource"
        ? .success(["Tags": .ourTagList]) : Self.answer(call)
    }
    XCTAssertEqual(observation["others"]?.tags, Step.ourTags)
    XCTAssertEqual(try modelProblems(observation.reads.map(\.call)), [])
  }

  func testATableOnItsWayIsToldAndOneThatIsDeletedIsNotThere() {
    for (status, transition) in [("UPDATING", "updating"), ("DELETING", nil)] {
      let observation = ObservationRehearsal(table, .rehearsal()) { call in
        call.operation == "DescribeTable"
          ? .success(Self.described(["TableStatus": .string(status)])) : Self.answer(call)
      }
      XCTAssertEqual(observation["ours"]?.transition, transition)
      XCTAssertEqual(observation["ours"] == nil, transition == nil)
    }
  }

  func testIsCreatedAndThenGivenWhatHasCallsOfItsOwn() throws {
    let desired: Document = [
      "TableName": "ours", "KeySchema": [Self.key("id")],
      "AttributeDefinitions": [["AttributeName": "id", "AttributeType": "S"]],
      "BillingMode": "PAY_PER_REQUEST", "StreamSpecification": ["StreamViewType": "KEYS_ONLY"],
      "SSESpecification": ["SSEEnabled": true],
      "TimeToLiveSpecification": ["Enabled": true, "AttributeName": "end"],
      "PointInTimeRecoverySpecification": ["PointInTimeRecoveryEnabled": true],
    ]
    let created = Rehearsal(table, .creating(desired), answer: Self.answer)
    XCTAssertEqual(
      created.calls.map(\.operation),
      ["CreateTable", "DescribeTable", "UpdateTimeToLive", "UpdateContinuousBackups"])
    XCTAssertEqual(
      created.calls[0].input["StreamSpecification"],
      ["StreamEnabled": true, "StreamViewType": "KEYS_ONLY"])
    XCTAssertEqual(created.calls[0].input["SSESpecification"], ["Enabled": true])
    XCTAssertEqual(created.attributes?["StreamArn"], "arn:stream")
    XCTAssertEqual(created.attributes?["Arn"], .string(Self.arn + "ours"))
    XCTAssertEqual(try modelProblems(created.calls), [])
  }

  /// One index a call, and each when the one before is done.
  func testIndexesAreChangedOneByOne() throws {
    let old: Document = [
      "GlobalSecondaryIndexes": [Self.index("one", by: "a"), Self.index("two", by: "b")],
      "ProvisionedThroughput": ["ReadCapacityUnits": 1, "WriteCapacityUnits": 1],
    ]
    let new: Document = [
      "AttributeDefinitions": [["AttributeName": "c", "AttributeType": "S"]],
      "GlobalSecondaryIndexes": [Self.index("two", by: "c"), Self.index("new", by: "c")],
      "ProvisionedThroughput": ["ReadCapacityUnits": 2, "WriteCapacityUnits": 1],
    ]
    var states: [Document] = ["UPDATING"]
    let changed = Rehearsal(
      table,
      .updating(
        "ours", from: old, to: new, changed: ["GlobalSecondaryIndexes", "ProvisionedThroughput"])
    ) { call in
      guard call.operation == "DescribeTable" else { return .success([:]) }
      return .success(
        [
          "Table": [
            "TableStatus": states.popLast() ?? "ACTIVE",
            "GlobalSecondaryIndexes": [["IndexStatus": "ACTIVE"]],
          ]
        ])
    }
    XCTAssertEqual(
      changed.calls.filter { $0.operation == "UpdateTable" }.map { call in
        call.input["GlobalSecondaryIndexUpdates"].map { updates in
          (updates.list ?? []).flatMap { update in
            (update.object ?? [:]).map { "\($0) \($1["IndexName"]?.string ?? "")" }
          }.joined()
        } ?? "capacity"
      }, ["Delete one", "Delete two", "capacity", "Create two", "Create new"])
    XCTAssertEqual(Set(changed.waits), ["table ours and its indexes are active"])
    XCTAssertEqual(try modelProblems(changed.calls), [])
  }

  func testBillingMovesTheIndexesAlong() throws {
    var cheap = Self.index("one", by: "a").object ?? [:]
    cheap["ProvisionedThroughput"] = nil
    let old: Document = [
      "BillingMode": "PAY_PER_REQUEST", "GlobalSecondaryIndexes": [.object(cheap)],
    ]
    let new: Document = [
      "GlobalSecondaryIndexes": [Self.index("one", by: "a")],
      "ProvisionedThroughput": ["ReadCapacityUnits": 1, "WriteCapacityUnits": 1],
    ]
    func change(_ from: Document, _ to: Document) -> Rehearsal {
      Rehearsal(
        table,
        .updating(
          "ours", from: from, to: to, changed: ["BillingMode", "GlobalSecondaryIndexes"]),
        answer: { call in
          call.operation == "DescribeTable"
            ? .success(["Table": ["TableStatus": "ACTIVE"]]) : .success([:])
        })
    }
    let provisioned = change(old, new)
    XCTAssertEqual(provisioned.changes.count, 1)
    XCTAssertEqual(provisioned.calls[0].input["BillingMode"], "PROVISIONED")
    XCTAssertNotNil(provisioned.calls[0].input["ProvisionedThroughput"])
    XCTAssertEqual(
      provisioned.calls[0].input["GlobalSecondaryIndexUpdates"]?[0]?["Update"]?["IndexName"], "one")
    let onDemand = change(new, old)
    XCTAssertEqual(
      onDemand.changes, [#"UpdateTable {"BillingMode":"PAY_PER_REQUEST","TableName":"ours"}"#])
    XCTAssertEqual(try modelProblems(provisioned.calls + onDemand.calls), [])
  }

  func testAnotherAttributeLetsItemsExpireWhenTheOneBeforeIsOff() throws {
    let changed = Rehearsal(
      table,
      .updating(
        "ours", from: ["TimeToLiveSpecification": ["Enabled": true, "AttributeName": "old"]],
        to: ["TimeToLiveSpecification": ["Enabled": true, "AttributeName": "new"]],
        changed: ["TimeToLiveSpecification"]))
    XCTAssertEqual(
      changed.changes,
      [
        #"UpdateTimeToLive {"TableName":"ours","TimeToLiveSpecification":{"AttributeName":"old","Enabled":false}}"#,
        #"UpdateTimeToLive {"TableName":"ours","TimeToLiveSpecification":{"AttributeName":"new","Enabled":true}}"#,
      ])
  }

  func testAProtectedTableIsNotDeleted() throws {
    let refused = Rehearsal(table, .deleting("ours", ["DeletionProtectionEnabled": true]))
    XCTAssertEqual(refused.calls.map(\.operation), [])
    XCTAssert(refused.failure?.contains("\"DeletionProtectionEnabled\": false") == true)
    var shown: [Document] = [["Table": ["TableStatus": "DELETING"]]]
    let deleted = Rehearsal(table, .deleting("ours", [:])) { call in
      guard call.operation == "DescribeTable" else { return .success([:]) }
      return shown.popLast().map(Reply.success) ?? .absent
    }
    XCTAssertEqual(
      deleted.calls.map(\.operation), ["DeleteTable", "DescribeTable", "DescribeTable"])
    XCTAssertEqual(try modelProblems(deleted.calls), [])
  }
}
