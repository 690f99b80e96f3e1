import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::ECS::Cluster` and `AWS::ECS::ClusterCapacityProviderAssociations`.
final class ECSClusterTests: XCTestCase {
  private let cluster = Cluster()
  private let associations = ClusterCapacityProviderAssociations()

  private static let shown: Document = [
    "clusterArn": .string(ECSExample.cluster), "clusterName": "main", "status": "ACTIVE",
    "settings": [["name": "containerInsights", "value": "enabled"]],
    "configuration": [
      "executeCommandConfiguration": [
        "logging": "OVERRIDE", "kmsKeyId": "k",
        "logConfiguration": ["s3BucketName": "logs", "s3EncryptionEnabled": true],
      ],
      "managedStorageConfiguration": ["fargateEphemeralStorageKmsKeyId": "1234"],
    ],
    "capacityProviders": ["FARGATE", "FARGATE_SPOT"],
    "defaultCapacityProviderStrategy": [
      ["capacityProvider": "FARGATE", "weight": 1, "base": 0]
    ],
    "serviceConnectDefaults": ["namespace": "arn:aws:servicediscovery:eu-west-1:1:namespace/ns-1"],
    "tags": ECSExample.ourTags,
  ]

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "GetResources": ECSExample.sweep([ECSExample.cluster, ECSExample.prefix + "cluster/old"])
    case "DescribeClusters":
      .success([
        "clusters": [
          shown,
          [
            "clusterName": "old", "clusterArn": "x", "status": "INACTIVE",
            "tags": ECSExample.ourTags,
          ],
        ], "failures": [["arn": "gone", "reason": "MISSING"]],
      ])
    default: .success([:])
    }
  }

  private func context(_ type: String) -> ReadContext {
    ECSExample.context(type, candidates: ["main": []], clusters: ["main", "new"])
  }

  func testOneCallShowsAllThatConcernUs() throws {
    let observation = ObservationRehearsal(
      cluster, context(cluster.type), answer: Self.answer)
    XCTAssertEqual(
      observation.lines,
      [
        #"GetResources {"TagFilters":[{"Key":"trueup:stack"}]}"#,
        #"DescribeClusters {"clusters":["main","new","old"],"include":["TAGS","SETTINGS","CONFIGURATIONS"]}"#,
      ])
    XCTAssertEqual(observation.observed.map(\.id), ["main"], "what is inactive is not there")
    let main = try XCTUnwrap(observation["main"])
    XCTAssertEqual(main.tags, Step.ourTags)
    XCTAssertEqual(main.properties["Arn"]?.string, ECSExample.cluster)
    XCTAssertEqual(
      main.properties["Configuration"]?["ExecuteCommandConfiguration"]?["LogConfiguration"]?[
        "S3BucketName"], "logs")
    XCTAssertEqual(try uncovered(cluster, shown: observation.observed), [])
    XCTAssertEqual(try modelProblems(observation.reads.map(\.call)), [])
  }

  func testACallNamesAHundredClusters() {
    var context = context(cluster.type)
    context.names["AWS::ECS::Cluster"] = Set((0..<150).map { "c\($0)" })
    let observation = ObservationRehearsal(cluster, context, answer: Self.answer)
    let counts = observation.reads.compactMap { $0.call.input["clusters"]?.list?.count }
    XCTAssertEqual(counts, [100, 52])
  }

  func testDefaultsAreNoDifference() {
    let observation = ObservationRehearsal(cluster, context(cluster.type), answer: Self.answer)
    XCTAssertEqual(
      plannedChanges(
        cluster,
        [
          "ClusterName": "main",
          "Configuration": [
            "ExecuteCommandConfiguration": ["Logging": "OVERRIDE"],
            "ManagedStorageConfiguration": [
              "FargateEphemeralStorageKmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/1234"
            ],
          ],
          "CapacityProviders": ["FARGATE_SPOT", "FARGATE"],
          "DefaultCapacityProviderStrategy": [
            ["CapacityProvider": "FARGATE", "Weight": 1]
          ], "ServiceConnectDefaults": ["Namespace": "acme"],
        ], shown: observation.observed), [])
  }

  func testCreatesAndWaitsUntilProvidersAreAttached() throws {
    var reads = 0
    let created = Rehearsal(
      cluster,
      .creating([
        "ClusterName": "main", "CapacityProviders": ["pool"],
        "ClusterSettings": [["Name": "containerInsights", "Value": "enhanced"]],
        "Configuration": ["ExecuteCommandConfiguration": ["Logging": "NONE"]],
        "ServiceConnectDefaults": ["Namespace": "acme"],
      ])
    ) { call in
      if call.operation == "CreateCluster" {
        return .success(["cluster": ["status": "PROVISIONING"]])
      }
      reads += 1
      return .success(["clusters": [["status": .string(reads < 3 ? "PROVISIONING" : "ACTIVE")]]])
    }
    XCTAssertEqual(created.calls.count, 4)
    XCTAssertEqual(
      created.waits, Array(repeating: "the capacity providers of main are in effect", count: 2))
    XCTAssertEqual(created.id, "main")
    XCTAssertEqual(created.attributes?["Arn"]?.string, ECSExample.cluster)
    XCTAssertEqual(
      created.calls[0].input["settings"], [["name": "containerInsights", "value": "enhanced"]])
    XCTAssertEqual(created.calls[0].input["tags"]?[0]?["key"], "trueup:resource")
    XCTAssertEqual(try modelProblems(created.calls), [])
    let failed = Rehearsal(cluster, .creating(["ClusterName": "main"])) { call in
      .success(
        call.operation == "CreateCluster"
          ? ["cluster": ["attachmentsStatus": "UPDATE_IN_PROGRESS"]]
          : ["clusters": [["attachmentsStatus": "UPDATE_FAILED"]]])
    }
    XCTAssertEqual(failed.failure, "ECS could not attach the capacity providers of main")
  }

  func testUpdatesInOneCallAndResetsWhatIsNoLongerDeclared() throws {
    let updated = Rehearsal(
      cluster,
      .updating(
        "main", from: ["CapacityProviders": ["FARGATE"]],
        to: ["DefaultCapacityProviderStrategy": [["CapacityProvider": "FARGATE"]]],
        changed: ["ClusterSettings", "DefaultCapacityProviderStrategy"],
        changesTags: true))
    XCTAssertEqual(
      updated.changes.dropLast(),
      [
        #"UpdateCluster {"cluster":"main","settings":[{"name":"containerInsights","value":"disabled"}]}"#,
        #"PutClusterCapacityProviders {"capacityProviders":["FARGATE"],"cluster":"main","defaultCapacityProviderStrategy":[{"capacityProvider":"FARGATE"}]}"#,
      ])
    XCTAssertEqual(updated.calls.last?.operation, "TagResource")
    XCTAssertEqual(updated.calls.last?.input["resourceArn"]?.string, ECSExample.cluster)
    XCTAssertEqual(try modelProblems(updated.calls), [])
  }

  func testADeletionWaitsForServicesAndTasksAndSaysWhatIsInItsWay() throws {
    let deleted = Rehearsal(cluster, .deleting("main"))
    XCTAssertEqual(deleted.changes, [#"DeleteCluster {"cluster":"main"}"#])
    let call = try XCTUnwrap(deleted.calls.first)
    XCTAssertTrue(call.transientCodes.contains("ClusterContainsServicesException"))
    XCTAssertTrue(call.absentCodes.contains("ClusterNotFoundException"))
    let look = try XCTUnwrap(cluster.obstacles(to: .deleting("main")))
    XCTAssertEqual(try modelProblems([look]), [])
    XCTAssertEqual(
      cluster.obstacles(in: [
        "clusters": [["activeServicesCount": 2, "runningTasksCount": 5, "pendingTasksCount": 0]]
      ]), ["2 services", "5 running tasks"])
  }

  // MARK: Capacity providers of their own

  func testAnAssociationIsThereWhereTheClusterHasProviders() throws {
    var context = context(associations.type)
    context.values = ["Cluster": ["elsewhere"]]
    let observation = ObservationRehearsal(associations, context, answer: Self.answer)
    XCTAssertEqual(
      observation.reads.compactMap { $0.call.input["clusters"] },
      [["main", "new", "old"], ["elsewhere"]])
    XCTAssertEqual(observation.observed.map(\.id), ["main"])
    XCTAssertEqual(try uncovered(associations, shown: observation.observed), [])
    let desired: Document = [
      "Cluster": .string(ECSExample.cluster), "CapacityProviders": ["FARGATE_SPOT", "FARGATE"],
      "DefaultCapacityProviderStrategy": [["CapacityProvider": "FARGATE", "Weight": 1]],
    ]
    XCTAssertEqual(
      plannedChanges(associations, desired, shown: observation.observed, base: desired), [],
      "a cluster is one by its name and by its ARN")
  }

  func testTheClusterLeavesThemToTheResourceThatDescribesThem() {
    let observed = Observed(
      type: cluster.type, id: "main", scope: .rehearsal,
      properties: ["CapacityProviders": ["FARGATE"], "ClusterName": "main"])
    let claim = Claim(type: associations.type, properties: ["Cluster": "main"])
    XCTAssertEqual(cluster.without([claim], in: observed).properties, ["ClusterName": "main"])
    XCTAssertEqual(cluster.without([], in: observed), observed)
  }

  func testPutsAndTakesAwayAllOfThem() throws {
    let put = Rehearsal(
      associations,
      .creating([
        "Cluster": .string(ECSExample.cluster), "DefaultCapacityProviderStrategy": [],
      ]))
    XCTAssertEqual(
      put.changes,
      [
        #"PutClusterCapacityProviders {"capacityProviders":[],"cluster":"main","defaultCapacityProviderStrategy":[]}"#
      ])
    XCTAssertEqual(put.id, "main")
    XCTAssertEqual(put.calls.first?.transientCodes.contains("UpdateInProgressException"), true)
    let updated = Rehearsal(
      associations,
      .updating(
        "main", to: ["CapacityProviders": ["FARGATE"], "DefaultCapacityProviderStrategy": []],
        changed: ["CapacityProviders"]))
    let gone = Rehearsal(associations, .deleting("main"))
    XCTAssertEqual(gone.calls.first?.input["capacityProviders"], [])
    XCTAssertEqual(try modelProblems(put.calls + updated.calls + gone.calls), [])
  }
}
