import Document
import Kinds
import TrueupCore
import XCTest

final class EC2VPCEndpointTests: XCTestCase {
  private let kind = VPCEndpoint()

  private static let ours: Document = [
    "VpcEndpointId": "vpce-1", "VpcEndpointType": "Interface", "VpcId": "vpc-1",
    "ServiceName": "com.amazonaws.eu-west-1.logs", "State": "available",
    "PolicyDocument": #"{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*"}]}"#,
    "RouteTableIds": [], "SubnetIds": ["subnet-1"],
    "Groups": [["GroupId": "sg-1", "GroupName": "web"]], "IpAddressType": "ipv4",
    "DnsOptions": ["DnsRecordIpType": "ipv4", "PrivateDnsOnlyForInboundResolverEndpoint": false],
    "PrivateDnsEnabled": true, "NetworkInterfaceIds": ["eni-1"],
    "DnsEntries": [["DnsName": "vpce-1.logs.vpce.amazonaws.com", "HostedZoneId": "Z1"]],
    "CreationTimestamp": "2026-01-01T00:00:00Z", "Tags": .ourTagList, "OwnerId": "111122223333",
  ]

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "CreateVpcEndpoint":
      .success(["VpcEndpoint": ["VpcEndpointId": "vpce-1", "State": "pending"]])
    case "DescribeVpcEndpoints": .success(["VpcEndpoints": [ours]])
    default: .success([:])
    }
  }

  private func run(_ step: Step, _ states: [Document]) -> Rehearsal {
    var left = states
    return Rehearsal(kind, step) { call in
      guard call.operation == "DescribeVpcEndpoints", !left.isEmpty else {
        return Self.answer(call)
      }
      return .success(["VpcEndpoints": [Self.ours.with(left.removeFirst().object ?? [:])]])
    }
  }

  func testShowsAnEndpointInRegistryTerms() {
    let observation = ObservationRehearsal(kind, .rehearsal(), answer: Self.answer)
    XCTAssertEqual(observation.lines, ["DescribeVpcEndpoints {}"])
    XCTAssertEqual(observation.reads.first?.isEssential, true)
    let seen = observation["vpce-1"]
    XCTAssertEqual(seen?.properties["SecurityGroupIds"], ["sg-1"])
    XCTAssertEqual(seen?.properties["DnsEntries"], ["Z1:vpce-1.logs.vpce.amazonaws.com"])
    XCTAssertEqual(
      seen?.properties["DnsOptions"],
      ["DnsRecordIpType": "ipv4", "PrivateDnsOnlyForInboundResolverEndpoint": "AllResolvers"])
    XCTAssertEqual(seen?.tags, Step.ourTags)
  }

  func testCreatesWithTagsAndATokenAndWaits() throws {
    let step = Step.creating([
      "VpcId": "vpc-1", "ServiceName": "com.amazonaws.eu-west-1.logs",
      "VpcEndpointType": "Interface", "SubnetIds": ["subnet-1"],
    ])
    let rehearsal = run(step, [["State": "pending"]])
    let input = rehearsal.calls[0].input
    XCTAssertEqual(
      input["PrivateDnsEnabled"], false, "EC2's default is not CloudFormation's")
    XCTAssertNotNil(input["ClientToken"])
    XCTAssertEqual(input["TagSpecifications"]?[0]?["ResourceType"], "vpc-endpoint")
    XCTAssertEqual(rehearsal.waits, ["vpce-1 is available"])
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    XCTAssertEqual(run(step, [["State": "pendingAcceptance"]]).id, "vpce-1", "it is up to others")
    XCTAssertEqual(
      run(step, [["State": "failed", "LastError": ["Code": "X", "Message": "no zone"]]]).failure,
      "vpce-1 is failed: no zone")
  }

  func testChangesListsByDifferenceAndResetsTheRest() throws {
    let observed: Document = ["SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]]
    let rehearsal = run(
      .updating(
        "vpce-1", from: observed, to: ["SubnetIds": ["subnet-2"], "SecurityGroupIds": ["sg-1"]],
        changed: ["SubnetIds", "PolicyDocument", "PrivateDnsEnabled", "IpAddressType"]), [])
    XCTAssertEqual(
      rehearsal.changes,
      [
        #"ModifyVpcEndpoint {"AddSubnetIds":["subnet-2"],"IpAddressType":"ipv4","#
          + #""PrivateDnsEnabled":false,"RemoveSubnetIds":["subnet-1"],"ResetPolicy":true,"#
          + #""VpcEndpointId":"vpce-1"}"#
      ])
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testDeletesAndWaitsUntilItsInterfacesAreGone() {
    let rehearsal = run(.deleting("vpce-1"), [["State": "deleting"], ["State": "deleted"]])
    XCTAssertEqual(rehearsal.changes, [#"DeleteVpcEndpoints {"VpcEndpointIds":["vpce-1"]}"#])
    XCTAssertEqual(rehearsal.waits, ["vpce-1 is deleted"])
    let refused = Rehearsal(kind, .deleting("vpce-1")) { _ in
      .success(["Unsuccessful": [["Error": ["Code": "Blocked", "Message": "in use"]]]])
    }
    XCTAssertEqual(refused.failure, "vpce-1 cannot be deleted: in use (Blocked)")
  }
}
