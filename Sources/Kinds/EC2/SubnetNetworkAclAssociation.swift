import Document
import TrueupCore

/// Which network ACL a subnet has. A subnet always has one: making and deleting is replacing, and having
/// the VPC's default one is having none, unless that is desired.
public struct SubnetNetworkAclAssociation: SequencedKind {
  public init() {}

  public let type = "AWS::EC2::SubnetNetworkAclAssociation"

  public let facts = TypeFacts(
    Identity(ref: "AssociationId", unique: [UniqueKey("SubnetId")]),
    ownership: .inside([Parent("SubnetId", "AWS::EC2::Subnet")]),
    properties: [
      "/NetworkAclId": .updatable
    ])

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [EC2.allNetworkACLs] }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[EC2.allNetworkACLs]?.output?["NetworkAcls"]?.list ?? []).flatMap { acl in
      (acl["Associations"]?.list ?? []).compactMap { association -> Observed? in
        guard let id = association["NetworkAclAssociationId"]?.string else { return nil }
        return Observed(
          type: type, id: id, scope: context.scope,
          properties: .members([
            "AssociationId": .string(id), "SubnetId": association["SubnetId"],
            "NetworkAclId": acl["NetworkAclId"],
          ]), transition: acl["IsDefault"] == true ? Observed.given : nil)
      }
    }
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    guard let subnet = step.desired["SubnetId"]?.string else {
      throw .failed("\(step.address) has no SubnetId")
    }
    let output = try calls.wait(
      Call(
        "ec2", "DescribeNetworkAcls", ["Filters": EC2.filters(["association.subnet-id": subnet])]),
      every: 2, limit: 60, until: "\(subnet) has a network ACL"
    ) { association(of: subnet, in: $0) == nil ? .waiting : .ready }
    return try replace(association(of: subnet, in: output), step, &calls)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    guard step.changed.contains("NetworkAclId") else {
      return .done(id: id, attributes: step.unchanged)
    }
    return try replace(.string(id), step, &calls)
  }

  /// The subnet goes back to the VPC's default ACL.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let shown = step.observed?.properties
    // By the subnet: each change gives the association a new id.
    let filter: KeyValuePairs =
      shown?["SubnetId"]?.string.map { ["association.subnet-id": $0] }
      ?? ["association.association-id": id]
    let found = try calls.make(
      Call("ec2", "DescribeNetworkAcls", ["Filters": EC2.filters(filter)]))
    let acl = found.output?["NetworkAcls"]?[0]
    let association = shown?["SubnetId"]?.string.flatMap { subnet in
      found.output.flatMap { self.association(of: subnet, in: $0) }
    }
    guard let vpc = acl?["VpcId"]?.string,
      shown?["NetworkAclId"].map({ $0 == acl?["NetworkAclId"] }) ?? true
    else { return .done(id: id, attributes: [:]) }
    let standard = try calls.make(
      Call(
        "ec2", "DescribeNetworkAcls",
        ["Filters": EC2.filters(["vpc-id": vpc, "default": "true"])]))
    guard let initial = standard.output?["NetworkAcls"]?[0]?["NetworkAclId"] else {
      throw .failed("\(vpc) shows no default network ACL")
    }
    try calls.make(
      Call(
        "ec2", "ReplaceNetworkAclAssociation",
        ["AssociationId": association ?? .string(id), "NetworkAclId": initial],
        absentCodes: ["InvalidAssociationID.NotFound"]))
    return .done(id: id, attributes: [:])
  }

  private func association(of subnet: String, in output: Document) -> Document? {
    (output["NetworkAcls"]?.list ?? []).lazy.flatMap { $0["Associations"]?.list ?? [] }
      .first { $0["SubnetId"]?.string == subnet }?["NetworkAclAssociationId"]
  }

  private func replace(_ old: Document?, _ step: Step, _ calls: inout CallSequence)
    throws(CallSequence.Pause) -> Next
  {
    let reply = try calls.make(
      Call(
        "ec2", "ReplaceNetworkAclAssociation",
        .members(["AssociationId": old, "NetworkAclId": step.desired["NetworkAclId"]]),
        transientCodes: ["InvalidNetworkAclID.NotFound", "InvalidAssociationID.NotFound"]))
    guard let id = reply.output?["NewAssociationId"]?.string else {
      throw .failed("ReplaceNetworkAclAssociation answered without an association id")
    }
    return .done(id: id, attributes: step.desired.merging(["AssociationId": .string(id)]))
  }
}
