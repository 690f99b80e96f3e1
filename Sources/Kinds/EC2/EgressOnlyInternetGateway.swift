import Document
import TrueupCore

/// An egress-only internet gateway: the way out of a VPC for IPv6, with no way in.
public struct EgressOnlyInternetGateway: ComposedKind {
  public init() {}

  public let type = "AWS::EC2::EgressOnlyInternetGateway"
  public let facts = TypeFacts(Identity(ref: "Id"))

  /// API: MaxResults is 255 at most.
  let listing = Listing(
    Read(
      Call("ec2", "DescribeEgressOnlyInternetGateways", [:]), pageSize: 255, isEssential: true),
    "EgressOnlyInternetGateways", id: "EgressOnlyInternetGatewayId")
  let tagging = EC2Tags("egress-only-internet-gateway")
  let creation = Creation(
    Call(
      "ec2", "CreateEgressOnlyInternetGateway", [:], transientCodes: ["InvalidVpcID.NotFound"]),
    ["VpcId"], id: ["EgressOnlyInternetGateway", "EgressOnlyInternetGatewayId"],
    token: "ClientToken")
  let deletion = EC2.deletion(
    "DeleteEgressOnlyInternetGateway", "EgressOnlyInternetGatewayId",
    absent: "InvalidGatewayID.NotFound", "InvalidEgressOnlyInternetGatewayId.NotFound")

  func properties(of item: Document, _ context: ReadContext) -> [String: Document?] {
    let attachment = (item["Attachments"]?.list ?? []).first {
      ["attached", "attaching"].contains($0["State"]?.string)
    }
    return ["VpcId": attachment?["VpcId"]]
  }
}
