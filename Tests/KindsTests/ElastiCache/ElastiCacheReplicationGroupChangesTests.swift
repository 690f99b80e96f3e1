import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::ElastiCache::ReplicationGroup`: how it is made, changed and deleted.
final class ElastiCacheReplicationGroupChangesTests: XCTestCase {
  private let group = ReplicationGroup()

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "CreateReplicationGroup":
      .success(["ReplicationGroup": ["ReplicationGroupId": "ours"]])
    case "DescribeReplicationGroups":
      .success([
        "ReplicationGroups": [
          ElastiCacheReplicationGroupTests.shown(["PendingModifiedValues": [:]])
        ]
      ])
    default: .success([:])
    }
  }

  private func updated(
    from observed: Document, to desired: Document, _ changed: Set<String>
  ) -> Rehearsal {
    Rehearsal(
      group, .updating("ours", from: observed, to: desired, changed: changed), answer: Self.answer)
  }

  /// The calls that change something, without what all of them have.
  private func inputs(_ rehearsal: Rehearsal) -> [String] {
    rehearsal.calls.filter { !$0.isRead }.map { call in
      var members = call.input.object ?? [:]
      for common in ["ReplicationGroupId", "ApplyImmediately"] { members[common] = nil }
      return "\(call.operation) \(Document.object(members).json())"
    }
  }

  func testIsMadeWithTheProofOfItsTokenAndTellsItsEndpoints() throws {
    var states = ["creating", "available"]
    let created = Rehearsal(
      group,
      .creating([
        "ReplicationGroupId": "ours", "ReplicationGroupDescription": "d", "NumCacheClusters": 2,
        "AutomaticFailoverEnabled": true, "EngineVersion": "7.1", "AuthToken": "a-token-of-sixteen",
        "TransitEncryptionEnabled": true, "SnapshottingClusterId": "ours-002",
      ])
    ) { call in
      guard call.operation == "DescribeReplicationGroups", !states.isEmpty else {
        return Self.answer(call)
      }
      return .success([
        "ReplicationGroups": [
          ElastiCacheReplicationGroupTests.shown(["Status": .string(states.removeFirst())])
        ]
      ])
    }
    XCTAssertEqual(
      created.changes.map { $0.split(separator: " ")[0] },
      ["CreateReplicationGroup", "ModifyReplicationGroup"])
    let tags = try XCTUnwrap(created.calls[0].input["Tags"]?.list)
    XCTAssertEqual(
      tags.compactMap { $0["Key"]?.string }.sorted(),
      [
        "trueup:proof", "trueup:resource", "trueup:salt", "trueup:stack",
      ])
    XCTAssertEqual(created.calls[0].input["EngineVersion"], "7.1")
    XCTAssertEqual(created.waits.first, "ours is available")
    XCTAssertEqual(created.attributes?["PrimaryEndPoint"]?["Address"], "master.ours")
    XCTAssertNil(created.attributes?["AuthToken"], "a secret goes nowhere but into calls")
    XCTAssertEqual(try modelProblems(created.calls), [])
  }

  func testWhatAWSWouldRefuseLaterIsToldBefore() {
    let single = Rehearsal(
      group,
      .creating([
        "ReplicationGroupId": "g", "NumCacheClusters": 1, "AutomaticFailoverEnabled": true,
      ]))
    XCTAssertEqual(single.calls, [])
    XCTAssertEqual(
      single.failure,
      "AutomaticFailoverEnabled needs a replica to fail over to: raise NumCacheClusters to 2")
    let zones = Rehearsal(
      group, .creating(["ReplicationGroupId": "g", "NumCacheClusters": 2, "MultiAZEnabled": true]))
    XCTAssertEqual(zones.failure, "MultiAZEnabled needs AutomaticFailoverEnabled")
    let lowered = updated(
      from: ["EngineVersion": "7.1.0"], to: ["EngineVersion": "6.2"], ["EngineVersion"])
    XCTAssertEqual(lowered.calls, [])
    XCTAssertEqual(
      lowered.failure, "ElastiCache lowers no version: it runs 7.1.0, and 6.2 is declared")
  }

  func testNodesComeBeforeFailoverAndGoAfterIt() throws {
    let grown = updated(
      from: nodes(1, 0), to: ["NumCacheClusters": 3, "AutomaticFailoverEnabled": true],
      ["NumCacheClusters", "AutomaticFailoverEnabled"])
    XCTAssertEqual(
      inputs(grown),
      [
        #"IncreaseReplicaCount {"NewReplicaCount":2}"#,
        #"ModifyReplicationGroup {"AutomaticFailoverEnabled":true}"#,
      ])
    let shrunk = updated(
      from: nodes(1, 2).with(["AutomaticFailoverEnabled": true, "MultiAZEnabled": true]),
      to: ["NumCacheClusters": 1],
      ["NumCacheClusters", "AutomaticFailoverEnabled", "MultiAZEnabled"])
    XCTAssertEqual(
      inputs(shrunk),
      [
        #"ModifyReplicationGroup {"AutomaticFailoverEnabled":false,"MultiAZEnabled":false}"#,
        #"DecreaseReplicaCount {"NewReplicaCount":0}"#,
      ])
    XCTAssertEqual(try modelProblems(grown.calls + shrunk.calls), [])
  }

  private func nodes(_ groups: Int, _ replicas: Int) -> Document {
    [
      "NumNodeGroups": .integer(groups), "NumCacheClusters": .integer(groups * (replicas + 1)),
      "NodeGroupConfiguration": .list(
        (1...groups).map {
          ["NodeGroupId": .string("000\($0)"), "ReplicaCount": .integer(replicas)]
        }),
    ]
  }

  func testNodeGroupsAreAddedAndTakenAwayOnline() throws {
    let grown = updated(from: nodes(2, 1), to: ["NumNodeGroups": 3], ["NumNodeGroups"])
    XCTAssertEqual(
      inputs(grown), [#"ModifyReplicationGroupShardConfiguration {"NodeGroupCount":3}"#])
    let shrunk = updated(from: nodes(3, 1), to: ["NumNodeGroups": 2], ["NumNodeGroups"])
    XCTAssertEqual(
      inputs(shrunk),
      [
        #"ModifyReplicationGroupShardConfiguration {"NodeGroupCount":2,"NodeGroupsToRetain":["0001","0002"]}"#
      ])
    let single = updated(
      from: nodes(2, 1),
      to: ["NodeGroupConfiguration": [["ReplicaCount": 1], ["ReplicaCount": 2]]],
      ["NodeGroupConfiguration"])
    XCTAssertEqual(
      inputs(single),
      [
        #"IncreaseReplicaCount {"ReplicaConfiguration":[{"NewReplicaCount":2,"NodeGroupId":"0002"}]}"#
      ])
    XCTAssertEqual(try modelProblems(grown.calls + shrunk.calls + single.calls), [])
  }

  func testAVersionGoesAlongWithItsParameters() throws {
    let upgraded = updated(
      from: ["EngineVersion": "6.2.6", "CacheParameterGroupName": "old"],
      to: [
        "EngineVersion": "7.1", "CacheParameterGroupName": "new",
        "CacheNodeType": "cache.m7g.large",
      ], ["EngineVersion", "CacheParameterGroupName", "CacheNodeType"])
    XCTAssertEqual(
      inputs(upgraded),
      [
        #"ModifyReplicationGroup {"CacheNodeType":"cache.m7g.large","CacheParameterGroupName":"new","EngineVersion":"7.1"}"#
      ])
    let outrun = updated(
      from: ["EngineVersion": "7.1.0", "CacheParameterGroupName": "old"],
      to: ["EngineVersion": "7.0", "CacheParameterGroupName": "new"], ["CacheParameterGroupName"])
    XCTAssertEqual(
      inputs(outrun), [#"ModifyReplicationGroup {"CacheParameterGroupName":"new"}"#],
      "AWS upgraded by itself")
    XCTAssertEqual(try modelProblems(upgraded.calls + outrun.calls), [])
  }

  func testATokenIsExchangedInTwoStepsAndGivesWayToUserGroups() throws {
    let rotated = updated(
      from: ["AuthToken": "hash"], to: ["AuthToken": "a-token-of-sixteen"], ["AuthToken"])
    XCTAssertEqual(
      inputs(rotated).prefix(2),
      [
        #"ModifyReplicationGroup {"AuthToken":"a-token-of-sixteen","AuthTokenUpdateStrategy":"ROTATE"}"#,
        #"ModifyReplicationGroup {"AuthToken":"a-token-of-sixteen","AuthTokenUpdateStrategy":"SET"}"#,
      ])
    XCTAssertEqual(rotated.calls.last?.operation, "AddTagsToResource")
    XCTAssertEqual(
      rotated.calls.last?.input["Tags"]?.list?.contains { $0["Key"] == "trueup:proof" }, true)
    let replaced = updated(
      from: ["AuthToken": "hash"], to: ["UserGroupIds": ["one"]], ["UserGroupIds"])
    XCTAssertEqual(
      inputs(replaced),
      [
        #"ModifyReplicationGroup {"AuthTokenUpdateStrategy":"DELETE","UserGroupIdsToAdd":["one"]}"#
      ])
    let exchanged = updated(
      from: ["UserGroupIds": ["one", "two"]], to: ["UserGroupIds": ["two", "three"]],
      ["UserGroupIds"])
    XCTAssertEqual(
      inputs(exchanged),
      [
        #"ModifyReplicationGroup {"UserGroupIdsToAdd":["three"],"UserGroupIdsToRemove":["one"]}"#
      ])
    let removed = updated(from: ["UserGroupIds": ["one"]], to: [:], ["UserGroupIds"])
    XCTAssertEqual(inputs(removed), [#"ModifyReplicationGroup {"RemoveUserGroups":true}"#])
    XCTAssertEqual(
      try modelProblems(
        rotated.calls + replaced.calls + exchanged.calls + removed.calls), [])
  }

  func testEncryptionAndModeGoByWayOfWhatServesBoth() throws {
    let on = updated(
      from: ["TransitEncryptionEnabled": false], to: ["TransitEncryptionEnabled": true],
      ["TransitEncryptionEnabled"])
    XCTAssertEqual(
      inputs(on),
      [
        #"ModifyReplicationGroup {"TransitEncryptionEnabled":true,"TransitEncryptionMode":"preferred"}"#,
        #"ModifyReplicationGroup {"TransitEncryptionMode":"required"}"#,
      ])
    let off = updated(
      from: ["TransitEncryptionEnabled": true, "TransitEncryptionMode": "required"], to: [:],
      ["TransitEncryptionEnabled"])
    XCTAssertEqual(
      inputs(off),
      [
        #"ModifyReplicationGroup {"TransitEncryptionMode":"preferred"}"#,
        #"ModifyReplicationGroup {"TransitEncryptionEnabled":false}"#,
      ])
    let mode = updated(
      from: ["ClusterMode": "disabled"], to: ["ClusterMode": "enabled"], ["ClusterMode"])
    XCTAssertEqual(
      inputs(mode),
      [
        #"ModifyReplicationGroup {"ClusterMode":"compatible"}"#,
        #"ModifyReplicationGroup {"ClusterMode":"enabled"}"#,
      ])
    XCTAssertEqual(try modelProblems(on.calls + off.calls + mode.calls), [])
  }

  func testWhatIsNoLongerDeclaredIsReset() throws {
    let reset = updated(
      from: [
        "AutoMinorVersionUpgrade": false, "SnapshotRetentionLimit": 7,
        "NotificationTopicArn": "arn:topic",
        "LogDeliveryConfigurations": [["LogType": "slow-log"]],
      ], to: [:],
      [
        "AutoMinorVersionUpgrade", "SnapshotRetentionLimit", "NotificationTopicArn",
        "LogDeliveryConfigurations",
      ])
    XCTAssertEqual(
      inputs(reset),
      [
        #"ModifyReplicationGroup {"AutoMinorVersionUpgrade":true,"LogDeliveryConfigurations":[{"Enabled":false,"LogType":"slow-log"}],"NotificationTopicStatus":"inactive","SnapshotRetentionLimit":0}"#
      ])
    XCTAssertEqual(try modelProblems(reset.calls), [])
  }

  func testAChangeIsOverWhenTheGroupSaysSoTwice() {
    var states: [Document] = [
      ["Status": "available"], ["Status": "modifying"],
      ["Status": "available", "PendingModifiedValues": ["AuthTokenStatus": "ROTATING"]],
      ["Status": "available"], ["Status": "available", "PendingModifiedValues": [:]],
    ]
    let changed = Rehearsal(
      group,
      .updating("ours", to: ["SnapshotWindow": "01:00-02:00"], changed: ["SnapshotWindow"])
    ) { call in
      call.operation == "DescribeReplicationGroups"
        ? .success(["ReplicationGroups": [states.removeFirst()]]) : .success([:])
    }
    XCTAssertEqual(states, [])
    XCTAssertEqual(changed.waits.count, 4)
    XCTAssertEqual(
      changed.calls[1].batch,
      CallBatch("ReplicationGroups", by: "ReplicationGroupId", marker: "Marker"))
  }

  func testADeletionLeavesASnapshotWhereItIsToAndWaits() throws {
    var step = Step.deleting("ours")
    step.keepsSnapshot = true
    step.nonce = "0123456789abcdef"
    var left: [Document] = [[["ReplicationGroupId": "ours"]], []]
    let kept = Rehearsal(group, step) { call in
      call.operation == "DescribeReplicationGroups"
        ? .success(["ReplicationGroups": left.removeFirst()]) : .success([:])
    }
    XCTAssertEqual(
      kept.changes,
      [
        #"DeleteReplicationGroup {"FinalSnapshotIdentifier":"ours-final-01234567","ReplicationGroupId":"ours"}"#
      ])
    XCTAssertEqual(left, [])
    XCTAssertEqual(kept.id, "ours")
    let gone = Rehearsal(group, .deleting("ours")) { _ in .absent }
    XCTAssertEqual(gone.lines, [#"DeleteReplicationGroup {"ReplicationGroupId":"ours"}"#])
    XCTAssertEqual(try modelProblems(kept.calls + gone.calls), [])
  }
}
