import Document
import TrueupCore

/// The rules of one direction of a security group: what the registry and the EC2 API call them.
struct SecurityGroupRules: Sendable {
  /// The registry property.
  let property: String
  /// The member of DescribeSecurityGroups' reply.
  let shown: String
  /// The registry members that hold a peer group and a peer prefix list.
  let group: String
  let prefixList: String
  /// The operations that add rules, take them away and describe them.
  private let operations: (authorize: String, revoke: String, describe: String)

  static let ingress = SecurityGroupRules(
    property: "SecurityGroupIngress", shown: "IpPermissions", group: "SourceSecurityGroupId",
    prefixList: "SourcePrefixListId",
    operations: (
      "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress",
      "UpdateSecurityGroupRuleDescriptionsIngress"
    ))
  static let egress = SecurityGroupRules(
    property: "SecurityGroupEgress", shown: "IpPermissionsEgress",
    group: "DestinationSecurityGroupId", prefixList: "DestinationPrefixListId",
    operations: (
      "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupEgress",
      "UpdateSecurityGroupRuleDescriptionsEgress"
    ))
  static let both = [ingress, egress]

  /// The registry's rules of a group as DescribeSecurityGroups shows it: one rule per peer.
  func read(_ securityGroup: Document) -> [Document] {
    let account = securityGroup["OwnerId"]
    return (securityGroup[shown]?.list ?? []).flatMap { permission -> [Document] in
      let common = permission.members(named: ["IpProtocol", "FromPort", "ToPort"])
      func rules(_ list: String, _ peer: (Document) -> [String: Document?]) -> [Document] {
        (permission[list]?.list ?? []).map { entry in
          canonical(
            .members(
              common.merging(peer(entry)) { $1 }
                .merging(["Description": entry["Description"]]) { $1 }))
        }
      }
      return rules("IpRanges") { ["CidrIp": $0["CidrIp"]] }
        + rules("Ipv6Ranges") { ["CidrIpv6": $0["CidrIpv6"]] }
        + rules("PrefixListIds") { [prefixList: $0["PrefixListId"]] }
        + rules("UserIdGroupPairs") { pair in
          let isOthers = !isEgress && pair["UserId"] != account
          return [
            group: pair["GroupId"], "SourceSecurityGroupOwnerId": isOthers ? pair["UserId"] : nil,
          ]
        }
    }
  }

  /// The registry's flat form of a rule as DescribeSecurityGroupRules shows it.
  func read(rule: Document) -> Document {
    var members = rule.members(named: [
      "GroupId", "IpProtocol", "FromPort", "ToPort", "CidrIpv6", "Description",
    ])
    members["CidrIp"] = rule["CidrIpv4"]
    members[prefixList] = rule["PrefixListId"]
    let peer = rule["ReferencedGroupInfo"]
    members[group] = peer?["GroupId"]
    if !isEgress, let owner = peer?["UserId"], owner != rule["GroupOwnerId"] {
      members["SourceSecurityGroupOwnerId"] = owner
    }
    return canonical(.members(members))
  }

  /// A registry rule in EC2's own form: protocols by name, ports where they mean something, CIDR blocks
  /// without host bits. What is not known yet stays as it is.
  /// Source: EC2 API, `IpPermission`.
  func canonical(_ rule: Document) -> Document {
    guard var members = rule.object else { return rule }
    let names = ["6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"]
    switch members["IpProtocol"] {
    case .integer(let number)?:
      members["IpProtocol"] = .string(names[String(number)] ?? String(number))
    case .string(let name)?:
      members["IpProtocol"] = .string(names[name.lowercased()] ?? name.lowercased())
    default: break
    }
    switch members["IpProtocol"]?.string {
    case "tcp", "udp": break
    case "icmp", "icmpv6":
      // All types have all codes; no range is all types.
      members["FromPort"] = members["FromPort"] ?? -1
      members["ToPort"] = members["FromPort"] == -1 ? -1 : members["ToPort"] ?? -1
    case .some:
      members["FromPort"] = nil
      members["ToPort"] = nil
    case nil: break
    }
    for member in ["CidrIp", "CidrIpv6"] {
      if let network = members[member]?.string.flatMap(Network.init) {
        members[member] = .string(network.description)
      }
    }
    if members["Description"] == "" { members["Description"] = nil }
    return .object(members)
  }

