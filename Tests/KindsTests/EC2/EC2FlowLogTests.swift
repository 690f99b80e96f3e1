import Document
import Kinds
import TrueupCore
import XCTest

final class EC2FlowLogTests: XCTestCase {
  private let kind = FlowLog()

  func testShowsALogOfAGroupByNameAndARN() {
    let observation = ObservationRehearsal(kind, .rehearsal()) { _ in
      .success([
        "FlowLogs": [
          [
            "FlowLogId": "fl-1", "ResourceId": "vpc-1", "TrafficType": "ALL",
            "LogDestinationType": "cloud-watch-logs", "LogGroupName": "/vpc/acme",
            "DeliverLogsPermissionArn": "arn:aws:iam::111122223333:role/flow",
            "FlowLogStatus": "ACTIVE", "MaxAggregationInterval": 600, "Tags": .ourTagList,
          ]
        ]
      ])
    }
    XCTAssertEqual(observation.lines, ["DescribeFlowLogs {}"])
    XCTAssertEqual(observation.reads.first?.isEssential, true)
    let log = observation["fl-1"]
    XCTAssertEqual(log?.properties["ResourceType"], "VPC")
    XCTAssertEqual(
      log?.properties["LogDestination"],
      "arn:aws:logs:eu-west-1:111122223333:log-group:/vpc/acme")
    XCTAssertEqual(log?.tags, Step.ourTags)
  }

  func testCreatesWithTagsAndATokenAndTellsWhyEC2MadeNone() throws {
    let step = Step.creating([
      "ResourceId": "vpc-1", "ResourceType": "VPC", "TrafficType": "ALL",
      "LogGroupName": "/vpc/acme",
      "DeliverLogsPermissionArn": "arn:aws:iam::111122223333:role/flow",
    ])
    let created = Rehearsal(kind, step) { _ in .success(["FlowLogIds": ["fl-1"]]) }
    XCTAssertEqual(created.id, "fl-1")
    XCTAssertEqual(created.calls[0].input["ResourceIds"], ["vpc-1"])
    XCTAssertEqual(
      created.calls[0].input["TagSpecifications"]?[0]?["ResourceType"], "vpc-flow-log")
    XCTAssertNotNil(created.calls[0].input["ClientToken"])
    XCTAssertEqual(try modelProblems(created.calls), [])
    let refused = Rehearsal(kind, step) { _ in
      .success(["Unsuccessful": [["Error": ["Code": "400", "Message": "no access"]]]])
    }
    XCTAssertEqual(refused.failure, "EC2 made no flow log: no access (400)")
  }

  func testDeletesAndIsDoneWhereItIsGone() {
    for code in ["InvalidFlowLogId.NotFound", ""] {
      let reply: Document =
        code.isEmpty ? [:] : ["Unsuccessful": [["Error": ["Code": .string(code)]]]]
      let rehearsal = Rehearsal(kind, .deleting("fl-1")) { _ in .success(reply) }
      XCTAssertEqual(rehearsal.lines, [#"DeleteFlowLogs {"FlowLogIds":["fl-1"]}"#])
      XCTAssertEqual(rehearsal.id, "fl-1", "\(code) is no failure")
    }
  }
}
