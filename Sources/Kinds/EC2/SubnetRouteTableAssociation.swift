import Document
import TrueupCore

/// Which route table a subnet uses. A subnet has one; without any, it uses the VPC's main table.
public struct SubnetRouteTableAssociation: SequencedKind {
  public init() {}

  public let type = "AWS::EC2::SubnetRouteTableAssociation"

  public let facts = TypeFacts(
    Identity(ref: "Id", unique: [UniqueKey("SubnetId")]),
    ownership: .inside([Parent("SubnetId", "AWS::EC2::Subnet")]),
    properties: [
      // ReplaceRouteTableAssociation moves a subnet without a gap.
      "/RouteTableId": .updatable
    ])

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [EC2.routeTables] }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[EC2.routeTables]?.output?["RouteTables"]?.list ?? []).flatMap { table in
      (table["Associations"]?.list ?? []).compactMap { association -> Observed? in
        guard let id = association["RouteTableAssociationId"]?.string,
          let subnet = association["SubnetId"]?.string, !subnet.isEmpty,
          !EC2.isGone(association["AssociationState"])
        else { return nil }
        return Observed(
          type: type, id: id, scope: context.scope,
          properties: .members([
            "Id": .string(id), "SubnetId": .string(subnet), "RouteTableId": table["RouteTableId"],
          ]))
      }
    }
  }

  /// What was made a moment ago may not be known everywhere yet.
  private static let fresh: Set<String> = [
    "InvalidRouteTableID.NotFound", "InvalidSubnetID.NotFound", "InvalidAssociationID.NotFound",
  ]

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let reply = try calls.make(
      Call(
        "ec2", "AssociateRouteTable",
        .members(step.desired.members(named: ["RouteTableId", "SubnetId"])),
        transientCodes: Self.fresh))
    return try done(step, reply.output?["AssociationId"], "AssociateRouteTable")
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
    return try done(step, reply.output?["NewAssociationId"], "ReplaceRouteTableAssociation")
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    guard try calls.make(disassociation(id)) == .absent,
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
      }.compactMap { $0["RouteTableAssociationId"]?.string }.map(disassociation))
    return .done(id: id, attributes: [:])
  }

  private func disassociation(_ id: String) -> Call {
    Call(
      "ec2", "DisassociateRouteTable", ["AssociationId": .string(id)],
      absentCodes: ["InvalidAssociationID.NotFound"])
  }

  private func done(_ step: Step, _ association: Document?, _ operation: String)
    throws(CallSequence.Pause) -> Next
  {
    guard let id = association?.string else {
      throw .failed("\(operation) answered without an association id")
    }
    return .done(id: id, attributes: step.desired.merging(["Id": .string(id)]))
  }
}
