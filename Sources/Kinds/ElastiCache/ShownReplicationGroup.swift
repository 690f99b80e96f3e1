import Document

/// What AWS shows of a replication group and its clusters, in registry terms. What is being changed counts
/// as changed.
struct ShownReplicationGroup {
  /// The member of a group in which its clusters stand.
  static let clusters = "Clusters"
  /// The properties that only clusters show.
  static let ofClusters = [
    "CacheParameterGroupName", "CacheSubnetGroupName", "EngineVersion", "NotificationTopicArn",
    "PreferredMaintenanceWindow", "SecurityGroupIds",
  ]

  private let group: Document
  private let cluster: Document?
  private let pending: Document?

  /// - Parameter group: a `ReplicationGroup` of ElastiCache, with its clusters where they are known.
  init(_ group: Document) {
    self.group = group
    cluster = group.elements(Self.clusters).min {
      ($0["CacheClusterId"]?.string ?? "") < ($1["CacheClusterId"]?.string ?? "")
    }
    pending = group["PendingModifiedValues"]
  }

  var properties: [String: Document?] {
    ofGroup.merging(ofCluster) { $1 }.merging(nodes) { $1 }.merging(endpoints) { $1 }
  }

  private var ofGroup: [String: Document?] {
    var members = group.members(named: [
      "ReplicationGroupId", "AtRestEncryptionEnabled", "AutoMinorVersionUpgrade", "CacheNodeType",
      "Engine", "IpDiscovery", "KmsKeyId", "NetworkType", "SnapshotRetentionLimit",
      "SnapshotWindow", "SnapshottingClusterId",
    ])
    for changing in ["TransitEncryptionEnabled", "TransitEncryptionMode", "ClusterMode"] {
      let value: Document? = pending?[changing] ?? group[changing]
      members[changing] = value
    }
    let failover: Document? = pending?["AutomaticFailoverStatus"] ?? group["AutomaticFailover"]
    members["AutomaticFailoverEnabled"] = failover.map {
      .bool(["enabled", "enabling"].contains($0.string))
    }
    members["MultiAZEnabled"] = group["MultiAZ"].map { .bool($0 == "enabled") }
    members["DataTieringEnabled"] = group["DataTiering"].map { .bool($0 == "enabled") }
    members["ReplicationGroupDescription"] = group["Description"]
    members["GlobalReplicationGroupId"] =
      group["GlobalReplicationGroupInfo"]?["GlobalReplicationGroupId"]
    let gone = pending?["UserGroups"].elements("UserGroupIdsToRemove") ?? []
    let users =
      group.elements("UserGroupIds").filter { !gone.contains($0) }
      + (pending?["UserGroups"].elements("UserGroupIdsToAdd") ?? [])
    members["UserGroupIds"] = users.isEmpty ? nil : .list(users)
    members["LogDeliveryConfigurations"] = logs.isEmpty ? nil : .list(logs)
    return members
  }

  private var logs: [Document] {
    let coming = pending.elements("LogDeliveryConfigurations")
    let shown = group.elements("LogDeliveryConfigurations").filter { log in
      log["Status"] != "disabling" && !coming.contains { $0["LogType"] == log["LogType"] }
    }
    return (shown + coming).map { log in
      .members(
        log.members(named: ["LogType", "DestinationType", "DestinationDetails", "LogFormat"]))
    }
  }

  private var ofCluster: [String: Document?] {
    guard let cluster else { return [:] }
    var members = cluster.members(named: ["CacheSubnetGroupName", "PreferredMaintenanceWindow"])
    let coming = cluster["PendingModifiedValues"]
    for property in ["Engine", "EngineVersion", "CacheNodeType"] {
      let value: Document? = coming?[property] ?? group[property] ?? cluster[property]
      members[property] = value
    }
    members["CacheParameterGroupName"] = cluster["CacheParameterGroup"]?["CacheParameterGroupName"]
    let topic = cluster["NotificationConfiguration"]
    members["NotificationTopicArn"] = topic?["TopicStatus"] == "inactive" ? nil : topic?["TopicArn"]
    let networks = cluster.elements("SecurityGroups").compactMap { $0["SecurityGroupId"] }
    members["SecurityGroupIds"] = networks.isEmpty ? nil : .list(networks)
    return members
  }

  private var nodes: [String: Document?] {
    let groups = group.elements("NodeGroups").sorted {
      ($0["NodeGroupId"]?.string ?? "") < ($1["NodeGroupId"]?.string ?? "")
    }
    guard !groups.isEmpty else { return [:] }
    func replicas(_ nodes: Document) -> Int { max(0, nodes.elements("NodeGroupMembers").count - 1) }
    return [
      "NumCacheClusters": .integer(group.elements("MemberClusters").count),
      "NumNodeGroups": .integer(groups.count),
      // The least of them: where one has fewer than declared, all are brought to the number.
      "ReplicasPerNodeGroup": .integer(groups.map(replicas).min() ?? 0),
      "NodeGroupConfiguration": .list(
        groups.map {
          .members(["NodeGroupId": $0["NodeGroupId"], "ReplicaCount": .integer(replicas($0))])
        }),
    ]
  }

  private var endpoints: [String: Document?] {
    let first = group["NodeGroups"]?[0]
    let readers = first.elements("NodeGroupMembers").compactMap { $0["ReadEndpoint"] }
    let node = cluster?["CacheNodes"]?[0]?["Endpoint"]
    let port: Document? =
      first?["PrimaryEndpoint"]?["Port"] ?? group["ConfigurationEndpoint"]?["Port"]
      ?? node?["Port"]
    return [
      "Port": port,
      "PrimaryEndPoint": endpoint(first?["PrimaryEndpoint"]),
      "ReaderEndPoint": endpoint(first?["ReaderEndpoint"]),
      "ConfigurationEndPoint": endpoint(group["ConfigurationEndpoint"]),
      "ReadEndPoint": readers.isEmpty
        ? nil
        : .members([
          "Addresses": .string(bracketed(readers.compactMap { $0["Address"]?.string })),
          "AddressesList": .list(readers.compactMap { $0["Address"] }),
          "Ports": .string(bracketed(readers.compactMap { $0["Port"]?.json() })),
          "PortsList": .list(readers.compactMap { $0["Port"].map { .string($0.json()) } }),
        ]),
    ]
  }

  private func endpoint(_ shown: Document?) -> Document? {
    shown.map {
      .members(["Address": $0["Address"], "Port": $0["Port"].map { .string($0.json()) }])
    }
  }

  /// Source: CloudFormation's AWS::ElastiCache::ReplicationGroup: `[address1, address2, ...]`.
  private func bracketed(_ texts: [String]) -> String { "[\(texts.joined(separator: ", "))]" }
}
