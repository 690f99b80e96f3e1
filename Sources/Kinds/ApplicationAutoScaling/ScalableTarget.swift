import Document
import TrueupCore

/// What Application Auto Scaling scales, within which bounds. The bounds are ours; the capacity between them
/// is not.
public struct ScalableTarget: SequencedKind {
  public init() {}

  public let type = "AWS::ApplicationAutoScaling::ScalableTarget"

  public let facts = TypeFacts(
    Identity(
      ref: "Id", unique: [UniqueKey("ResourceId", "ScalableDimension", "ServiceNamespace")]),
    ownership: .inside([Parent(ScalableTarget.scales, "AWS::ECS::Service")]),
    properties: [
      "/ScheduledActions": .keyed("ScheduledActionName").losing(.members),
      "/ScheduledActions/*/StartTime": .normal(.timestamp),
      "/ScheduledActions/*/EndTime": .normal(.timestamp),
      // Source: Application Auto Scaling API, SuspendedState and RegisterScalableTarget.
      "/SuspendedState/DynamicScalingInSuspended": .defaultsTo(false),
      "/SuspendedState/DynamicScalingOutSuspended": .defaultsTo(false),
      "/SuspendedState/ScheduledScalingSuspended": .defaultsTo(false),
      "/RoleARN": .notReadable("AWS puts the service's own role in its place"),
    ])

  private static let bounds = ["MinCapacity", "MaxCapacity", "SuspendedState"]
  private static let action = [
    "Schedule", "Timezone", "StartTime", "EndTime", "ScalableTargetAction",
  ]

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let namespaces = namespaces(context)
    let actions = context.properties.contains("ScheduledActions") ? namespaces : []
    return namespaces.map(Scaling.targets) + actions.map(Scaling.scheduledActions)
  }

  private func namespaces(_ context: ReadContext) -> [String] {
    let known = context.candidates.keys.compactMap {
      $0.split(separator: "|").last.map(String.init)
    }
    return Set(known).union(context.values["ServiceNamespace"] ?? [])
      .intersection(Scaling.namespaces).sorted()
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    namespaces(context).flatMap { namespace in
      let actions = replies.finding(Scaling.scheduledActions(namespace))
      return (replies[Scaling.targets(namespace)]?.output).elements("ScalableTargets").compactMap {
        target -> Observed? in
        guard let id = Scaling.id(target) else { return nil }
        var members = target.members(named: Scaling.keys + Self.bounds)
        members["Id"] = .string(id)
        members[Self.scales] = scaled(by: target, context)
        var observed = Observed(
          type: type, id: id, scope: context.scope, properties: .members(members))
        observed.add("ScheduledActions", actions) { output in
          .list(
            output.elements("ScheduledActions").filter { Scaling.id($0) == id }.map {
              .members($0.members(named: ["ScheduledActionName"] + Self.action))
            })
        }
        observed.createdAt = target["CreationTime"]?.double
        return observed
      }
    }
  }

  /// The ARN of what is scaled: it refers to that by a path alone, and has to be gone first.
  private static let scales = "Scales"

  private func scaled(by target: Document, _ context: ReadContext) -> Document? {
    guard target["ServiceNamespace"] == "ecs", let resource = target["ResourceId"]?.string else {
      return nil
    }
    return .string(
      "arn:\(context.partition):ecs:\(context.region):\(context.scope.account):\(resource)")
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    guard let id = Scaling.id(step.desired) else {
      throw .failed("\(step.address) needs \(Scaling.keys.joined(separator: ", "))")
    }
    try put(step, id, Self.bounds + ["RoleARN"], &calls)
    return done(step, id)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    try put(step, id, (Self.bounds + ["RoleARN"]).filter(step.changed.contains), &calls)
    return done(step, id)
  }

  /// Its policies go along, and the alarms that AWS made for them.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    try calls.make(
      Scaling.call(
        "DeregisterScalableTarget", try target(id), absent: Scaling.notFound))
    return .done(id: id, attributes: [:])
  }

  private func done(_ step: Step, _ id: String) -> Next {
    .done(
      id: id, attributes: step.unchanged.merging(step.desired).merging(["Id": .string(id)]))
  }

  private func target(_ id: String) throws(CallSequence.Pause) -> [String: Document?] {
    guard let target = Scaling.target(id) else { throw .failed("\(id) names no scalable target") }
    return target
  }

  /// One call writes what is new and what changed; what is left out of it stays.
  private func put(
    _ step: Step, _ id: String, _ written: [String], _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    let target = try target(id)
    if !written.isEmpty {
      var members = step.desired.members(named: written)
      if step.changes("SuspendedState"), step.desired["SuspendedState"] == nil {
        members["SuspendedState"] = [
          "DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": false,
          "ScheduledScalingSuspended": false,
        ]
      }
      var call = Scaling.call("RegisterScalableTarget", target.merging(members) { $1 })
      // What is scaled may have been made a moment ago.
      call.transientMessages = ["ValidationException": ["doesn't exist", "not found"]]
      try calls.make(call)
    }
    for action in step.added(to: "ScheduledActions") {
      var input = target.merging(action.members(named: ["ScheduledActionName"] + Self.action)) {
        $1
      }
      input["ScalableTargetAction"] = action["ScalableTargetAction"]
      try calls.make(
        Scaling.call("PutScheduledAction", input, transient: Scaling.notFound))
    }
    let kept = step.desired.elements("ScheduledActions").compactMap { $0["ScheduledActionName"] }
    for action in step.gone(from: "ScheduledActions") {
      guard let name = action["ScheduledActionName"], !kept.contains(name) else { continue }
      try calls.make(
        Scaling.call(
          "DeleteScheduledAction", target.merging(["ScheduledActionName": name]) { $1 },
          absent: Scaling.notFound))
    }
  }
}
