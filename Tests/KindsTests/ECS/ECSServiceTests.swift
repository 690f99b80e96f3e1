import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::ECS::Service`: how it is observed and compared, and what an update of it says.
final class ECSServiceTests: XCTestCase {
  private let kind = Service()

  private static let desired: Document = [
    "ServiceName": "web", "Cluster": "main", "LaunchType": "FARGATE", "DesiredCount": 2,
    "TaskDefinition": .string(ECSExample.revision(3)), "PlatformVersion": "LATEST",
    "NetworkConfiguration": [
      "AwsvpcConfiguration": ["Subnets": ["subnet-b", "subnet-a"], "SecurityGroups": ["sg-1"]]
    ],
    "LoadBalancers": [
      ["TargetGroupArn": "tg-2", "ContainerName": "web", "ContainerPort": 81],
      ["TargetGroupArn": "tg-1", "ContainerName": "web", "ContainerPort": 80],
    ],
    "DeploymentConfiguration": [
      "DeploymentCircuitBreaker": ["Enable": true, "Rollback": true],
      "Alarms": ["AlarmNames": ["b", "a"], "Enable": true, "Rollback": true],
    ],
  ]

  private static let shown: Document = [
    "serviceArn": .string(ECSExample.service), "serviceName": "web", "status": "ACTIVE",
    "clusterArn": .string(ECSExample.cluster), "launchType": "FARGATE", "desiredCount": 2,
    "runningCount": 2, "platformVersion": "LATEST", "platformFamily": "Linux",
    "taskDefinition": .string(ECSExample.revision(3)), "createdAt": 1_700_000_000,
    "roleArn": "arn:aws:iam::1:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
    "networkConfiguration": [
      "awsvpcConfiguration": [
        "subnets": ["subnet-a", "subnet-b"], "securityGroups": ["sg-1"],
        "assignPublicIp": "DISABLED",
      ]
    ],
    "loadBalancers": [
      ["targetGroupArn": "tg-1", "containerName": "web", "containerPort": 80],
      ["targetGroupArn": "tg-2", "containerName": "web", "containerPort": 81],
    ],
    "deploymentConfiguration": [
      "deploymentCircuitBreaker": ["enable": true, "rollback": true], "maximumPercent": 200,
      "minimumHealthyPercent": 100, "strategy": "ROLLING", "bakeTimeInMinutes": 0,
      "alarms": ["alarmNames": ["a", "b"], "enable": true, "rollback": true],
    ],
    "deploymentController": ["type": "ECS"], "schedulingStrategy": "REPLICA",
    "availabilityZoneRebalancing": "ENABLED", "enableECSManagedTags": false,
    "enableExecuteCommand": false, "healthCheckGracePeriodSeconds": 0, "propagateTags": "NONE",
    "placementConstraints": [], "placementStrategy": [], "serviceRegistries": [],
    "deployments": [
      [
        "status": "PRIMARY", "taskDefinition": .string(ECSExample.revision(3)),
        "volumeConfigurations": [
          [
            "name": "data",
            "managedEBSVolume": [
              "roleArn": "r", "sizeInGiB": 10, "filesystemType": "xfs",
              "tagSpecifications": [["resourceType": "volume", "propagateTags": "SERVICE"]],
            ],
          ]
        ],
        "serviceConnectConfiguration": [
          "enabled": true, "namespace": "arn:aws:servicediscovery:eu-west-1:1:namespace/ns-1",
          "services": [
            ["portName": "http", "clientAliases": [["port": 80, "dnsName": "web.acme"]]]
          ], "logConfiguration": ["logDriver": "awslogs", "options": ["awslogs-group": "g"]],
        ],
        "vpcLatticeConfigurations": [
          ["portName": "http", "roleArn": "r", "targetGroupArn": "lattice"]
        ],
      ]
    ],
    "tags": ECSExample.ourTags,
  ]

  private func answer(
    _ call: Call, shown: [Document] = [shown], listed: [String] = [ECSExample.service],
    targets: Reply = .success(["ScalableTargets": []])
  ) -> Reply {
    switch call.operation {
    case "GetResources": ECSExample.sweep([ECSExample.service])
    case "DescribeClusters":
      .success([
        "clusters": [
          ["clusterName": "main", "clusterArn": .string(ECSExample.cluster), "status": "ACTIVE"],
          ["clusterName": "old", "clusterArn": "old", "status": "INACTIVE"],
        ]
      ])
    case "ListServices": .success(["serviceArns": .list(listed.map(Document.string))])
    case "DescribeServices": .success(["services": .list(shown)])
    case "DescribeScalableTargets": targets
    default: .success([:])
    }
  }

  private func context(_ properties: Set<String> = ["Cluster"]) -> ReadContext {
    ECSExample.context(
      kind.type, candidates: ["web": properties], properties: properties,
      clusters: ["main", "old"])
  }

  // MARK: Observing

  func testServicesOfOursAloneAreDescribedTenACall() throws {
    let many = (0..<23).map { "\(ECSExample.prefix)service/main/s\($0)" }
    var context = context()
    context.names[kind.type]?.formUnion(many.prefix(12).map { $0 })
    context.values = ["Cluster": ["shared"]]
    let observation = ObservationRehearsal(kind, context) {
      self.answer($0, listed: many + [ECSExample.service])
    }
    XCTAssertEqual(
      Set(observation.reads.filter { $0.call.operation == "ListServices" }.map(\.call.input)),
      [["cluster": "main"], ["cluster": "shared"]], "none of a cluster that is gone")
    let described = observation.reads.filter { $0.call.operation == "DescribeServices" }
    XCTAssertEqual(described.compactMap { $0.call.input["services"]?.list?.count }, [10, 3])
    XCTAssertEqual(Set(described.map { $0.call.input["cluster"] }), ["main"])
    XCTAssertEqual(described.first?.call.input["include"], ["TAGS"])
    XCTAssertEqual(try modelProblems(observation.reads.map(\.call)), [])
  }

  func testAClusterIsListedOnlyWhereItHasOtherActiveServices() {
    func lists(_ count: Document?, shown: Document = Self.shown) -> Int {
      let observation = ObservationRehearsal(kind, context()) { call in
        guard call.operation == "DescribeClusters" else { return self.answer(call, shown: [shown]) }
        var cluster: Document = [
          "clusterName": "main", "clusterArn": .string(ECSExample.cluster), "status": "ACTIVE",
        ]
        cluster = cluster.with(count.map { ["activeServicesCount": $0] } ?? [:])
        return .success(["clusters": [cluster]])
      }
      XCTAssertEqual(observation.observed.isEmpty, shown["status"] == "INACTIVE")
      return observation.reads.filter { $0.call.operation == "ListServices" }.count
    }
    XCTAssertEqual(lists(1), 0, "the one that is known is all that there is")
    XCTAssertEqual(lists(2), 1, "there is another")
    XCTAssertEqual(lists(nil), 1, "nobody knows")
    XCTAssertEqual(
      lists(1, shown: Self.shown.with(["status": "INACTIVE"])), 1, "another took its place")
  }

  func testAServiceShowsAllOfItself() throws {
    let observation = ObservationRehearsal(kind, context()) { self.answer($0) }
    let web = try XCTUnwrap(observation[ECSExample.service])
    XCTAssertEqual(web.tags, Step.ourTags)
    XCTAssertEqual(web.createdAt, 1_700_000_000)
    XCTAssertNil(web.properties["PropagateTags"], "none are propagated")
    XCTAssertEqual(
      try uncovered(kind, shown: observation.observed),
      ["CapacityProviderStrategy", "PropagateTags"], "which another service has")
    let other = Self.shown.with([
      "propagateTags": "SERVICE", "capacityProviderStrategy": [["capacityProvider": "FARGATE"]],
    ])
    let second = ObservationRehearsal(kind, context()) { self.answer($0, shown: [other]) }
    XCTAssertEqual(try uncovered(kind, shown: observation.observed + second.observed), [])
  }

  func testWhatIsGoneIsNotThereAndWhatDrainsIsOnItsWayOut() {
    let draining = ObservationRehearsal(kind, context()) {
      self.answer($0, shown: [Self.shown.with(["status": "DRAINING"])])
    }
    XCTAssertEqual(draining.observed.map(\.transition), [Observed.leaving])
    let gone = ObservationRehearsal(kind, context()) {
      self.answer($0, shown: [Self.shown.with(["status": "INACTIVE"])])
    }
    XCTAssertEqual(gone.observed, [])
  }

  func testDefaultsOrderAndNamesAreNoDifference() {
    let observation = ObservationRehearsal(kind, context()) { self.answer($0) }
    XCTAssertEqual(plannedChanges(kind, Self.desired, shown: observation.observed), [])
    let arns = Self.desired.with([
      "Cluster": .string(ECSExample.cluster), "TaskDefinition": "bot",
      "EnableExecuteCommand": false, "DeploymentController": ["Type": "ECS"],
      "ServiceConnectConfiguration": [
        "Enabled": true, "Namespace": "acme",
        "Services": [["PortName": "http", "ClientAliases": [["Port": 80]]]],
      ],
      "VolumeConfigurations": [
        ["Name": "data", "ManagedEBSVolume": ["RoleArn": "r", "SizeInGiB": 10]]
      ],
    ])
    XCTAssertEqual(
      plannedChanges(kind, arns, shown: observation.observed), [],
      "a family asks for whatever is newest when it is deployed")
    XCTAssertEqual(
      plannedChanges(
        kind, Self.desired.with(["LaunchType": "EC2"]), shown: observation.observed),
      ["blocked /LaunchType (replace)"], "its declared name is taken")
    XCTAssertEqual(
      plannedChanges(
        kind, Self.desired.with(["TaskDefinition": .string(ECSExample.revision(4))]),
        shown: observation.observed), ["update /TaskDefinition (update)"])
  }

  func testACountThatIsScaledIsNotCompared() {
    let target: Document = [
      "ScalableTargets": [
        [
          "ResourceId": "service/main/web", "ScalableDimension": "ecs:service:DesiredCount",
          "MinCapacity": 1, "MaxCapacity": 4,
        ]
      ]
    ]
    func changes(_ targets: Reply, count: Document?) -> [String] {
      let declared: Set = ["Cluster", "DesiredCount"]
      let observation = ObservationRehearsal(kind, context(declared)) {
        self.answer($0, targets: targets)
      }
      return plannedChanges(
        kind,
        .object((Self.desired.object ?? [:]).merging(["DesiredCount": count ?? .null]) { $1 }),
        shown: observation.observed)
    }
    XCTAssertEqual(changes(.success(target), count: 3), [])
    XCTAssertEqual(
      changes(.success(["ScalableTargets": []]), count: 3), ["update /DesiredCount (update)"])
    XCTAssertEqual(changes(.success(["ScalableTargets": []]), count: nil), [])
    let refused = CallFailure(
      reason: .denied, service: "application-autoscaling", operation: "DescribeScalableTargets",
      message: "no")
    XCTAssertEqual(changes(.failure(refused), count: 3), [], "it may be scaled")
    let undeclared = ObservationRehearsal(kind, context()) { self.answer($0) }
    XCTAssertFalse(undeclared.lines.contains { $0.hasPrefix("DescribeScalableTargets") })
  }

  // MARK: Updating

  private func update(
    _ changed: Set<String>, to desired: Document, applied: Document? = nil
  ) -> Call? {
    var step = Step.updating(
      ECSExample.service, from: ["Cluster": "main"], to: desired, changed: changed)
    step.applied = applied
    return Rehearsal(kind, step) { call in
      .success(call.operation == "UpdateService" ? ["service": [:]] : [:])
    }.calls.first { $0.operation == "UpdateService" }
  }

  func testAnUpdateSaysWhatChangesAndNothingElse() throws {
    let call = try XCTUnwrap(
      update(
        ["EnableExecuteCommand"], to: Self.desired.with(["EnableExecuteCommand": true])))
    XCTAssertEqual(
      call.input,
      [
        "cluster": "main", "service": .string(ECSExample.service), "enableExecuteCommand": true,
      ])
    XCTAssertEqual(try modelProblems([call]), [])
  }

  func testAnotherCapacityProviderNeedsADeployment() throws {
    let strategy: Document = [["CapacityProvider": "FARGATE_SPOT", "Weight": 1]]
    let call = try XCTUnwrap(
      update(["CapacityProviderStrategy"], to: ["CapacityProviderStrategy": strategy]))
    XCTAssertEqual(call.input["forceNewDeployment"], true)
    let back = try XCTUnwrap(update(["LaunchType"], to: ["LaunchType": "FARGATE"]))
    XCTAssertEqual(back.input["capacityProviderStrategy"], [])
    XCTAssertEqual(back.input["forceNewDeployment"], true)
    XCTAssertNil(back.input["launchType"])
    XCTAssertEqual(try modelProblems([call, back]), [])
  }

  func testVolumesGoAlongWithEveryUpdate() throws {
    let volumes: Document = [
      ["Name": "data", "ManagedEBSVolume": ["RoleArn": "arn:aws:iam::1:role/r", "SizeInGiB": 10]]
    ]
    let call = try XCTUnwrap(
      update(["DesiredCount"], to: ["DesiredCount": 3, "VolumeConfigurations": volumes]))
    XCTAssertEqual(call.input["volumeConfigurations"]?[0]?["name"], "data")
    XCTAssertEqual(try modelProblems([call]), [])
  }

  func testWhatIsNoLongerDeclaredIsAsInANewService() throws {
    let gone: Set = [
      "AvailabilityZoneRebalancing", "CapacityProviderStrategy", "DeploymentController",
      "EnableECSManagedTags", "EnableExecuteCommand", "HealthCheckGracePeriodSeconds",
      "LoadBalancers", "PlacementConstraints", "PlacementStrategies", "PlatformVersion",
      "PropagateTags", "ServiceConnectConfiguration", "ServiceRegistries",
      "VolumeConfigurations", "VpcLatticeConfigurations", "DeploymentConfiguration",
    ]
    let call = try XCTUnwrap(
      update(
        gone, to: [:],
        applied: [
          "DeploymentConfiguration": ["Alarms": ["Enable": true], "MaximumPercent": 150]
        ]))
    XCTAssertEqual(call.input["loadBalancers"], [])
    XCTAssertEqual(call.input["platformVersion"], "LATEST")
    XCTAssertEqual(call.input["propagateTags"], "NONE")
    XCTAssertEqual(call.input["serviceConnectConfiguration"], ["enabled": false])
    XCTAssertEqual(
      call.input["deploymentConfiguration"],
      [
        "alarms": ["alarmNames": [], "enable": false, "rollback": false], "maximumPercent": 200,
      ], "what nobody had declared stays")
    XCTAssertEqual(try modelProblems([call]), [])
  }

  // MARK: Deleting

  func testADeletionTakesItsTasksAlongAndWaitsUntilTheyAreGone() throws {
    var reads = 0
    let deleted = Rehearsal(kind, .deleting(ECSExample.service)) { call in
      guard call.operation == "DescribeServices" else { return .success([:]) }
      reads += 1
      return .success(["services": [["status": .string(reads < 3 ? "DRAINING" : "INACTIVE")]]])
    }
    XCTAssertEqual(
      deleted.changes,
      [#"DeleteService {"cluster":"main","force":true,"service":"\#(ECSExample.service)"}"#])
    XCTAssertEqual(deleted.waits, ["web is gone", "web is gone"])
    XCTAssertEqual(deleted.id, ECSExample.service)
    XCTAssertEqual(try modelProblems(deleted.calls), [])
    let batch = try XCTUnwrap(deleted.calls.last?.batch)
    XCTAssertEqual(batch.limit, 10)
    XCTAssertEqual(batch.ids(of: deleted.calls[1]), [.string(ECSExample.service)])
    let absent = Rehearsal(kind, .deleting(ECSExample.service)) { _ in .absent }
    XCTAssertEqual(absent.calls.count, 1)
  }
}
