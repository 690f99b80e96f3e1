import Document
import TrueupCore

/// A flow log. Everything but its tags is fixed when it is made.
public struct FlowLog: TagsOnlyKind {
  public init() {}

  public let type = "AWS::EC2::FlowLog"

  /// Source: VPC User Guide, "Flow log records", default format.
  private static let format: Document =
    .string(
      "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} "
        + "${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}")

  public let facts = TypeFacts(
    // Source: EC2 API, CreateFlowLogs: FlowLogAlreadyExists.
    Identity(
      ref: "Id", unique: [UniqueKey("ResourceId", "TrafficType", FlowLog.destination)],
      arn: "ec2:vpc-flow-log"),
    properties: [
      "/LogDestination": .normal(.logGroupARN),
      "/LogDestinationType": .defaultsTo("cloud-watch-logs"),
      "/MaxAggregationInterval": .defaultsTo(600),
      "/LogFormat": .defaultsTo(FlowLog.format),
      "/DestinationOptions/FileFormat": .defaultsTo("plain-text"),
      "/DestinationOptions/HiveCompatiblePartitions": .defaultsTo(false),
      "/DestinationOptions/PerHourPartition": .defaultsTo(false),
    ],
    canonical: { properties in
      guard let target = (properties["LogDestination"] ?? properties["LogGroupName"]) else {
        return properties
      }
      let name = target.string.map { text in
        Document.string(
          text.split(separator: ":log-group:").last.map {
            $0.hasSuffix(":*") ? String($0.dropLast(2)) : String($0)
          } ?? text)
      }
      return properties.merging([destination: name ?? target])
    })

  /// Where the log goes, by whichever of two properties it is declared: in comparing alone.
  private static let destination = "Destination"

  /// What a log is of, by the beginning of the resource's id; the longer one first.
  private static let resourceTypes: KeyValuePairs = [
    "tgw-attach-": "TransitGatewayAttachment", "tgw-": "TransitGateway", "vpc-": "VPC",
    "subnet-": "Subnet", "eni-": "NetworkInterface", "nat-": "RegionalNatGateway",
  ]

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [EC2.flowLogs] }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[EC2.flowLogs]?.output?["FlowLogs"]?.list ?? []).compactMap { log in
      guard let id = log["FlowLogId"]?.string else { return nil }
      return Observed(
        type: type, id: id, scope: context.scope, properties: properties(log, context),
        tags: Tags.read(log["Tags"]), createdAt: log["CreationTime"]?.double)
    }
  }

  private func properties(_ log: Document, _ context: ReadContext) -> Document {
    var members = log.members(named: [
      "DeliverCrossAccountRole", "DeliverLogsPermissionArn", "DestinationOptions",
      "LogDestination", "LogDestinationType", "LogFormat", "LogGroupName", "MaxAggregationInterval",
      "ResourceId", "TrafficType",
    ])
    members["Id"] = log["FlowLogId"]
    let resource = log["ResourceId"]?.string ?? ""
    members["ResourceType"] =
      Self.resourceTypes.first { resource.hasPrefix($0.key) }.map { .string($0.value) }
    // A log group may be declared by its name or by its ARN.
    let prefix =
      "arn:\(context.partition):logs:\(context.region):\(context.scope.account):log-group:"
    if let name = log["LogGroupName"]?.string, log["LogDestination"] == nil {
      members["LogDestination"] = .string(prefix + name)
    } else if let arn = log["LogDestination"]?.string, log["LogGroupName"] == nil,
      arn.hasPrefix(prefix)
    {
      let name = arn.dropFirst(prefix.count)
      members["LogGroupName"] = .string(String(name.hasSuffix(":*") ? name.dropLast(2) : name))
    }
    return .members(members)
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    var input = step.desired.members(named: [
      "DeliverCrossAccountRole", "DeliverLogsPermissionArn", "DestinationOptions",
      "LogDestination", "LogDestinationType", "LogFormat", "LogGroupName", "MaxAggregationInterval",
      "ResourceType", "TrafficType",
    ])
    input["ResourceIds"] = .list([step.desired["ResourceId"]].compactMap(\.self))
    input["ClientToken"] = .string(step.token)
    input["TagSpecifications"] = EC2.tagSpecifications(step.tags, of: "vpc-flow-log")
    let reply = try calls.make(
      Call(
        "ec2", "CreateFlowLogs", .members(input),
        // Where the role was made a moment ago, it cannot be assumed yet.
        transientCodes: ["InvalidParameter", "InvalidVpcId.NotFound", "InvalidSubnetId.NotFound"]))
    if let error = reply.output?["Unsuccessful"]?[0]?["Error"] {
      throw .failed(
        "EC2 made no flow log: \(error["Message"]?.string ?? "") (\(error["Code"]?.string ?? "no code"))"
      )
    }
    guard let id = reply.output?["FlowLogIds"]?[0]?.string else {
      throw .failed("CreateFlowLogs answered without an id")
    }
    return .done(id: id, attributes: step.desired.merging(["Id": .string(id)]))
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let reply = try calls.make(
      Call(
        "ec2", "DeleteFlowLogs", ["FlowLogIds": [.string(id)]],
        absentCodes: ["InvalidFlowLogId.NotFound"]))
    if let error = reply.output?["Unsuccessful"]?[0]?["Error"],
      error["Code"] != "InvalidFlowLogId.NotFound"
    {
      throw .failed(
        "\(id) cannot be deleted: \(error["Message"]?.string ?? "") (\(error["Code"]?.string ?? "no code"))"
      )
    }
    return .done(id: id, attributes: [:])
  }
}
