import Document
import TrueupCore

/// A further range of a VPC, of IPv4 or IPv6. The VPC's first range is the VPC's own.
public struct VPCCidrBlock: SequencedKind {
  public init() {}

  public let type = "AWS::EC2::VPCCidrBlock"

  private static let lost =
    "an association carries no tags, and what a pool gave could not be found again: declare the range"

  public let facts = TypeFacts(
    Identity(ref: "Id", unique: [UniqueKey(VPCCidrBlock.range, within: ["VpcId"])]),
    ownership: .inside(
      [Parent("VpcId", "AWS::EC2::VPC")], gives: ["CidrBlockAssociations", "Ipv6CidrBlocks"]),
    properties: [
      "/CidrBlock": .normal(.cidr),
      "/Ipv6CidrBlock": .normal(.cidr),
      "/AmazonProvidedIpv6CidrBlock": .defaultsTo(false),
      "/Ipv4IpamPoolId": .unsupported(VPCCidrBlock.lost),
      "/Ipv4NetmaskLength": .unsupported(VPCCidrBlock.lost),
      "/Ipv6IpamPoolId": .unsupported(VPCCidrBlock.lost),
      "/Ipv6NetmaskLength": .unsupported(VPCCidrBlock.lost),
    ],
    canonical: { properties in
      guard properties["AmazonProvidedIpv6CidrBlock"] != true else {
        return properties.merging([range: "of Amazon"])
      }
      guard let block = (properties["CidrBlock"] ?? properties["Ipv6CidrBlock"])?.string else {
        return properties
      }
      return properties.merging([range: .string(Network(block)?.description ?? block)])
    })

  /// What tells two ranges of a VPC apart, in comparing alone. A VPC has at most one of Amazon's.
  private static let range = "Range"

  // MARK: Observing

