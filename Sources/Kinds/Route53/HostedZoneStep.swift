import Document
import TrueupCore

/// The calls of one step on a hosted zone. It takes records at once, long before all name servers
/// know it.
struct HostedZoneStep: KindStep {
  private let step: Step

  init(_ step: Step) { self.step = step }

  func create(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let networks = step.desired["VPCs"]?.list ?? []
    let comment: Document? = step.desired["HostedZoneConfig"]?["Comment"]
    var config: Document?
    if comment != nil || !networks.isEmpty {
      config = .members(["Comment": comment, "PrivateZone": .bool(!networks.isEmpty)])
    }
    func creation(_ reference: String) -> Call {
      Call(
        "route53", "CreateHostedZone",
        .members([
          "Name": step.desired["Name"], "CallerReference": .string(reference),
          "HostedZoneConfig": config, "VPC": networks.first.map(Self.network),
        ]),
        // An interrupted run made it, and its reply or its tags were lost.
        absentCodes: ["HostedZoneAlreadyExists"], transientCodes: ["InvalidVPCId"])
    }
    var created = try calls.make(creation(step.token))
    var zone: Document? = created.output?["HostedZone"]
    if zone == nil { zone = try foundAgain(&calls) }
    if zone == nil {
      // It was made with this reference once, and is gone.
      created = try calls.make(creation("\(step.token)-\(step.nonce.prefix(16))"))
      zone = created.output?["HostedZone"]
    }
    guard let path = zone?["Id"]?.string else {
      throw .failed("CreateHostedZone answered without an id")
    }
    let id = path.split(separator: "/").last.map(String.init) ?? path
    try calls.make(tagCalls(id, step.tags, removed: []))
    for network in networks.dropFirst() { try calls.make(association(of: network, with: id)) }
    if let group = step.desired["QueryLoggingConfig"]?["CloudWatchLogsLogGroupArn"] {
      try calls.make(queryLogging(to: group, id))
    }
    if step.desired["HostedZoneFeatures"]?["EnableAcceleratedRecovery"] == true {
      try calls.make(acceleration(true, id))
    }
    var attributes = step.desired.merging(["Id": .string(id)])
    if step.neededAttributes.contains("NameServers") {
      var servers: Document? = created.output?["DelegationSet"]?["NameServers"]
      if servers == nil {
        let details = try calls.make(call("GetHostedZone", ["Id": .string(id)]))
        servers = details.output?["DelegationSet"]?["NameServers"]
      }
      attributes = attributes.merging(.members(["NameServers": servers]))
    }
    return .done(id: id, attributes: attributes)
  }

  func update(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let shown = step.observed?.properties ?? .object([:])
    if step.changed.contains("HostedZoneConfig") {
      try calls.make(
        call(
          "UpdateHostedZoneComment",
          .members(["Id": .string(id), "Comment": step.desired["HostedZoneConfig"]?["Comment"]])))
    }
    if step.changed.contains("VPCs") {
      let (wanted, present) = (step.desired["VPCs"]?.list ?? [], shown["VPCs"]?.list ?? [])
      let added = wanted.filter { network in
        !present.contains { $0["VPCId"] == network["VPCId"] }
      }
      let gone = present.filter { network in
        !wanted.contains { $0["VPCId"] == network["VPCId"] }
      }
      // A private zone is never without a network.
      try calls.exchange(
        adding: added.map { association(of: $0, with: id) },
        removing: gone.map { network in
          var removal = call(
            "DisassociateVPCFromHostedZone",
            ["HostedZoneId": .string(id), "VPC": Self.network(network)])
          removal.absentCodes = ["VPCAssociationNotFound"]
          return removal
        }, whenFull: ["LimitsExceeded"])
    }
    if step.changed.contains("QueryLoggingConfig") { try changeQueryLogging(id, &calls) }
    if step.changed.contains("HostedZoneFeatures") {
      let isOn = step.desired["HostedZoneFeatures"]?["EnableAcceleratedRecovery"] == true
      try calls.make(acceleration(isOn, id))
    }
    try calls.make(tagCalls(id, step.newTags, removed: step.removedTags))
    return .done(id: id, attributes: step.unchanged.merging(step.desired))
  }

  // MARK: Parts

  /// The zone that was made with the same caller reference.
  private func foundAgain(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Document? {
    var marker: Document?
    repeat {
      let page = try calls.make(
        call("ListHostedZones", .members(["MaxItems": "100", "Marker": marker])))
      let zones = page.output?["HostedZones"]?.list ?? []
      if let zone = zones.first(where: { $0["CallerReference"]?.string == step.token }) {
        return zone
      }
      marker = page.output?["IsTruncated"] == true ? page.output?["NextMarker"] : nil
    } while marker != nil
    return nil
  }

  private func changeQueryLogging(_ id: String, _ calls: inout CallSequence)
    throws(CallSequence.Pause)
  {
    let listed = try calls.make(call("ListQueryLoggingConfigs", ["HostedZoneId": .string(id)]))
    let present = listed.output.flatMap { HostedZone.configuration(of: id, in: $0) }
    if let old = present?["Id"] {
      try calls.make(
        Call(
          "route53", "DeleteQueryLoggingConfig", ["Id": old],
          absentCodes: ["NoSuchQueryLoggingConfig"], transientCodes: ["ConcurrentModification"]))
    }
    if let group = step.desired["QueryLoggingConfig"]?["CloudWatchLogsLogGroupArn"] {
      try calls.make(queryLogging(to: group, id))
    }
  }

  private func queryLogging(to group: Document, _ id: String) -> Call {
    Call(
      "route53", "CreateQueryLoggingConfig",
      ["HostedZoneId": .string(id), "CloudWatchLogsLogGroupArn": group],
      transientCodes: ["ConcurrentModification", "NoSuchCloudWatchLogsLogGroup"])
  }

  private func association(of network: Document, with id: String) -> Call {
    call("AssociateVPCWithHostedZone", ["HostedZoneId": .string(id), "VPC": Self.network(network)])
  }

  private static func network(_ declared: Document) -> Document {
    .members(declared.members(named: ["VPCId", "VPCRegion"]))
  }

  private func acceleration(_ isOn: Bool, _ id: String) -> Call {
    call(
      "UpdateHostedZoneFeatures",
      ["HostedZoneId": .string(id), "EnableAcceleratedRecovery": .bool(isOn)])
  }

  /// Ten tags a call at most, which is as many as a zone can have.
  private func tagCalls(_ id: String, _ added: [String: String], removed: Set<String>) -> [Call] {
    guard !added.isEmpty || !removed.isEmpty else { return [] }
    return [
      call(
        "ChangeTagsForResource",
        .members([
          "ResourceType": "hostedzone", "ResourceId": .string(id),
          "AddTags": added.isEmpty ? nil : Tags.list(added),
          "RemoveTagKeys": removed.isEmpty ? nil : Tags.keys(removed),
        ]))
    ]
  }

  private func call(_ operation: String, _ input: Document) -> Call {
    Call(
      "route53", operation, input,
      transientCodes: ["PriorRequestNotComplete", "InvalidVPCId"])
  }

  // MARK: Delete

  func delete(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    try calls.make(
      Call(
        "route53", "DeleteHostedZone", ["Id": .string(id)], absentCodes: ["NoSuchHostedZone"],
        transientCodes: ["PriorRequestNotComplete"]))
    return .done(id: id, attributes: [:])
  }
}
