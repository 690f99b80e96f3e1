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
        type: type, id: id, scope: context.scope,
        properties: rules.read(rule: rule).merging(["Id": .string(id)]),
        tags: Tags.read(rule["Tags"]))
    }
  }

  /// The rule of a group, whatever its description.
  public func sameness(of properties: Document) -> Document? {
    properties["GroupId"].map { ["GroupId": $0, "Rule": rules.key(resource: properties)] }
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    guard let group = step.desired["GroupId"]?.string else {
      throw .failed("\(step.address) has no GroupId")
    }
    var call = rules.authorize([step.desired], in: group)
    call.input = call.input.merging(
      .members(["TagSpecifications": EC2.tagSpecifications(step.tags, of: "security-group-rule")]))
    let reply = try calls.make(call)
    guard reply != .absent else { return try take(step, in: group, &calls) }
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

  /// Takes over a rule that is there already: one that a group of ours has of its own (rules that nobody
  /// declares would be taken out of it), or one that the same stack knew by another logical id.
  private func take(
    _ step: Step, in group: String, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> Next {
    let key = rules.key(resource: step.desired)
    let found = try rules.present(in: group, &calls).first { $0.key == key }
    guard let found else {
      throw .failed("\(group) has this rule already, and does not show it yet: apply again")
    }
    let owner = found.tags[OwnershipTags.stack]
    var isOurs = owner != nil && owner == step.tags[OwnershipTags.stack]
    if owner == nil { isOurs = try self.isOurs(group, step, &calls) }
    guard isOurs else {
      throw .failed(
        "\(group) has this rule already, and it is not ours: take it out of the group, or revoke it"
      )
    }
    if rules.canonical(step.desired)["Description"] != found.properties["Description"] {
      try calls.make(rules.describe([step.desired], in: group))
    }
    let missing = step.tags.filter { found.tags[$0.key] != $0.value }
    if !missing.isEmpty {
      try calls.make(
        Call("ec2", "CreateTags", ["Resources": [.string(found.id)], "Tags": Tags.list(missing)]))
    }
    return .done(id: found.id, attributes: step.desired.merging(["Id": .string(found.id)]))
  }

  /// Whether the group is one of the fleet's, or the default one of a VPC of the fleet's.
  private func isOurs(
    _ group: String, _ step: Step, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> Bool {
    let project = step.tags[OwnershipTags.stack]?.split(separator: "/").first.map { $0 + "/" }
    func owns(_ resource: Document?) -> Bool {
      guard let project else { return false }
      return Tags.read(resource?["Tags"])[OwnershipTags.stack]?.hasPrefix(project) ?? false
    }
    let shown = try calls.make(
      Call("ec2", "DescribeSecurityGroups", ["GroupIds": [.string(group)]])
    ).output?["SecurityGroups"]?[0]
    guard !owns(shown), shown?["GroupName"] == "default", let vpc = shown?["VpcId"] else {
      return owns(shown)
    }
    return owns(
      try calls.make(Call("ec2", "DescribeVpcs", ["VpcIds": [vpc]])).output?["Vpcs"]?[0])
  }

  /// What another logical id of the same run has taken over stays.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let group = step.observed?.properties["GroupId"]?.string ?? ""
    let shown = try calls.make(
      Call(
        "ec2", "DescribeSecurityGroupRules", ["SecurityGroupRuleIds": [.string(id)]],
        absentCodes: ["InvalidSecurityGroupRuleId.NotFound"])
    ).output?["SecurityGroupRules"]?[0]
    let resource = Tags.read(shown?["Tags"])[OwnershipTags.resource]
    guard shown != nil, resource == step.observed?.tags[OwnershipTags.resource] else {
      return .done(id: id, attributes: [:])
    }
    let reply = try calls.make(rules.revoke(ids: [id], in: group))
    if reply.output?["Return"] == false {
      throw .failed("EC2 did not revoke \(id) of \(group)")
    }
    return .done(id: id, attributes: [:])
  }
}
