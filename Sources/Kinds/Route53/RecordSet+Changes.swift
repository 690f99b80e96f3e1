import Document
import TrueupCore

/// The calls that make, change and delete record sets.
extension RecordSet {
  private typealias Change = (action: String, record: Document)

  // MARK: Steps

  func create(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let zone = try zone(of: step, &calls)
    try make(changes(step, in: zone), of: step, in: zone, &calls)
    let done = done(step, zone)
    return .done(id: done.id, attributes: done.attributes)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    try create(step, &calls)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let id = try step.existingID()
    guard let zone = step.shown["HostedZoneId"]?.string else {
      throw .failed("\(id) was not observed: Route 53 deletes only what is named whole")
    }
    var deletion = batch([("DELETE", step.shown)], of: step, in: zone)
    deletion.absentCodes = ["InvalidChangeBatch", "NoSuchHostedZone"]
    guard try calls.make(deletion) == .absent else { return .done(id: id, attributes: [:]) }
    let left = try calls.make(
      Call(
        "route53", "ListResourceRecordSets",
        .members([
          "HostedZoneId": .string(zone), "StartRecordName": step.shown["Name"],
          "StartRecordType": step.shown["Type"],
          "StartRecordIdentifier": step.shown["SetIdentifier"], "MaxItems": "1",
        ]), absentCodes: ["NoSuchHostedZone"]))
    if let first = left.output.elements("ResourceRecordSets").first, Self.id(zone, first) == id {
      throw .failed("\(id) is not any more as it was observed: plan again")
    }
    return .done(id: id, attributes: [:])
  }

  /// All changes of one name in one batch, so that the name is never without an answer, and so that what
  /// excludes each other (a CNAME beside other records) trades places. Where several zones have the name,
  /// a batch for each.
  /// Source: Route 53 API, ChangeResourceRecordSets: a batch is carried out whole or not at all.
  public func next(group steps: [Step], _ replies: [Reply]) -> GroupNext {
    var done: [GroupNext.Done] = []
    let next = CallSequence.next(replies) { (calls) throws(Pause) in
      var zoned: [(step: Step, zone: String)] = []
      for step in steps { zoned.append((step, try zone(of: step, &calls))) }
      var handled: Set<String> = []
      for (step, zone) in zoned where handled.insert(zone).inserted {
        let changes = zoned.filter { $0.zone == zone }
          .filter { $0.step.action != .update || !$0.step.changed.isEmpty }
          .flatMap { self.changes($0.step, in: zone) }
        guard !changes.isEmpty else { continue }
        // What goes makes room for what comes.
        try make(
          changes.filter { $0.action == "DELETE" } + changes.filter { $0.action != "DELETE" },
          of: step, in: zone, &calls)
      }
      done = zoned.map { step, zone in
        step.action == .delete
          ? GroupNext.Done(id: step.id ?? "", attributes: [:]) : self.done(step, zone)
      }
      return .done(id: "", attributes: [:])
    }
    return switch next {
    case .call(let call): .call(call)
    case .wait(let call, let interval, let limit, let until):
      .wait(call, every: interval, limit: limit, until: until)
    case .failed(let reason): .failed(reason)
    case .stalled(let stall): .stalled(stall)
    case .done: .done(done)
    }
  }

  private func done(_ step: Step, _ zone: String) -> GroupNext.Done {
    let id = Self.id(zone, step.desired)
    return GroupNext.Done(
      id: id,
      attributes: step.desired.merging(["Id": .string(id), "HostedZoneId": .string(zone)]))
  }

  // MARK: Parts

  /// What the step has to change. Under another type or set identifier it is another record: the old one
  /// goes in the same batch, so that the name is never without an answer.
  private func changes(_ step: Step, in zone: String) -> [Change] {
    switch step.action {
    case .create: [("CREATE", step.desired)]
    case .delete: [("DELETE", step.shown)]
    case .update where Self.id(zone, step.shown) == Self.id(zone, step.desired):
      [("UPSERT", step.desired)]
    case .update: [("DELETE", step.shown), ("CREATE", step.desired)]
    }
  }

  /// The id of the zone, which may be declared by its name.
  private func zone(of step: Step, _ calls: inout CallSequence) throws(Pause) -> String {
    let declared: Document? = step.desired["HostedZoneId"] ?? step.shown["HostedZoneId"]
    if let id = declared?.string { return id.lastPart }
    guard let name = step.desired["HostedZoneName"]?.string else {
      throw .failed("\(step.address) has neither HostedZoneId nor HostedZoneName")
    }
    let listed = try calls.make(
      Call("route53", "ListHostedZonesByName", ["DNSName": .string(name), "MaxItems": "100"]))
    let zones = listed.output.elements("HostedZones").filter {
      DomainName.normal($0["Name"]?.string ?? "") == DomainName.normal(name)
    }.compactMap { $0["Id"]?.string }
    guard zones.count == 1, let path = zones.first else {
      throw .failed(
        zones.isEmpty
          ? "there is no hosted zone \(name)"
          : "\(zones.count) hosted zones are called \(name): name one by HostedZoneId")
    }
    return path.lastPart
  }

  private func make(
    _ changes: [Change], of step: Step, in zone: String, _ calls: inout CallSequence
  ) throws(Pause) {
    let changed = try calls.make(batch(changes, of: step, in: zone))
    guard let info = changed.output?["ChangeInfo"], info["Status"]?.string != "INSYNC",
      let id = info["Id"]?.string?.lastPart
    else { return }
    _ = try calls.wait(
      Call("route53", "GetChange", ["Id": .string(id)]), every: 5, limit: 1800,
      until: "all name servers know it"
    ) { $0["ChangeInfo"]?["Status"]?.string == "INSYNC" ? .ready : .waiting }
  }

  private func batch(_ changes: [Change], of step: Step, in zone: String) -> Call {
    let changes = changes.map { action, record -> Document in
      ["Action": .string(action), "ResourceRecordSet": Self.written(record)]
    }
    return Call(
      "route53", "ChangeResourceRecordSets",
      [
        "HostedZoneId": .string(zone),
        "ChangeBatch": .members(["Comment": step.desired["Comment"], "Changes": .list(changes)]),
      ], transientCodes: ["PriorRequestNotComplete", "NoSuchHealthCheck"])
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
}
