import Document
import TrueupCore

/// Records lie in their zone, and nothing stands beside a CNAME.
/// Source: Route 53 API, ChangeResourceRecordSets; RFC 1034, 3.6.2.
struct ZoneCheck {
  let values: RelatedValues

  private struct Key: Hashable {
    var zone: String
    var scope: Scope
    var name: String
  }

  func findings(_ resources: [DesiredResource]) -> [RelatedValues.Finding] {
    var findings: [RelatedValues.Finding] = []
    var byName: [Key: [DesiredResource]] = [:]
    for record in resources where record.type == RecordCheck.type {
      guard let name = text("Name", of: record).map(DomainText.normal) else { continue }
      let zone = zoneName(of: record)
      if let zone, name != zone, !name.hasSuffix("." + zone) {
        findings.append(
          RelatedValues.Finding(
            resource: record, property: "Name",
            message: "\(RecordCheck.type) /Name \(name.quoted) does not lie in its zone, \(zone)",
            other: nil))
      } else if name == zone, text("Type", of: record) == "CNAME" {
        findings.append(
          RelatedValues.Finding(
            resource: record, property: "Type",
            message: "\(RecordCheck.type) /Type: the zone's own name, \(name), cannot be a CNAME; "
              + "\"AliasTarget\" with Type A can stand there",
            other: nil))
      }
      if let place = place(of: record) {
        byName[Key(zone: place, scope: record.scope, name: name), default: []].append(record)
      }
    }
    for (key, records) in byName where records.count > 1 {
      let aliases = records.filter { text("Type", of: $0) == "CNAME" }
      guard let alias = aliases.min(by: { $0.location < $1.location }),
        let other = records.first(where: { record in
          text("Type", of: record).map { $0 != "CNAME" } ?? false
        })
      else { continue }
      findings.append(
        RelatedValues.Finding(
          resource: alias, property: "Type",
          message: "\(RecordCheck.type) /Type: \(key.name) cannot be a CNAME beside the record",
          other: other))
    }
    return findings
  }

  private func text(_ property: String, of resource: DesiredResource) -> String? {
    values.known(property, of: resource)?.string
  }

  private func zoneName(of record: DesiredResource) -> String? {
    let name =
      text("HostedZoneName", of: record)
      ?? values.target("HostedZoneId", of: record).flatMap { text("Name", of: $0) }
    return name.map(DomainText.normal)
  }

  /// The zone, in whatever way it is named.
  private func place(of record: DesiredResource) -> String? {
    if let zone = values.target("HostedZoneId", of: record) { return zone.address.description }
    return text("HostedZoneId", of: record)
      ?? text("HostedZoneName", of: record).map(DomainText.normal)
  }
}
