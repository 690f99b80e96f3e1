import Document
import TrueupCore

/// Checks the values of a DNS record by its type.
/// Source: Route 53 Developer Guide, "Supported DNS record types"; Route 53 API, ResourceRecordSet.
struct RecordCheck {
  static let type = "AWS::Route53::RecordSet"

  var findings = ContentFindings()

  mutating func check(_ record: LocatedValue) {
    checkShape(record)
    guard let type = record["Type"], let name = type.text else { return }
    guard RecordValue.types.contains(name) else {
      let suggestion = Spelling.suggestion(for: name, among: RecordValue.types)
      let message =
        "\(Self.type) /Type is \(name.quoted), which is no type of record"
        + (suggestion.isEmpty ? ": \(RecordValue.types.joined(separator: ", "))" : suggestion)
      // Route 53 learns a new type now and then.
      return suggestion.isEmpty
        ? findings.doubt(message, at: type.position) : findings.error(message, at: type.position)
    }
    guard let records = record["ResourceRecords"], case .list(let values) = records.content else {
      return
    }
    if ["CNAME", "SOA"].contains(name), values.count > 1 {
      findings.error(
        "\(Self.type) /ResourceRecords: a \(name) record has one value, not \(values.count)",
        at: records.position)
    }
    var seen: Set<String> = []
    for value in values {
      guard let text = value.text else { continue }
      if !seen.insert(text).inserted {
        findings.error("\(Self.type) /ResourceRecords has \(text.quoted) twice", at: value.position)
      }
      if let problem = RecordValue.problem(text, type: name) {
        findings.error(
          "\(Self.type) /ResourceRecords: \(text.quoted) \(problem)", at: value.position)
      } else if let doubt = RecordValue.doubt(text, type: name) {
        findings.doubt("\(Self.type) /ResourceRecords: \(text.quoted) \(doubt)", at: value.position)
      }
    }
  }

  private static let routing = [
    "Weight", "Region", "Failover", "GeoLocation", "GeoProximityLocation", "MultiValueAnswer",
    "CidrRoutingConfig",
  ]

  /// Which members stand together.
  private mutating func checkShape(_ record: LocatedValue) {
    let isAlias = record["AliasTarget"] != nil
    if isAlias {
      for key in ["TTL", "ResourceRecords"] {
        guard let value = record[key] else { continue }
        findings.error(
          "\(Self.type) with \"AliasTarget\" can have no \(key.quoted): it takes those of its target",
          at: value.position)
      }
    } else if record["ResourceRecords"] == nil {
      findings.error(
        "\(Self.type) needs \"ResourceRecords\" with \"TTL\", or \"AliasTarget\"",
        at: record.position)
    } else if record["TTL"] == nil {
      findings.error("\(Self.type) with \"ResourceRecords\" needs \"TTL\"", at: record.position)
    }
    let routed = Self.routing.first { record[$0] != nil }
    if let routed, record["SetIdentifier"] == nil {
      findings.error(
        "\(Self.type) with \(routed.quoted) needs \"SetIdentifier\"",
        at: record[routed]?.position ?? record.position)
    } else if let identifier = record["SetIdentifier"], routed == nil {
      findings.error(
        "\(Self.type) with \"SetIdentifier\" needs one of \(SchemaCheck.quoted(Self.routing))",
        at: identifier.position)
    }
    if let ttl = record["TTL"], let text = ttl.text {
      guard let seconds = Int(text), (0...2_147_483_647).contains(seconds) else {
        return findings.error(
          "\(Self.type) /TTL is \(text.quoted); it is a number of seconds", at: ttl.position)
      }
    }
    if let name = record["Name"], let text = name.text, let problem = DomainText.problem(text) {
      findings.error("\(Self.type) /Name: \(text.quoted) \(problem)", at: name.position)
    }
  }
}
