import Document
import Kinds
import TrueupCore
import XCTest

final class EC2EgressOnlyInternetGatewayTests: XCTestCase {
  private let kind = EgressOnlyInternetGateway()

  func testShowsTheVPCToWhichItIsAttached() throws {
    let observation = ObservationRehearsal(kind, .rehearsal()) { _ in
      .success([
        "EgressOnlyInternetGateways": [
          [
            "EgressOnlyInternetGatewayId": "eigw-1", "Tags": [["Key": "Name", "Value": "it"]],
            "Attachments": [
              ["State": "detached", "VpcId": "vpc-0"], ["State": "attached", "VpcId": "vpc-1"],
            ],
          ],
          ["EgressOnlyInternetGatewayId": "eigw-2", "Attachments": []],
        ]
      ])
    }
    XCTAssertEqual(observation.lines, ["DescribeEgressOnlyInternetGateways {}"])
    XCTAssertEqual(observation.reads.map(\.pageSize), [255], "more is refused")
    XCTAssertEqual(observation["eigw-1"]?.properties, ["Id": "eigw-1", "VpcId": "vpc-1"])
    XCTAssertEqual(observation["eigw-1"]?.tags, ["Name": "it"])
    XCTAssertEqual(observation["eigw-2"]?.properties, ["Id": "eigw-2"])
    XCTAssertEqual(try uncovered(kind, shown: observation.observed), [])
  }

  func testCreatesWithATokenAndDeletes() throws {
    let created = Rehearsal(kind, .creating(["VpcId": "vpc-1"])) { _ in
      .success(["EgressOnlyInternetGateway": ["EgressOnlyInternetGatewayId": "eigw-1"]])
    }
    let input = created.calls.first?.input
    XCTAssertEqual(input?["VpcId"], "vpc-1")
    XCTAssertNotNil(input?["ClientToken"], "an answer that is lost makes no second one")
    XCTAssertEqual(
      input?["TagSpecifications"]?[0]?["ResourceType"], "egress-only-internet-gateway")
    XCTAssertEqual(created.id, "eigw-1")
    let deleted = Rehearsal(kind, .deleting("eigw-1"))
    XCTAssertEqual(
      deleted.lines,
      [#"DeleteEgressOnlyInternetGateway {"EgressOnlyInternetGatewayId":"eigw-1"}"#])
    XCTAssertEqual(
      deleted.calls[0].absentCodes,
      ["InvalidGatewayID.NotFound", "InvalidEgressOnlyInternetGatewayId.NotFound"])
    XCTAssertEqual(try modelProblems(created.calls + deleted.calls), [])
  }
}
