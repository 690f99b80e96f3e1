import Document
import TrueupCore

/// An internet gateway. `AWS::EC2::VPCGatewayAttachment` attaches it.
public struct InternetGateway: ComposedKind {
  public init() {}

  public let type = "AWS::EC2::InternetGateway"
  public let facts = TypeFacts(Identity(ref: "InternetGatewayId"))

  let listing = Listing(EC2.internetGateways, "InternetGateways")
  let tagging = EC2Tags("internet-gateway")
  let creation = Creation(
    Call("ec2", "CreateInternetGateway", [:]), id: ["InternetGateway", "InternetGatewayId"])
  let deletion = EC2.deletion(
    "DeleteInternetGateway", "InternetGatewayId", absent: "InvalidInternetGatewayID.NotFound")
}
