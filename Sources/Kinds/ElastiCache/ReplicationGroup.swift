import Document
import TrueupCore

/// A replication group of ElastiCache: nodes of Valkey or Redis, in one node group or several.
///
/// What a group shows of itself is not all: version, networks, parameters and the maintenance window are
/// shown by its clusters, of which each has all of them.
public struct ReplicationGroup: ComposedKind {
  public init() {}

  public let type = "AWS::ElastiCache::ReplicationGroup"

  public let facts = TypeFacts(
    Identity(
      ref: "ReplicationGroupId",
      name: NameRule(
        property: "ReplicationGroupId", maximumLength: 40, lowercase: true, ignoresCase: true)),
    lifecycle: Lifecycle(holdsData: true, canSnapshot: true),
    properties: [
      "/ReplicationGroupId": .normal(.lowercased),
      "/AuthToken": .proven.security.notResettable(
        "a token can be exchanged or give way to user groups, and not be taken away"),
      "/UserGroupIds": .set.losing(.members).security,
      "/SecurityGroupIds": .set.losing(.members).security.notResettable(
        "the group keeps its last security groups"),
      "/TransitEncryptionEnabled": .defaultsTo(false).losing(.leaving(true)).security,
      "/AtRestEncryptionEnabled": .defaultsTo(false),
      "/AutomaticFailoverEnabled": .defaultsTo(false).losing(.leaving(true)),
      "/MultiAZEnabled": .defaultsTo(false).losing(.leaving(true)),
      "/AutoMinorVersionUpgrade": .defaultsTo(true),
      "/SnapshotRetentionLimit": .defaultsTo(0).losing(.less(absent: 0)),
      "/LogDeliveryConfigurations": .keyed("LogType"),
      "/ClusterMode": .notResettable("a group keeps its mode"),
      "/EngineVersion": .version.notResettable("no version is lowered"),
      "/Engine": .normal(.lowercased).notResettable("an engine is not taken back"),
      "/DataTieringEnabled": .defaultsTo(false),
      "/NetworkType": .defaultsTo("ipv4"),
      "/IpDiscovery": .notResettable("ElastiCache keeps the last one"),
      "/TransitEncryptionMode": .notResettable("ElastiCache keeps the last one"),
      "/CacheNodeType": .notResettable("there is no default node type"),
      "/CacheParameterGroupName": .normal(.lowercased).refers(
        to: "AWS::ElastiCache::ParameterGroup"
      ).notResettable("name the default group of the engine's family"),
      "/CacheSubnetGroupName": .normal(.lowercased).refers(to: "AWS::ElastiCache::SubnetGroup"),
      "/PreferredMaintenanceWindow": .normal(.lowercased).notResettable(
        "ElastiCache keeps the last window"),
      "/SnapshotWindow": .notResettable("ElastiCache keeps the last window"),
      "/SnapshottingClusterId": .notResettable("ElastiCache keeps the last one"),
      // How many there are is changed in place. Source: ElastiCache API, IncreaseReplicaCount.
      "/ReplicasPerNodeGroup": .updatable.notResettable(Self.keepsNodes),
      "/NumCacheClusters": .notResettable(Self.keepsNodes),
      "/NumNodeGroups": .notResettable(Self.keepsNodes),
      "/NodeGroupConfiguration": .keyed("NodeGroupId").notResettable(Self.keepsNodes),
      "/NodeGroupConfiguration/*/Slots": .notReadable(
        "resharding moves slots: it says where data lies at first"
      ).createOnly,
      "/NodeGroupConfiguration/*/PrimaryAvailabilityZone": .notReadable(Self.firstZones).createOnly,
      "/NodeGroupConfiguration/*/ReplicaAvailabilityZones": .notReadable(Self.firstZones)
        .createOnly,
      "/PreferredCacheClusterAZs": .notReadable(Self.firstZones),
      "/PrimaryClusterId": .notReadable("a failover makes another cluster the primary one"),
      "/SnapshotArns": .notReadable("it says of what the group was made, which is not kept"),
      "/SnapshotName": .notReadable("it says of what the group was made, which is not kept"),
      "/CacheSecurityGroupNames": .unsupported(
        "they are of EC2-Classic, which is gone: declare SecurityGroupIds"),
    ],
    canonical: { Self.canonical($0) })

  private static let keepsNodes = "the group keeps its nodes until a number is declared"
  private static let firstZones =
    "it says where the first nodes are made, and ElastiCache moves none to another zone"

  /// The tags that prove the token: what it was hashed with, and the hash.
  static let saltTag = "trueup:salt"
  static let proofTag = "trueup:proof"

  /// Node groups are numbered in the order in which they are declared. A key is told by its id, whether it is
  /// named by an ARN or not.
  private static func canonical(_ properties: Document) -> Document {
    var properties = properties
    if let groups = properties["NodeGroupConfiguration"]?.list {
      let numbered = groups.enumerated().map { index, group in
        group["NodeGroupId"] == nil
          ? group.setting("NodeGroupId", .string(nodeGroup(index))) : group
      }
      properties = properties.setting("NodeGroupConfiguration", .list(numbered))
    }
    if let key = properties["KmsKeyId"]?.string {
      properties = properties.setting("KmsKeyId", .string(KeyAliases.name(key)))
    }
    return properties
  }

