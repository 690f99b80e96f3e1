import Document
import TrueupCore

/// A record set of a hosted zone, which may be another's: only what is declared is ours there.
public struct RecordSet: SequencedKind {
  public init() {}

  public let type = "AWS::Route53::RecordSet"

  public let facts = TypeFacts(
    Identity(
      ref: "Name",
      unique: [
        UniqueKey("Name", "Type", "SetIdentifier", within: ["HostedZoneId", "HostedZoneName"])
      ]),
    placement: .global,
    ownership: .inside([
      Parent("HostedZoneId", "AWS::Route53::HostedZone"),
      Parent("HostedZoneName", "AWS::Route53::HostedZone", by: "Name"),
    ]),
    properties: [
      "/ResourceRecords": .set,
      "/TTL": .normal(.scalarText),
      "/AliasTarget/EvaluateTargetHealth": .defaultsTo(false),
      "/MultiValueAnswer": .defaultsTo(false),
      "/GeoProximityLocation/Bias": .defaultsTo(0),
      "/Comment": .notReadable("Route 53 keeps it with the change, not with the record"),
    ],
    canonical: { Self.canonical($0) })

  /// The properties as the API names them, which is as the registry does.
  static let written = [
    "AliasTarget", "CidrRoutingConfig", "Failover", "GeoLocation", "GeoProximityLocation",
    "HealthCheckId", "MultiValueAnswer", "Name", "Region", "SetIdentifier", "Type", "Weight",
  ]

  /// Names are the same in upper and lower case, and with and without the dot at their end.
  private static func canonical(_ properties: Document) -> Document {
    let holdsNames = ["CNAME", "MX", "NS", "PTR", "SRV"].contains(properties["Type"]?.string)
    let names: [PropertyPath] = ["Name", "HostedZoneName", "AliasTarget/DNSName"]
    return (names + (holdsNames ? ["ResourceRecords/*"] : [])).reduce(properties) {
      $0.changing($1, DomainName.normal)
    }
  }

  /// Made of zone, name, type and set identifier.
  static func id(_ zone: String, _ record: Document) -> String {
    ([zone, DomainName.normal(record["Name"]?.string ?? "")]
      + ["Type", "SetIdentifier"].compactMap { record[$0]?.string }).joined(separator: "|")
  }

  /// By the name of the record: changes of one name go into one batch.
  public func group(of step: PlannedStep) -> String? {
    (step.desired["Name"]?.document ?? step.observed?.properties["Name"])?.string
      .map(DomainName.normal)
  }

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let zones = zones(context, replies)
    return zones.reads + wanted(zones, context).map { Self.records(of: $0.id) }
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    let zones = zones(context, replies)
    return wanted(zones, context).flatMap { zone in
      (replies[Self.records(of: zone.id)]?.output).elements("ResourceRecordSets").map { record in
        Observed(
          type: type, id: Self.id(zone.id, record), scope: context.scope,
          properties: properties(record, zone))
      }
    }
  }

  private func zones(_ context: ReadContext, _ replies: Replies) -> HostedZones {
    HostedZones(context, replies) { isNear($0, context) }
  }

  /// The zones that are declared by id or name, those that the base knows, and those of ours in which
  /// a declared name may lie. A zone of somebody else's may hold thousands of records.
  private func wanted(_ zones: HostedZones, _ context: ReadContext) -> [HostedZones.Zone] {
    let names = Set((context.values["HostedZoneName"] ?? []).map(DomainName.normal))
    return zones.all.filter { zone in
      context.values["HostedZoneId"]?.contains(zone.id) == true || names.contains(zone.name)
        || isNear(zone, context) && context.owns(zones.tags(of: zone).known)
    }
  }

  /// Whether a declared name lies in the zone.
  private func isNear(_ zone: HostedZones.Zone, _ context: ReadContext) -> Bool {
    (context.values["Name"] ?? []).contains { DomainName.lies($0, in: zone.name) }
  }

  /// Essential: without it nobody can tell whether the records are there.
  static func records(of zone: String) -> Read {
    Read(
      Call(
        "route53", "ListResourceRecordSets", ["HostedZoneId": .string(zone)],
        absentCodes: ["NoSuchHostedZone"]), pageSize: 300, isEssential: true)
  }

  private func properties(_ record: Document, _ zone: HostedZones.Zone) -> Document {
    var members = record.members(named: Self.written + ["TTL"])
    members["Name"] = record["Name"].map(DomainName.normal)
    members["HostedZoneId"] = .string(zone.id)
    members["HostedZoneName"] = .string(zone.name)
    members["Id"] = .string(Self.id(zone.id, record))
    members["ResourceRecords"] = record["ResourceRecords"]?.list.map { records in
      .list(records.compactMap { $0["Value"] })
    }
    return .members(members)
  }
}
