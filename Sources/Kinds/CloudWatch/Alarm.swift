import Document
import TrueupCore

/// A CloudWatch metric alarm. One call writes all of it, so what nobody declares is written back as it
/// was observed.
public struct Alarm: SequencedKind {
  public init() {}

  public let type = "AWS::CloudWatch::Alarm"

  public let facts = TypeFacts(
    Identity(
      ref: "AlarmName",
      name: NameRule(property: "AlarmName", maximumLength: 255, punctuation: "-_./ "),
      foretold: [
        "Arn": { "arn:\($0.partition):cloudwatch:\($0.region):\($0.account):alarm:\($0.name)" }
      ]),
    properties: [
      "/AlarmActions": .set.losing(.members),
      "/OKActions": .set,
      "/InsufficientDataActions": .set,
      "/Dimensions": .keyed("Name"),
      "/Metrics": .keyed("Id"),
      "/Metrics/*/MetricStat/Metric/Dimensions": .keyed("Name"),
      // Source: CloudWatch API reference, PutMetricAlarm and MetricDataQuery.
      "/ActionsEnabled": .defaultsTo(true).losing(.leaving(true)),
      "/TreatMissingData": .defaultsTo("missing"),
      "/EvaluateLowSampleCountPercentile": .defaultsTo("evaluate"),
      "/Metrics/*/ReturnData": .defaultsTo(true),
    ])

  /// The properties as the API names them, which is as the registry does.
  private static let written = [
    "ActionsEnabled", "AlarmActions", "AlarmDescription", "AlarmName", "ComparisonOperator",
    "DatapointsToAlarm", "Dimensions", "EvaluateLowSampleCountPercentile", "EvaluationCriteria",
    "EvaluationInterval", "EvaluationPeriods", "ExtendedStatistic", "InsufficientDataActions",
    "MetricName", "Metrics", "Namespace", "OKActions", "Period", "Statistic", "Threshold",
    "ThresholdMetricId", "TreatMissingData", "Unit",
  ]

  /// What an alarm can watch: a metric, an expression over several, or a query. Of what it watched
  /// before, nothing is written back.
  private static let subjects = [
    ["MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Dimensions", "Period", "Unit"],
    ["Metrics"], ["EvaluationCriteria", "EvaluationInterval"],
  ]
  /// Each takes the place of the other.
  private static let alternatives = [
    ["Statistic", "ExtendedStatistic"], ["Threshold", "ThresholdMetricId"],
  ]

  // MARK: Observing

  private static let list = Read(
    Call("cloudwatch", "DescribeAlarms", ["AlarmTypes": ["MetricAlarm"]]), pageSize: 100,
    isEssential: true)

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let sweep = TagSweep(context, replies)
    return [Self.list, TagSweep.read]
      + alarms(replies).compactMap { tags(of: $0, sweep).wanted }
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    let sweep = TagSweep(context, replies)
    return alarms(replies).compactMap { alarm in
      guard let name = alarm["AlarmName"]?.string else { return nil }
      let tags = tags(of: alarm, sweep)
      var members = alarm.members(named: Self.written)
      members["Arn"] = alarm["AlarmArn"]
      var observed = Observed(
        type: type, id: name, scope: context.scope, properties: .members(members),
        tags: tags.known)
      if let reason = tags.unread { observed.unread["/Tags"] = reason }
      return observed
    }
  }

  private func alarms(_ replies: Replies) -> [Document] {
    replies[Self.list]?.output?["MetricAlarms"]?.list ?? []
  }

  private func tags(of alarm: Document, _ sweep: TagSweep) -> TagSweep.KnownTags {
    let arn = alarm["AlarmArn"]?.string ?? ""
    return sweep.tags(
      ofARN: arn, candidate: alarm["AlarmName"]?.string ?? "", own: CloudWatch.tags(ofARN: arn),
      CloudWatch.tags)
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.name("AlarmName")
    try calls.make(
      Call(
        "cloudwatch", "PutMetricAlarm",
        .members(
          step.desired.members(named: Self.written).merging([
            "AlarmName": .string(name),
            "Tags": step.tags.isEmpty ? nil : Tags.list(step.tags),
          ]) { $1 })))
    return done(step, name)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.existingID()
    if !step.changed.isEmpty {
      var input = kept(step).merging(step.desired).members(named: Self.written)
      input["AlarmName"] = .string(name)
      try calls.make(Call("cloudwatch", "PutMetricAlarm", .members(input)))
    }
    try calls.make(CloudWatch.tagCalls(step, arn(of: name, step)))
    return done(step, name)
  }

  /// What is observed and stays, because nothing that is desired takes its place.
  private func kept(_ step: Step) -> Document {
    let desired = Set(step.desired.object?.keys.map { $0 } ?? [])
    var replaced: [String] = []
    for groups in [Self.subjects] + Self.alternatives.map({ $0.map { [$0] } }) {
      for group in groups where !desired.isDisjoint(with: group) {
        replaced += groups.filter { $0 != group }.joined()
      }
    }
    return .object((step.unchanged.object ?? [:]).filter { !replaced.contains($0.key) })
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.existingID()
    try calls.make(
      Call(
        "cloudwatch", "DeleteAlarms", ["AlarmNames": [.string(name)]],
        absentCodes: ["ResourceNotFound"]))
    return .done(id: name, attributes: [:])
  }

  private func done(_ step: Step, _ name: String) -> Next {
    .done(
      id: name,
      attributes: step.desired.merging([
        "AlarmName": .string(name), "Arn": .string(arn(of: name, step)),
      ]))
  }

  private func arn(of name: String, _ step: Step) -> String {
    "arn:\(step.partition):cloudwatch:\(step.region):\(step.scope.account):alarm:\(name)"
  }
}
