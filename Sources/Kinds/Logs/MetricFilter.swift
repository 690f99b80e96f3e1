import Document
import TrueupCore

/// A filter that makes metrics of the events of a log group. One call writes all of it.
public struct MetricFilter: ComposedKind {
  public init() {}

  public let type = "AWS::Logs::MetricFilter"

  public let facts = TypeFacts(
    Identity(
      ref: "FilterName",
      name: NameRule(
        property: "FilterName", maximumLength: 512, punctuation: "-_./",
        uniqueWithin: "LogGroupName")),
    ownership: .inside([Parent("LogGroupName", "AWS::Logs::LogGroup")]),
    properties: [
      "/MetricTransformations/*/Dimensions": .keyed("Key"),
      "/EmitSystemFieldDimensions": .set,
      "/ApplyOnTransformedLogs": .defaultsTo(false),
      "/MetricTransformations/*/Unit": .defaultsTo("None"),
    ])

  private static let written = [
    "FilterName", "LogGroupName", "FilterPattern", "ApplyOnTransformedLogs",
    "EmitSystemFieldDimensions", "FieldSelectionCriteria",
  ]
  private static let transformation = [
    "MetricName", "MetricNamespace", "MetricValue", "DefaultValue", "Unit",
  ]

  /// Without a group, of all groups.
  let listing = Listing(
    Read(Call("logs", "DescribeMetricFilters", [:]), pageSize: 50, isEssential: true),
    "metricFilters", created: "creationTime")
  let tagging = NoTags()
  let creation = Creation(
    // The group may have been made a moment ago.
    Call(
      "logs", "PutMetricFilter", [:],
      transientCodes: ["OperationAbortedException", "ResourceNotFoundException"]))
  let deletion = Deletion(
    Call(
      "logs", "DeleteMetricFilter", [:], absentCodes: ["ResourceNotFoundException"],
      transientCodes: ["OperationAbortedException"]), "filterName")

  /// A name is unique within its group only.
  private static func id(_ group: Document?, _ name: Document?) -> String? {
    guard let group = group?.string, let name = name?.string else { return nil }
    return "\(group)|\(name)"
  }

  func id(of item: Document) -> String? { Self.id(item["logGroupName"], item["filterName"]) }

  func properties(of item: Document, _ context: ReadContext) -> [String: Document?] {
    var members = item.properties(named: Self.written)
    members["MetricTransformations"] = .list(
      (item["metricTransformations"]?.list ?? []).map { shown in
        var members = shown.properties(named: Self.transformation)
        members["Dimensions"] = shown["dimensions"]?.object.map {
          .list($0.sorted { $0.key < $1.key }.map { ["Key": .string($0.key), "Value": $0.value] })
        }
        return .members(members)
      })
    return members
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try put(step.desired, step, &calls)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try put(step.unchanged.merging(step.desired), step, &calls)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let parts = id.split(separator: "|", maxSplits: 1).map { String($0) }
    guard parts.count == 2 else { throw .failed("\(id) names no metric filter") }
    var call = deletion.call(parts[1])
    call.input = call.input.merging(["logGroupName": .string(parts[0])])
    try calls.make(call)
    return .done(id: id, attributes: [:])
  }

  private func put(_ properties: Document, _ step: Step, _ calls: inout CallSequence)
    throws(CallSequence.Pause) -> Next
  {
    guard let id = Self.id(properties["LogGroupName"], properties["FilterName"]) else {
      throw .failed("\(step.address) has no LogGroupName or no FilterName")
    }
    var input = properties.decapitalized(Self.written)
    input["metricTransformations"] = .list(
      (properties["MetricTransformations"]?.list ?? []).map { transformation in
        var members = transformation.decapitalized(Self.transformation)
        members["dimensions"] = transformation["Dimensions"].map { Tags.map(Tags.read($0)) }
        return .members(members)
      })
    _ = try creation.make(step, input, &calls)
    return .done(id: id, attributes: properties)
  }
}
