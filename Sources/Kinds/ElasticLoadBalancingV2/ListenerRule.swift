import Document
import TrueupCore

/// A rule of a listener of an application load balancer. It carries tags, although the registry gives it none.
public struct ListenerRule: TaggedBalancing {
  public init() {}

  public let type = "AWS::ElasticLoadBalancingV2::ListenerRule"

  public let facts = TypeFacts(
    Identity(
      ref: "RuleArn", unique: [UniqueKey("Priority", within: ["ListenerArn"])],
      arn: "elasticloadbalancing:listener-rule"),
    ownership: .byTags(inside: [Parent("ListenerArn", "AWS::ElasticLoadBalancingV2::Listener")]),
    properties: PropertyTable(
      dictionaryLiteral: ("/Conditions", .set),
      ("/Conditions/*/HostHeaderConfig/Values", .set),
      ("/Conditions/*/HostHeaderConfig/RegexValues", .set),
      ("/Conditions/*/PathPatternConfig/Values", .set),
      ("/Conditions/*/PathPatternConfig/RegexValues", .set),
      ("/Conditions/*/HttpHeaderConfig/Values", .set),
      ("/Conditions/*/HttpHeaderConfig/RegexValues", .set),
      ("/Conditions/*/HttpRequestMethodConfig/Values", .set),
      ("/Conditions/*/QueryStringConfig/Values", .set),
      ("/Conditions/*/SourceIpConfig/Values", .set),
      ("/Conditions/*/SourceIpConfig/Values/*", .normal(.cidr)),
      ("/Transforms", .keyed("Type"))
    ).adding(ListenerAction.facts("Actions")),
    canonical: { properties in
      properties.setting("Actions", properties["Actions"].map(ListenerAction.normal))
        .setting("Conditions", properties["Conditions"].map(RuleCondition.normal))
    })

  // MARK: Observing

  /// No list shows all of an account: the sweep and the base tell which there are.
  let listing = Listing(TagSweep.read, "Rules")
  let tagging = BalancerTags()
  let parts: BalancerParts? = BalancerParts(
    mark: ":listener-rule/", list: "Rules", id: "RuleArn", parent: "ListenerArn",
    owner: ELBv2.listener(ofRule:), operation: "DescribeRules", members: "RuleArns")
  let shown = ["Actions", "Conditions", "IsDefault", "RuleArn", "Transforms"]

  /// What a listener does by default is the listener's own.
  func id(of rule: Document) -> String? {
    rule["IsDefault"] == true ? nil : rule["RuleArn"]?.string
  }

  func properties(of rule: Document, _ context: ReadContext) -> [String: Document?] {
    var members = rule.members(named: shown)
    members["Priority"] = rule["Priority"]?.string.flatMap { Int($0) }.map { .integer($0) }
    members["ListenerArn"] = rule["RuleArn"]?.string.map { .string(ELBv2.listener(ofRule: $0)) }
    return members
  }

  // MARK: Changing

  /// What was made a moment ago is not known everywhere yet.
  private static let fresh: Set<String> = ["ListenerNotFound", "TargetGroupNotFound"]

  let creation = Creation(
    Call("elbv2", "CreateRule", [:], absentCodes: ["PriorityInUse"], transientCodes: fresh),
    ["ListenerArn", "Priority", "Transforms"])
  let deletion = Deletion(
    Call(
      "elbv2", "DeleteRule", [:], absentCodes: ["RuleNotFound", "ListenerNotFound"]), "RuleArn")

  func created(_ step: Step) throws(Pause) -> [String: Document?] {
    tagging.input(step).merging(Self.written(step)) { $1 }
  }

