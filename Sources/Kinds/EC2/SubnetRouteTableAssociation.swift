import Document
import TrueupCore

/// Which route table a subnet uses. A subnet has one; without any, it uses the VPC's main table.
public struct SubnetRouteTableAssociation: ComposedKind {
  public init() {}

  public let type = "AWS::EC2::SubnetRouteTableAssociation"

  public let facts = TypeFacts(
    Identity(ref: "Id", unique: [UniqueKey("SubnetId")]),
    ownership: .inside([Parent("SubnetId", "AWS::EC2::Subnet")]),
    properties: [
      // ReplaceRouteTableAssociation moves a subnet without a gap.
      "/RouteTableId": .updatable
    ])

  /// What was made a moment ago may not be known everywhere yet.
  private static let fresh: Set<String> = [
    "InvalidRouteTableID.NotFound", "InvalidSubnetID.NotFound", "InvalidAssociationID.NotFound",
  ]

  let listing = Listing(
    EC2.routeTables, "RouteTables", each: "Associations", with: ["RouteTableId"])
  let shown = ["SubnetId", "RouteTableId"]
  let tagging = NoTags()
  let creation = Creation(
    Call("ec2", "AssociateRouteTable", [:], transientCodes: fresh), ["RouteTableId", "SubnetId"],
    id: ["AssociationId"])
  let deletion = Deletion(
    Call(
      "ec2", "DisassociateRouteTable", [:], absentCodes: ["InvalidAssociationID.NotFound"]),
    "AssociationId")

  /// Not that of the main table, which is the VPC's.
  func id(of item: Document) -> String? {
    item["SubnetId"]?.string?.isEmpty == false && !EC2.isGone(item["AssociationState"])
      ? item["RouteTableAssociationId"]?.string : nil
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    guard step.changed.contains("RouteTableId") else {
      return .done(id: id, attributes: step.unchanged)
    }
    let reply = try calls.make(
      Call(
        "ec2", "ReplaceRouteTableAssociation",
        .members(["AssociationId": .string(id), "RouteTableId": step.desired["RouteTableId"]]),
        transientCodes: Self.fresh))
    guard let id = reply.output?["NewAssociationId"]?.string else {
      throw .failed("ReplaceRouteTableAssociation answered without NewAssociationId")
    }
    return done(step, id)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    guard try calls.make(deletion.call(id)) == .absent,
      let subnet = step.observed?.properties["SubnetId"]?.string
    else { return .done(id: id, attributes: [:]) }
    // Under another id the subnet may use the same table still: each change gives a new one.
    let found = try calls.make(
      Call(
        "ec2", "DescribeRouteTables", ["Filters": EC2.filters(["association.subnet-id": subnet])]))
    let tables = (found.output?["RouteTables"]?.list ?? []).filter {
      $0["RouteTableId"] == step.observed?.properties["RouteTableId"]
    }
    try calls.make(
      tables.flatMap { $0["Associations"]?.list ?? [] }.filter {
        $0["SubnetId"]?.string == subnet && !EC2.isGone($0["AssociationState"])
      }.compactMap { $0["RouteTableAssociationId"]?.string }.map(deletion.call))
    return .done(id: id, attributes: [:])
  }
}
