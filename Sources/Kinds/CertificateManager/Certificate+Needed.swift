import TrueupCore

extension Certificate {
  /// Whether its records stand in their zones, Route 53 alone shows.
  var needed: [NeededRead] {
    let records = ValidationRecords([:])
    return ownNeeds + [
      NeededRead(records.zones, for: ["DomainValidationOptions"]),
      NeededRead(
        records.records(of: [:]), for: ["DomainValidationOptions"],
        in: "DomainValidationOptions/*/HostedZoneId"),
    ]
  }
}
