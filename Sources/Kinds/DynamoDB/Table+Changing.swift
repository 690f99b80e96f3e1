import Document
import TrueupCore

/// How a table is changed: one thing a call, each when the one before is done.
extension Table {
  func created(_ step: Step) throws(CallSequence.Pause) -> [String: Document?] {
    tagging.input(step).merging([
      "StreamSpecification": Self.stream(step.desired),
      "SSESpecification": step.desired["SSESpecification"].map(Self.encryption),
    ]) { $1 }
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.name("TableName")
    _ = try creation.make(step, try created(step), &calls)
    let table = try active(name, step, &calls)
    try changeTimeToLive(step, name, &calls)
    try changeRecovery(step, name, &calls)
    return done(step, name).adding(["StreamArn": table["LatestStreamArn"]])
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.existingID()
    var stream = step.shown["StreamArn"]
    for input in updates(step) {
      try calls.make(Self.call("UpdateTable", name, input, transient: Self.busy))
      stream = try active(name, step, &calls)["LatestStreamArn"]
    }
    if step.changes("TimeToLiveSpecification") { try changeTimeToLive(step, name, &calls) }
    if step.changes("PointInTimeRecoverySpecification") {
      try changeRecovery(step, name, &calls)
    }
    try calls.make(tagging.calls(step, name))
    return done(step, name).adding(["StreamArn": stream])
  }

