import Document
import TrueupCore

/// The records by which ACM sees that domains are ours. Of one account, all certificates of a domain have the
/// same record, a wildcard and its domain included; renewals need it for as long as there is one.
///
/// They are written in the certificate's own account, or in the one that its tag names.
/// Source: ACM user guide, "DNS validation".
struct ValidationRecords {
  /// What ACM wants to find, by domain.
  let records: [String: Document]
  /// Where the zones are; `nil` where they are in the certificate's own account.
  let account: String?

  /// - Parameters:
  ///   - certificate: a `CertificateDetail` of ACM.
  ///   - tags: the tags of the certificate.
  init(_ certificate: Document, _ tags: [String: String] = [:]) {
    self.init(certificate.elements("DomainValidationOptions"), tags)
  }

  /// - Parameter options: its `DomainValidationOptions`.
  init(_ options: [Document], _ tags: [String: String]) {
    account = tags[OwnershipTags.validationAccount]
    records = Dictionary(
      options.compactMap { option in
        option["ResourceRecord"].map { (option["DomainName"]?.string?.lowercased() ?? "", $0) }
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The zones that are declared, by domain.
  static func zones(declaredIn properties: Document) -> [String: Document] {
    Dictionary(
      properties.elements("DomainValidationOptions").compactMap { option in
        option["HostedZoneId"].map { (option["DomainName"]?.string?.lowercased() ?? "", $0) }
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The domains of which a zone is declared.
  static func domains(declaredIn properties: Document) -> Set<String> {
    Set(zones(declaredIn: properties).keys)
  }

  // MARK: Observing

  var zones: Read {
    Read(Call("route53", "ListHostedZones", [:]).made(in: account), pageSize: 100)
  }

  func records(of zone: Document) -> Read {
    let call = Call(
      "route53", "ListResourceRecordSets",
      .members(["HostedZoneId": zone["Id"]?.string.map { .string($0.lastPart) }]),
      absentCodes: ["NoSuchHostedZone"])
    return Read(call.made(in: account), pageSize: 300)
  }

  /// The reads that tell in which zones the records stand.
  func reads(_ replies: Replies) -> [Read] {
    let names = Set(records.values.compactMap { $0["Name"]?.string })
    guard !names.isEmpty else { return [] }
    var seen: Set<Read> = []
    return [zones]
      + names.sorted().flatMap { candidates(for: $0, replies) }.map(records)
      .filter { seen.insert($0).inserted }
  }

  /// The public zones in which a name may stand, the nearest first.
  private func candidates(for name: String, _ replies: Replies) -> [Document] {
    (replies[zones]?.output).elements("HostedZones").filter { zone in
      zone["Config"]?["PrivateZone"] != true
        && DomainName.lies(name, in: zone["Name"]?.string ?? "")
    }.sorted {
      let (left, right) = ($0["Name"]?.string ?? "", $1["Name"]?.string ?? "")
      return left.count == right.count
        ? ($0["Id"]?.string ?? "") < ($1["Id"]?.string ?? "") : left.count > right.count
    }
  }

  /// The zone in which each domain's record stands.
  func found(_ replies: Replies) -> [String: Finding] {
    records.mapValues { record in
      if case .unread(let reason) = replies.finding(zones) { return .unread(reason) }
      var unread: String?
      for zone in candidates(for: record["Name"]?.string ?? "", replies) {
        switch replies.finding(records(of: zone)) {
        case .found(let output):
          let stands = output.elements("ResourceRecordSets").contains { Self.isSame($0, record) }
          if stands, let id = zone["Id"]?.string?.lastPart { return .found(.string(id)) }
        case .unread(let reason): unread = reason
        case .nothing: continue
        }
      }
      return unread.map(Finding.unread) ?? .nothing
    }
  }

  private static func isSame(_ set: Document, _ record: Document) -> Bool {
    func normal(_ value: Document?) -> String { DomainName.normal(value?.string ?? "") }
    return set["Type"] == record["Type"] && normal(set["Name"]) == normal(record["Name"])
      && set.elements("ResourceRecords").contains { normal($0["Value"]) == normal(record["Value"]) }
  }

  // MARK: Changing

  private static let timeToLive = 300

  /// Writes the records of these domains into their zones, one batch a zone.
  func write(_ zones: [String: Document], _ calls: inout CallSequence) throws(CallSequence.Pause) {
    for (zone, domains) in Self.domains(by: zones) {
      let sets = Set(domains.compactMap { records[$0] }).map { record in
        Document.members([
          "Name": record["Name"], "Type": record["Type"], "TTL": .integer(Self.timeToLive),
          "ResourceRecords": [.members(["Value": record["Value"]])],
        ])
      }
      try calls.make(Self.change("UPSERT", sets, in: zone).made(in: account))
    }
  }

  /// Takes the records of these domains out of their zones, but for those that another certificate needs.
  ///
  /// - Parameter own: the certificate that goes, or whose records stand elsewhere.
  func remove(
    _ zones: [String: Document], unlessNeededBesides own: String, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    guard !zones.isEmpty else { return }
    let needed = try neededByOthers(than: own, zones.keys.sorted(), &calls)
    for (zone, domains) in Self.domains(by: zones) {
      let gone = Set(domains.compactMap { records[$0] }).subtracting(needed)
        .sorted { ($0["Name"]?.string ?? "") < ($1["Name"]?.string ?? "") }
      for record in gone {
        let listed = Call(
          "route53", "ListResourceRecordSets",
          .members([
            "HostedZoneId": .string(zone), "StartRecordName": record["Name"],
            "StartRecordType": record["Type"], "MaxItems": "1",
          ]), absentCodes: ["NoSuchHostedZone"])
        let found = (try calls.make(listed.made(in: account)).output).elements("ResourceRecordSets")
          .first
        // Somebody else took it away, or put another value there.
        guard let found, Self.isSame(found, record) else { continue }
        var call = Self.change("DELETE", [found], in: zone)
        call.absentCodes = ["InvalidChangeBatch", "NoSuchHostedZone"]
        try calls.make(call.made(in: account))
      }
    }
  }

  private static func domains(by zones: [String: Document]) -> [(zone: String, domains: [String])] {
    Dictionary(grouping: zones.keys.sorted()) { zones[$0]?.string?.lastPart ?? "" }
      .sorted { $0.key < $1.key }.map { (zone: $0.key, domains: $0.value) }
  }

  private static func change(_ action: String, _ sets: [Document], in zone: String) -> Call {
    let sorted = sets.sorted { ($0["Name"]?.string ?? "") < ($1["Name"]?.string ?? "") }
    return Call(
      "route53", "ChangeResourceRecordSets",
      [
        "HostedZoneId": .string(zone),
        "ChangeBatch": [
          "Changes": .list(
            sorted.map { ["Action": .string(action), "ResourceRecordSet": $0] })
        ],
      ], transientCodes: ["PriorRequestNotComplete"])
  }

  /// The records that other living certificates of the region have too.
  private func neededByOthers(
    than own: String, _ domains: [String], _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> Set<Document> {
    let bases = Set(domains.map(Self.base))
    var others: [String] = []
    var token: Document?
    repeat {
      let page = try calls.make(
        Call(
          "acm", "ListCertificates",
          .members([
            "Includes": Certificate.all, "MaxItems": 1000, "NextToken": token,
            "CertificateStatuses": ["PENDING_VALIDATION", "ISSUED", "INACTIVE"],
          ])
        )
      ).output
      for other in page.elements("CertificateSummaryList") {
        guard let arn = other["CertificateArn"]?.string, arn != own else { continue }
        let names = [other["DomainName"]] + other.elements("SubjectAlternativeNameSummaries")
        let isNear = names.contains { $0?.string.map { bases.contains(Self.base($0)) } ?? false }
        if isNear || other["HasAdditionalSubjectAlternativeNames"] == true { others.append(arn) }
      }
      token = page?["NextToken"]
    } while token != nil
    var needed: Set<Document> = []
    for arn in others {
      let output = try calls.make(Certificate.description(arn)).output
      needed.formUnion(ValidationRecords(output?["Certificate"] ?? [:]).records.values)
    }
    return needed
  }

  /// The domain that is validated for a wildcard as well.
  private static func base(_ domain: String) -> String {
    let domain = domain.lowercased()
    return domain.hasPrefix("*.") ? String(domain.dropFirst(2)) : domain
  }
}
