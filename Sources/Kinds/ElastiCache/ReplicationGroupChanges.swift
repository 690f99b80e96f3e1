import Document
import TrueupCore

/// The inputs of ModifyReplicationGroup that an update needs, in their order: ElastiCache takes a change of the
/// encryption, of the token or of the mode by itself only.
/// Source: ElastiCache API, ModifyReplicationGroup; user guide, "Enabling in-transit encryption" and
/// "Authenticating with AUTH".
struct ReplicationGroupChanges {
  private typealias Input = [String: Document?]

  private let step: Step

  init(_ step: Step) { self.step = step }

  var inputs: [[String: Document?]] {
    (encryption + mode + [general] + token).filter { $0.contains { $0.value != nil } }
  }

  /// From off to required, and back, it goes by way of preferred.
  private var encryption: [Input] {
    guard step.changes("TransitEncryptionEnabled", "TransitEncryptionMode") else { return [] }
    let isOn = step.desired["TransitEncryptionEnabled"] == true
    let wasOn = step.shown["TransitEncryptionEnabled"] == true
    let wanted = step.desired["TransitEncryptionMode"]?.string ?? "required"
    switch (wasOn, isOn) {
    case (false, true):
      let first: Input = ["TransitEncryptionEnabled": true, "TransitEncryptionMode": "preferred"]
      return wanted == "preferred" ? [first] : [first, ["TransitEncryptionMode": "required"]]
    case (true, true): return [["TransitEncryptionMode": .string(wanted)]]
    case (true, false):
      let isPreferred = step.shown["TransitEncryptionMode"] == "preferred"
      return (isPreferred ? [] : [["TransitEncryptionMode": "preferred"]]) + [
        ["TransitEncryptionEnabled": false]
      ]
    case (false, false): return []
    }
  }

  /// A group becomes one of several node groups by way of compatible.
  private var mode: [Input] {
    guard step.changes("ClusterMode"), let mode = step.desired["ClusterMode"] else { return [] }
    return
      (step.shown["ClusterMode"] == "disabled" && mode == "enabled"
      ? [["ClusterMode": "compatible"]] : []) + [["ClusterMode": mode]]
  }

  private static let plain = [
    "CacheNodeType", "CacheParameterGroupName", "Engine", "IpDiscovery",
    "PreferredMaintenanceWindow", "PrimaryClusterId", "ReplicationGroupDescription",
    "SecurityGroupIds", "SnapshotWindow", "SnapshottingClusterId",
  ]
  /// What a group has that was never told otherwise.
  private static let standard: [String: Document] = [
    "AutoMinorVersionUpgrade": true, "AutomaticFailoverEnabled": false, "MultiAZEnabled": false,
    "SnapshotRetentionLimit": 0,
  ]

  private var general: Input {
    var input = step.desired.members(named: Self.plain.filter(step.changed.contains))
    for (property, value) in Self.standard where step.changed.contains(property) {
      input[property] = step.desired[property] ?? value
    }
    // Parameters are of a version's family, which goes along.
    if step.changes("EngineVersion", "Engine", "CacheParameterGroupName"), !isOutrun {
      input["EngineVersion"] = step.desired["EngineVersion"]
    }
    if step.changes("NotificationTopicArn") {
      let topic = step.desired["NotificationTopicArn"]
      input["NotificationTopicArn"] = topic
      input["NotificationTopicStatus"] = topic == nil ? "inactive" : "active"
    }
    if step.changes("LogDeliveryConfigurations") { input["LogDeliveryConfigurations"] = logs }
    return step.changes("UserGroupIds") ? input.merging(users) { $1 } : input
  }

  /// Whether AWS runs a newer version by now, which is not lowered.
  private var isOutrun: Bool {
    guard let shown = Version(step.shown["EngineVersion"]),
      let desired = Version(step.desired["EngineVersion"])
    else { return false }
    return desired < shown
  }

  private var logs: Document {
    let kept = step.desired.elements("LogDeliveryConfigurations")
    let gone = step.gone(from: "LogDeliveryConfigurations").compactMap { $0["LogType"] }
      .filter { type in !kept.contains { $0["LogType"] == type } }
    return .list(
      step.added(to: "LogDeliveryConfigurations").map { $0.setting("Enabled", true) }
        + gone.map { ["LogType": $0, "Enabled": false] })
  }

  /// User groups take the place of a token in one call.
  private var users: Input {
    let (added, gone) = (step.added(to: "UserGroupIds"), step.gone(from: "UserGroupIds"))
    let replacesToken = step.shown["AuthToken"] != nil && step.desired["AuthToken"] == nil
    let isEmpty = step.desired.elements("UserGroupIds").isEmpty
    return [
      "UserGroupIdsToAdd": added.isEmpty ? nil : .list(added),
      "UserGroupIdsToRemove": gone.isEmpty || isEmpty ? nil : .list(gone),
      "RemoveUserGroups": isEmpty ? true : nil,
      "AuthTokenUpdateStrategy": replacesToken && !isEmpty ? "DELETE" : nil,
    ]
  }

  /// The new token is taken beside the old one, and then alone, so that no moment is without one.
  private var token: [Input] {
    guard step.changes("AuthToken"), let token = step.desired["AuthToken"] else { return [] }
    return ["ROTATE", "SET"].map { strategy in
      ["AuthToken": token, "AuthTokenUpdateStrategy": .string(strategy)]
    }
  }
}
