import Document
import Kinds
import TrueupCore
import XCTest

/// How the deployment that a change of a service has started ends.
final class ECSDeploymentTests: XCTestCase {
  private let kind = Service()

  /// A service on which deployments go as a test says.
  struct Stage {
    /// The statuses that our deployment passes through, one a read; the last one stays.
    var course = ["IN_PROGRESS", "SUCCESSFUL"]
    var deployment: Document = [:]
    /// The deployments that were there before: the newest last.
    var earlier: [Document] = []
    /// The ones that others start after ours.
    var later: [Document] = []
    var revision: Document = [:]
    /// Others than `revision`, by ARN.
    var revisions: [String: Document] = [:]
    var service: Document = [:]
    var primary = "IN_PROGRESS"
    /// The images of task definitions, by ARN.
    var images: [String: String] = [:]
    var tasks: [Document] = []
    /// Reads that do not show the new deployment yet, and those of others.
    var hidden = 1
    var hiddenLater = 0
    /// After how many reads of the deployment the engine gives up.
    var patience = Int.max

    var isStarted = false
    var reads = 0

    mutating func answer(_ call: Call) -> Reply {
      let service = Document.object([
        "serviceArn": .string(ECSExample.service), "serviceName": "web",
        "clusterArn": .string(ECSExample.cluster), "createdAt": 100,
        "desiredCount": 2, "runningCount": 2,
        "deployments": [
          ["status": "PRIMARY", "rolloutState": .string(primary), "createdAt": 1000]
        ],
      ]).with(self.service.object ?? [:])
      switch call.operation {
      case "CreateService", "UpdateService":
        isStarted = true
        return .success(["service": service])
      case "ListServiceDeployments":
        guard isStarted else { return .success(["serviceDeployments": .list(earlier)]) }
        hidden -= 1
        hiddenLater -= 1
        let own: Document = [
          "serviceDeploymentArn": .string(ECSExample.deployment), "createdAt": 1001,
          "status": "IN_PROGRESS",
        ]
        return .success([
          "serviceDeployments": .list(
            (hidden < 0 ? [own] + (hiddenLater < 0 ? later : []) : []) + earlier)
        ])
      case "DescribeServiceDeployments":
        reads += 1
        if reads > patience {
          return .failure(
            CallFailure(
              reason: .gaveUp, service: "ecs", operation: call.operation,
              message: "gave up after 1200 s"))
        }
        let status = course[min(reads, course.count) - 1]
        return .success([
          "serviceDeployments": [
            deployment.with([
              "serviceDeploymentArn": call.input["serviceDeploymentArns"]?[0] ?? .null,
              "status": .string(status), "createdAt": 1001,
            ])
          ]
        ])
      case "DescribeServiceRevisions":
        return .success([
          "serviceRevisions": .list(
            (call.input["serviceRevisionArns"]?.list ?? []).map { arn in
              (revisions[arn.string ?? ""] ?? revision).with(["serviceRevisionArn": arn])
            })
        ])
      case "DescribeTaskDefinition":
        let arn = call.input["taskDefinition"]?.string ?? ""
        return .success([
          "taskDefinition": [
            "taskDefinitionArn": .string(arn), "family": "bot",
            "containerDefinitions": [["name": "web", "image": .string(images[arn] ?? "web:1")]],
          ]
        ])
      case "DescribeServices": return .success(["services": [service]])
      case "ListTasks":
        return .success(["taskArns": .list(tasks.indices.map { .string("task-\($0)") })])
      case "DescribeTasks": return .success(["tasks": .list(tasks)])
      default: return .success([:])
      }
    }
  }

  static let desired: Document = [
    "ServiceName": "web", "Cluster": "main", "LaunchType": "FARGATE",
    "TaskDefinition": .string(ECSExample.revision(4)),
    "NetworkConfiguration": ["AwsvpcConfiguration": ["Subnets": ["subnet-b", "subnet-a"]]],
    "DeploymentConfiguration": ["DeploymentCircuitBreaker": ["Enable": true, "Rollback": true]],
  ]

  private func update(
    _ stage: Stage, changed: Set<String> = ["TaskDefinition"], to desired: Document = desired
  ) throws -> Rehearsal {
    var stage = stage
    let played = Rehearsal(
      kind,
      .updating(
        ECSExample.service, from: ["Cluster": .string(ECSExample.cluster)], to: desired,
        changed: changed)
    ) { stage.answer($0) }
    XCTAssertEqual(try modelProblems(played.calls), [])
    return played
  }

