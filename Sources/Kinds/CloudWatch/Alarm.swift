import Document
import TrueupCore

/// A CloudWatch metric alarm. One call writes all of it, so what nobody declares is written back as it
/// was observed.
public struct Alarm: ComposedKind {
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

  let listing = Listing(
    Read(
      Call("cloudwatch", "DescribeAlarms", ["AlarmTypes": ["MetricAlarm"]]), pageSize: 100,
      isEssential: true), "MetricAlarms")
  let tagging = CloudWatch.tags { item, _ in
    item["AlarmArn"]?.string ?? ""
  } ofStep: { step, name in
    step.arn("cloudwatch", "alarm:\(name)")
  }
  let creation = Creation(Call("cloudwatch", "PutMetricAlarm", [:]), written)
  let deletion = Deletion(
    Call("cloudwatch", "DeleteAlarms", [:], absentCodes: ["ResourceNotFound"]), "AlarmNames",
    takesList: true)

  func properties(of item: Document, _ context: ReadContext) -> [String: Document?] {
    item.members(named: Self.written).merging(["Arn": item["AlarmArn"]]) { $1 }
  }

  func changes(_ step: Step, _ name: String) throws(CallSequence.Pause) -> [Call] {
    guard !step.changed.isEmpty else { return [] }
    var input = kept(step).merging(step.desired).members(named: Self.written)
    input["AlarmName"] = .string(name)
    return [Call("cloudwatch", "PutMetricAlarm", .members(input))]
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
}
