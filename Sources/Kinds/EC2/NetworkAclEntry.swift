import Document
import TrueupCore

/// An entry of a network ACL. The entries of an ACL of ours are owned whole, save for the last ones,
/// which AWS puts there and which deny the rest. Its id is `acl-1|100|ingress`.
public struct NetworkAclEntry: ComposedKind {
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

  let listing = Listing(EC2.allNetworkACLs, "NetworkAcls", each: "Entries", with: ["NetworkAclId"])
  let tagging = NoTags()
  let creation = Creation(
    Call("ec2", "CreateNetworkAclEntry", [:], transientCodes: ["InvalidNetworkAclID.NotFound"]))
  let deletion = Deletion(
    Call(
      "ec2", "DeleteNetworkAclEntry", [:],
      absentCodes: ["InvalidNetworkAclEntry.NotFound", "InvalidNetworkAclID.NotFound"]),
    "NetworkAclId")

  func id(of entry: Document) -> String? {
    guard let acl = entry["NetworkAclId"]?.string, let number = entry["RuleNumber"]?.integer,
      number <= Self.highest
    else { return nil }
    return "\(acl)|\(number)|\(entry["Egress"] == true ? "egress" : "ingress")"
  }

  private static let same = [
    "CidrBlock", "Ipv6CidrBlock", "NetworkAclId", "PortRange", "RuleAction", "RuleNumber",
  ]

  func properties(of entry: Document, _ context: ReadContext) -> [String: Document?] {
    var members = entry.members(named: Self.same + ["Egress"])
    members["Protocol"] = entry["Protocol"]?.string.flatMap { Int($0) }.map { .integer($0) }
    members["Icmp"] = entry["IcmpTypeCode"]
    return members
  }

  func created(_ step: Step) throws(CallSequence.Pause) -> [String: Document?] {
    var members = step.desired.members(named: Self.same)
    members["Egress"] = step.desired["Egress"] ?? false
    members["Protocol"] = step.desired["Protocol"].map { .string($0.scalarText ?? "") }
    members["IcmpTypeCode"] = step.desired["Icmp"]
    return members
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    _ = try creation.make(step, try created(step), &calls)
    return done(step, id(of: step.desired) ?? "")
  }

  func changes(_ step: Step, _ id: String) throws(CallSequence.Pause) -> [Call] {
    step.changed.isEmpty
      ? [] : [Call("ec2", "ReplaceNetworkAclEntry", .members(try created(step)))]
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let shown = step.observed?.properties ?? step.desired
    var call = deletion.call
    call.input = .members(shown.members(named: ["NetworkAclId", "RuleNumber", "Egress"]))
    try calls.make(call)
    return .done(id: try step.existingID(), attributes: [:])
  }
}
