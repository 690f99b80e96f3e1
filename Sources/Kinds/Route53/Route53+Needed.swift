import TrueupCore

extension HostedZone {
  var needed: [NeededRead] {
    [
      NeededRead(HostedZones.list.read),
      NeededRead("route53", "GetHostedZone", named: 1, for: ["VPCs", "NameServers"]),
      NeededRead(Self.queryLogging, for: ["QueryLoggingConfig"]),
    ]
  }
}

extension RecordSet {
  var needed: [NeededRead] {
    [
      NeededRead(HostedZones.list.read),
      NeededRead(Self.records(of: ""), in: "HostedZoneId"),
    ]
  }
}
