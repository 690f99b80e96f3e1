import Document
import Kinds
import TrueupCore
import XCTest

final class EC2VPCCidrBlockTests: XCTestCase {
  private let kind = VPCCidrBlock()

  private static func vpc(_ state: Document) -> Reply {
    .success([
      "Vpcs": [
        [
          "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16",
          "CidrBlockAssociationSet": [
            [
              "AssociationId": "vpc-cidr-assoc-0", "CidrBlock": "10.0.0.0/16",
              "CidrBlockState": ["State": "associated"],
            ],
            [
              "AssociationId": "vpc-cidr-assoc-1", "CidrBlock": "10.1.0.0/16",
              "CidrBlockState": state,
            ],
            [
              "AssociationId": "vpc-cidr-assoc-2", "CidrBlock": "10.2.0.0/16",
              "CidrBlockState": ["State": "disassociated"],
            ],
          ],
          "Ipv6CidrBlockAssociationSet": [
            [
              "AssociationId": "vpc-cidr-assoc-6", "Ipv6CidrBlock": "2001:db8::/56",
              "Ipv6CidrBlockState": ["State": "associated"], "Ipv6Pool": "Amazon",
              "NetworkBorderGroup": "eu-west-1", "IpSource": "amazon",
              "Ipv6AddressAttribute": "public",
            ]
          ],
        ]
      ]
    ])
  }

  func testShowsFurtherRangesAndTheVPCsOwnAsNobodys() throws {
    let observation = ObservationRehearsal(kind, .rehearsal()) { _ in
      Self.vpc(["State": "associated"])
    }
    XCTAssertEqual(observation.lines, ["DescribeVpcs {}"])
    XCTAssertEqual(observation.reads.first?.isEssential, true)
    XCTAssertEqual(
      observation.observed.map(\.id),
      ["vpc-cidr-assoc-1", "vpc-cidr-assoc-6", "vpc-cidr-assoc-0"])
    XCTAssertEqual(observation.observed.map(\.transition), [nil, nil, Observed.given])
    XCTAssertEqual(
      plannedChanges(
        kind, ["VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"], shown: observation.observed), [],
      "the VPC has it by itself")
    XCTAssertEqual(
      observation["vpc-cidr-assoc-6"]?.properties["AmazonProvidedIpv6CidrBlock"], true)
    XCTAssertEqual(try uncovered(kind, shown: observation.observed), [])
  }

  func testAssociatesARangeAndWaitsOrTellsWhyNot() throws {
    func run(_ states: [Document]) -> Rehearsal {
      // Before it asks for a range, it looks whether the VPC has it by itself.
      var left = [["State": "disassociated"]] + states
      return Rehearsal(kind, .creating(["VpcId": "vpc-1", "CidrBlock": "10.1.0.0/16"])) { call in
        guard call.operation == "DescribeVpcs" else {
          return .success([
            "VpcId": "vpc-1", "CidrBlockAssociation": ["AssociationId": "vpc-cidr-assoc-1"],
          ])
        }
        return Self.vpc(left.removeFirst())
      }
    }
    let created = run([["State": "associating"], ["State": "associated"]])
    XCTAssertEqual(
      created.changes, [#"AssociateVpcCidrBlock {"CidrBlock":"10.1.0.0/16","VpcId":"vpc-1"}"#])
    XCTAssertEqual(created.waits.count, 1)
    XCTAssertEqual(created.id, "vpc-cidr-assoc-1")
    XCTAssertEqual(
      created.attributes?["CidrBlockAssociations"], ["vpc-cidr-assoc-0", "vpc-cidr-assoc-1"],
      "what the VPC has now")
    XCTAssertEqual(created.attributes?["Ipv6CidrBlocks"], ["2001:db8::/56"])
    XCTAssertEqual(try modelProblems(created.calls), [])
    XCTAssertEqual(
      run([["State": "failing", "StatusMessage": "too many"]]).failure,
      "the range was not associated: too many")
    let own = Rehearsal(kind, .creating(["VpcId": "vpc-1", "CidrBlock": "10.0.0.9/16"])) { _ in
      Self.vpc(["State": "associated"])
    }
    XCTAssertEqual(own.changes, [])
    XCTAssertEqual(own.id, "vpc-cidr-assoc-0")
  }

  func testDisassociatesOnceNothingIsInTheRange() throws {
    let deleted = Rehearsal(kind, .deleting("vpc-cidr-assoc-1"))
    XCTAssertEqual(
      deleted.lines, [#"DisassociateVpcCidrBlock {"AssociationId":"vpc-cidr-assoc-1"}"#])
    XCTAssertEqual(
      deleted.calls[0].absentCodes, ["InvalidVpcCidrBlockAssociationID.NotFound"])
    let again = Rehearsal(
      kind, .deleting("vpc-cidr-assoc-0", ["VpcId": "vpc-1", "CidrBlock": "10.1.0.0/16"])
    ) { call in
      call.isRead
        ? Self.vpc(["State": "associated"])
        : call.input["AssociationId"] == "vpc-cidr-assoc-0" ? .absent : .success([:])
    }
    XCTAssertEqual(
      again.changes.last, #"DisassociateVpcCidrBlock {"AssociationId":"vpc-cidr-assoc-1"}"#,
      "somebody associated the same range anew")
    XCTAssertEqual(try modelProblems(deleted.calls + again.calls), [])
  }
}