  /// Deletes a table that is not protected. What comes after it may take its name, so it is waited for.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.existingID()
    guard step.shown["DeletionProtectionEnabled"] != true else {
      throw .failed(
        """
        table \(name) is protected against deletion; declare "DeletionProtectionEnabled": false, apply \
        that, and delete it then
        """)
    }
    guard try calls.make(deletion.call(name)) != .absent else {
      return .done(id: name, attributes: [:])
    }
    _ = try calls.wait(
      Self.description(name).call, every: 5, limit: 600, until: "table \(name) is deleted"
    ) { $0["Table"] == nil ? .ready : .waiting }
    return .done(id: name, attributes: [:])
  }

  /// The table when it, and each of its indexes, can be changed again.
  private func active(
    _ name: String, _ step: Step, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> Document {
    // An index is filled with what the table holds, which may take hours.
    try calls.wait(
      Self.description(name).call, every: 5, limit: 7200,
      until: "table \(name) and its indexes are active"
    ) { output in
      let table = output["Table"]
      let states =
        [table?["TableStatus"]]
        + table.elements("GlobalSecondaryIndexes").map {
          $0["IndexStatus"]
        }
      return states.allSatisfy { $0 == "ACTIVE" } ? .ready : .waiting
    }["Table"] ?? [:]
  }

  // MARK: Calls

  /// The inputs of UpdateTable, in an order that it takes: an index is taken away before one is added, of
  /// which a table has twenty at most, and one of each at a time.
  private func updates(_ step: Step) -> [[String: Document?]] {
    let desired = step.desired
    var updates: [[String: Document?]] = []
    let kept = step.changes("GlobalSecondaryIndexes") ? rebuilt(step) : (gone: [], new: [])
    for index in kept.gone {
      updates.append(["GlobalSecondaryIndexUpdates": [["Delete": ["IndexName": index]]]])
    }
    if let capacity = capacity(step, besides: kept.gone + kept.new.compactMap { $0["IndexName"] }) {
      updates.append(capacity)
    }
    for index in kept.new {
      updates.append([
        "AttributeDefinitions": desired["AttributeDefinitions"],
        "GlobalSecondaryIndexUpdates": [["Create": index]],
      ])
    }
    if step.changes("StreamSpecification") {
      // The view of a stream cannot be changed while it is on.
      if step.shown["StreamSpecification"] != nil {
        updates.append(["StreamSpecification": ["StreamEnabled": false]])
      }
      if let stream = Self.stream(desired) { updates.append(["StreamSpecification": stream]) }
    }
    if step.changes("SSESpecification") {
      updates.append([
        "SSESpecification": desired["SSESpecification"].map(Self.encryption) ?? ["Enabled": false]
      ])
    }
    if step.changes("TableClass") {
      updates.append(["TableClass": desired["TableClass"] ?? "STANDARD"])
    }
    if step.changes("DeletionProtectionEnabled") {
      updates.append([
        "DeletionProtectionEnabled": desired["DeletionProtectionEnabled"] ?? false
      ])
    }
    if step.changes("WarmThroughput"), let warm = desired["WarmThroughput"] {
      updates.append(["WarmThroughput": warm])
    }
    return updates
  }

  /// The names of the indexes that go, and those that are made anew: of another key or projection it is
  /// another index.
  private func rebuilt(_ step: Step) -> (gone: [Document], new: [Document]) {
    let shown = step.shown.elements("GlobalSecondaryIndexes")
    let desired = step.desired.elements("GlobalSecondaryIndexes")
    func isThere(_ index: Document, _ others: [Document]) -> Bool {
      others.contains { other in
        ["IndexName", "KeySchema", "Projection"].allSatisfy { other[$0] == index[$0] }
      }
    }
    return (
      shown.filter { !isThere($0, desired) }.compactMap { $0["IndexName"] },
      desired.filter { !isThere($0, shown) }
    )
  }

  /// How requests are paid for, of the table and of the indexes that stay.
  private func capacity(_ step: Step, besides others: [Document]) -> [String: Document?]? {
    let members = ["BillingMode", "ProvisionedThroughput", "OnDemandThroughput"]
    let mode = step.desired["BillingMode"] ?? "PROVISIONED"
    let moves = step.changes("BillingMode")
    let indexes = step.desired.elements("GlobalSecondaryIndexes").filter { index in
      guard let name = index["IndexName"], !others.contains(name) else { return false }
      let shown = step.shown.elements("GlobalSecondaryIndexes").first { $0["IndexName"] == name }
      let own = mode == "PROVISIONED" ? "ProvisionedThroughput" : "OnDemandThroughput"
      return index[own] != nil && (moves || shown?[own] != index[own])
    }
    guard members.contains(where: { step.changed.contains($0) }) || !indexes.isEmpty else {
      return nil
    }
    var input = step.desired.members(named: ["OnDemandThroughput"].filter(step.changed.contains))
    if moves { input["BillingMode"] = mode }
    if mode == "PROVISIONED", moves || step.changes("ProvisionedThroughput") {
      input["ProvisionedThroughput"] = step.desired["ProvisionedThroughput"]
    }
    if !indexes.isEmpty {
      input["GlobalSecondaryIndexUpdates"] = .list(
        indexes.map { index in
          let own = mode == "PROVISIONED" ? "ProvisionedThroughput" : "OnDemandThroughput"
          return ["Update": .members(index.members(named: ["IndexName", own]))]
        })
    }
    return input.compactMapValues(\.self).isEmpty ? nil : input
  }

  private static func stream(_ desired: Document) -> Document? {
    desired["StreamSpecification"].map {
      .members(["StreamEnabled": true, "StreamViewType": $0["StreamViewType"]])
    }
  }

  private static func encryption(_ desired: Document) -> Document {
    .members([
      "Enabled": desired["SSEEnabled"], "SSEType": desired["SSEType"],
      "KMSMasterKeyId": desired["KMSMasterKeyId"],
    ])
  }

  /// Another attribute takes over only when the one before is off, which DynamoDB allows once an hour.
  private func changeTimeToLive(
    _ step: Step, _ name: String, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    let (shown, desired) = (
      step.shown["TimeToLiveSpecification"], step.desired["TimeToLiveSpecification"]
    )
    func write(_ specification: Document) -> Call {
      Self.call("UpdateTimeToLive", name, ["TimeToLiveSpecification": specification])
    }
    if shown?["Enabled"] == true, let attribute = shown?["AttributeName"] {
      try calls.make(write(["Enabled": false, "AttributeName": attribute]))
    }
    if desired?["Enabled"] == true, let desired { try calls.make(write(desired)) }
  }

  private func changeRecovery(
    _ step: Step, _ name: String, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    let desired = step.desired["PointInTimeRecoverySpecification"]
    guard step.action != .create || desired?["PointInTimeRecoveryEnabled"] == true else { return }
    try calls.make(
      Self.call(
        "UpdateContinuousBackups", name,
        [
          "PointInTimeRecoverySpecification": desired ?? ["PointInTimeRecoveryEnabled": false]
        ], transient: ["ContinuousBackupsUnavailableException"]))
  }
}
