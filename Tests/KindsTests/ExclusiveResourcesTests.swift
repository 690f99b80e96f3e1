import Document
import Kinds
import TrueupCore
import XCTest

/// What AWS refuses beside each other, as kinds declare it.
final class ExclusiveResourcesTests: XCTestCase {
  private let cases: [(kind: any Kind, one: Document, other: Document, excludes: Bool)] = [
    (
      VPCEndpoint(), ["ServiceName": "s3", "RouteTableIds": ["rtb-1", "rtb-2"]],
      ["ServiceName": "s3", "RouteTableIds": ["rtb-2"]], true
    ),
    (
      VPCEndpoint(), ["ServiceName": "s3", "RouteTableIds": ["rtb-1"]],
      ["ServiceName": "dynamodb", "RouteTableIds": ["rtb-1"]], false
    ),
    (
      HostedZone(),
      ["Name": "in.example", "VPCs": [["VPCId": "vpc-1", "VPCRegion": "us-east-1"]]],
      ["Name": "In.example.", "VPCs": [["VPCId": "vpc-1", "VPCRegion": "us-east-1"]]], true
    ),
    (HostedZone(), ["Name": "in.example"], ["Name": "in.example"], false),
    (
      NatGateway(), ["SubnetId": "subnet-1", "AllocationId": "eipalloc-1"],
      ["SubnetId": "subnet-2", "AllocationId": "eipalloc-1"], true
    ),
    (
      Subnet(), ["VpcId": "vpc-1", "CidrBlock": "10.0.0.0/20"],
      ["VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24"], true
    ),
    (
      RecordSet(), ["HostedZoneId": "Z1", "Name": "www.example.", "Type": "A"],
      ["HostedZoneId": "Z1", "Name": "WWW.example", "Type": "A"], true
    ),
  ]

  func testKindsDeclareWhatCannotStandBesideEachOther() {
    for (kind, one, other, excludes) in cases {
      let (left, right) = (kind.facts.normal(one), kind.facts.normal(other))
      let conflicts = kind.facts.identity.keys.map { $0.conflict(left, right) }
      XCTAssertEqual(conflicts.contains(.same), excludes, "\(kind.type): \(one) and \(other)")
    }
  }
}
