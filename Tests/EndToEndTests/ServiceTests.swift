import XCTest

/// Services of ECS: deployments that succeed, fail and are rolled back, and the revisions that stay for them.
final class ServiceTests: EndToEndTestCase {
  private func resources(_ image: String, count: Int = 1, more: String = "") -> String {
    """
    "Cluster": { "Type": "AWS::ECS::Cluster" },
    "Task": {
      "Type": "AWS::ECS::TaskDefinition",
      "Properties": {
        "Cpu": "256", "Memory": "512", "NetworkMode": "bridge",
        "ContainerDefinitions": [{ "Name": "bot", "Image": "\(image)" }]
      }
    },
    "Service": {
      "Type": "AWS::ECS::Service",
      "Properties": {
        "Cluster": { "Ref": "Cluster" }, "TaskDefinition": { "Ref": "Task" },
        "DesiredCount": \(count), \(more)
        "DeploymentConfiguration": {
          "DeploymentCircuitBreaker": { "Enable": true, "Rollback": true }
        }
      }
    }
    """
  }

  private func rewrite(_ workspace: Workspace, _ resources: String) throws {
    try workspace.write("desired-state/blueprints/base.jsonc", Fixtures.blueprint(resources))
    try workspace.commit("Another desired state")
    try endpoint.forgetCalls()
  }

  private func mutations() throws -> [String] {
    try endpoint.calls().filter { $0["mutating"].bool == true }
      .compactMap { $0["operation"].string }
  }

  private func activeRevisions() throws -> Int {
    try endpoint.aws("ecs", "list_task_definitions", [:])["taskDefinitionArns"].array.count
  }

  func testAChangeIsANewRevisionAndTheOldOneGoesWhenTheServiceHasMoved() throws {
    let workspace = try workspace(resources("bot:1"))
    try converge(workspace)
    try rewrite(workspace, resources("bot:2"))
    let plan = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(plan.change("Task")?.json["reason"].string, "a new revision")
    // Limits count what is really replaced.
    try report(workspace, "apply", "--yes", "--allow-replaces", "0", exits: 0)
    XCTAssertEqual(
      try mutations(),
      ["RegisterTaskDefinition", "UpdateService", "TagResource", "DeregisterTaskDefinition"])
    XCTAssertEqual(try activeRevisions(), 1)
    try report(workspace, "plan", exits: 0)
  }

  func testARolledBackChangeFailsWithItsCauseAndIsNotStartedAgain() throws {
    let workspace = try workspace(resources("bot:1"))
    try converge(workspace)
    try rewrite(workspace, resources("bot:broken"))
    let failed = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(failed.code, 1, failed.everything)
    for cause in [
      "was rolled back", "circuit breaker", "a task stopped: CannotPullContainerError",
    ] {
      XCTAssert(failed.everything.contains(cause), "\(cause): \(failed.everything)")
    }
    XCTAssertEqual(try activeRevisions(), 2, "what the service went back to stays active")

    for withJournal in [true, false] {
      if !withJournal { try workspace.remove(".trueup") }
      try endpoint.forgetCalls()
      let again = try workspace.trueup("apply", "--yes")
      XCTAssertEqual(again.code, 3, again.everything)
      XCTAssert(
        again.everything.contains("! stalled  Service  deployment"), again.everything)
      XCTAssertEqual(try mutations(), [], "with a journal: \(withJournal)")
    }

    try rewrite(workspace, resources("bot:2"))
    try report(workspace, "apply", "--yes", exits: 0)
    // The one that the service used until then is left over, and goes with the next run.
    try report(workspace, "apply", "--yes", exits: 0)
    XCTAssertEqual(try activeRevisions(), 1)
    try report(workspace, "plan", exits: 0)
  }

  func testAPersonStartsItAgain() throws {
    let workspace = try workspace(resources("bot:1"))
    try converge(workspace)
    try rewrite(workspace, resources("bot:broken"))
    XCTAssertEqual(try workspace.trueup("apply", "--yes").code, 1)
    try rewrite(
      workspace,
      resources(
        "bot:broken",
        more: """
          "ForceNewDeployment": {
            "EnableForceNewDeployment": true, "ForceNewDeploymentNonce": "the registry is back"
          },
          """))
    let again = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(again.code, 1, again.everything)
    XCTAssertEqual(try mutations(), ["UpdateService"], "it was tried once more")
    XCTAssert(again.everything.contains("was rolled back"), again.everything)
  }

  func testACountIsTheScalingsWhereThereIsOne() throws {
    let workspace = try workspace(
      resources("bot:1", count: 2) + """
        ,
        "Target": {
          "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
          "Properties": {
            "ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount",
            "ResourceId": { "Fn::Sub": "service/${Cluster}/${Service.Name}" },
            "MinCapacity": 1, "MaxCapacity": 4
          }
        },
        "Cpu": {
          "Type": "AWS::ApplicationAutoScaling::ScalingPolicy",
          "Properties": {
            "PolicyName": "cpu", "PolicyType": "TargetTrackingScaling",
            "ScalingTargetId": { "Ref": "Target" },
            "TargetTrackingScalingPolicyConfiguration": {
              "TargetValue": 60,
              "PredefinedMetricSpecification": {
                "PredefinedMetricType": "ECSServiceAverageCPUUtilization"
              }
            }
          }
        }
        """)
    try converge(workspace)
    try endpoint.aws(
      "ecs", "update_service",
      [
        "cluster": try physicalID("Cluster"), "service": try physicalID("Service"),
        "desiredCount": 4,
      ])
    let plan = try report(workspace, "plan", exits: 0)
    XCTAssertEqual(
      plan.json["stacks"][0]["notChecked"].array.compactMap { $0["reason"].string },
      ["Application Auto Scaling moves it between 1 and 4"])
    let alarms = try endpoint.aws("cloudwatch", "describe_alarms", [:])["MetricAlarms"].array
    XCTAssertEqual(alarms.count, 2, "those that AWS made for the policy are left to it")
    try workspace.remove(".trueup")
    try report(workspace, "plan", exits: 0)
  }

  func testADeploymentIsWaitedForWhereTheOldRevisionGoesAfterIt() throws {
    let workspace = try workspace(resources("bot:1"))
    try converge(workspace)
    try rewrite(workspace, resources("bot:2"))
    try report(workspace, "apply", "--yes", "--no-wait", exits: 0)
    let calls = try endpoint.calls().compactMap { $0["operation"].string }
    let judged = try XCTUnwrap(calls.lastIndex(of: "DescribeServiceDeployments"))
    let gone = try XCTUnwrap(calls.firstIndex(of: "DeregisterTaskDefinition"))
    XCTAssertLessThan(judged, gone)
    XCTAssertEqual(try activeRevisions(), 1)
  }
}
