import Document
import Kinds
import TrueupCore
import XCTest

final class EC2RouteTests: XCTestCase {
  private let kind = Route()

  private static func table(_ routes: [Document]) -> Reply {
    .success(["RouteTables": [["RouteTableId": "rtb-1", "Routes": .list(routes)]]])
  }

  private static func route(_ destination: String, _ members: [String: Document]) -> Document {
    Document.object([
      "DestinationCidrBlock": .string(destination), "State": "active", "Origin": "CreateRoute",
    ]).with(members)
  }

  func testShowsWhatSomebodyMadeAndNothingOfAWSs() {
    let observation = ObservationRehearsal(kind, .rehearsal()) { _ in
      Self.table([
        Self.route("10.0.0.0/16", ["GatewayId": "local", "Origin": "CreateRouteTable"]),
        Self.route(
          "10.9.0.0/16", ["GatewayId": "vgw-1", "Origin": "EnableVgwRoutePropagation"]),
        [
          "DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1", "State": "active",
          "Origin": "CreateRoute",
        ],
        Self.route("0.0.0.0/0", ["NatGatewayId": "nat-1"]),
        Self.route("10.1.0.0/16", ["GatewayId": "vpce-2"]),
        Self.route(
          "10.2.0.0/16",
          ["InstanceId": "i-1", "InstanceOwnerId": "111122223333", "NetworkInterfaceId": "eni-1"]),
        Self.route("10.3.0.0/16", ["NatGatewayId": "nat-0", "State": "blackhole"]),
      ])
    }
    XCTAssertEqual(observation.lines, ["DescribeRouteTables {}"])
    XCTAssertEqual(observation.reads.first?.pageSize, 100)
    XCTAssertEqual(observation.reads.first?.isEssential, true)
    func shown(_ destination: String, _ target: [String: Document]) -> Document {
      Document.object([
        "Id": .string("rtb-1|" + destination), "RouteTableId": "rtb-1",
        "DestinationCidrBlock": .string(destination), "CidrBlock": .string(destination),
      ]).with(target)
    }
    XCTAssertEqual(
      observation.observed.map(\.properties),
      [
        shown("0.0.0.0/0", ["NatGatewayId": "nat-1"]),
        shown("10.1.0.0/16", ["VpcEndpointId": "vpce-2"]),
        shown("10.2.0.0/16", ["InstanceId": "i-1"]), shown("10.3.0.0/16", [:]),
      ], "a black hole leads nowhere")
  }

  func testCreatesReplacesAndDeletesByTheDestination() throws {
    let desired: Document = [
      "RouteTableId": "rtb-1", "DestinationCidrBlock": "10.9.1.1/16", "NatGatewayId": "nat-1",
    ]
    let created = Rehearsal(kind, .creating(desired))
    XCTAssertEqual(
      created.lines,
      [
        #"CreateRoute {"DestinationCidrBlock":"10.9.1.1/16","NatGatewayId":"nat-1","#
          + #""RouteTableId":"rtb-1"}"#
      ])
    XCTAssertEqual(created.id, "rtb-1|10.9.0.0/16", "EC2 clears host bits")
    XCTAssertTrue(created.calls[0].transientCodes.contains("InvalidNatGatewayID.NotFound"))
    let updated = Rehearsal(
      kind, .updating("rtb-1|10.9.0.0/16", to: desired, changed: ["NatGatewayId", "GatewayId"]))
    XCTAssertEqual(updated.calls.map(\.operation), ["ReplaceRoute"])
    let deleted = Rehearsal(kind, .deleting("rtb-1|10.9.0.0/16", desired))
    XCTAssertEqual(
      deleted.lines,
      [#"DeleteRoute {"DestinationCidrBlock":"10.9.1.1/16","RouteTableId":"rtb-1"}"#])
    XCTAssertTrue(deleted.calls[0].absentCodes.contains("InvalidRoute.NotFound"))
    XCTAssertEqual(try modelProblems(created.calls + updated.calls + deleted.calls), [])
  }
}
