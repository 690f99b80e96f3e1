import Document
import TrueupCore

/// An entry of a network ACL. The entries of an ACL of ours are owned whole, save for the last ones,
/// which AWS puts there and which deny the rest. Its id is `acl-1|100|ingress`.
public struct NetworkAclEntry: SequencedKind {
  public init() {}

  public let type = "AWS::EC2::NetworkAclEntry"

  /// Rule numbers of people; AWS's own are above. Source: EC2 API, CreateNetworkAclEntry.
  private static let highest = 32766

  public let facts = TypeFacts(
    Identity(ref: "Id", unique: [UniqueKey("RuleNumber", "Egress", within: ["NetworkAclId"])]),
    ownership: .inside([Parent("NetworkAclId", "AWS::EC2::NetworkAcl")], whole: true),
    properties: [
      "/CidrBlock": .normal(.cidr).losing(.change).security,
      "/Ipv6CidrBlock": .normal(.cidr).losing(.change).security,
      "/Icmp": .losing(.change).security,
      "/PortRange": .losing(.change).security,
      "/Protocol": .losing(.change).security,
      "/RuleAction": .losing(.leaving("allow")).security,
    ],
    canonical: { properties in
      guard case .object(var members) = properties, members["RuleNumber"] != nil else {
        return properties
      }
      members["Egress"] = members["Egress"] ?? false
      // Only TCP and UDP have ports, and only ICMP has types.
      switch members["Protocol"]?.integer {
      case 6, 17: members["Icmp"] = nil
      case 1, 58: members["PortRange"] = nil
      case .some:
        members["PortRange"] = nil
        members["Icmp"] = nil
      case nil: break
      }
      return .object(members)
    })

  /// Alike in everything.
  public func sameness(of properties: Document) -> Document? { properties }

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [EC2.allNetworkACLs] }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[EC2.allNetworkACLs]?.output?["NetworkAcls"]?.list ?? []).flatMap { acl in
      (acl["Entries"]?.list ?? []).compactMap { entry -> Observed? in
        guard let acl = acl["NetworkAclId"]?.string, let number = entry["RuleNumber"]?.integer,
          number <= Self.highest
        else { return nil }
        var members = entry.members(named: [
          "CidrBlock", "Egress", "Ipv6CidrBlock", "PortRange", "RuleAction", "RuleNumber",
        ])
        members["Protocol"] = entry["Protocol"]?.string.flatMap { Int($0) }.map { .integer($0) }
        members["Icmp"] = entry["IcmpTypeCode"]
        members["NetworkAclId"] = .string(acl)
        let id = Self.id(acl, number, entry["Egress"])
        members["Id"] = .string(id)
        return Observed(type: type, id: id, scope: context.scope, properties: .members(members))
      }
    }
  }

  private static func id(_ acl: String, _ number: Int, _ egress: Document?) -> String {
    "\(acl)|\(number)|\(egress == true ? "egress" : "ingress")"
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try calls.make(
      Call(
        "ec2", "CreateNetworkAclEntry", input(step),
        transientCodes: ["InvalidNetworkAclID.NotFound"]))
    return done(step)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    if !step.changed.isEmpty {
      try calls.make(Call("ec2", "ReplaceNetworkAclEntry", input(step)))
    }
    return done(step)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let shown = step.observed?.properties ?? step.desired
    try calls.make(
      Call(
        "ec2", "DeleteNetworkAclEntry",
        .members(shown.members(named: ["NetworkAclId", "RuleNumber", "Egress"])),
        absentCodes: ["InvalidNetworkAclEntry.NotFound", "InvalidNetworkAclID.NotFound"]))
    return .done(id: id, attributes: [:])
  }

  private func input(_ step: Step) -> Document {
    var members = step.desired.members(named: [
      "CidrBlock", "Ipv6CidrBlock", "NetworkAclId", "PortRange", "RuleAction", "RuleNumber",
    ])
    members["Egress"] = step.desired["Egress"] ?? false
    members["Protocol"] = step.desired["Protocol"].map { .string($0.scalarText ?? "") }
    members["IcmpTypeCode"] = step.desired["Icmp"]
    return .members(members)
  }

  private func done(_ step: Step) -> Next {
    let id = Self.id(
      step.desired["NetworkAclId"]?.string ?? "", step.desired["RuleNumber"]?.integer ?? 0,
      step.desired["Egress"])
    return .done(id: id, attributes: step.desired.merging(["Id": .string(id)]))
  }
}