  private static func written(_ step: Step) -> [String: Document?] {
    [
      "Actions": ListenerAction.written(ShiftedWeights.kept(step, "Actions")),
      "Conditions": step.desired["Conditions"].map(RuleCondition.normal),
    ]
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    guard step.desired["ListenerArn"] != nil else {
      throw .failed("\(step.address) has no ListenerArn")
    }
    let output = try creation.make(step, try created(step), &calls)
    if let arn = output.elements("Rules").first?["RuleArn"]?.string { return done(step, arn) }
    let arn = try taken(step, &calls)
    try calls.make(modification(step, arn, Self.written(step)))
    return done(step, arn)
  }

  /// The rule that has the priority, where an earlier run of ours made it, which does not show among ours
  /// yet.
  private func taken(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> String {
    let rules = try calls.make(
      Call("elbv2", "DescribeRules", .members(step.desired.members(named: ["ListenerArn"])))
    ).output.elements("Rules")
    let priority = step.desired["Priority"]?.jsonText
    if let arn = rules.first(where: { $0["Priority"] == priority })?["RuleArn"]?.string {
      let tags = try calls.make(BalancerTags.read([arn]).call).output
      let known = Tags.read(tags.elements("TagDescriptions").first?["Tags"])
      if known[OwnershipTags.stack] == step.tags[OwnershipTags.stack],
        known[OwnershipTags.resource] == step.tags[OwnershipTags.resource]
      {
        return arn
      }
    }
    throw .failed(
      "another rule of the listener has the priority \(priority?.string ?? ""): give this one "
        + "another, or take that one away")
  }

  func changes(_ step: Step, _ arn: String) throws(Pause) -> [Call] {
    priorities([(step, arn)]) + otherChanges(step, arn)
  }

  /// One call for all rules that change places: AWS looks at the order that comes of it, and not at the way
  /// there.
  private func priorities(_ rules: [(step: Step, arn: String)]) -> [Call] {
    let pairs = rules.filter { $0.step.changes("Priority") }.compactMap { step, arn in
      step.desired["Priority"].map { Document.members(["RuleArn": .string(arn), "Priority": $0]) }
    }
    return pairs.isEmpty
      ? [] : [Call("elbv2", "SetRulePriorities", ["RulePriorities": .list(pairs)])]
  }

  private func otherChanges(_ step: Step, _ arn: String) -> [Call] {
    var members = Self.written(step).filter { step.changes($0.key) }
    if step.changes("Transforms") {
      let transforms = step.desired["Transforms"]
      members[transforms == nil ? "ResetTransforms" : "Transforms"] = transforms ?? true
    }
    return members.isEmpty ? [] : [modification(step, arn, members)]
  }

  private func modification(
    _ step: Step, _ arn: String, _ members: [String: Document?]
  ) -> Call {
    Call(
      "elbv2", "ModifyRule", .members(members.merging(["RuleArn": .string(arn)]) { $1 }),
      transientCodes: Self.fresh)
  }

  // MARK: Changing places

  /// Rules of a listener that change their priority do so together.
  public func group(of step: PlannedStep) -> String? {
    step.id.action == .update && step.changed.contains("Priority")
      ? step.observed?.properties["ListenerArn"]?.string : nil
  }

  public func next(group steps: [Step], _ replies: [Reply]) -> GroupNext {
    var done: [GroupNext.Done] = []
    let next = CallSequence.next(replies) { (calls) throws(Pause) in
      var rules: [(step: Step, arn: String)] = []
      for step in steps { rules.append((step, try step.existingID())) }
      try calls.make(priorities(rules))
      for (step, arn) in rules {
        try calls.make(otherChanges(step, arn) + tagging.calls(step, arn))
        done.append(
          GroupNext.Done(
            id: arn, attributes: step.unchanged.merging(step.desired)))
      }
      return .done(id: "", attributes: [:])
    }
    return switch next {
    case .call(let call): .call(call)
    case .wait(let call, let interval, let limit, let until):
      .wait(call, every: interval, limit: limit, until: until)
    case .failed(let reason): .failed(reason)
    case .stalled(let stall): .stalled(stall)
    case .done: .done(done)
    }
  }
}
