import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::EC2::RouteTable`, `AWS::EC2::SubnetRouteTableAssociation` and `AWS::EC2::InternetGateway`.
final class EC2RouteTableTests: XCTestCase {
  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "DescribeRouteTables":
      .success([
        "RouteTables": [
          [
            "RouteTableId": "rtb-1", "VpcId": "vpc-1", "Tags": .ourTagList,
            "Associations": [
              ["RouteTableAssociationId": "rtbassoc-0", "Main": true],
              [
                "RouteTableAssociationId": "rtbassoc-1", "SubnetId": "subnet-1",
                "AssociationState": ["State": "associated"],
              ],
              [
                "RouteTableAssociationId": "rtbassoc-2", "SubnetId": "subnet-2",
                "AssociationState": ["State": "disassociating"],
              ],
              ["RouteTableAssociationId": "rtbassoc-3", "GatewayId": "igw-1"],
            ],
          ]
        ]
      ])
    case "DescribeInternetGateways":
      .success(["InternetGateways": [["InternetGatewayId": "igw-1", "Tags": .ourTagList]]])
    case "CreateRouteTable": .success(["RouteTable": ["RouteTableId": "rtb-1"]])
    case "CreateInternetGateway":
      .success(["InternetGateway": ["InternetGatewayId": "igw-1"]])
    case "AssociateRouteTable": .success(["AssociationId": "rtbassoc-1"])
    case "ReplaceRouteTableAssociation": .success(["NewAssociationId": "rtbassoc-9"])
    default: .success([:])
    }
  }

  private static let tags =
    #""Tags":[{"Key":"trueup:resource","Value":"Thing"},"#
    + #"{"Key":"trueup:stack","Value":"cosyworld/acme-prod"}]}]"#

  func testShowsTablesGatewaysAndTheSubnetsThatUseATable() {
    func observe(_ kind: any Kind) -> [Observed] {
      let observation = ObservationRehearsal(kind, .rehearsal(), answer: Self.answer)
      XCTAssertEqual(observation.reads.map(\.isEssential), [true], kind.type)
      return observation.observed
    }
    XCTAssertEqual(
      observe(RouteTable()).map(\.properties), [["RouteTableId": "rtb-1", "VpcId": "vpc-1"]])
    XCTAssertEqual(observe(RouteTable()).map(\.tags), [Step.ourTags])
    XCTAssertEqual(observe(InternetGateway()).map(\.properties), [["InternetGatewayId": "igw-1"]])
    XCTAssertEqual(
      observe(SubnetRouteTableAssociation()).map(\.properties),
      [["Id": "rtbassoc-1", "SubnetId": "subnet-1", "RouteTableId": "rtb-1"]],
      "main ones, those of gateways, and those that go are none")
  }

  func testCreatesWithTagsAndDeletesWhatNothingDependsOn() throws {
    let table = Rehearsal(RouteTable(), .creating(["VpcId": "vpc-1"]), answer: Self.answer)
    XCTAssertEqual(
      table.lines,
      [
        #"CreateRouteTable {"ClientToken":"","TagSpecifications":[{"ResourceType":"route-table","#
          + Self.tags + #","VpcId":"vpc-1"}"#
      ])
    let gateway = Rehearsal(InternetGateway(), .creating([:]), answer: Self.answer)
    XCTAssertEqual(
      gateway.lines,
      [
        #"CreateInternetGateway {"TagSpecifications":[{"ResourceType":"internet-gateway","#
          + Self.tags + "}"
      ])
    let deleted = [
      Rehearsal(RouteTable(), .deleting("rtb-1")),
      Rehearsal(InternetGateway(), .deleting("igw-1")),
    ].flatMap(\.calls)
    XCTAssertEqual(
      deleted.map(\.absentCodes),
      [["InvalidRouteTableID.NotFound"], ["InvalidInternetGatewayID.NotFound"]])
    XCTAssertEqual(
      deleted.map(\.transientCodes), [["DependencyViolation"], ["DependencyViolation"]])
    XCTAssertEqual(try modelProblems(table.calls + gateway.calls + deleted), [])
  }

  func testMovesASubnetToAnotherTableWithoutAGap() throws {
    let kind = SubnetRouteTableAssociation()
    let desired: Document = ["SubnetId": "subnet-1", "RouteTableId": "rtb-2"]
    let created = Rehearsal(kind, .creating(desired), answer: Self.answer)
    XCTAssertEqual(created.id, "rtbassoc-1")
    let moved = Rehearsal(
      kind, .updating("rtbassoc-1", to: desired, changed: ["RouteTableId"]), answer: Self.answer)
    XCTAssertEqual(
      moved.lines,
      [
        #"ReplaceRouteTableAssociation {"AssociationId":"rtbassoc-1","RouteTableId":"rtb-2"}"#
      ])
    XCTAssertEqual(moved.id, "rtbassoc-9", "EC2 gives it another id")
    let deleted = Rehearsal(kind, .deleting("rtbassoc-1"))
    XCTAssertEqual(deleted.calls.first?.absentCodes, ["InvalidAssociationID.NotFound"])
    let changed = Rehearsal(kind, .deleting("rtbassoc-1", desired)) { call in
      guard call.isRead else {
        return call.input["AssociationId"] == "rtbassoc-1" ? .absent : .success([:])
      }
      return .success([
        "RouteTables": [
          [
            "RouteTableId": "rtb-2",
            "Associations": [
              ["RouteTableAssociationId": "rtbassoc-5", "SubnetId": "subnet-1"],
              ["RouteTableAssociationId": "rtbassoc-6", "SubnetId": "subnet-2"],
            ],
          ]
        ]
      ])
    }
    XCTAssertEqual(
      changed.changes,
      [
        #"DisassociateRouteTable {"AssociationId":"rtbassoc-1"}"#,
        #"DisassociateRouteTable {"AssociationId":"rtbassoc-5"}"#,
      ], "the subnet uses the table under another id by now")
    XCTAssertEqual(try modelProblems(changed.calls), [])
    XCTAssertEqual(try modelProblems(created.calls + moved.calls + deleted.calls), [])
    let observation = ObservationRehearsal(kind, .rehearsal(), answer: Self.answer)
    XCTAssertEqual(observation.lines, ["DescribeRouteTables {}"])
  }
}
