import Document
import Kinds
import TrueupCore
import XCTest

final class EC2VPCGatewayAttachmentTests: XCTestCase {
  private let kind = VPCGatewayAttachment()

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "DescribeInternetGateways":
      .success([
        "InternetGateways": [
          [
            "InternetGatewayId": "igw-1",
            "Attachments": [["VpcId": "vpc-1", "State": "available"]],
          ],
          ["InternetGatewayId": "igw-2", "Attachments": []],
        ]
      ])
    case "DescribeVpnGateways":
      .success([
        "VpnGateways": [
          [
            "VpnGatewayId": "vgw-1",
            "VpcAttachments": [
              ["VpcId": "vpc-1", "State": "attached"], ["VpcId": "vpc-0", "State": "detached"],
            ],
          ]
        ]
      ])
    default: .success([:])
    }
  }

  func testReadsVPNGatewaysOnlyWhereOneIsDeclared() {
    let one = ObservationRehearsal(kind, .rehearsal(), answer: Self.answer)
    XCTAssertEqual(one.lines, ["DescribeInternetGateways {}"])
    XCTAssertEqual(
      one["IGW|vpc-1"]?.properties,
      [
        "Id": "IGW|vpc-1", "AttachmentType": "IGW", "VpcId": "vpc-1", "InternetGatewayId": "igw-1",
      ])
    let both = ObservationRehearsal(
      kind, .rehearsal(properties: ["VpnGatewayId"]), answer: Self.answer)
    XCTAssertEqual(both.observed.map(\.id), ["IGW|vpc-1", "VGW|vpc-1"])
  }

  func testTellsNothingWhereAReadIsDenied() {
    let observation = ObservationRehearsal(
      kind, .rehearsal(properties: ["VpnGatewayId"]), answer: denied)
    XCTAssertEqual(
      observation.reads.map(\.isEssential), [true, true],
      "an attachment that may not be seen is not one that is absent")
  }

  func testAttachesAGatewayAndMovesToAnother() throws {
    let desired: Document = ["VpcId": "vpc-1", "InternetGatewayId": "igw-2"]
    let created = Rehearsal(kind, .creating(desired))
    XCTAssertEqual(
      created.lines, [#"AttachInternetGateway {"InternetGatewayId":"igw-2","VpcId":"vpc-1"}"#])
    XCTAssertEqual(created.id, "IGW|vpc-1")
    let moved = Rehearsal(
      kind,
      .updating(
        "IGW|vpc-1", from: desired.with(["InternetGatewayId": "igw-1"]), to: desired,
        changed: ["InternetGatewayId"]))
    XCTAssertEqual(
      moved.lines,
      [
        #"DetachInternetGateway {"InternetGatewayId":"igw-1","VpcId":"vpc-1"}"#,
        #"AttachInternetGateway {"InternetGatewayId":"igw-2","VpcId":"vpc-1"}"#,
      ])
    XCTAssertEqual(moved.calls[0].transientCodes, ["DependencyViolation"])
    XCTAssertTrue(moved.calls[0].absentCodes.contains("Gateway.NotAttached"))
    XCTAssertEqual(try modelProblems(created.calls + moved.calls), [])
  }

  func testWaitsUntilAVPNGatewayIsAttached() throws {
    var states: [Document] = ["attaching", "attached"]
    let rehearsal = Rehearsal(kind, .creating(["VpcId": "vpc-1", "VpnGatewayId": "vgw-1"])) {
      call in
      guard call.operation == "DescribeVpnGateways" else { return .success([:]) }
      return .success([
        "VpnGateways": [["VpcAttachments": [["VpcId": "vpc-1", "State": states.removeFirst()]]]]
      ])
    }
    XCTAssertEqual(rehearsal.waits, ["vgw-1 is attached"])
    XCTAssertEqual(rehearsal.id, "VGW|vpc-1")
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testWaitsUntilAVPNGatewayIsDetached() throws {
    var states: [Document] = ["detaching", "detached"]
    let rehearsal = Rehearsal(
      kind, .deleting("VGW|vpc-1", ["VpcId": "vpc-1", "VpnGatewayId": "vgw-1"])
    ) { call in
      guard call.operation == "DescribeVpnGateways" else { return .success([:]) }
      return .success([
        "VpnGateways": [["VpcAttachments": [["VpcId": "vpc-1", "State": states.removeFirst()]]]]
      ])
    }
    XCTAssertEqual(
      rehearsal.changes, [#"DetachVpnGateway {"VpcId":"vpc-1","VpnGatewayId":"vgw-1"}"#])
    XCTAssertEqual(rehearsal.waits, ["vgw-1 is detached"])
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }
}
