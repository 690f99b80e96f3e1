import Document
import TrueupCore

/// A security group. Its rules are owned whole: what is not desired is taken away.
public struct SecurityGroup: ComposedKind, InterfaceHolder {
  public init() {}

  public let type = "AWS::EC2::SecurityGroup"

  /// What EC2 gives a new group. Source: EC2 API, CreateSecurityGroup.
  private static let defaultEgress: Document = [["IpProtocol": "-1", "CidrIp": "0.0.0.0/0"]]

  public let facts = TypeFacts(
    Identity(
      ref: "Id",
      name: NameRule(
        property: "GroupName", maximumLength: 255, punctuation: "-._", uniqueWithin: "VpcId")),
    properties: [
      "/SecurityGroupIngress": .set.ownedWhole([]).releasable.losing(.members).security,
      "/SecurityGroupEgress": .set.ownedWhole(SecurityGroup.defaultEgress).releasable
        .losing(.members).security,
      "/SecurityGroupIngress/*/SourceSecurityGroupName": .unsupported(
        "EC2 shows a peer by its id only: declare SourceSecurityGroupId"),
    ],
    canonical: { properties in
      SecurityGroupRules.both.reduce(properties) { properties, rules in
        guard let list = properties[rules.property]?.list else { return properties }
        return properties.merging([
          rules.property: .list(rules.distinct(list).map(rules.comparable))
        ])
      }
    })

  // MARK: Observing

  let listing = Listing(EC2.securityGroups, "SecurityGroups", id: "GroupId")
  let tagging = EC2Tags("security-group")
  let interfaceFilter = "group-id"

  func properties(of group: Document, _ context: ReadContext) -> [String: Document?] {
    properties(group)
  }

  private func properties(_ group: Document) -> [String: Document?] {
    [
      "Id": group["GroupId"], "GroupId": group["GroupId"], "GroupName": group["GroupName"],
      "GroupDescription": group["Description"], "VpcId": group["VpcId"],
      "SecurityGroupIngress": .list(SecurityGroupRules.ingress.read(group)),
      "SecurityGroupEgress": .list(SecurityGroupRules.egress.read(group)),
    ]
  }

  /// A rule is the same whatever its description.
  public func identity(of element: Document, in property: String) -> Document {
    SecurityGroupRules.both.first { $0.property == property }?.key(element) ?? element
  }

  /// The rule that EC2 gives a new group goes as soon as one is declared that lets traffic out, in the
  /// group or on its own.
  /// Source: CloudFormation, AWS::EC2::SecurityGroupEgress: "the default rule is removed".
  public func undeclared(beside claims: [Claim]) -> [String: Document] {
    let egress = SecurityGroupRules.egress.property
    return claims.contains { $0.type == "AWS::EC2::\(egress)" } ? [egress: []] : [:]
  }

  /// The group without the rules that are resources of their own.
  public func without(_ claims: [Claim], in observed: Observed) -> Observed {
    SecurityGroupRules.both.reduce(observed) { observed, rules in
      let claimed = Set(
        claims.filter { $0.type == "AWS::EC2::\(rules.property)" }.flatMap(rules.keys(claimed:)))
      return observed.without({ claimed.contains(rules.key($0)) }, in: rules.property)
    }
  }

  // MARK: Changing

  let creation = Creation(
    Call("ec2", "CreateSecurityGroup", [:], transientCodes: ["InvalidVpcID.NotFound"]),
    ["GroupName", "VpcId"], renamed: ["GroupDescription": "Description"], id: ["GroupId"])
  let deletion = EC2.deletion("DeleteSecurityGroup", "GroupId", absent: "InvalidGroup.NotFound")

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try creation.id(in: try creation.make(step, try created(step), &calls))
    // Which rules a new group has depends on its VPC (egress to ::/0 where that has IPv6), so look.
    let output = try calls.wait(
      Call(
        "ec2", "DescribeSecurityGroups", ["GroupIds": [.string(id)]],
        transientCodes: ["InvalidGroup.NotFound"],
        batch: CallBatch("SecurityGroups", by: "GroupId")),
      every: 2, limit: 60, until: "security group \(id) is shown"
    ) { $0["SecurityGroups"]?[0] == nil ? .waiting : .ready }
    let shown = Document.members(properties(output["SecurityGroups"]?[0] ?? [:]))
    try bring(id, SecurityGroupRules.both, from: shown, to: step.desired, isNew: true, &calls)
    return .done(
      id: id,
      attributes: .members(
        shown.members(named: ["Id", "GroupId", "GroupName", "GroupDescription", "VpcId"])))
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let changed = SecurityGroupRules.both.filter { step.changed.contains($0.property) }
    try bring(id, changed, from: step.observed?.properties ?? [:], to: step.desired, &calls)
    try calls.make(tagging.calls(step, id))
    return .done(id: id, attributes: step.unchanged)
  }

  /// Brings the rules of some directions to what is desired. Additions come before the first removal, so
  /// that no traffic is cut off in between, save for those for which the group has no room until then.
  private func bring(
    _ id: String, _ directions: [SecurityGroupRules], from current: Document, to desired: Document,
    isNew: Bool = false, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    let changes = directions.map { rules in
      let expected =
        desired[rules.property] ?? facts.properties.owned[PropertyPath([rules.property])] ?? []
      return (rules, RuleChanges(rules, from: current[rules.property], to: expected))
    }
    var left: [(SecurityGroupRules, [Document])] = []
    for (rules, changes) in changes {
      left.append(
        (
          rules,
          try rules.add(
            changes.added, to: id, mayBeFull: !changes.removed.isEmpty, &calls)
        ))
    }
    for (rules, changes) in changes where !changes.described.isEmpty {
      try calls.make(rules.describe(changes.described, in: id))
    }
    for (rules, changes) in changes {
      isNew
        ? try rules.removeGiven(changes.removed, from: id, &calls)
        : try rules.remove(changes.removed, from: id, &calls)
    }
    for (rules, late) in left { try calls.make(late.map { rules.authorize([$0], in: id) }) }
  }
}

/// What leads from the rules of one direction to others.
private struct RuleChanges {
  var added: [Document] = []
  /// There already, with another description.
  var described: [Document] = []
  var removed: [Document] = []

  init(_ rules: SecurityGroupRules, from current: Document?, to desired: Document?) {
    func byKey(_ list: Document?) -> [(key: Document, rule: Document)] {
      var seen: Set<Document> = []
      return (list?.list ?? []).map { (rules.key($0), $0) }.filter { seen.insert($0.0).inserted }
    }
    let old = byKey(current)
    let new = byKey(desired)
    let oldRules = Dictionary(uniqueKeysWithValues: old)
    let newKeys = Set(new.map(\.key))
    for (key, rule) in new {
      guard let present = oldRules[key] else {
        added.append(rule)
        continue
      }
      let description = rules.canonical(rule)["Description"]
      if description != rules.canonical(present)["Description"] { described.append(rule) }
    }
    removed = old.filter { !newKeys.contains($0.key) }.map(\.rule)
  }
}
