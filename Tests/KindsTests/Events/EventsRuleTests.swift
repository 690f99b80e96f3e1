import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::Events::Rule`.
final class EventsRuleTests: XCTestCase {
  private let rule = Rule()
  private static let arn = "arn:aws:events:eu-west-1:111122223333:rule/"

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "ListRules":
      .success([
        "Rules": .list(
          ["ours", "others", "managed"].map { name in
            .object([
              "Name": .string(name), "Arn": .string(arn + name), "State": "ENABLED",
              "Description": "d", "EventBusName": call.input["EventBusName"] ?? "default",
              "EventPattern": #"{"source":["a"]}"#, "RoleArn": "arn:aws:iam::1:role/r",
              "ScheduleExpression": "rate(5 minutes)",
            ]).setting("ManagedBy", name == "managed" ? "ecs.amazonaws.com" : nil)
          })
      ])
    case "GetResources":
      .success([
        "ResourceTagMappingList": [["ResourceARN": .string(arn + "ours"), "Tags": .ourTagList]]
      ])
    case "ListTargetsByRule":
      .success([
        "Targets": [
          [
            "Id": "t", "Arn": "arn:aws:ecs:eu-west-1:1:cluster/c",
            "EcsParameters": [
              "TaskDefinitionArn": "arn", "Tags": [["Key": "k", "Value": "v"]],
              "NetworkConfiguration": ["awsvpcConfiguration": ["Subnets": ["subnet-1"]]],
            ],
          ]
        ]
      ])
    default: .success([:])
    }
  }

  func testTargetsOfOursAloneAreRead() throws {
    let observation = ObservationRehearsal(
      rule, .rehearsal(properties: ["Targets"]), answer: Self.answer)
    XCTAssertEqual(
      observation.lines,
      [
        "ListRules {}", #"GetResources {"TagFilters":[{"Key":"trueup:stack"}]}"#,
        #"ListTargetsByRule {"EventBusName":"default","Rule":"ours"}"#,
      ])
    XCTAssertEqual(
      observation.observed.map(\.id), ["ours", "others"], "what a service manages is not shown")
    let target = observation["ours"]?.properties["Targets"]?[0]
    XCTAssertEqual(
      target?["EcsParameters"]?["NetworkConfiguration"]?["AwsVpcConfiguration"]?["Subnets"],
      ["subnet-1"])
    XCTAssertEqual(target?["EcsParameters"]?["TagList"]?[0]?["Key"], "k")
    XCTAssertEqual(try uncovered(rule, shown: observation.observed), [])
  }

  func testBusesThatSomebodyNamesAreListedToo() {
    var context = ReadContext.rehearsal()
    context.values = ["EventBusName": ["orders"]]
    let observation = ObservationRehearsal(rule, context, answer: Self.answer)
    XCTAssertEqual(
      observation.lines.filter { $0.hasPrefix("ListRules") },
      ["ListRules {}", #"ListRules {"EventBusName":"orders"}"#])
    XCTAssert(observation.observed.map(\.id).contains("orders|ours"))
  }

  func testAnUpdateWritesBackWhatNobodyDeclares() throws {
    let observed: Document = [
      "Id": "r", "Name": "r", "EventBusName": "default", "State": "ENABLED", "Description": "kept",
      "EventPattern": ["source": ["a"]],
    ]
    let desired: Document = ["Name": "r", "EventPattern": ["source": ["b"]]]
    let updated = Rehearsal(
      rule, .updating("r", from: observed, to: desired, changed: ["EventPattern"]))
    XCTAssertEqual(updated.calls.map(\.operation), ["PutRule"])
    XCTAssertEqual(updated.calls[0].input["Description"], "kept")
    XCTAssertEqual(updated.calls[0].input["EventPattern"], #"{"source":["b"]}"#)
    XCTAssertEqual(try modelProblems(updated.calls), [])
  }

  func testTargetsAreExchangedTenACall() throws {
    func targets(_ numbers: ClosedRange<Int>) -> Document {
      .list(numbers.map { ["Id": .string("t\($0)"), "Arn": "arn:aws:sns:eu-west-1:1:t"] })
    }
    let step = Step.updating(
      "r", from: ["Name": "r", "Targets": targets(1...12)],
      to: ["Name": "r", "Targets": targets(12...24)], changed: ["Targets"])
    let updated = Rehearsal(rule, step)
    XCTAssertEqual(
      updated.calls.map(\.operation),
      ["PutTargets", "PutTargets", "RemoveTargets", "RemoveTargets"])
    XCTAssertEqual(updated.calls[0].input["Targets"]?.list?.count, 10)
    XCTAssertEqual(try modelProblems(updated.calls), [])
    let refused = Rehearsal(rule, step) { call in
      call.operation == "PutTargets"
        ? .success([
          "FailedEntryCount": 1,
          "FailedEntries": [
            ["TargetId": "t13", "ErrorCode": "Denied", "ErrorMessage": "no permission"]
          ],
        ]) : .success([:])
    }
    XCTAssertEqual(refused.failure, "target t13 failed: no permission (Denied)")
  }

  func testARuleIsDeletedWithoutItsTargets() throws {
    let deleted = Rehearsal(rule, .deleting("orders|r"), answer: Self.answer)
    XCTAssertEqual(
      deleted.lines,
      [
        #"ListTargetsByRule {"EventBusName":"orders","Rule":"r"}"#,
        #"RemoveTargets {"EventBusName":"orders","Ids":["t"],"Rule":"r"}"#,
        #"DeleteRule {"EventBusName":"orders","Name":"r"}"#,
      ])
    XCTAssertEqual(try modelProblems(deleted.calls), [])
  }
}
