import Document
import XCTest

@testable import TrueupCore

final class CatalogARNTests: XCTestCase {
  private struct Named: Kind {
    let type: String
    let facts: TypeFacts

    func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [] }
    func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] { [] }
    func next(_ step: Step, _ replies: [Reply]) -> Next { .failed("only a name") }
  }

  private let catalog = Catalog([
    Named(
      type: "AWS::EC2::RouteTable",
      facts: TypeFacts(
        Identity(ref: "Id"))),
    Named(
      type: "AWS::EC2::NatGateway",
      facts: TypeFacts(
        Identity(ref: "Id"))),
    Named(
      type: "AWS::EC2::EIP",
      facts: TypeFacts(
        Identity(ref: "Id", arn: "ec2:elastic-ip"))),
    Named(
      type: "AWS::EC2::Route",
      facts: TypeFacts(
        Identity(ref: "Id"),
        ownership: .byName)),
    Named(
      type: "AWS::S3::Bucket",
      facts: TypeFacts(
        Identity(ref: "Id", arn: "s3"))),
    Named(
      type: "AWS::Logs::LogGroup",
      facts: TypeFacts(
        Identity(ref: "Id"))),
  ])

  func testKindsAreFoundByTheARNsOfTheirResources() {
    let cases = [
      ("arn:aws:ec2:us-east-1:1:route-table/rtb-1", ["AWS::EC2::RouteTable"]),
      ("arn:aws:ec2:us-east-1:1:natgateway/nat-1", ["AWS::EC2::NatGateway"]),
      ("arn:aws:ec2:us-east-1:1:elastic-ip/eipalloc-1", ["AWS::EC2::EIP"]),
      ("arn:aws-cn:logs:cn-north-1:1:log-group:/a/b:c", ["AWS::Logs::LogGroup"]),
      ("arn:aws:s3:::a.bucket", ["AWS::S3::Bucket"]),
      ("arn:aws:s3:us-east-1:1:accesspoint/it", []),
      ("arn:aws:ec2:us-east-1:1:dhcp-options/dopt-1", []),
      ("arn:aws:ec2:us-east-1:1:route/r", []),
      ("no arn", []),
    ]
    for (arn, types) in cases { XCTAssertEqual(catalog.kinds(ofARN: arn).map(\.type), types, arn) }
    XCTAssertEqual(
      Snapshot.typeName(ofARN: "arn:aws:ec2:us-east-1:1:dhcp-options/dopt-1"), "ec2:dhcp-options")
  }

  func testWhatIsOwnedWithItsParentIsFoundByTheParentsType() {
    func inside(_ parent: String, _ type: String) -> TypeFacts {
      TypeFacts(
        Identity(ref: "Id"),
        ownership: .inside([Parent(parent, type)], whole: true))
    }
    let catalog = Catalog([
      Named(
        type: "AWS::EC2::RouteTable",
        facts: TypeFacts(
          Identity(ref: "Id"))),
      Named(
        type: "AWS::EC2::NetworkAcl",
        facts: TypeFacts(
          Identity(ref: "Id"))),
      Named(type: "AWS::EC2::Route", facts: inside("RouteTableId", "AWS::EC2::RouteTable")),
      Named(
        type: "AWS::EC2::NetworkAclEntry", facts: inside("NetworkAclId", "AWS::EC2::NetworkAcl")),
      Named(
        type: "AWS::EC2::SubnetRouteTableAssociation",
        facts: TypeFacts(
          Identity(ref: "Id"),
          ownership: .inside([Parent("RouteTableId", "AWS::EC2::RouteTable")]))),
    ])
    let cases = [
      "AWS::EC2::RouteTable": ["AWS::EC2::Route"],
      "AWS::EC2::NetworkAcl": ["AWS::EC2::NetworkAclEntry"], "AWS::EC2::Route": [],
    ]
    for (parent, children) in cases {
      XCTAssertEqual(catalog.kinds(ownedInside: parent).map(\.type), children, parent)
    }
  }
}