  static func rolledBack(_ status: String = "ROLLBACK_SUCCESSFUL") -> Document {
    [
      "serviceDeploymentArn": .string(ECSExample.prefix + "service-deployment/main/web/last"),
      "createdAt": 900, "status": .string(status), "targetServiceRevisionArn": "revision",
      "statusReason": "ECS deployment circuit breaker: tasks failed to start.",
    ]
  }

  static let revision: Document = [
    "taskDefinition": .string(ECSExample.revision(4)), "launchType": "FARGATE",
    "platformVersion": "1.4.0",
    "networkConfiguration": [
      "awsvpcConfiguration": ["subnets": ["subnet-a", "subnet-b"], "assignPublicIp": "DISABLED"]
    ],
  ]

  // MARK: Success

  func testAnUpdateIsDoneWhenItsOwnDeploymentHasSucceeded() throws {
    let old: Document = [
      "serviceDeploymentArn": "old", "createdAt": 500, "status": "SUCCESSFUL",
    ]
    let updated = try update(Stage(earlier: [old]))
    XCTAssertEqual(
      updated.calls.map(\.operation),
      [
        "ListServiceDeployments", "UpdateService", "ListServiceDeployments",
        "ListServiceDeployments", "DescribeServiceDeployments", "DescribeServiceDeployments",
      ])
    XCTAssertEqual(
      updated.waits,
      ["the deployment of web has begun", "deployment new of web succeeds"])
    XCTAssertEqual(updated.id, ECSExample.service)
    let poll = try XCTUnwrap(updated.calls.last)
    XCTAssertEqual(poll.input["serviceDeploymentArns"], [.string(ECSExample.deployment)])
    XCTAssertEqual(poll.batch?.limit, 20)
    XCTAssertEqual(poll.batch?.ids(of: poll), [.string(ECSExample.deployment)])
  }

  func testACreationWaitsForItsFirstDeployment() throws {
    var stage = Stage()
    var step = Step.creating(Self.desired)
    step.token = String(repeating: "ab", count: 32)
    let created = Rehearsal(kind, step) { stage.answer($0) }
    XCTAssertEqual(created.id, ECSExample.service)
    XCTAssertEqual(created.attributes?["Name"], "web")
    let input = try XCTUnwrap(created.calls.first?.input)
    XCTAssertEqual(input["clientToken"]?.string?.count, 36)
    XCTAssertEqual(input["desiredCount"], 1, "as CloudFormation has it")
    XCTAssertEqual(input["tags"]?[0]?["key"], "trueup:resource")
    XCTAssertEqual(created.calls.last?.operation, "DescribeServiceDeployments")
    XCTAssertEqual(try modelProblems(created.calls), [])
    let call = try XCTUnwrap(created.calls.first)
    func passes(_ message: String) -> Bool {
      call.isTransient(
        CallFailure(
          reason: .refused, service: "ecs", operation: call.operation,
          code: "InvalidParameterException", message: message))
    }
    XCTAssertTrue(
      passes("The target group with targetGroupArn x does not have an associated load balancer."))
    XCTAssertTrue(passes("Unable to Start a service that is still Draining."))
    XCTAssertFalse(passes("Creation of service was not idempotent."))
  }

  func testACountAloneMakesNoDeployment() throws {
    var stage = Stage(primary: "COMPLETED")
    stage.service = ["desiredCount": 3, "runningCount": 3]
    let counted = try update(stage, changed: ["DesiredCount"], to: ["DesiredCount": 3])
    XCTAssertEqual(counted.calls.map(\.operation), ["UpdateService", "DescribeServices"])
    XCTAssertEqual(counted.id, ECSExample.service)
    let flag = try update(
      Stage(primary: "COMPLETED"), changed: ["EnableExecuteCommand"],
      to: ["EnableExecuteCommand": true])
    XCTAssertEqual(flag.calls.map(\.operation), ["UpdateService"], "nothing is to be waited for")
  }

  func testWhatOthersDeployIsNotWaitedFor() throws {
    let external = try update(
      Stage(), to: Self.desired.with(["DeploymentController": ["Type": "EXTERNAL"]]))
    XCTAssertEqual(external.calls.map(\.operation), ["UpdateService"])
  }

  // MARK: Failure

