import Document
import Kinds
import TrueupCore
import XCTest

/// Whether a change of a service may start a deployment, what became of the last one, and what a person may
/// say of it. The plan asks, and the step itself asks the same.
final class ECSStandingTests: XCTestCase {
  private typealias Stage = ECSDeploymentTests.Stage

  private let kind = Service()
  private static let desired = ECSDeploymentTests.desired
  private static let revision = ECSDeploymentTests.revision

  private func step(
    _ changed: Set<String> = ["TaskDefinition"], to desired: Document = desired,
    answer: Answer? = nil
  ) -> Step {
    var step = Step.updating(
      ECSExample.service, from: ["Cluster": .string(ECSExample.cluster)], to: desired,
      changed: changed)
    step.answer = answer
    return step
  }

  /// What the plan is told; that the step ends alike, without a change, is asserted.
  private func stall(
    _ stage: Stage, _ step: Step, file: StaticString = #filePath, line: UInt = #line
  ) throws -> Stall? {
    var asked = stage
    let told = StandingRehearsal(kind, step) { asked.answer($0) }
    XCTAssertEqual(try modelProblems(told.calls), [], file: file, line: line)
    XCTAssert(told.calls.allSatisfy(\.isRead), file: file, line: line)
    if !step.changed.isEmpty {
      var played = stage
      let carriedOut = Rehearsal(kind, step) { played.answer($0) }
      XCTAssertEqual(carriedOut.stall, told.stall, file: file, line: line)
      XCTAssertEqual(carriedOut.changes.isEmpty, told.stall != nil, file: file, line: line)
    }
    return told.stall
  }

  private func ended(
    _ name: String, _ at: Int, _ status: String, of revision: String = "revision"
  ) -> Document {
    [
      "serviceDeploymentArn": .string(name), "createdAt": .integer(at), "status": .string(status),
      "targetServiceRevisionArn": .string(revision),
    ]
  }

  private func running(_ status: String = "IN_PROGRESS", of stage: Stage = Stage()) -> Stage {
    var stage = stage
    stage.earlier = [ended("a/b/theirs", 900, status)]
    stage.course = [status]
    return stage
  }

  // MARK: Not again

  func testWhatWasRolledBackIsNotStartedAgain() throws {
    var stage = Stage(earlier: [ECSDeploymentTests.rolledBack()], revision: Self.revision)
    stage.course = ["ROLLBACK_SUCCESSFUL"]
    stage.deployment = ["statusReason": "ECS deployment circuit breaker: tasks failed to start."]
    stage.tasks = [["createdAt": 1005, "stoppedReason": "CannotPullContainerError: not found"]]
    XCTAssertEqual(
      try stall(stage, step()),
      Stall(
        "deployment last of the same was rolled back: ECS deployment circuit breaker: tasks failed to "
          + "start.; a task stopped: CannotPullContainerError: not found",
        remedy: "it starts again when what is declared changes, or with: trueup deploy --again "
          + "acme-prod/Thing"))
    stage.earlier = [ECSDeploymentTests.rolledBack("STOPPED")]
    stage.course = ["STOPPED"]
    XCTAssertEqual(try stall(stage, step())?.reason.contains("was stopped"), true)
  }

  func testItStartsWhereWhatIsDeclaredHasMoved() throws {
    func startsBeside(_ revision: Document, _ images: [String: String] = [:]) throws -> Bool {
      try stall(
        Stage(
          earlier: [ECSDeploymentTests.rolledBack()], revision: revision, images: images), step())
        == nil
    }
    let older = Self.revision.with(["taskDefinition": .string(ECSExample.revision(3))])
    XCTAssertTrue(try startsBeside(older, [ECSExample.revision(3): "web:0"]))
    XCTAssertFalse(try startsBeside(older), "the same was registered anew")
    XCTAssertTrue(
      try startsBeside(
        Self.revision.with([
          "networkConfiguration": ["awsvpcConfiguration": ["subnets": ["subnet-a", "subnet-c"]]]
        ])))
    let failed = Stage(earlier: [ECSDeploymentTests.rolledBack()], revision: Self.revision)
    XCTAssertNil(
      try stall(
        failed,
        step(
          ["TaskDefinition", "HealthCheckGracePeriodSeconds"],
          to: Self.desired.with(["HealthCheckGracePeriodSeconds": 60]))),
      "it may be what was wrong")
    XCTAssertNotNil(
      try stall(
        failed,
        step(["TaskDefinition", "DesiredCount"], to: Self.desired.with(["DesiredCount": 3]))),
      "a count is not what was wrong")
    var registered = failed
    registered.revision = Self.revision.with(["serviceRegistries": [["registryArn": "r"]]])
    XCTAssertNil(try stall(registered, step(["TaskDefinition", "ServiceRegistries"])))
    let unknown = Self.desired.with(["TaskDefinition": .unknown("acme-prod/Task")])
    XCTAssertNil(try stall(failed, step(to: unknown)), "what is still to be registered moves")
  }

