import Document
import TrueupCore

/// A filter that makes metrics of the events of a log group. One call writes all of it.
public struct MetricFilter: SequencedKind {
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

  /// The members of the API by the properties of the registry.
  private static let names = [
    "FilterName": "filterName", "LogGroupName": "logGroupName", "FilterPattern": "filterPattern",
    "ApplyOnTransformedLogs": "applyOnTransformedLogs",
    "EmitSystemFieldDimensions": "emitSystemFieldDimensions",
    "FieldSelectionCriteria": "fieldSelectionCriteria",
  ]
  private static let transformationNames = [
    "MetricName": "metricName", "MetricNamespace": "metricNamespace",
    "MetricValue": "metricValue", "DefaultValue": "defaultValue", "Unit": "unit",
  ]

  // MARK: Observing

  /// Without a group, of all groups.
  private static let list = Read(
    Call("logs", "DescribeMetricFilters", [:]), pageSize: 50, isEssential: true)

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [Self.list] }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[Self.list]?.output?["metricFilters"]?.list ?? []).compactMap { filter in
      guard let group = filter["logGroupName"]?.string, let name = filter["filterName"]?.string
      else { return nil }
      var members = Self.names.mapValues { filter[$0] }
      members["MetricTransformations"] = .list(
        (filter["metricTransformations"]?.list ?? []).map(Self.transformation))
      return Observed(
        type: type, id: Self.id(group, name), scope: context.scope, properties: .members(members),
        createdAt: filter["creationTime"]?.double.map { $0 / 1000 })
    }
  }

  /// A name is unique within its group only.
  private static func id(_ group: String, _ name: String) -> String { "\(group)|\(name)" }

  private static func transformation(_ shown: Document) -> Document {
    var members = transformationNames.mapValues { shown[$0] }
    members["Dimensions"] = shown["dimensions"]?.object.map { dimensions in
      .list(
        dimensions.sorted { $0.key < $1.key }.map { ["Key": .string($0.key), "Value": $0.value] })
    }
    return .members(members)
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try put(step.desired, step, &calls)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try put(step.unchanged.merging(step.desired), step, &calls)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let parts = id.split(separator: "|", maxSplits: 1).map { Document.string(String($0)) }
    guard parts.count == 2 else { throw .failed("\(id) names no metric filter") }
    try calls.make(
      Call(
        "logs", "DeleteMetricFilter", ["logGroupName": parts[0], "filterName": parts[1]],
        absentCodes: ["ResourceNotFoundException"], transientCodes: ["OperationAbortedException"]))
    return .done(id: id, attributes: [:])
  }

  private func put(_ properties: Document, _ step: Step, _ calls: inout CallSequence)
    throws(CallSequence.Pause) -> Next
  {
    guard let group = properties["LogGroupName"]?.string,
      let name = properties["FilterName"]?.string
    else { throw .failed("\(step.address) has no LogGroupName or no FilterName") }
    var input: [String: Document?] = [:]
    for (property, member) in Self.names { input[member] = properties[property] }
    input["metricTransformations"] = .list(
      (properties["MetricTransformations"]?.list ?? []).map { transformation in
        var members: [String: Document?] = [:]
        for (property, member) in Self.transformationNames {
          members[member] = transformation[property]
        }
        members["dimensions"] = transformation["Dimensions"]?.list.map { dimensions in
          .object(
            Dictionary(
              dimensions.compactMap { dimension in
                dimension["Key"]?.string.map { ($0, dimension["Value"] ?? "") }
              }, uniquingKeysWith: { _, last in last }))
        }
        return .members(members)
      })
    try calls.make(
      Call(
        "logs", "PutMetricFilter", .members(input),
        // The group may have been made a moment ago.
        transientCodes: ["OperationAbortedException", "ResourceNotFoundException"]))
    return .done(id: Self.id(group, name), attributes: properties)
  }
}
