import Document
import TrueupCore

/// The calls of one step on a hosted zone. It takes records at once, long before all name servers
/// know it.
extension HostedZone {
  func create(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let networks = step.desired.elements("VPCs")
    let comment: Document? = step.desired["HostedZoneConfig"]?["Comment"]
    let config = Document.members([
      "Comment": comment, "PrivateZone": .bool(!networks.isEmpty),
    ])
    let creation = Call(
      "route53", "CreateHostedZone",
      .members([
        "Name": step.desired["Name"], "CallerReference": .string(step.token),
        "HostedZoneConfig": comment == nil && networks.isEmpty ? nil : config,
        "VPC": networks.first.map(Self.network),
      ]),
      // An interrupted run made it, and its reply or its tags were lost.
      absentCodes: ["HostedZoneAlreadyExists"], transientCodes: ["InvalidVPCId"])
    var created = try calls.make(creation).output
    var zone: Document? = created?["HostedZone"]
    if zone == nil { zone = try foundAgain(step, &calls) }
    if zone == nil {
      // It was made with this reference once, and is gone.
      let reference = Document.string("\(step.token)-\(step.nonce.prefix(16))")
      created = try calls.make(creation.with(["CallerReference": reference])).output
      zone = created?["HostedZone"]
    }
    guard let id = zone?["Id"]?.string?.lastPart else {
      throw .failed("CreateHostedZone answered without an id")
    }
    try calls.make(tagCalls(id, step.tags, removed: []))
    try changeNetworks(step, id, present: Array(networks.prefix(1)), &calls)
    try calls.make(queryLogging(step, id))
    if step.desired["HostedZoneFeatures"]?["EnableAcceleratedRecovery"] == true {
      try calls.make(acceleration(step, id))
    }
    let done = Next.done(id: id, attributes: step.desired.merging(["Id": .string(id)]))
    guard step.neededAttributes.contains("NameServers") else { return done }
    var servers = Self.nameServers(in: created)
    if servers == nil {
      let details = try calls.make(call("GetHostedZone", ["Id": .string(id)]))
      servers = Self.nameServers(in: details.output)
    }
    return done.adding(["NameServers": servers])
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let id = try step.existingID()
    if step.changes("HostedZoneConfig") {
      try calls.make(
        call(
          "UpdateHostedZoneComment",
          ["Id": .string(id), "Comment": step.desired["HostedZoneConfig"]?["Comment"]]))
    }
    if step.changes("VPCs") {
      try changeNetworks(step, id, present: step.shown.elements("VPCs"), &calls)
    }
    if step.changes("QueryLoggingConfig") {
      let listed = call("ListQueryLoggingConfigs", ["HostedZoneId": .string(id)])
      if let old = Self.configuration(of: id, in: try calls.make(listed).output)?["Id"] {
        try calls.make(
          Call(
            "route53", "DeleteQueryLoggingConfig", ["Id": old],
            absentCodes: ["NoSuchQueryLoggingConfig"], transientCodes: ["ConcurrentModification"]))
      }
      try calls.make(queryLogging(step, id))
    }
    if step.changes("HostedZoneFeatures") { try calls.make(acceleration(step, id)) }
    try calls.make(tagCalls(id, step.newTags, removed: step.removedTags))
    return .done(id: id, attributes: step.unchanged.merging(step.desired))
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let id = try step.existingID()
    try calls.make(
      Call(
        "route53", "DeleteHostedZone", ["Id": .string(id)], absentCodes: ["NoSuchHostedZone"],
        transientCodes: ["PriorRequestNotComplete"]))
    return .done(id: id, attributes: [:])
  }

  // MARK: Parts

  /// The zone that was made with the same caller reference.
  private func foundAgain(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Document? {
    var marker: Document?
    repeat {
      let page = try calls.make(call("ListHostedZones", ["MaxItems": "100", "Marker": marker]))
      let zone = page.output.elements("HostedZones").first {
        $0["CallerReference"]?.string == step.token
      }
      if let zone { return zone }
      marker = page.output?["IsTruncated"] == true ? page.output?["NextMarker"] : nil
    } while marker != nil
    return nil
  }

  /// A private zone is never without a network.
  private func changeNetworks(
    _ step: Step, _ id: String, present: [Document], _ calls: inout CallSequence
  ) throws(Pause) {
    func change(_ operation: String, _ networks: [Document], notIn others: [Document]) -> [Call] {
      networks.filter { network in !others.contains { $0["VPCId"] == network["VPCId"] } }
        .map { call(operation, ["HostedZoneId": .string(id), "VPC": Self.network($0)]) }
    }
    let wanted = step.desired.elements("VPCs")
    var removing = change("DisassociateVPCFromHostedZone", present, notIn: wanted)
    for index in removing.indices { removing[index].absentCodes = ["VPCAssociationNotFound"] }
    try calls.exchange(
      adding: change("AssociateVPCWithHostedZone", wanted, notIn: present), removing: removing,
      whenFull: ["LimitsExceeded"])
  }

  private func queryLogging(_ step: Step, _ id: String) -> [Call] {
    guard let group = step.desired["QueryLoggingConfig"]?["CloudWatchLogsLogGroupArn"] else {
      return []
    }
    return [
      Call(
        "route53", "CreateQueryLoggingConfig",
        ["HostedZoneId": .string(id), "CloudWatchLogsLogGroupArn": group],
        transientCodes: ["ConcurrentModification", "NoSuchCloudWatchLogsLogGroup"])
    ]
  }

  private func acceleration(_ step: Step, _ id: String) -> Call {
    let isOn = step.desired["HostedZoneFeatures"]?["EnableAcceleratedRecovery"] == true
    return call(
      "UpdateHostedZoneFeatures",
      ["HostedZoneId": .string(id), "EnableAcceleratedRecovery": .bool(isOn)])
  }

  /// Ten tags a call at most, which is as many as a zone can have.
  private func tagCalls(_ id: String, _ added: [String: String], removed: Set<String>) -> [Call] {
    guard !added.isEmpty || !removed.isEmpty else { return [] }
    return [
      call(
        "ChangeTagsForResource",
        [
          "ResourceType": "hostedzone", "ResourceId": .string(id),
          "AddTags": Tags.list(added).nonEmpty, "RemoveTagKeys": Tags.keys(removed).nonEmpty,
        ])
    ]
  }

  private func call(_ operation: String, _ input: [String: Document?]) -> Call {
    Call(
      "route53", operation, .members(input),
      transientCodes: ["PriorRequestNotComplete", "InvalidVPCId"])
  }
}
