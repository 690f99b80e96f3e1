import Document
import TrueupCore

/// Which DHCP options a VPC has. A VPC always has some: making is replacing, deleting goes back to those
/// of the account.
public struct VPCDHCPOptionsAssociation: ComposedKind {
  public init() {}

  public let type = "AWS::EC2::VPCDHCPOptionsAssociation"

  public let facts = TypeFacts(
    Identity(ref: "Id", unique: [UniqueKey("VpcId")]),
    ownership: .inside([Parent("VpcId", "AWS::EC2::VPC")]),
    properties: [
      "/DhcpOptionsId": .updatable
    ])

  /// A VPC without options. Source: EC2 API, AssociateDhcpOptions.
  private static let none = "default"

  let listing = Listing(EC2.vpcs, "Vpcs")
  let shown = ["DhcpOptionsId", "VpcId"]
  let tagging = NoTags()
  let creation = Creation(
    Call(
      "ec2", "AssociateDhcpOptions", [:],
      transientCodes: [
        "InvalidVpcID.NotFound", "InvalidDhcpOptionID.NotFound", "InvalidDhcpOptionsID.NotFound",
      ]), ["DhcpOptionsId", "VpcId"])
  let deletion = Deletion(
    Call(
      "ec2", "AssociateDhcpOptions", ["DhcpOptionsId": .string(none)],
      absentCodes: ["InvalidVpcID.NotFound"]), "VpcId")

  /// As the registry's identifier has it.
  func id(of item: Document) -> String? {
    guard let vpc = item["VpcId"]?.string, let options = item["DhcpOptionsId"]?.string else {
      return nil
    }
    return "\(options)|\(vpc)"
  }

  func transition(of vpc: Document) -> String? {
    vpc["DhcpOptionsId"]?.string == Self.none ? Observed.given : nil
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    guard let id = id(of: step.desired) else {
      throw .failed("\(step.address) has no VpcId or DhcpOptionsId")
    }
    _ = try creation.make(step, [:], &calls)
    return done(step, id)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    step.changed.contains("DhcpOptionsId")
      ? try create(step, &calls) : done(step, try step.existingID())
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    try calls.make(deletion.call(step.observed?.properties["VpcId"]?.string ?? ""))
    return .done(id: id, attributes: [:])
  }
}
