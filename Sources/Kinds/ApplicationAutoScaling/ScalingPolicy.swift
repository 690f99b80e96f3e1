import Document
import TrueupCore

/// How a scalable target is scaled. One call writes all of a policy. The alarms that AWS makes for one that
/// tracks a value are AWS's.
public struct ScalingPolicy: SequencedKind {
  public init() {}

  public let type = "AWS::ApplicationAutoScaling::ScalingPolicy"

  public let facts = TypeFacts(
    Identity(
      ref: "Arn",
      unique: [
        UniqueKey("PolicyName", "ResourceId", "ScalableDimension", "ServiceNamespace")
      ]),
    ownership: .inside([
      Parent("ScalingTargetId", "AWS::ApplicationAutoScaling::ScalableTarget")
    ]), properties: properties,
    canonical: { properties in
      // Two ways of naming the target. Of one that is not known yet, no part is.
      guard let id = properties["ScalingTargetId"] else { return properties }
      let unknown = Dictionary(uniqueKeysWithValues: Scaling.keys.map { ($0, Optional(id)) })
      let target = id.string.flatMap(Scaling.target) ?? unknown
      return properties.setting("ScalingTargetId", nil).merging(.members(target))
    })

  private static let properties: PropertyTable = [
    // AWS tells the two apart, and a policy keeps what it is.
    "/PolicyType": .createOnly,
    // Source: Application Auto Scaling API, TargetTrackingScalingPolicyConfiguration and
    // StepScalingPolicyConfiguration.
    "/TargetTrackingScalingPolicyConfiguration/DisableScaleIn": .defaultsTo(false),
    "/TargetTrackingScalingPolicyConfiguration/CustomizedMetricSpecification/Dimensions":
      .keyed("Name"),
    "/TargetTrackingScalingPolicyConfiguration/CustomizedMetricSpecification/Metrics": .keyed("Id"),
    "/TargetTrackingScalingPolicyConfiguration/CustomizedMetricSpecification/Metrics/*/MetricStat/Metric/Dimensions":
      .keyed("Name"),
    "/TargetTrackingScalingPolicyConfiguration/CustomizedMetricSpecification/Metrics/*/ReturnData":
      .defaultsTo(true),
    "/StepScalingPolicyConfiguration/StepAdjustments": .set,
    "/StepScalingPolicyConfiguration/MetricAggregationType": .defaultsTo("Average"),
    "/PredictiveScalingPolicyConfiguration/MetricSpecifications": .set,
    "/PredictiveScalingPolicyConfiguration/Mode": .defaultsTo("ForecastOnly"),
    "/PredictiveScalingPolicyConfiguration/MaxCapacityBreachBehavior":
      .defaultsTo("HonorMaxCapacity"),
  ]

  private static let written = [
    "PolicyName", "PolicyType", "StepScalingPolicyConfiguration",
    "TargetTrackingScalingPolicyConfiguration", "PredictiveScalingPolicyConfiguration",
  ]

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    namespaces(context, replies).map(Scaling.policies)
  }

  /// Those that somebody names, and those in which there are targets at all.
  private func namespaces(_ context: ReadContext, _ replies: Replies) -> [String] {
    let targets = (context.values["ScalingTargetId"] ?? []).compactMap {
      $0.split(separator: "|").last.map(String.init)
    }
    let named = (context.values["ServiceNamespace"] ?? []).union(targets)
    return Scaling.namespaces.filter { namespace in
      named.contains(namespace)
        || !(replies[Scaling.targets(namespace)]?.output).elements("ScalableTargets").isEmpty
    }
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    namespaces(context, replies).flatMap { namespace in
      (replies[Scaling.policies(namespace)]?.output).elements("ScalingPolicies").compactMap {
        policy -> Observed? in
        guard let arn = policy["PolicyARN"]?.string, let target = Scaling.id(policy) else {
          return nil
        }
        var members = policy.members(named: Self.written + Scaling.keys)
        members["Arn"] = .string(arn)
        members["ScalingTargetId"] = .string(target)
        var observed = Observed(
          type: type, id: arn, scope: context.scope, properties: .members(members))
        observed.createdAt = policy["CreationTime"]?.double
        return observed
      }
    }
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try put(step.desired, step, &calls)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try put(step.unchanged.merging(step.desired), step, &calls)
  }

  private func put(
    _ properties: Document, _ step: Step, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> Next {
    let wanted = facts.canonical(properties)
    let call = Scaling.call(
      "PutScalingPolicy", wanted.members(named: Self.written + Scaling.keys),
      // The target may have been registered a moment ago, and the service's role made.
      transient: Scaling.notFound.union(["FailedResourceAccessException"]))
    let output = try calls.make(call).output
    guard let arn = output?["PolicyARN"] ?? step.id.map(Document.string), let id = arn.string else {
      throw .failed("PutScalingPolicy answered without PolicyARN")
    }
    return .done(id: id, attributes: properties.merging(["Arn": arn]))
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let shown = facts.canonical(step.shown)
    try calls.make(
      Scaling.call(
        "DeleteScalingPolicy", shown.members(named: Scaling.keys + ["PolicyName"]),
        absent: Scaling.notFound))
    return .done(id: id, attributes: [:])
  }
}