  /// The rule as it is compared: a peer group's id says all, whoever owns it.
  func comparable(_ rule: Document) -> Document {
    guard case .object(var members) = canonical(rule) else { return rule }
    if members[group] != nil { members["SourceSecurityGroupOwnerId"] = nil }
    return .object(members)
  }

  /// What tells two rules of a group apart: all but the description.
  func key(_ rule: Document) -> Document {
    guard case .object(var members) = comparable(rule) else { return rule }
    members["Description"] = nil
    return .object(members)
  }

  /// What tells apart a rule that is a resource of its own: not the group, and none of its attributes.
  func key(resource properties: Document) -> Document {
    key(
      .members(
        properties.members(named: [
          "IpProtocol", "FromPort", "ToPort", "CidrIp", "CidrIpv6", group, prefixList,
        ])))
  }

  /// The keys of a rule that is a resource of its own: as it is desired, and as it is there until its
  /// resource replaces it.
  func keys(claimed claim: Claim) -> [Document] {
    [claim.properties, claim.observed?.properties].compactMap(\.self).map(key(resource:))
  }

  /// Rules of which those that are the same to EC2 stand once, the first of them.
  func distinct(_ rules: [Document]) -> [Document] {
    var seen: Set<Document> = []
    return rules.filter { seen.insert(key($0)).inserted }
  }

  /// The call that adds rules; `absent` where one of them is there already.
  func authorize(_ rules: [Document], in id: String) -> Call {
    Call(
      "ec2", operations.authorize, input(rules, id),
      absentCodes: ["InvalidPermission.Duplicate"], transientCodes: ["InvalidGroup.NotFound"])
  }

  /// The call that takes rules away by what they say; `absent` where one of them is gone already.
  func revoke(_ rules: [Document], in id: String) -> Call {
    let bare = rules.map { rule in
      Document.object((rule.object ?? [:]).filter { $0.key != "Description" })
    }
    return Call(
      "ec2", operations.revoke, input(bare, id),
      absentCodes: ["InvalidPermission.NotFound"])
  }

  var isEgress: Bool { property == "SecurityGroupEgress" }

  /// The call that takes rules away by their ids; `absent` where one of them is gone already.
  func revoke(ids: [String], in group: String) -> Call {
    Call(
      "ec2", operations.revoke,
      ["GroupId": .string(group), "SecurityGroupRuleIds": .list(ids.map(Document.string))],
      absentCodes: [
        "InvalidPermission.NotFound", "InvalidSecurityGroupRuleId.NotFound",
        "InvalidGroup.NotFound",
      ])
  }

  /// The call that gives rules their descriptions; one that has none loses the one it had.
  func describe(_ rules: [Document], in id: String) -> Call {
    Call("ec2", operations.describe, input(rules, id))
  }

  private func input(_ rules: [Document], _ id: String) -> Document {
    ["GroupId": .string(id), "IpPermissions": .list(rules.map(permission))]
  }

  /// A rule as `IpPermission`, with its one peer.
  private func permission(_ rule: Document) -> Document {
    let rule = canonical(rule)
    func peers(_ member: String, _ peer: [String: Document?]) -> Document? {
      rule[member].map { _ in
        [.members(peer.merging(["Description": rule["Description"]]) { $1 })]
      }
    }
    return .members(
      rule.members(named: ["IpProtocol", "FromPort", "ToPort"]).merging([
        "IpRanges": peers("CidrIp", ["CidrIp": rule["CidrIp"]]),
        "Ipv6Ranges": peers("CidrIpv6", ["CidrIpv6": rule["CidrIpv6"]]),
        "PrefixListIds": peers(prefixList, ["PrefixListId": rule[prefixList]]),
        "UserIdGroupPairs": peers(
          group, ["GroupId": rule[group], "UserId": rule["SourceSecurityGroupOwnerId"]]),
      ]) { $1 })
  }
}
