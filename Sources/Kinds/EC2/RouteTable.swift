import Document
import TrueupCore

/// A route table. Its routes and associations are resources of their own.
public struct RouteTable: ComposedKind {
  public init() {}

  public let type = "AWS::EC2::RouteTable"
  public let facts = TypeFacts(Identity(ref: "RouteTableId"))

  let listing = Listing(EC2.routeTables, "RouteTables")
  let shown = ["VpcId"]
  let tagging = EC2Tags("route-table")
  let creation = Creation(
    Call("ec2", "CreateRouteTable", [:], transientCodes: ["InvalidVpcID.NotFound"]), ["VpcId"],
    id: ["RouteTable", "RouteTableId"], token: "ClientToken")
  let deletion = EC2.deletion(
    "DeleteRouteTable", "RouteTableId", absent: "InvalidRouteTableID.NotFound")
}
