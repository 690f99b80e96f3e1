import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::ElastiCache::ReplicationGroup`: what is shown of it.
final class ElastiCacheReplicationGroupTests: XCTestCase {
  private let group = ReplicationGroup()
  static let arn = "arn:aws:elasticache:eu-west-1:111122223333:replicationgroup:ours"

  /// A group as ElastiCache shows it.
  static func shown(_ members: [String: Document] = [:]) -> Document {
    Document.object([
      "ReplicationGroupId": "ours", "Description": "d", "Status": "available",
      "MemberClusters": ["ours-001", "ours-002"],
      "NodeGroups": [
        [
          "NodeGroupId": "0001",
          "PrimaryEndpoint": ["Address": "master.ours", "Port": 6380],
          "ReaderEndpoint": ["Address": "replica.ours", "Port": 6380],
          "NodeGroupMembers": [
            [
              "CacheClusterId": "ours-001",
              "ReadEndpoint": ["Address": "ours-001.ours", "Port": 6380],
            ],
            [
              "CacheClusterId": "ours-002",
              "ReadEndpoint": ["Address": "ours-002.ours", "Port": 6380],
            ],
          ],
        ]
      ],
      "ConfigurationEndpoint": ["Address": "clustercfg.ours", "Port": 6380],
      "AutomaticFailover": "enabling", "MultiAZ": "enabled", "SnapshotRetentionLimit": 7,
      "SnapshotWindow": "03:00-04:00", "SnapshottingClusterId": "ours-002",
      "CacheNodeType": "cache.t4g.small", "AuthTokenEnabled": true,
      "TransitEncryptionEnabled": true, "TransitEncryptionMode": "required",
      "AtRestEncryptionEnabled": true,
      "KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/1234", "DataTiering": "disabled",
      "AutoMinorVersionUpgrade": true, "NetworkType": "ipv4", "IpDiscovery": "ipv4",
      "ClusterMode": "disabled", "Engine": "redis", "UserGroupIds": ["one"],
      "GlobalReplicationGroupInfo": ["GlobalReplicationGroupId": "global"],
      "LogDeliveryConfigurations": [
        [
          "LogType": "slow-log", "DestinationType": "cloudwatch-logs", "LogFormat": "json",
          "DestinationDetails": ["CloudWatchLogsDetails": ["LogGroup": "g"]], "Status": "active",
        ],
        ["LogType": "engine-log", "Status": "disabling"],
      ],
      "ARN": .string(arn), "ReplicationGroupCreateTime": 1_700_000_000,
    ]).with(members)
  }

  static let clusters: Document = [
    [
      "CacheClusterId": "ours-001", "ReplicationGroupId": "ours", "EngineVersion": "7.1.0",
      "CacheNodeType": "cache.t4g.small", "CacheSubnetGroupName": "subnets",
      "PreferredMaintenanceWindow": "sun:05:00-sun:06:00",
      "CacheParameterGroup": ["CacheParameterGroupName": "default.redis7"],
      "NotificationConfiguration": ["TopicArn": "arn:topic", "TopicStatus": "active"],
      "SecurityGroups": [["SecurityGroupId": "sg-1", "Status": "active"]],
      "PendingModifiedValues": ["CacheNodeType": "cache.t4g.medium"],
    ]
  ]

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "DescribeReplicationGroups": .success(["ReplicationGroups": [shown()]])
    case "DescribeCacheClusters": .success(["CacheClusters": clusters])
    case "GetResources":
      .success([
        "ResourceTagMappingList": [
          [
            "ResourceARN": .string(arn),
            "Tags": .list(
              Document.ourTagList.list! + [
                ["Key": "trueup:salt", "Value": "salt"], ["Key": "trueup:proof", "Value": "hash"],
              ]),
          ]
        ]
      ])
    default: .success([:])
    }
  }

  func testOneListOfGroupsAndOneOfClustersShowEverything() throws {
    let observation = ObservationRehearsal(group, .rehearsal(), answer: Self.answer)
    XCTAssertEqual(
      observation.lines,
      [
        "DescribeReplicationGroups {}", #"DescribeCacheClusters {"ShowCacheNodeInfo":true}"#,
        #"GetResources {"TagFilters":[{"Key":"trueup:stack"}]}"#,
      ])
    XCTAssertEqual(observation.reads.prefix(2).map(\.pageSize), [100, 100])
    let ours = try XCTUnwrap(observation["ours"])
    let properties = ours.properties
    XCTAssertEqual(properties["EngineVersion"], "7.1.0")
    XCTAssertEqual(properties["CacheNodeType"], "cache.t4g.medium", "what comes counts as there")
    XCTAssertEqual(properties["AutomaticFailoverEnabled"], true)
    XCTAssertEqual(properties["NumCacheClusters"], 2)
    XCTAssertEqual(properties["ReplicasPerNodeGroup"], 1)
    XCTAssertEqual(properties["Port"], 6380)
    XCTAssertEqual(properties["PrimaryEndPoint"]?["Port"], "6380")
    XCTAssertEqual(
      properties["ReadEndPoint"]?["Addresses"], "[ours-001.ours, ours-002.ours]")
    XCTAssertEqual(
      properties["LogDeliveryConfigurations"]?.list?.map { $0["LogType"] }, ["slow-log"])
    XCTAssertEqual(ours.createdAt, 1_700_000_000)
    XCTAssertEqual(
      ours.unread["/AutoMinorVersionUpgrade"], "a global replication group decides on it")
    XCTAssertEqual(try uncovered(group, shown: observation.observed), [])
    XCTAssertEqual(try modelProblems(observation.reads.map(\.call)), [])
  }

  func testWhatOnlyClustersShowIsUnreadWhereTheyAreDenied() {
    let observation = ObservationRehearsal(group, .rehearsal()) {
      $0.operation == "DescribeCacheClusters" ? denied($0) : Self.answer($0)
    }
    XCTAssertEqual(
      observation["ours"]?.unread["/EngineVersion"], "DescribeCacheClusters is not allowed")
    XCTAssertEqual(observation["ours"]?.properties["CacheNodeType"], "cache.t4g.small")
  }

  func testATokenIsProvenByWhatStandsInTheTags() throws {
    let ours = try XCTUnwrap(
      ObservationRehearsal(group, .rehearsal(), answer: Self.answer)["ours"])
    XCTAssertEqual(ours.properties["AuthToken"], "hash")
    XCTAssertEqual(ours.applied["AuthToken"], "hash")
    let proof = try XCTUnwrap(group.proof(of: "AuthToken", "a-token-of-sixteen", in: ours)?.string)
    XCTAssertEqual(proof.count, 64)
    XCTAssertFalse(proof.contains("token"))
    XCTAssertNotEqual(group.proof(of: "AuthToken", "another-of-sixteen", in: ours), .string(proof))
    let open = ObservationRehearsal(group, .rehearsal()) { call in
      call.operation == "DescribeReplicationGroups"
        ? .success(["ReplicationGroups": [Self.shown(["AuthTokenEnabled": false])]])
        : Self.answer(call)
    }
    XCTAssertNil(open["ours"]?.properties["AuthToken"], "somebody took the token away")
  }

  func testAKeyThatIsDeclaredByItsAliasIsShownByIt() throws {
    var context = ReadContext.rehearsal()
    context.values = ["KmsKeyId": ["alias/caches"]]
    func shown(_ aliases: Reply) -> Observed? {
      ObservationRehearsal(group, context) {
        $0.operation == "ListAliases" ? aliases : Self.answer($0)
      }["ours"]
    }
    func alias(_ name: String, of key: String) -> Document {
      ["AliasName": .string(name), "TargetKeyId": .string(key)]
    }
    let own = shown(
      .success([
        "Aliases": [alias("alias/other", of: "1234"), alias("alias/caches", of: "1234")]
      ]))
    XCTAssertEqual(own?.properties["KmsKeyId"], "alias/caches")
    let moved = shown(.success(["Aliases": [alias("alias/caches", of: "5678")]]))
    XCTAssertEqual(moved?.properties["KmsKeyId"]?.string?.hasSuffix("key/1234"), true)
    XCTAssertEqual(
      shown(denied(Call("kms", "ListAliases", [:])))?.unread["/KmsKeyId"],
      "ListAliases is not allowed")
    XCTAssertEqual(
      group.facts.normal(["KmsKeyId": "arn:aws:kms:eu-west-1:1:alias/caches"]),
      group.facts.normal(["KmsKeyId": "alias/caches"]))
  }

  func testKeysNamesAndNodeGroupsHaveOneForm() {
    XCTAssertEqual(
      group.facts.normal(["KmsKeyId": "arn:aws:kms:eu-west-1:1:key/1234"]),
      group.facts.normal(["KmsKeyId": "1234"]))
    XCTAssertEqual(
      group.facts.normal(["ReplicationGroupId": "Ours"]), ["ReplicationGroupId": "ours"])
    XCTAssertEqual(
      group.facts.normal(["NodeGroupConfiguration": [["ReplicaCount": 1], ["ReplicaCount": 2]]]),
      group.facts.normal([
        "NodeGroupConfiguration": [
          ["NodeGroupId": "0001", "ReplicaCount": 1], ["NodeGroupId": "0002", "ReplicaCount": 2],
        ]
      ]))
  }

  func testGeneratedNamesAreSuchAsElastiCacheTakes() throws {
    let rule = try XCTUnwrap(group.facts.identity.name)
    let stack = StackID(project: "cosyworld", client: "a-long-client", environment: "production")
    for resource in ["Cache", "TheReplicationGroupOfSessionsAndTheirTokens"] {
      let name = PhysicalName.generated(
        stack: stack, resource: resource, generation: 0, rule: rule)
      XCTAssertLessThanOrEqual(name.count, 40, name)
      XCTAssertEqual(name, name.lowercased())
      XCTAssertFalse(name.contains("--"), name)
      XCTAssertNotEqual(name.last, "-")
    }
  }
}