  func testARestartOfWhatRunsIsNoReasonToStartItAgain() throws {
    let before = Self.revision.with(["taskDefinition": .string(ECSExample.revision(3))])
    var stage = Stage(revision: Self.revision)
    stage.revisions = ["source": before, "restart": before.with(["createdAt": 950])]
    stage.deployment = ["rollback": ["serviceRevisionArn": "source"]]
    stage.earlier = [
      // In no order: ECS promises none.
      ended("a/b/restart", 950, "SUCCESSFUL", of: "restart"), ECSDeploymentTests.rolledBack(),
      ended("a/b/first", 100, "SUCCESSFUL", of: "source"),
    ]
    stage.course = ["ROLLBACK_SUCCESSFUL"]
    XCTAssertNotNil(try stall(stage, step()))
    stage.revisions["restart"] = before.with(["taskDefinition": .string(ECSExample.revision(2))])
    XCTAssertNil(try stall(stage, step()), "something else came about since")
  }

  func testAllPagesOfDeploymentsAreRead() throws {
    var stage = Stage(revision: Self.revision)
    stage.course = ["ROLLBACK_SUCCESSFUL"]
    let told = StandingRehearsal(kind, step()) { call in
      guard call.operation == "ListServiceDeployments" else { return stage.answer(call) }
      let last = call.input["nextToken"] == "2"
      let shown =
        last ? ECSDeploymentTests.rolledBack() : self.ended("a/b/first", 100, "SUCCESSFUL")
      return .success(
        last ? ["serviceDeployments": [shown]] : ["serviceDeployments": [shown], "nextToken": "2"])
    }
    XCTAssertEqual(
      told.stall?.reason.hasPrefix("deployment last of the same was rolled back"), true)
  }

  // MARK: Under way

  func testADeploymentThatPausesIsNotPushedAside() throws {
    var stage = running()
    stage.deployment = [
      "lifecycleHookDetails": [
        ["hookId": "hook-0", "status": "SUCCEEDED"],
        [
          "hookId": "hook-1", "status": "AWAITING_ACTION", "expiresAt": 1_700_000_000,
          "timeoutAction": "ROLLBACK",
        ],
      ]
    ]
    let question = Stall(
      "deployment theirs waits for a person at its hook hook-1, and goes back by itself at "
        + "2023-11-14T22:13:20Z",
      remedy: "go on with: trueup approve acme-prod/Thing; go back with: trueup rollback "
        + "acme-prod/Thing")
    XCTAssertEqual(try stall(stage, step()), question)
    XCTAssertEqual(try stall(stage, step([])), question, "also where all is as declared")
  }

  func testNothingIsStartedBesideOneThatIsUnderWay() throws {
    XCTAssertEqual(
      try stall(running(), step()),
      Stall(
        "deployment theirs is in progress, and another one would push it aside",
        remedy: "the next run after it goes on; or end it with: trueup rollback acme-prod/Thing"))
    XCTAssertEqual(
      try stall(running("ROLLBACK_IN_PROGRESS"), step())?.reason.contains("being rolled back"), true
    )
    var failing = running()
    failing.service = [
      "desiredCount": 2, "runningCount": 0,
      "deployments": [["status": "PRIMARY", "rolloutState": "IN_PROGRESS", "failedTasks": 4]],
    ]
    XCTAssertNil(try stall(failing, step()), "what git wants now may end the trouble")
    XCTAssertEqual(
      try stall(failing, step([]))?.reason,
      "deployment theirs is in progress: 0 of 2 tasks run, and the last 4 to start failed")
    var stage = running()
    let told = StandingRehearsal(kind, step([])) { stage.answer($0) }
    XCTAssertEqual(
      told.standing, .progressing("deployment theirs is in progress: 2 of 2 tasks run"))
  }

  func testAFirstDeploymentThatFailedIsStalledAlthoughAllIsAsDeclared() throws {
    var stage = Stage(earlier: [ended("a/b/first", 100, "STOPPED")])
    stage.course = ["STOPPED"]
    stage.deployment = ["statusReason": "circuit breaker"]
    XCTAssertEqual(
      try stall(stage, step([]))?.reason,
      "deployment first of the same was stopped: circuit breaker")
    XCTAssertNil(try stall(Stage(), step([])))
  }

