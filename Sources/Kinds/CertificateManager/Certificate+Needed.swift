import TrueupCore

extension Certificate {
  /// Whether its records stand in their zones, Route 53 alone shows.
  var needed: [NeededRead] {
    ownNeeds + [
      NeededRead(ValidationRecords.zones, for: ["DomainValidationOptions"]),
      NeededRead(
        ValidationRecords.records(of: [:]), for: ["DomainValidationOptions"],
        in: "DomainValidationOptions/*/HostedZoneId"),
    ]
  }
}
