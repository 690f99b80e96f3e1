import Document
import TrueupCore

/// Which DHCP options a VPC has. A VPC always has some: making is replacing, deleting goes back to those
/// of the account.
public struct VPCDHCPOptionsAssociation: SequencedKind {
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

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [EC2.vpcs] }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[EC2.vpcs]?.output?["Vpcs"]?.list ?? []).compactMap { vpc in
      guard let vpcID = vpc["VpcId"]?.string, let options = vpc["DhcpOptionsId"]?.string else {
        return nil
      }
      let id = Self.id(options, vpcID)
      return Observed(
        type: type, id: id, scope: context.scope,
        properties: [
          "Id": .string(id), "DhcpOptionsId": .string(options), "VpcId": .string(vpcID),
        ], transition: options == Self.none ? Observed.given : nil)
    }
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try associate(step, &calls)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    guard step.changed.contains("DhcpOptionsId") else {
      return .done(id: try step.existingID(), attributes: step.unchanged)
    }
    return try associate(step, &calls)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    try calls.make(
      Call(
        "ec2", "AssociateDhcpOptions",
        .members([
          "DhcpOptionsId": .string(Self.none), "VpcId": step.observed?.properties["VpcId"],
        ]),
        absentCodes: ["InvalidVpcID.NotFound"]))
    return .done(id: id, attributes: [:])
  }

  private func associate(_ step: Step, _ calls: inout CallSequence)
    throws(CallSequence.Pause) -> Next
  {
    guard let vpc = step.desired["VpcId"]?.string,
      let options = step.desired["DhcpOptionsId"]?.string
    else { throw .failed("\(step.address) has no VpcId or DhcpOptionsId") }
    try calls.make(
      Call(
        "ec2", "AssociateDhcpOptions",
        ["DhcpOptionsId": .string(options), "VpcId": .string(vpc)],
        transientCodes: [
          "InvalidVpcID.NotFound", "InvalidDhcpOptionID.NotFound", "InvalidDhcpOptionsID.NotFound",
        ]))
    let id = Self.id(options, vpc)
    return .done(id: id, attributes: step.desired.merging(["Id": .string(id)]))
  }

  /// As the registry's identifier has it.
  private static func id(_ options: String, _ vpc: String) -> String { "\(options)|\(vpc)" }
}
