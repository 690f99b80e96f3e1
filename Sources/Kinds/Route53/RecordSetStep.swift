import Document
import TrueupCore

/// The calls that make, change and delete a record set.
struct RecordSetStep: KindStep {
  private let step: Step

  init(_ step: Step) { self.step = step }

  static func id(_ zone: String, _ record: Document) -> String {
    ([zone, DomainName.normal(record["Name"]?.string ?? "")]
      + ["Type", "SetIdentifier"].compactMap { record[$0]?.string }).joined(separator: "|")
  }

  // MARK: Steps

  func create(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let zone = try zone(&calls)
    try change([("CREATE", step.desired)], in: zone, &calls)
    return done(zone)
  }

  /// In one batch, so that the name is never without an answer.
  func update(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let zone = try zone(&calls)
    let shown = step.observed?.properties ?? .object([:])
    // Under another type or set identifier it is another record: the old one goes in the same batch.
    if Self.id(zone, shown) == Self.id(zone, step.desired) {
      try change([("UPSERT", step.desired)], in: zone, &calls)
    } else {
      try change([("DELETE", shown), ("CREATE", step.desired)], in: zone, &calls)
    }
    return done(zone)
  }

  func delete(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    guard let shown = step.observed?.properties, let zone = shown["HostedZoneId"]?.string else {
      throw .failed("\(id) was not observed: Route 53 deletes only what is named whole")
    }
    let deleted = try calls.make(
      batch([("DELETE", shown)], in: zone, absent: ["InvalidChangeBatch", "NoSuchHostedZone"]))
    guard deleted == .absent else { return .done(id: id, attributes: [:]) }
    let left = try calls.make(
      Call(
        "route53", "ListResourceRecordSets",
        .members([
          "HostedZoneId": .string(zone), "StartRecordName": shown["Name"],
          "StartRecordType": shown["Type"], "StartRecordIdentifier": shown["SetIdentifier"],
          "MaxItems": "1",
        ]), absentCodes: ["NoSuchHostedZone"]))
    if let first = left.output?["ResourceRecordSets"]?.list?.first, Self.id(zone, first) == id {
      throw .failed("\(id) is not any more as it was observed: plan again")
    }
    return .done(id: id, attributes: [:])
  }

  // MARK: Groups

  /// All changes of one name in one batch, so that the name is never without an answer, and so that what
  /// excludes each other (a CNAME beside other records) trades places. Where several zones have the name,
  /// a batch for each.
  /// Source: Route 53 API, ChangeResourceRecordSets: a batch is carried out whole or not at all.
  static func next(group steps: [Step], _ replies: [Reply]) -> GroupNext {
    let next = CallSequence.next(replies) { (calls) throws(CallSequence.Pause) in
      var batches: [(zone: String, steps: [RecordSetStep])] = []
      var zones: [String] = []
      for step in steps {
        let own = RecordSetStep(step)
        let zone = try own.zone(&calls)
        zones.append(zone)
        if let index = batches.firstIndex(where: { $0.zone == zone }) {
          batches[index].steps.append(own)
        } else {
          batches.append((zone, [own]))
        }
      }
      for batch in batches {
        let changes = batch.steps.flatMap { $0.changes(in: batch.zone) }
        guard let first = batch.steps.first, !changes.isEmpty else { continue }
        // What goes makes room for what comes.
        try first.change(
          changes.filter { $0.action == "DELETE" } + changes.filter { $0.action != "DELETE" },
          in: batch.zone, &calls)
      }
      let done = zip(steps, zones).map { step, zone -> Document in
        guard step.action != .delete else { return ["id": .string(step.id ?? ""), "of": [:]] }
        let id = Self.id(zone, step.desired)
        return [
          "id": .string(id),
          "of": step.desired.merging(["Id": .string(id), "HostedZoneId": .string(zone)]),
        ]
      }
      return .done(id: "", attributes: .list(done))
    }
    return switch next {
    case .call(let call): .call(call)
    case .wait(let call, let interval, let limit, let until):
      .wait(call, every: interval, limit: limit, until: until)
    case .failed(let reason): .failed(reason)
    case .done(_, let all):
      .done(
        (all.list ?? []).map {
          GroupNext.Done(id: $0["id"]?.string ?? "", attributes: $0["of"] ?? [:])
        })
    }
  }

