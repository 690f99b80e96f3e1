import Document
import TrueupCore

/// A rule of an event bus, with its targets. One call writes all of the rule, so what nobody declares is
/// written back as it was observed.
public struct Rule: ComposedKind {
  public init() {}

  public let type = "AWS::Events::Rule"

  public let facts = TypeFacts(
    Identity(
      ref: "Id",
      name: NameRule(
        property: "Name", maximumLength: 64, punctuation: ".-_", uniqueWithin: "EventBusName"),
      identifiers: ["Arn"], arn: "events:rule"),
    properties: [
      "/EventPattern": .normal(.json),
      "/EventBusName": .createOnly,
      // Source: EventBridge API, PutRule.
      "/State": .defaultsTo("ENABLED").losing(.leaving("ENABLED")),
      "/Targets": .keyed("Id").losing(.members),
      "/Targets/*/EcsParameters/TagList": .keyed("Key"),
      "/Targets/*/EcsParameters/TaskCount": .defaultsTo(1),
    ],
    canonical: { properties in
      // A bus may be named by its ARN.
      let bus = properties["EventBusName"]?.string?.split(separator: "/").last.map(String.init)
      return properties["EventBusName"] == nil || bus != nil
        ? properties.merging(["EventBusName": .string(bus ?? standardBus)]) : properties
    })

  private static let standardBus = "default"
  private static let written = [
    "Description", "EventBusName", "EventPattern", "Name", "RoleArn", "ScheduleExpression", "State",
  ]

  // MARK: Observing

  let listing = Listing(Rule.list(of: standardBus), "Rules")
  let details = [
    Detail(["Targets"]) { rule, _ in
      Rule.targets(of: rule)
    } values: { output in
      ["Targets": output["Targets"]?.nonEmpty?.changing("*", EventTarget.names.registry)]
    }
  ]
  let tagging = SweptTags(
    TagCalls(Rule.call("TagResource"), Rule.call("UntagResource")) { step, id in
      ["ResourceARN": .string(step.arn("events", "rule/" + id.replacing("|", with: "/")))]
    }
  ) { rule, _ in
    rule["Arn"]?.string ?? ""
  } own: { _, arn in
    Read(
      Call(
        "events", "ListTagsForResource", ["ResourceARN": .string(arn)],
        absentCodes: ["ResourceNotFoundException"]))
  }

  /// The rules of the account's own bus, and of the buses that somebody names.
  func lists(_ context: ReadContext) -> [Read] {
    Set([Self.standardBus] + (context.values["EventBusName"] ?? [])).sorted().map(Self.list)
  }

  func items(_ context: ReadContext, _ replies: Replies) -> [Document] {
    lists(context).flatMap { replies[$0]?.output?["Rules"]?.list ?? [] }
  }

  private static func list(of bus: String) -> Read {
    Read(
      Call(
        "events", "ListRules", bus == standardBus ? [:] : ["EventBusName": .string(bus)],
        absentCodes: ["ResourceNotFoundException"]), pageSize: 100, isEssential: true)
  }

  private static func targets(of rule: Document) -> Read {
    Read(
      Call(
        "events", "ListTargetsByRule",
        .members(["Rule": rule["Name"], "EventBusName": rule["EventBusName"]]),
        absentCodes: ["ResourceNotFoundException"]), pageSize: 100)
  }

  /// As `Ref` has it: the name, behind its bus where that is not the account's own. Not those that AWS's
  /// services keep for themselves.
  func id(of rule: Document) -> String? {
    guard rule["ManagedBy"] == nil, let name = rule["Name"]?.string else { return nil }
    let bus = facts.canonical(rule)["EventBusName"]?.string ?? Self.standardBus
    return bus == Self.standardBus ? name : "\(bus)|\(name)"
  }

  func properties(of rule: Document, _ context: ReadContext) -> [String: Document?] {
    var members = rule.members(named: Self.written + ["Arn"])
    members["EventPattern"] = rule["EventPattern"]?.parsedJSON
    return members
  }

  // MARK: Changing

  let creation = Creation(
    Rule.call("PutRule", transient: ["ResourceNotFoundException"]), Rule.written)
  let deletion = Deletion(Rule.call("DeleteRule", absent: ["ResourceNotFoundException"]), "Name")

  private static func call(
    _ operation: String, _ input: [String: Document?] = [:], absent: Set<String> = [],
    transient: Set<String> = []
  ) -> Call {
    Call(
      "events", operation, .members(input), absentCodes: absent,
      transientCodes: transient.union(["ConcurrentModificationException"]))
  }

  func created(_ step: Step) throws(CallSequence.Pause) -> [String: Document?] {
    tagging.input(step).merging(["EventPattern": step.desired["EventPattern"]?.jsonText]) { $1 }
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let output = try creation.make(step, try created(step), &calls)
    try exchangeTargets(step, &calls)
    let arn = Document.members(["Arn": output["RuleArn"]])
    return .done(
      id: id(of: step.desired) ?? "",
      attributes: step.desired.merging(arn).merging(["Id": .string(id(of: step.desired) ?? "")]))
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    if !step.changed.subtracting(["Targets"]).isEmpty {
      var input = step.unchanged.merging(step.desired).members(named: Self.written)
      input["EventPattern"] = input["EventPattern"]??.jsonText
      try calls.make(Self.call("PutRule", input))
    }
    if step.changed.contains("Targets") { try exchangeTargets(step, &calls) }
    try calls.make(tagging.calls(step, id))
    return done(step, id)
  }

  /// Ten a call. Source: EventBridge API, PutTargets and RemoveTargets.
  private static let batch = 10

  /// New and changed targets come before others go, as far as the rule has room for both.
  private func exchangeTargets(
    _ step: Step, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    let desired = step.desired["Targets"]?.list ?? []
    let shown = step.observed?.properties["Targets"]?.list ?? []
    let gone = shown.compactMap { $0["Id"] }.filter { id in !desired.contains { $0["Id"] == id } }
    let rule: [String: Document?] = [
      "Rule": step.desired["Name"], "EventBusName": step.desired["EventBusName"],
    ]
    let added = desired.filter { !shown.contains($0) }.map(EventTarget.names.api)
    let replies = try calls.exchange(
      adding: added.chunks(of: Self.batch).map {
        Self.call("PutTargets", rule.merging(["Targets": .list($0)]) { $1 })
      },
      removing: gone.chunks(of: Self.batch).map {
        Self.call("RemoveTargets", rule.merging(["Ids": .list($0)]) { $1 })
      }, whenFull: ["LimitExceededException"])
    for reply in replies { try EventTarget.check(reply.output) }
  }

  /// A rule is deleted only without targets.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let parts = id.split(separator: "|").map { Document.string(String($0)) }
    let bus = parts.count > 1 ? parts[0] : nil
    let rule = Document.members(["Name": parts.last, "EventBusName": bus])
    let targets = try calls.make(Self.targets(of: rule).call).output?["Targets"]?.list ?? []
    try calls.make(
      targets.compactMap { $0["Id"] }.chunks(of: Self.batch).map {
        Self.call(
          "RemoveTargets", ["Rule": parts.last, "EventBusName": bus, "Ids": .list($0)],
          absent: ["ResourceNotFoundException"])
      })
    var call = deletion.call
    call.input = rule
    try calls.make(call)
    return .done(id: id, attributes: [:])
  }
}
