import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::ECS::TaskDefinition`.
final class ECSTaskDefinitionTests: XCTestCase {
  private let kind = TaskDefinition()

  /// As it is declared; ECS gives it back in another order and form, and with more.
  private static let desired: Document = [
    "Family": "bot", "Cpu": "0.5 vCPU", "Memory": "1 GB", "NetworkMode": "awsvpc",
    "RequiresCompatibilities": ["FARGATE"],
    "TaskRoleArn": "bot", "ExecutionRoleArn": "arn:aws:iam::111122223333:role/pull",
    "RuntimePlatform": ["CpuArchitecture": "X86_64"],
    "ContainerDefinitions": [
      [
        "Name": "web", "Image": "web:1", "Essential": true, "Cpu": 0,
        "Environment": [["Name": "Z", "Value": "1"], ["Name": "A", "Value": "2"]],
        "Secrets": [
          [
            "Name": "TOKEN",
            "ValueFrom": "arn:aws:secretsmanager:eu-west-1:1:secret:bot-AbCdEf:token::",
          ],
          ["Name": "KEY", "ValueFrom": "arn:aws:ssm:eu-west-1:1:parameter/key"],
        ],
        "PortMappings": [["ContainerPort": 8080], ["ContainerPort": 53, "Protocol": "udp"]],
        "HealthCheck": ["Command": ["CMD-SHELL", "true"]],
        "MountPoints": [["SourceVolume": "data", "ContainerPath": "/data"]],
        "LogConfiguration": [
          "LogDriver": "awslogs",
          "Options": ["awslogs-group": "/ecs/bot", "awslogs-region": "eu-west-1", "max": 1],
        ],
      ],
      ["Name": "side", "Image": "side:1", "Essential": false],
    ],
    "Volumes": [
      ["Name": "data", "EFSVolumeConfiguration": ["FilesystemId": "fs-1", "RootDirectory": "/"]],
      ["Name": "scratch"],
    ],
  ]

  private static let shown: Document = [
    "family": "bot", "revision": 3, "status": "ACTIVE", "cpu": "512", "memory": "1024",
    "taskDefinitionArn": .string(ECSExample.revision(3)), "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"], "compatibilities": ["EC2", "FARGATE"],
    "taskRoleArn": "arn:aws:iam::111122223333:role/bot",
    "executionRoleArn": "arn:aws:iam::111122223333:role/pull",
    "placementConstraints": [], "requiresAttributes": [["name": "x"]],
    "registeredAt": 1_700_000_000, "registeredBy": "somebody",
    "containerDefinitions": [
      [
        "name": "side", "image": "side:1", "essential": false, "cpu": 0, "environment": [],
        "mountPoints": [], "portMappings": [], "systemControls": [], "volumesFrom": [],
      ],
      [
        "name": "web", "image": "web:1", "essential": true, "cpu": 0,
        "environment": [["name": "A", "value": "2"], ["name": "Z", "value": "1"]],
        "secrets": [
          ["name": "KEY", "valueFrom": "arn:aws:ssm:eu-west-1:1:parameter/key"],
          [
            "name": "TOKEN",
            "valueFrom": "arn:aws:secretsmanager:eu-west-1:1:secret:bot-AbCdEf:token::",
          ],
        ],
        "portMappings": [
          ["containerPort": 53, "hostPort": 53, "protocol": "udp"],
          ["containerPort": 8080, "hostPort": 8080, "protocol": "tcp"],
        ],
        "healthCheck": [
          "command": ["CMD-SHELL", "true"], "interval": 30, "timeout": 5, "retries": 3,
        ],
        "mountPoints": [
          ["sourceVolume": "data", "containerPath": "/data", "readOnly": false]
        ], "volumesFrom": [], "systemControls": [],
        "logConfiguration": [
          "logDriver": "awslogs",
          "options": ["awslogs-group": "/ecs/bot", "awslogs-region": "eu-west-1", "max": "1"],
        ],
      ],
    ],
    "volumes": [
      [
        "name": "data",
        "efsVolumeConfiguration": ["fileSystemId": "fs-1", "rootDirectory": "/"],
      ],
      ["name": "scratch", "host": [:]],
    ],
  ]

  private func observed(_ shown: Document = shown) -> [Observed] {
    observation(active: [3], shown: [3: shown]).observed
  }

  /// - Parameters:
  ///   - ours: the revisions that carry our tags.
  ///   - used: the revisions that the service, or one of its deployments, uses.
  private func observation(
    active: [Int], shown: [Int: Document] = [:], ours: Set<Int> = [3], swept: [Int]? = nil,
    used: [Int] = [], recent: [Int] = []
  ) -> ObservationRehearsal {
    var context = ECSExample.context(
      kind.type, candidates: ["bot": []], services: [ECSExample.service])
    for number in recent {
      context.recent[ECSExample.revision(number)] = 1
      context.candidates[ECSExample.revision(number)] = []
    }
    return ObservationRehearsal(kind, context) { call in
      switch call.operation {
      case "GetResources":
        return ECSExample.sweep(
          (swept ?? ours.sorted()).map { ECSExample.revision($0) } + [ECSExample.service])
      case "ListTaskDefinitions":
        return .success([
          "taskDefinitionArns": .list(active.map { .string(ECSExample.revision($0)) })
        ])
      case "DescribeTaskDefinition":
        let arn = call.input["taskDefinition"]?.string ?? ""
        let number = Int(arn.split(separator: ":").last ?? "") ?? 0
        let whole = (shown[number] ?? Self.shown).with([
          "taskDefinitionArn": .string(arn), "revision": .integer(number),
        ])
        return .success([
          "taskDefinition": whole, "tags": ours.contains(number) ? ECSExample.ourTags : [],
        ])
      case "DescribeClusters":
        return .success([
          "clusters": [
            [
              "clusterName": "main", "clusterArn": .string(ECSExample.cluster), "status": "ACTIVE",
            ]
          ]
        ])
      case "ListServices": return .success(["serviceArns": [.string(ECSExample.service)]])
      case "DescribeServices":
        return .success([
          "services": [
            [
              "serviceArn": .string(ECSExample.service), "status": "ACTIVE",
              "taskDefinition": .string(ECSExample.revision(used.first ?? 0)),
              "deployments": .list(
                used.map { ["taskDefinition": .string(ECSExample.revision($0))] }),
            ]
          ]
        ])
      default: return .success([:])
      }
    }
  }

  func testWhatECSFillsInAndOrdersOtherwiseIsNoDifference() throws {
    XCTAssertEqual(plannedChanges(kind, Self.desired, shown: observed(), base: Self.desired), [])
    XCTAssertEqual(try uncovered(kind, shown: [full]), [])
  }

  /// A revision with every property.
  private var full: Observed {
    let whole = Self.shown.with([
      "ephemeralStorage": ["sizeInGiB": 30], "enableFaultInjection": false, "ipcMode": "task",
      "pidMode": "task", "inferenceAccelerators": [["deviceName": "d", "deviceType": "t"]],
      "runtimePlatform": ["cpuArchitecture": "ARM64"],
      "proxyConfiguration": [
        "type": "APPMESH", "containerName": "web", "properties": [["name": "a", "value": "b"]],
      ],
    ])
    return observed(whole)[0]
  }

  func testARealChangeMakesTheNextRevision() {
    func changes(_ change: (inout [String: Document]) -> Void) -> [String] {
      var members = Self.desired.object ?? [:]
      change(&members)
      return plannedChanges(kind, .object(members), shown: observed(), base: Self.desired)
    }
    func container(_ members: [String: Document?]) -> Document {
      var web = Self.desired["ContainerDefinitions"]?[0]?.object ?? [:]
      for (name, value) in members { web[name] = value }
      return [.object(web), Self.desired["ContainerDefinitions"]?[1] ?? [:]]
    }
    XCTAssertEqual(
      changes { $0["ContainerDefinitions"] = container(["Image": "web:2"]) },
      ["replace /ContainerDefinitions/web/Image (replace)"])
    XCTAssertEqual(
      changes {
        $0["ContainerDefinitions"] = container(["Environment": [["Name": "A", "Value": "2"]]])
      }, ["replace /ContainerDefinitions/web/Environment/Z (replace)"])
    XCTAssertEqual(
      changes { $0["ContainerDefinitions"] = container(["HealthCheck": nil]) },
      ["replace /ContainerDefinitions/web/HealthCheck (replace)"],
      "what is no longer declared is not in the next revision")
    XCTAssertEqual(changes { $0["TaskRoleArn"] = nil }, ["replace /TaskRoleArn (replace)"])
    XCTAssertEqual(changes { $0["Memory"] = "2048" }, ["replace /Memory (replace)"])
  }

  func testHostPortsCountWhereTheyAreChosen() {
    var bridged = Self.desired.with(["NetworkMode": "bridge"])
    let shown = Self.shown.with(["networkMode": "bridge"])
    XCTAssertEqual(
      plannedChanges(kind, bridged, shown: observed(shown)), [], "where nothing is declared")
    bridged = bridged.with([
      "ContainerDefinitions": [
        [
          "Name": "web", "Image": "web:1",
          "PortMappings": [
            ["ContainerPort": 8080, "HostPort": 80], ["ContainerPort": 53, "Protocol": "udp"],
          ],
        ], ["Name": "side", "Image": "side:1", "Essential": false],
      ]
    ])
    XCTAssertEqual(
      plannedChanges(kind, bridged, shown: observed(shown)),
      ["replace /ContainerDefinitions/web/PortMappings/8080,,tcp/HostPort (replace)"])
  }

  // MARK: Revisions

  func testTheNewestOfOursIsLiveAndReadByItself() {
    let one = observation(active: [3, 2], ours: [3])
    XCTAssertEqual(one.observed.map(\.id), [ECSExample.revision(3)])
    XCTAssertEqual(
      one.reads.filter { $0.call.operation == "ListTaskDefinitions" }.map(\.call.input),
      [["familyPrefix": "bot", "status": "ACTIVE", "sort": "DESC"]])
    XCTAssertEqual(one.reads.filter { $0.call.operation == "DescribeTaskDefinition" }.count, 1)
    XCTAssertEqual(one.reads.first { $0.call.operation == "ListTaskDefinitions" }?.pageSize, 100)
    XCTAssertNoThrow(try XCTAssertEqual(modelProblems(one.reads.map(\.call)), []))
    let foreign = observation(active: [4, 3], ours: [3])
    XCTAssertEqual(
      foreign.observed.map(\.id), [ECSExample.revision(3)], "a newer one is somebody else's")
    XCTAssertEqual(
      observation(active: [4], ours: []).observed.map(\.tags), [[:]],
      "a family of others is seen: its name is taken")
    XCTAssertEqual(observation(active: []).observed, [])
  }

  func testManyFamiliesAreListedAtOnce() {
    let families = ["bot", "web", "api"]
    let context = ECSExample.context(
      kind.type, candidates: Dictionary(uniqueKeysWithValues: families.map { ($0, []) }))
    let arns = families.map { ECSExample.revision(3, of: $0) }
    let observation = ObservationRehearsal(kind, context) { call in
      switch call.operation {
      case "GetResources": ECSExample.sweep(arns)
      case "ListTaskDefinitions":
        .success([
          "taskDefinitionArns": .list(
            (arns + [ECSExample.revision(9, of: "others")]).map(Document.string))
        ])
      case "DescribeTaskDefinition":
        .success([
          "taskDefinition": Self.shown.with([
            "taskDefinitionArn": call.input["taskDefinition"] ?? .null
          ]), "tags": ECSExample.ourTags,
        ])
      default: .success([:])
      }
    }
    XCTAssertEqual(
      observation.reads.filter { $0.call.operation == "ListTaskDefinitions" }.map(\.call.input),
      [["status": "ACTIVE", "sort": "DESC"]])
    XCTAssertEqual(Set(observation.observed.map(\.id)), Set(arns), "others' are left alone")
  }

  func testAnOlderOneOfOursIsLeftOverUnlessAServiceUsesIt() {
    let unused = observation(active: [3, 2, 1], ours: [3, 2], used: [3])
    XCTAssertEqual(
      Set(unused.observed.map(\.id)), [ECSExample.revision(3), ECSExample.revision(2)])
    XCTAssertEqual(
      unused[ECSExample.revision(3)]?.properties["UsedBy"], ["main/web"],
      "who uses a revision is asked before it goes")
    let rolledBack = observation(active: [3, 2], ours: [3, 2], used: [2])
    XCTAssertEqual(rolledBack.observed.map(\.id), [ECSExample.revision(3)])
    let underWay = observation(active: [3, 2], ours: [3, 2], used: [3, 2])
    XCTAssertEqual(underWay.observed.map(\.id), [ECSExample.revision(3)])
  }

  func testWhatWasRegisteredAMomentAgoIsThereThoughTheListDoesNotShowIt() {
    let late = observation(active: [2], ours: [3, 2], swept: [], used: [2], recent: [3])
    XCTAssertEqual(late.observed.map(\.id), [ECSExample.revision(3)])
  }

  // MARK: Steps

  func testRegistersWithTagsAndTextsWhereECSWantsTexts() throws {
    let created = Rehearsal(kind, .creating(Self.desired)) { _ in
      .success(["taskDefinition": ["taskDefinitionArn": .string(ECSExample.revision(1))]])
    }
    XCTAssertEqual(created.id, ECSExample.revision(1))
    XCTAssertEqual(created.calls.map(\.operation), ["RegisterTaskDefinition"])
    let input = try XCTUnwrap(created.calls.first?.input)
    XCTAssertEqual(
      input["tags"],
      [
        ["key": "trueup:resource", "value": "Thing"],
        ["key": "trueup:stack", "value": "cosyworld/acme-prod"],
      ])
    let web = input["containerDefinitions"]?[0]
    XCTAssertEqual(web?["logConfiguration"]?["options"]?["max"], "1")
    XCTAssertEqual(web?["logConfiguration"]?["options"]?["awslogs-group"], "/ecs/bot")
    XCTAssertEqual(
      input["volumes"]?[0]?["efsVolumeConfiguration"],
      ["fileSystemId": "fs-1", "rootDirectory": "/"])
    XCTAssertEqual(try modelProblems(created.calls), [])
  }

  func testTagsAreWrittenToTheRevisionItself() throws {
    let tagged = Rehearsal(
      kind,
      .updating(
        ECSExample.revision(3), changed: [], removedTags: ["old"], changesTags: true))
    XCTAssertEqual(tagged.calls.map(\.operation), ["UntagResource", "TagResource"])
    XCTAssertEqual(tagged.calls[1].input["resourceArn"]?.string, ECSExample.revision(3))
    XCTAssertEqual(try modelProblems(tagged.calls), [])
  }

  func testARevisionIsDeregisteredWhenNoServiceUsesItAnyMore() throws {
    let arn = ECSExample.revision(2)
    let unused = Rehearsal(kind, .deleting(arn, ["UsedBy": []]))
    XCTAssertEqual(unused.lines, [#"DeregisterTaskDefinition {"taskDefinition":"\#(arn)"}"#])

    var reads = 0
    func service(_ used: String, _ deployments: [String]) -> Reply {
      .success([
        "services": [
          [
            "serviceName": "web", "status": "ACTIVE", "taskDefinition": .string(used),
            "deployments": .list(deployments.map { ["taskDefinition": .string($0)] }),
          ]
        ]
      ])
    }
    let underWay = Rehearsal(kind, .deleting(arn, ["UsedBy": ["main/web"]])) { call in
      guard call.operation == "DescribeServices" else { return .success([:]) }
      reads += 1
      return service(
        ECSExample.revision(3), [ECSExample.revision(3)] + (reads < 3 ? [arn] : []))
    }
    XCTAssertEqual(
      underWay.calls.map(\.operation),
      ["DescribeServices", "DescribeServices", "DescribeServices", "DeregisterTaskDefinition"])
    XCTAssertEqual(underWay.calls[0].input["services"], [.string(ECSExample.service)])
    XCTAssertEqual(try modelProblems(underWay.calls), [])

    let used = Rehearsal(kind, .deleting(arn, ["UsedBy": ["main/web"]])) { _ in
      service(arn, [arn])
    }
    XCTAssertEqual(used.failure, "web still uses bot:2: it stays registered")
    XCTAssertEqual(used.changes, [], "what a service would go back to stays active")
  }
}
