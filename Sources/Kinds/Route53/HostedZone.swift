import Document
import TrueupCore

/// A hosted zone of Route 53, public or private.
public struct HostedZone: SequencedKind {
  public init() {}

  public let type = "AWS::Route53::HostedZone"

  public let facts = TypeFacts(
    // A VPC takes one private zone of a name (CreateHostedZone: ConflictingDomainExists).
    Identity(
      ref: "Id", unique: [UniqueKey("VPCs", within: ["Name"], comparison: .holding)]),
    placement: .global,
    properties: [
      "/VPCs": .keyed("VPCId").losing(.members),
      "/QueryLoggingConfig/CloudWatchLogsLogGroupArn": .normal(.logGroupARN),
      "/HostedZoneConfig/Comment": .defaultsTo(""),
      "/HostedZoneFeatures/EnableAcceleratedRecovery": .defaultsTo(false),
    ],
    canonical: { $0.changing("Name", DomainName.normal) })

  /// Other accounts and other stacks associate their own networks.
  public let sharedLists: Set = ["VPCs"]

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let zones = zones(context, replies)
    var reads = zones.reads
    for zone in zones.all {
      let declared = context.declared(id: zone.id, tags: zones.tags(of: zone).known)
      if !declared.isDisjoint(with: ["VPCs", "NameServers"]) {
        reads.append(Self.details(zone.id))
      }
      if declared.contains("QueryLoggingConfig") { reads.append(Self.queryLogging) }
    }
    return reads
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    let zones = zones(context, replies)
    return zones.all.compactMap { zone in
      let details = replies.finding(Self.details(zone.id))
      if case .nothing = details { return nil }
      var observed = observed(
        zone.id,
        [
          "Id": .string(zone.id), "Name": .string(zone.name),
          "HostedZoneConfig": zone.output["Config"]?["Comment"].map { ["Comment": $0] },
          "HostedZoneFeatures": Self.features(zone.output),
        ], zones.tags(of: zone), context)
      observed.add("VPCs", details) { .list($0.elements("VPCs").map(Self.network)) }
      observed.add("NameServers", details) { Self.nameServers(in: $0) }
      observed.add("QueryLoggingConfig", replies.finding(Self.queryLogging)) { output in
        Self.configuration(of: zone.id, in: output).map {
          .members($0.members(named: ["CloudWatchLogsLogGroupArn"]))
        }
      }
      return observed
    }
  }

  private func zones(_ context: ReadContext, _ replies: Replies) -> HostedZones {
    let names = Set((context.values["Name"] ?? []).map(DomainName.normal))
    return HostedZones(context, replies) { zone in
      names.contains(zone.name) || context.candidates[zone.id] != nil
    }
  }

  private static func details(_ id: String) -> Read {
    Read(
      Call("route53", "GetHostedZone", ["Id": .string(id)], absentCodes: ["NoSuchHostedZone"]))
  }

  /// Of all zones.
  static let queryLogging = Read(
    Call("route53", "ListQueryLoggingConfigs", [:]), pageSize: 100)

  static func configuration(of zone: String, in output: Document?) -> Document? {
    output.elements("QueryLoggingConfigs").first { $0["HostedZoneId"]?.string == zone }
  }

  static func nameServers(in details: Document?) -> Document? {
    details?["DelegationSet"]?["NameServers"]
  }

  static func network(_ network: Document) -> Document {
    .members(network.members(named: ["VPCId", "VPCRegion"]))
  }

  /// Source: Route 53 API reference, HostedZoneFeatures.
  private static func features(_ zone: Document) -> Document? {
    guard let status = zone["Features"]?["AcceleratedRecoveryStatus"]?.string else { return nil }
    return [
      "EnableAcceleratedRecovery": .bool(status.hasPrefix("ENABL") && status != "ENABLE_FAILED")
    ]
  }
}