  func testARollBackIsAFailureWithItsCauses() throws {
    var stage = Stage(course: ["IN_PROGRESS", "ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL"])
    stage.deployment = [
      "statusReason": "ECS deployment circuit breaker: tasks failed to start.",
      "alarms": ["triggeredAlarmNames": ["errors"]],
    ]
    stage.service = [
      "events": [
        ["createdAt": 1010, "message": "(service web) has reached a steady state."],
        [
          "createdAt": 1009,
          "message":
            "(service web) (port 80) is unhealthy in (target-group tg) due to (reason 404)",
        ], ["createdAt": 1008, "message": "(service web) has started 1 tasks: (task 1)."],
        ["createdAt": 10, "message": "(service web) was unable to place a task."],
      ]
    ]
    stage.tasks = [
      [
        "createdAt": 1005, "stoppedReason": "Essential container in task exited",
        "containers": [["name": "web", "exitCode": 1], ["name": "side", "exitCode": 0]],
      ], ["createdAt": 10, "stoppedReason": "of another deployment"],
    ]
    let failed = try update(stage)
    XCTAssertEqual(
      failed.failure,
      "deployment new of web was rolled back; ECS deployment circuit breaker: tasks failed to "
        + "start.; alarms: errors; (service web) (port 80) is unhealthy in (target-group tg) due to "
        + "(reason 404); a task stopped: Essential container in task exited; web: exit code 1")
    XCTAssertEqual(failed.calls.filter { $0.operation == "TagResource" }, [])
  }

  func testWhatIsNotKnownOfTheCausesDoesNotHideTheVerdict() throws {
    var stage = Stage(course: ["ROLLBACK_FAILED"])
    let failed = Rehearsal(
      kind, .updating(ECSExample.service, to: Self.desired, changed: ["TaskDefinition"])
    ) { call in
      ["ListTasks", "DescribeServices"].contains(call.operation) ? .absent : stage.answer(call)
    }
    XCTAssertEqual(failed.failure, "deployment new of web failed, and so did its rollback")
    XCTAssertTrue(
      failed.calls.filter { $0.operation == "ListTasks" }
        .allSatisfy { $0.absentCodes.contains("AccessDeniedException") })
  }

  func testWithoutACircuitBreakerTheTimeThatItTookIsTheVerdict() throws {
    var stage = Stage(course: ["IN_PROGRESS"], patience: 2)
    stage.tasks = [["createdAt": 1005, "stoppedReason": "CannotPullContainerError: not found"]]
    let failed = try update(stage)
    XCTAssertEqual(
      failed.failure,
      "gave up after 1200 s; a task stopped: CannotPullContainerError: not found")
  }

  func testWithoutACircuitBreakerTasksThatFailOneAfterAnotherAreTheVerdict() throws {
    var stage = Stage(course: ["IN_PROGRESS"])
    stage.service = [
      "deployments": [
        [
          "status": "PRIMARY", "rolloutState": "IN_PROGRESS", "createdAt": 1000, "failedTasks": 3,
        ]
      ]
    ]
    stage.tasks = [["createdAt": 1005, "stoppedReason": "Essential container in task exited"]]
    let failed = try update(
      stage,
      to: Self.desired.with([
        "DeploymentConfiguration": [
          "DeploymentCircuitBreaker": ["Enable": false, "Rollback": false]
        ]
      ]))
    XCTAssertEqual(
      failed.failure,
      "deployment new of web is in progress, and the last 3 tasks failed to start; a task stopped: "
        + "Essential container in task exited")
  }

  func testADeploymentThatPausesIsNotWaitedFor() throws {
    var own = Stage(course: ["IN_PROGRESS"])
    own.deployment = [
      "lifecycleHookDetails": [["hookId": "hook-1", "status": "AWAITING_ACTION"]]
    ]
    let paused = try update(own)
    XCTAssertEqual(paused.stall?.reason, "deployment new waits for a person at its hook hook-1")
    XCTAssertEqual(
      paused.stall?.remedy,
      "go on with: trueup approve acme-prod/Thing; go back with: trueup rollback acme-prod/Thing")
    XCTAssertEqual(paused.calls.last?.operation, "DescribeServiceDeployments")
  }

  func testADeploymentThatAnotherOneReplacedSaysNothingOfOurs() throws {
    let newer: Document = [
      "serviceDeploymentArn": "a/b/theirs", "createdAt": 1100, "status": "IN_PROGRESS",
    ]
    let failed = try update(Stage(course: ["STOPPED"], later: [newer]))
    XCTAssertEqual(
      failed.failure,
      "deployment new of web was stopped, because deployment theirs took its place: somebody else "
        + "has started it, and it says nothing of this change")
    XCTAssertEqual(
      try update(Stage(course: ["STOPPED"])).failure, "deployment new of web was stopped")
    var late = Stage(course: ["STOPPED"], later: [newer])
    late.hiddenLater = 3
    late.service = [
      "deployments": [["status": "PRIMARY", "rolloutState": "IN_PROGRESS", "createdAt": 1100]]
    ]
    XCTAssertEqual(
      try update(late).failure?.contains("because deployment theirs took its place"), true,
      "it shows a moment later")
  }
}
