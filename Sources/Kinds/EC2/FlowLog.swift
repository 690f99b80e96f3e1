import Document
import TrueupCore

/// A flow log. Everything but its tags is fixed when it is made.
public struct FlowLog: ComposedKind {
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

  private static let written = [
    "DeliverCrossAccountRole", "DeliverLogsPermissionArn", "DestinationOptions", "LogDestination",
    "LogDestinationType", "LogFormat", "LogGroupName", "MaxAggregationInterval", "TrafficType",
  ]

  let listing = Listing(EC2.flowLogs, "FlowLogs", id: "FlowLogId", created: "CreationTime")
  let shown = written + ["ResourceId"]
  let tagging = EC2Tags("vpc-flow-log")
  let creation = Creation(
    Call(
      "ec2", "CreateFlowLogs", [:],
      // Where the role was made a moment ago, it cannot be assumed yet.
      transientCodes: ["InvalidParameter", "InvalidVpcId.NotFound", "InvalidSubnetId.NotFound"]),
    written + ["ResourceType"], token: "ClientToken")
  let deletion = Deletion(
    Call("ec2", "DeleteFlowLogs", [:], absentCodes: ["InvalidFlowLogId.NotFound"]), "FlowLogIds",
    takesList: true)

  func properties(of log: Document, _ context: ReadContext) -> [String: Document?] {
    var members = log.members(named: shown)
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
    return members
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    var members = tagging.input(step)
    members["ResourceIds"] = .list([step.desired["ResourceId"]].compactMap(\.self))
    let output = try creation.make(step, members, &calls)
    try EC2.check(output, "EC2 made no flow log")
    guard let id = output["FlowLogIds"]?[0]?.string else {
      throw .failed("CreateFlowLogs answered without an id")
    }
    return done(step, id)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let reply = try calls.make(deletion.call(id))
    try EC2.check(
      reply.output, "\(id) cannot be deleted", unless: ["InvalidFlowLogId.NotFound"])
    return .done(id: id, attributes: [:])
  }
}
