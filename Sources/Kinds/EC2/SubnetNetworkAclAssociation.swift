import Document
import TrueupCore

/// Which network ACL a subnet has. A subnet always has one: making and deleting is replacing, and having
/// the VPC's default one is having none, unless that is desired.
public struct SubnetNetworkAclAssociation: ComposedKind {
  public init() {}

  public let type = "AWS::EC2::SubnetNetworkAclAssociation"

  public let facts = TypeFacts(
    Identity(ref: "AssociationId", unique: [UniqueKey("SubnetId")]),
    ownership: .inside([Parent("SubnetId", "AWS::EC2::Subnet")]),
    properties: [
      "/NetworkAclId": .updatable
    ])

  let listing = Listing(
    EC2.allNetworkACLs, "NetworkAcls", each: "Associations", with: ["NetworkAclId", "IsDefault"],
    id: "NetworkAclAssociationId")
  let shown = ["SubnetId", "NetworkAclId"]
  let tagging = NoTags()
  let creation = Creation(replacing, id: ["NewAssociationId"])
  let deletion = Deletion(replacing, "AssociationId")

  private static let replacing = Call(
    "ec2", "ReplaceNetworkAclAssociation", [:],
    transientCodes: ["InvalidNetworkAclID.NotFound", "InvalidAssociationID.NotFound"])

  func transition(of item: Document) -> String? {
    item["IsDefault"] == true ? Observed.given : nil
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
    let output = try creation.make(
      step, ["AssociationId": old, "NetworkAclId": step.desired["NetworkAclId"]], &calls)
    return done(step, try creation.id(in: output))
  }
}
