import Document
import TrueupCore

/// A rule of a security group that is a resource of its own. It carries tags, although the registry
/// gives it none.
protocol SecurityGroupRule: SequencedKind {
  var rules: SecurityGroupRules { get }
}

/// A rule that lets traffic in.
public struct SecurityGroupIngress: SecurityGroupRule {
  public init() {}

  public let type = "AWS::EC2::SecurityGroupIngress"
  let rules = SecurityGroupRules.ingress

  public let facts = TypeFacts(
    Identity(ref: "Id", arn: "ec2:security-group-rule"),
    ownership: .byTags(inside: [Parent("GroupId", "AWS::EC2::SecurityGroup")]),
    properties: [
      "/Description": .updatable,
      "/GroupName": .unsupported(
        "EC2 knows groups by their names only in the VPC of old: declare GroupId"),
      "/SourceSecurityGroupName": .unsupported(
        "EC2 shows a peer by its id only: declare SourceSecurityGroupId"),
    ],
    canonical: { SecurityGroupRules.ingress.comparable($0) })
}

/// A rule that lets traffic out.
public struct SecurityGroupEgress: SecurityGroupRule {
  public init() {}

  public let type = "AWS::EC2::SecurityGroupEgress"
  let rules = SecurityGroupRules.egress

  public let facts = TypeFacts(
    Identity(ref: "Id", arn: "ec2:security-group-rule"),
    ownership: .byTags(inside: [Parent("GroupId", "AWS::EC2::SecurityGroup")]),
    properties: [
      "/Description": .updatable
    ],
    canonical: { SecurityGroupRules.egress.comparable($0) })
}

extension SecurityGroupRule {
  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    [EC2.securityGroupRules]
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    let all = replies[EC2.securityGroupRules]?.output?["SecurityGroupRules"]?.list ?? []
    return all.filter { ($0["IsEgress"] == true) == rules.isEgress }.compactMap { rule in
      guard let id = rule["SecurityGroupRuleId"]?.string else { return nil }
      return Observed(
        type: type, id: id, scope: context.scope, properties: properties(rule, id),
        tags: Tags.read(rule["Tags"]))
    }
  }

  /// The flat form of a rule in registry terms.
  private func properties(_ rule: Document, _ id: String) -> Document {
    var members = rule.members(named: [
      "GroupId", "IpProtocol", "FromPort", "ToPort", "CidrIpv6", "Description",
    ])
    members["CidrIp"] = rule["CidrIpv4"]
    members[rules.prefixList] = rule["PrefixListId"]
    let peer = rule["ReferencedGroupInfo"]
    members[rules.group] = peer?["GroupId"]
    if !rules.isEgress, let owner = peer?["UserId"], owner != rule["GroupOwnerId"] {
      members["SourceSecurityGroupOwnerId"] = owner
    }
    return rules.canonical(.members(members)).merging(["Id": .string(id)])
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    guard let group = step.desired["GroupId"]?.string else {
      throw .failed("\(step.address) has no GroupId")
    }
    var call = rules.authorize([step.desired], in: group)
    call.input = call.input.merging(
      .members(["TagSpecifications": EC2.tagSpecifications(step.tags, of: "security-group-rule")]))
    let reply = try calls.make(call)
    guard reply != .absent else {
      throw .failed(
        "\(group) has this rule already, and it is not ours: take it out of the group, or revoke it"
      )
    }
    guard let id = reply.output?["SecurityGroupRules"]?[0]?["SecurityGroupRuleId"]?.string else {
      throw .failed("\(call.operation) answered without a rule id")
    }
    return .done(id: id, attributes: step.desired.merging(["Id": .string(id)]))
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    if step.changed.contains("Description"),
      let group = step.observed?.properties["GroupId"]?.string
    {
      try calls.make(rules.describe([step.desired], in: group))
    }
    try calls.make(EC2.tagCalls(step, id))
    return .done(id: id, attributes: step.desired.merging(["Id": .string(id)]))
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let group = step.observed?.properties["GroupId"]
    try calls.make(rules.revoke(id: id, in: group?.string ?? ""))
    return .done(id: id, attributes: [:])
  }
}
