import Document
import TrueupCore

/// A route table. Its routes and associations are resources of their own.
public struct RouteTable: TagsOnlyKind {
  public init() {}

  public let type = "AWS::EC2::RouteTable"

  public let facts = TypeFacts(
    Identity(ref: "RouteTableId"))

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [EC2.routeTables] }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[EC2.routeTables]?.output?["RouteTables"]?.list ?? []).compactMap { table in
      guard let id = table["RouteTableId"]?.string else { return nil }
      return Observed(
        type: type, id: id, scope: context.scope,
        properties: .members(table.members(named: ["RouteTableId", "VpcId"])),
        tags: Tags.read(table["Tags"]))
    }
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let created = try calls.make(
      Call(
        "ec2", "CreateRouteTable",
        .members([
          "VpcId": step.desired["VpcId"], "ClientToken": .string(step.token),
          "TagSpecifications": EC2.tagSpecifications(step.tags, of: "route-table"),
        ]), transientCodes: ["InvalidVpcID.NotFound"]))
    guard let id = created.output?["RouteTable"]?["RouteTableId"]?.string else {
      throw .failed("CreateRouteTable answered without an id")
    }
    return .done(
      id: id, attributes: .members(["RouteTableId": .string(id), "VpcId": step.desired["VpcId"]]))
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    try calls.make(
      EC2.deletion(
        "DeleteRouteTable", ["RouteTableId": .string(id)], absent: "InvalidRouteTableID.NotFound"))
    return .done(id: id, attributes: [:])
  }
}
