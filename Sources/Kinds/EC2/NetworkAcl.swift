import Document
import TrueupCore

/// A network ACL. Its entries are resources of their own.
public struct NetworkAcl: ComposedKind {
  public init() {}

  public let type = "AWS::EC2::NetworkAcl"
  public let facts = TypeFacts(Identity(ref: "Id"))

  let listing = Listing(EC2.allNetworkACLs, "NetworkAcls", id: "NetworkAclId")
  let shown = ["VpcId"]
  let tagging = EC2Tags("network-acl")
  let creation = Creation(
    Call("ec2", "CreateNetworkAcl", [:], transientCodes: ["InvalidVpcID.NotFound"]), ["VpcId"],
    id: ["NetworkAcl", "NetworkAclId"], token: "ClientToken")
  let deletion = EC2.deletion(
    "DeleteNetworkAcl", "NetworkAclId", absent: "InvalidNetworkAclID.NotFound")
}