  /// Alike in everything.
  public func sameness(of properties: Document) -> Document? { properties }

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [EC2.vpcs] }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[EC2.vpcs]?.output?["Vpcs"]?.list ?? []).flatMap { vpc in
      func observed(_ properties: Document, _ transition: String? = nil) -> Observed {
        Observed(
          type: type, id: properties["Id"]?.string ?? "", scope: context.scope,
          properties: properties, transition: transition)
      }
      return ranges(of: vpc).map { observed($0) }
        + [first(of: vpc)].compactMap(\.self).map { observed($0, Observed.given) }
    }
  }

  /// The VPC's own range, which is nobody else's, also where it is declared once more.
  private func first(of vpc: Document) -> Document? {
    let ranges = EC2.associations(vpc["CidrBlockAssociationSet"], state: "CidrBlockState")
    return ranges.first { $0["CidrBlock"] == vpc["CidrBlock"] }.map(shown(in: vpc))
  }

  private func shown(in vpc: Document) -> (Document) -> Document {
    { range in
      .members([
        "Id": range["AssociationId"], "VpcId": vpc["VpcId"], "CidrBlock": range["CidrBlock"],
      ])
    }
  }

  private func ranges(of vpc: Document) -> [Document] {
    let ranges = EC2.associations(vpc["CidrBlockAssociationSet"], state: "CidrBlockState")
      .filter { $0["CidrBlock"] != vpc["CidrBlock"] }
      .map(shown(in: vpc))
    let ranges6 = EC2.associations(vpc["Ipv6CidrBlockAssociationSet"], state: "Ipv6CidrBlockState")
      .map { range -> Document in
        .members([
          "Id": range["AssociationId"], "VpcId": vpc["VpcId"],
          "Ipv6CidrBlock": range["Ipv6CidrBlock"], "Ipv6Pool": range["Ipv6Pool"],
          "Ipv6CidrBlockNetworkBorderGroup": range["NetworkBorderGroup"],
          "Ipv6AddressAttribute": range["Ipv6AddressAttribute"], "IpSource": range["IpSource"],
          "AmazonProvidedIpv6CidrBlock": .bool(range["Ipv6Pool"] == "Amazon"),
        ])
      }
    return ranges + ranges6
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    if let block = step.desired["CidrBlock"]?.string.flatMap(Network.init),
      let vpc = step.desired["VpcId"]
    {
      let now = try calls.make(
        Call(
          "ec2", "DescribeVpcs", ["VpcIds": [vpc]], transientCodes: ["InvalidVpcID.NotFound"])
      ).output?["Vpcs"]?[0]
      if let own = now.flatMap(first(of:)), let id = own["Id"]?.string,
        own["CidrBlock"]?.string.flatMap(Network.init) == block
      {
        return .done(id: id, attributes: step.desired.merging(own))
      }
    }
    let reply = try calls.make(
      Call(
        "ec2", "AssociateVpcCidrBlock",
        .members(
          step.desired.members(named: [
            "VpcId", "CidrBlock", "AmazonProvidedIpv6CidrBlock", "Ipv6CidrBlock", "Ipv6Pool",
            "Ipv6CidrBlockNetworkBorderGroup",
          ])), transientCodes: ["InvalidVpcID.NotFound"]))
    let association =
      reply.output?["CidrBlockAssociation"] ?? reply.output?["Ipv6CidrBlockAssociation"]
    guard let id = association?["AssociationId"]?.string, let vpc = step.desired["VpcId"] else {
      throw .failed("AssociateVpcCidrBlock answered without an association id")
    }
    let output = try calls.wait(
      Call(
        "ec2", "DescribeVpcs", ["VpcIds": [vpc]], batch: CallBatch("Vpcs", by: "VpcId")),
      every: 2, limit: 120,
      until: "the range of \(step.address) is associated"
    ) { output in
      let shown = output["Vpcs"]?[0] ?? [:]
      let states =
        (shown["CidrBlockAssociationSet"]?.list ?? []).map { ($0, $0["CidrBlockState"]) }
        + (shown["Ipv6CidrBlockAssociationSet"]?.list ?? []).map { ($0, $0["Ipv6CidrBlockState"]) }
      let state = states.first { $0.0["AssociationId"]?.string == id }?.1
      switch state?["State"]?.string {
      case "associated": return .ready
      case "failed", "failing":
        return .failed(
          "the range was not associated: \(state?["StatusMessage"]?.string ?? "no reason given")")
      default: return .waiting
      }
    }
    let now = output["Vpcs"]?[0] ?? [:]
    let shown = ranges(of: now).first { $0["Id"]?.string == id }
    return .done(
      id: id,
      attributes: step.desired.merging(shown).merging(["Id": .string(id)])
        .merging(.object(VPC.ranges(of: now))))
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    .done(id: try step.existingID(), attributes: step.unchanged)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    guard try calls.make(disassociation(id)) == .absent,
      let shown = step.observed?.properties, let vpc = shown["VpcId"]
    else { return .done(id: id, attributes: [:]) }
    // Somebody may have associated the same range anew, under another id.
    let found = try calls.make(
      Call(
        "ec2", "DescribeVpcs", ["VpcIds": [vpc]], absentCodes: ["InvalidVpcID.NotFound"]))
    let again = ranges(of: found.output?["Vpcs"]?[0] ?? [:]).filter { range in
      ["CidrBlock", "Ipv6CidrBlock"].allSatisfy { range[$0] == shown[$0] }
    }
    try calls.make(again.compactMap { $0["Id"]?.string }.map(disassociation))
    return .done(id: id, attributes: [:])
  }

  private func disassociation(_ id: String) -> Call {
    Call(
      "ec2", "DisassociateVpcCidrBlock", ["AssociationId": .string(id)],
      absentCodes: ["InvalidVpcCidrBlockAssociationID.NotFound"],
      transientCodes: ["DependencyViolation", "InvalidCidrBlock.InUse"],
      patience: EC2.deletionPatience)
  }
}