  /// What the step has to change.
  private func changes(in zone: String) -> [(action: String, record: Document)] {
    let shown = step.observed?.properties ?? .object([:])
    switch step.action {
    case .create: return [("CREATE", step.desired)]
    case .delete: return [("DELETE", shown)]
    case .update where step.changed.isEmpty: return []
    case .update:
      return Self.id(zone, shown) == Self.id(zone, step.desired)
        ? [("UPSERT", step.desired)] : [("DELETE", shown), ("CREATE", step.desired)]
    }
  }

  // MARK: Parts

  /// The id of the zone, which may be declared by its name.
  private func zone(_ calls: inout CallSequence) throws(CallSequence.Pause) -> String {
    let declared: Document? =
      step.desired["HostedZoneId"] ?? step.observed?.properties["HostedZoneId"]
    if let id = declared?.string {
      return id.split(separator: "/").last.map(String.init) ?? id
    }
    guard let name = step.desired["HostedZoneName"]?.string else {
      throw .failed("\(step.address) has neither HostedZoneId nor HostedZoneName")
    }
    let listed = try calls.make(
      Call("route53", "ListHostedZonesByName", ["DNSName": .string(name), "MaxItems": "100"]))
    let zones = (listed.output?["HostedZones"]?.list ?? []).filter {
      DomainName.normal($0["Name"]?.string ?? "") == DomainName.normal(name)
    }.compactMap { $0["Id"]?.string }
    guard zones.count == 1, let path = zones.first else {
      throw .failed(
        zones.isEmpty
          ? "there is no hosted zone \(name)"
          : "\(zones.count) hosted zones are called \(name): name one by HostedZoneId")
    }
    return path.split(separator: "/").last.map(String.init) ?? path
  }

  private func change(
    _ changes: [(action: String, record: Document)], in zone: String,
    _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    let changed = try calls.make(batch(changes, in: zone, absent: []))
    guard let info = changed.output?["ChangeInfo"], info["Status"]?.string != "INSYNC",
      let path = info["Id"]?.string
    else { return }
    let id = path.split(separator: "/").last.map(String.init) ?? path
    _ = try calls.wait(
      Call("route53", "GetChange", ["Id": .string(id)]), every: 5, limit: 1800,
      until: "all name servers know it"
    ) { $0["ChangeInfo"]?["Status"]?.string == "INSYNC" ? .ready : .waiting }
  }

  private func batch(
    _ changes: [(action: String, record: Document)], in zone: String, absent: Set<String>
  ) -> Call {
    Call(
      "route53", "ChangeResourceRecordSets",
      [
        "HostedZoneId": .string(zone),
        "ChangeBatch": .members([
          "Comment": step.desired["Comment"],
          "Changes": .list(
            changes.map { action, record in
              ["Action": .string(action), "ResourceRecordSet": Self.written(record)]
            }),
        ]),
      ], absentCodes: absent, transientCodes: ["PriorRequestNotComplete", "NoSuchHealthCheck"])
  }

  private static func written(_ record: Document) -> Document {
    var members = record.members(named: RecordSet.written)
    members["TTL"] = record["TTL"].map { ttl in
      ttl.string.flatMap(Int.init).map(Document.integer) ?? ttl
    }
    members["ResourceRecords"] = record["ResourceRecords"]?.list.map { values in
      .list(values.map { ["Value": $0] })
    }
    // The API wants what the registry leaves open.
    if let target = record["AliasTarget"] {
      members["AliasTarget"] = Document.object(["EvaluateTargetHealth": false]).merging(target)
    }
    return .members(members)
  }

  private func done(_ zone: String) -> Next {
    let id = Self.id(zone, step.desired)
    return .done(
      id: id,
      attributes: step.desired.merging(["Id": .string(id), "HostedZoneId": .string(zone)]))
  }
}