  /// `0001` for the first.
  private static func nodeGroup(_ index: Int) -> String {
    let number = String(index + 1)
    return String(repeating: "0", count: max(0, 4 - number.count)) + number
  }

  // MARK: Observing

  let listing = Listing(
    Read(
      Call("elasticache", "DescribeReplicationGroups", [:]), pageSize: 100, isEssential: true),
    "ReplicationGroups", created: "ReplicationGroupCreateTime")
  static let clusters = Read(
    Call("elasticache", "DescribeCacheClusters", ["ShowCacheNodeInfo": true]), pageSize: 100)
  let tagging = ElastiCache.tags("replicationgroup")

  func name(in known: String) -> String { known.lowercased() }

  func lists(_ context: ReadContext) -> [Read] {
    [listing.read, Self.clusters] + KeyAliases.reads("KmsKeyId", context)
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    observed(context, replies).map { KeyAliases.named("KmsKeyId", in: $0, context, replies) }
  }

  /// The groups, each with its clusters.
  func items(_ context: ReadContext, _ replies: Replies) -> [Document] {
    let clusters = Dictionary(
      grouping: (replies[Self.clusters]?.output).elements("CacheClusters")
    ) { $0["ReplicationGroupId"]?.string ?? "" }
    return listing.items(replies).map { group in
      let members = clusters[group["ReplicationGroupId"]?.string ?? ""] ?? []
      return group.setting(ShownReplicationGroup.clusters, .list(members))
    }
  }

  func transition(of group: Document) -> String? {
    group["Status"]?.string == "deleting" ? "deleting" : nil
  }

  func properties(of group: Document, _ context: ReadContext) -> [String: Document?] {
    ShownReplicationGroup(group).properties
  }

  func amended(_ observed: Observed, _ group: Document, _ replies: Replies) -> Observed? {
    var observed = observed
    if case .unread(let reason) = replies.finding(Self.clusters) {
      observed.mark(ShownReplicationGroup.ofClusters, reason)
    } else if group.elements(ShownReplicationGroup.clusters).isEmpty {
      observed.mark(ShownReplicationGroup.ofClusters, "ElastiCache shows no cluster of it yet")
    }
    if let reason = observed.unread["/Tags"] { observed.mark(["AuthToken"], reason) }
    // Source: ElastiCache user guide, "Global datastores": its members are upgraded by the global one.
    if group["GlobalReplicationGroupInfo"]?["GlobalReplicationGroupId"] != nil {
      observed.mark(["AutoMinorVersionUpgrade"], "a global replication group decides on it")
    }
    if group["AuthTokenEnabled"] == true, let proof = observed.tags[Self.proofTag] {
      observed.properties = observed.properties.setting("AuthToken", .string(proof))
      observed.applied = ["AuthToken": .string(proof)]
    }
    return observed
  }

  /// The hash that stands in the tags where the token was written last.
  public func proof(of property: String, _ value: Document, in observed: Observed) -> Document? {
    guard let salt = observed.tags[Self.saltTag], let token = value.string else { return nil }
    return .string(SecretVersions.id(of: token, salt: salt))
  }

  // MARK: Changing

  private static let written = [
    "AtRestEncryptionEnabled", "AuthToken", "AutoMinorVersionUpgrade", "AutomaticFailoverEnabled",
    "CacheNodeType", "CacheParameterGroupName", "CacheSubnetGroupName", "ClusterMode",
    "DataTieringEnabled", "Engine", "EngineVersion", "GlobalReplicationGroupId", "IpDiscovery",
    "KmsKeyId", "LogDeliveryConfigurations", "MultiAZEnabled", "NetworkType",
    "NodeGroupConfiguration", "NotificationTopicArn", "NumCacheClusters", "NumNodeGroups", "Port",
    "PreferredCacheClusterAZs", "PreferredMaintenanceWindow", "PrimaryClusterId",
    "ReplicasPerNodeGroup", "ReplicationGroupDescription", "ReplicationGroupId",
    "SecurityGroupIds", "SnapshotArns", "SnapshotName", "SnapshotRetentionLimit", "SnapshotWindow",
    "TransitEncryptionEnabled", "TransitEncryptionMode", "UserGroupIds",
  ]

  /// The first group of an account waits for the role that ElastiCache makes for itself.
  let creation = Creation(
    Call(
      "elasticache", "CreateReplicationGroup", [:],
      transientCodes: ["ServiceLinkedRoleNotFoundFault"]), written,
    id: ["ReplicationGroup", "ReplicationGroupId"])
  let deletion = Deletion(
    Call(
      "elasticache", "DeleteReplicationGroup", [:],
      absentCodes: ["ReplicationGroupNotFoundFault"], transientCodes: ElastiCache.busy,
      patience: ElastiCache.patience), "ReplicationGroupId")
}