  func testOnlyWhatDeploysIsAskedFor() throws {
    var stage = Stage()
    let tags = StandingRehearsal(kind, step(["PropagateTags"])) { stage.answer($0) }
    XCTAssertEqual(tags.calls, [])
    let external = Self.desired.with(["DeploymentController": ["Type": "EXTERNAL"]])
    XCTAssertEqual(
      StandingRehearsal(kind, step(to: external)) { stage.answer($0) }.calls, [])
  }

  func testAServiceWhoseDeploymentHasNotSucceededIsUnsettled() {
    func isUnsettled(_ deployments: Document) -> Bool {
      let context = ECSExample.context(kind.type, candidates: ["web": ["Cluster"]])
      let observation = ObservationRehearsal(kind, context) { call in
        switch call.operation {
        case "GetResources": ECSExample.sweep([ECSExample.service])
        case "DescribeClusters":
          .success(["clusters": [["clusterName": "main", "clusterArn": "c"]]])
        case "ListServices": .success(["serviceArns": [.string(ECSExample.service)]])
        case "DescribeServices":
          .success([
            "services": [
              [
                "serviceArn": .string(ECSExample.service), "serviceName": "web",
                "status": "ACTIVE", "deployments": deployments,
              ]
            ]
          ])
        default: .success([:])
        }
      }
      return observation[ECSExample.service]?.isUnsettled == true
    }
    XCTAssertFalse(isUnsettled([["status": "PRIMARY", "rolloutState": "COMPLETED"]]))
    XCTAssertFalse(isUnsettled([["status": "PRIMARY"]]))
    XCTAssertTrue(isUnsettled([["status": "PRIMARY", "rolloutState": "FAILED"]]))
    XCTAssertTrue(isUnsettled([["status": "PRIMARY", "rolloutState": "IN_PROGRESS"]]))
  }

  // MARK: What a person says

  private func answered(_ stage: Stage, _ answer: Answer, _ changed: Set<String> = []) throws
    -> Rehearsal
  {
    var stage = stage
    let played = Rehearsal(kind, step(changed, answer: answer)) { stage.answer($0) }
    XCTAssertEqual(try modelProblems(played.calls), [])
    return played
  }

  func testAPersonStartsItAgain() throws {
    var stage = Stage(earlier: [ECSDeploymentTests.rolledBack()], revision: Self.revision)
    for changed in [["TaskDefinition"], []] as [Set<String>] {
      let again = try answered(stage, .again, changed)
      let call = try XCTUnwrap(again.calls.first { !$0.isRead })
      XCTAssertEqual(call.operation, "UpdateService")
      XCTAssertEqual(call.input["forceNewDeployment"], true)
      XCTAssertEqual(call.input["taskDefinition"] != nil, !changed.isEmpty)
      XCTAssertEqual(again.id, ECSExample.service)
    }
    stage = running()
    XCTAssertEqual(try answered(stage, .again).changes, [], "not beside one that is under way")
  }

  func testAPersonLetsItGoOn() throws {
    var stage = running()
    stage.course = ["IN_PROGRESS", "IN_PROGRESS", "SUCCESSFUL"]
    XCTAssertEqual(
      try answered(stage, .approve).failure, "deployment theirs of acme-prod/Thing waits for nobody"
    )
    stage.deployment = [
      "lifecycleHookDetails": [["hookId": "hook-1", "status": "AWAITING_ACTION"]]
    ]
    let approved = try answered(stage, .approve)
    XCTAssertEqual(
      approved.changes,
      [
        #"ContinueServiceDeployment {"action":"CONTINUE","hookId":"hook-1","#
          + #""serviceDeploymentArn":"a/b/theirs"}"#
      ])
    XCTAssertEqual(approved.id, ECSExample.service)
    XCTAssertEqual(
      try answered(Stage(), .approve).failure,
      "no deployment of acme-prod/Thing is under way: there is nothing to answer")
  }

  func testAPersonTakesItBack() throws {
    var stage = running()
    stage.course = ["IN_PROGRESS", "ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL"]
    let stopped = try answered(stage, .rollback)
    XCTAssertEqual(
      stopped.changes,
      [#"StopServiceDeployment {"serviceDeploymentArn":"a/b/theirs","stopType":"ROLLBACK"}"#])
    XCTAssertEqual(stopped.id, ECSExample.service)
    stage.deployment = [
      "lifecycleHookDetails": [["hookId": "hook-1", "status": "AWAITING_ACTION"]]
    ]
    XCTAssertEqual(
      try answered(stage, .rollback).changes,
      [
        #"ContinueServiceDeployment {"action":"ROLLBACK","hookId":"hook-1","#
          + #""serviceDeploymentArn":"a/b/theirs"}"#
      ])
    stage.course = ["IN_PROGRESS", "ROLLBACK_FAILED"]
    XCTAssertEqual(
      try answered(stage, .rollback).failure, "the rollback of deployment theirs failed")
  }
}
