import XCTest

/// `trueup deploy`, `approve` and `rollback`, and what is told of deployments that do not go on.
final class DeployCommandTests: DeploymentTestCase {
  private func manifest(_ client: String) -> String { "desired-state/clients/\(client)-prod.jsonc" }

  private func set(_ workspace: Workspace, image: String) throws {
    try workspace.write(
      manifest("acme"), Fixtures.manifest("acme", parameters: #""Image": "bot:\#(image)""#))
    try workspace.commit("Image \(image)")
    try endpoint.forgetCalls()
  }

  private func stall(_ report: Report) -> String? {
    guard let change = report.change("Service"), change.action == "stalled" else { return nil }
    return (change.json["reason"].string ?? "") + "; " + (change.json["hint"].string ?? "")
  }

  // MARK: --image

  func testAnImageIsWrittenCommittedAndApplied() throws {
    let workspace = try deployable(clients: ["acme", "beta", "gamma"])
    let text = """
      {
        // The first customer.
        "client": "acme", "environment": "prod", "blueprint": "base",
        "account": "main", "region": "us-east-1",
        "parameters": {
          "Image": "bot:1", // moved by deploy
          "Count": 1,
        },
      }

      """
    try workspace.write(manifest("acme"), text)
    try workspace.commit("A comment")
    identify(workspace)
    try report(workspace, "apply", "--yes", exits: 0)
    try endpoint.forgetCalls()

    let deployed = try report(
      workspace, "deploy", "acme", "beta-prod", "--image", "2", "--yes", exits: 0)
    XCTAssertEqual(
      deployed.changes.filter { $0.resource == "Service" }.map(\.address),
      ["acme-prod/Service", "beta-prod/Service"])
    XCTAssertEqual(deployed.json["dirty"].bool, false)
    XCTAssertEqual(
      try workspace.read(manifest("acme")),
      text.replacingOccurrences(of: #""bot:1""#, with: #""bot:2""#))
    let log = try Program.run(
      URL(fileURLWithPath: "/usr/bin/git"), ["log", "--format=%s", "--name-only", "-1"],
      in: workspace.root, environment: ["PATH": "/usr/bin:/bin"]
    ).output
    XCTAssertEqual(
      log, "Deploy 2 to acme-prod, beta-prod\n\n\(manifest("acme"))\n\(manifest("beta"))\n")
    XCTAssertEqual(
      try mutations().filter { $0 == "UpdateService" }.count, 2, "gamma was not named")
    let outputs = try JSON(
      parsing: try workspace.trueup("outputs", "--format", "json").output)
    XCTAssertEqual(
      ["acme", "beta", "gamma"].map { outputs["stacks"]["\($0)-prod"]["Image"].string },
      ["bot:2", "bot:2", "bot:1"])
    try report(workspace, "plan", exits: 0)

    try endpoint.forgetCalls()
    try report(workspace, "deploy", "acme", "--image", "bot:2", "--yes", exits: 0)
    XCTAssertEqual(try mutations(), [], "it says so already")
  }

  func testOnATerminalItAsksBeforeAnythingIsWritten() throws {
    let workspace = try deployable(clients: ["acme"])
    try converge(workspace)
    identify(workspace)
    let before = try workspace.read(manifest("acme"))
    let question = "Deploy 2 to acme-prod? [y/N] "
    try endpoint.forgetCalls()
    let declined = try TerminalSession(workspace, ["deploy", "acme", "--image", "2"])
    try declined.wait(for: question)
    XCTAssert(declined.shown.contains("replace  Task"), declined.shown)
    try declined.type("n\n")
    XCTAssertEqual(try declined.finish(), 3, declined.shown)
    XCTAssertEqual(try workspace.read(manifest("acme")), before)
    XCTAssertEqual(try mutations(), [])
    let accepted = try TerminalSession(workspace, ["deploy", "acme", "--image", "2"])
    try accepted.wait(for: question)
    try accepted.type("y\n")
    XCTAssertEqual(try accepted.finish(), 0, accepted.shown)
    XCTAssert(try workspace.read(manifest("acme")).contains(#""bot:2""#))
    try assertInSync(workspace)
  }

  /// Who commits.
  private func identify(_ workspace: Workspace) {
    for role in ["AUTHOR", "COMMITTER"] {
      workspace.environment["GIT_\(role)_NAME"] = "Ada"
      workspace.environment["GIT_\(role)_EMAIL"] = "ada@example.com"
    }
  }

  func testWhatCannotBeDeployedWritesNothing() throws {
    let workspace = try deployable(clients: ["acme"])
    let before = try workspace.read(manifest("acme"))
    let cases: [(arguments: [String], code: Int, told: String)] = [
      (["deploy", "acme"], 1, "clients with --image TAG, or services with --again"),
      (["deploy", "acme", "--image", "2"], 1, "say so with --yes"),
      (["deploy", "acm", "--image", "2", "--yes"], 1, #"did you mean "acme"?"#),
      (
        ["deploy", "acme", "--environment", "dev", "--image", "2", "--yes"], 1,
        "no stack of acme there has the parameter Image"
      ),
      (["deploy", "acme", "--image", "2", "--again"], 1, "say one of them"),
      (["deploy", "acme", "--again"], 1, "needs an address, STACK/RESOURCE"),
      (["approve", "acme-prod/Task"], 1, "AWS::ECS::TaskDefinition"),
      (["rollback", "acme-prod/Servce"], 1, #"did you mean "acme-prod/Service"?"#),
      (["approve", "acme-prod/Service"], 3, "was left as it is"),
    ]
    for (arguments, code, told) in cases {
      let finished = try workspace.start(arguments).finish()
      XCTAssertEqual(finished.code, code, "\(arguments): \(finished.everything)")
      XCTAssert(finished.errors.contains(told), "\(arguments): \(finished.everything)")
    }
    let nobody = try workspace.trueup("deploy", "acme", "--image", "2", "--yes")
    XCTAssertEqual(nobody.code, 1, nobody.everything)
    XCTAssert(nobody.errors.contains("Author identity unknown"), nobody.everything)
    XCTAssertEqual(try workspace.read(manifest("acme")), before, "git has refused")
    try workspace.write("desired-state/blueprints/other.jsonc", "{}")
    let dirty = try workspace.trueup("deploy", "acme", "--image", "2", "--yes")
    XCTAssertEqual(dirty.code, 3, dirty.everything)
    XCTAssert(dirty.errors.contains("not committed"), dirty.everything)
    XCTAssertEqual(try workspace.read(manifest("acme")), before)
    XCTAssertEqual(try mutations(), [])
  }

  // MARK: Answers

  func testAPersonApprovesTakesBackAndStartsAgain() throws {
    let workspace = try deployable(clients: ["acme"])
    try converge(workspace)
    try set(workspace, image: "pauses")
    let paused = try report(workspace, "apply", "--yes", exits: 3)
    XCTAssertEqual(paused.change("Service")?.outcome, "stalled")
    XCTAssert(
      try XCTUnwrap(stall(try report(workspace, "plan", exits: 2))).contains("trueup approve"))

    try endpoint.forgetCalls()
    try report(workspace, "rollback", "acme-prod/Service", exits: 0)
    XCTAssertEqual(try mutations(), ["ContinueServiceDeployment"])
    XCTAssert(
      try XCTUnwrap(stall(try report(workspace, "plan", exits: 2))).contains("was rolled back"))
    try report(workspace, "apply", "--yes", exits: 3)

    try endpoint.forgetCalls()
    let again = try report(workspace, "deploy", "--again", "acme-prod/Service", exits: 3)
    XCTAssertEqual(again.changes.map(\.address), ["acme-prod/Service"])
    XCTAssertEqual(try mutations(), ["UpdateService"])
    let busy = try workspace.trueup("deploy", "--again", "acme-prod/Service")
    XCTAssertEqual(busy.code, 3, "it waits for a person: \(busy.everything)")

    try endpoint.forgetCalls()
    try report(workspace, "approve", "acme-prod/Service", exits: 0)
    XCTAssertEqual(try mutations(), ["ContinueServiceDeployment"])
    // The old revision is left over.
    try report(workspace, "apply", "--yes", exits: 0)
    try report(workspace, "plan", exits: 0)
    let nothing = try workspace.trueup("approve", "acme-prod/Service")
    XCTAssertEqual(nothing.code, 1, nothing.everything)
    XCTAssert(nothing.everything.contains("there is nothing to answer"), nothing.everything)
  }

  func testOneThatIsUnderWayIsTakenBack() throws {
    let workspace = try deployable(clients: ["acme"])
    try converge(workspace)
    try set(workspace, image: "stays")
    try killInMidRollout(workspace, client: "acme")
    let plan = try report(workspace, "plan", exits: 0)
    let notes = plan.json["stacks"][0]["notes"].array.compactMap(\.string)
    XCTAssert(
      notes.contains { $0.contains("is in progress: 0 of 1 tasks run") }, "\(notes)")
    try endpoint.forgetCalls()
    try report(workspace, "rollback", "acme-prod/Service", exits: 0)
    XCTAssertEqual(try mutations(), ["StopServiceDeployment"])
    XCTAssert(
      try XCTUnwrap(stall(try report(workspace, "plan", exits: 2))).contains("was rolled back"))
  }

  func testOneThatSomebodyElseStartedIsNotPushedAside() throws {
    let workspace = try deployable(clients: ["acme"])
    try converge(workspace)
    let service: [String: Any] = [
      "cluster": try physicalID("Cluster"), "service": try physicalID("Service"),
    ]
    let theirs = try endpoint.aws(
      "ecs", "register_task_definition",
      [
        "family": "theirs", "networkMode": "awsvpc", "cpu": "256", "memory": "512",
        "requiresCompatibilities": ["FARGATE"],
        "containerDefinitions": [["name": "bot", "image": "bot:stays"]],
      ])["taskDefinition"]["taskDefinitionArn"].string
    try endpoint.aws(
      "ecs", "update_service", service.merging(["taskDefinition": theirs ?? ""]) { $1 })
    try set(workspace, image: "2")
    for _ in 0..<2 {
      let waiting = try report(workspace, "apply", "--yes", exits: 3)
      XCTAssert(
        try XCTUnwrap(stall(waiting)).contains(
          "is in progress, and another one would push it aside"))
    }
    XCTAssertEqual(try mutations(), ["RegisterTaskDefinition"], "and that once")
    let deployments = try endpoint.aws(
      "ecs", "list_service_deployments",
      ["cluster": service["cluster"] ?? "", "service": service["service"] ?? ""])
    try endpoint.aws(
      "ecs", "stop_service_deployment",
      [
        "serviceDeploymentArn":
          deployments["serviceDeployments"][0]["serviceDeploymentArn"].string ?? "",
        "stopType": "ABORT",
      ])
    try report(workspace, "apply", "--yes", exits: 0)
    try report(workspace, "apply", "--yes", exits: 0)
    try report(workspace, "plan", exits: 0)
  }

  // MARK: Told

  func testAFirstDeploymentThatFailsIsNotInSync() throws {
    let workspace = try deployable(clients: ["acme"], parameters: #""Image": "bot:dies""#)
    let failed = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(failed.code, 1, failed.everything)
    XCTAssert(failed.everything.contains("exit code 1"), failed.everything)
    for withJournal in [true, false] {
      if !withJournal { try workspace.remove(".trueup") }
      let told = try XCTUnwrap(stall(try report(workspace, "plan", exits: 2)))
      for text in ["was stopped", "exit code 1", "trueup deploy --again acme-prod/Service"] {
        XCTAssert(told.contains(text), told)
      }
    }
    try report(workspace, "apply", "--yes", exits: 3)
    let status = try workspace.trueup("status")
    XCTAssert(status.output.contains("Service is stalled: deployment"), status.everything)
    try set(workspace, image: "2")
    try report(workspace, "apply", "--yes", exits: 0)
    try report(workspace, "plan", exits: 0)
  }

  func testPeopleHearOnceOfWhatIsStalled() throws {
    let workspace = try deployable(clients: ["acme"])
    try workspace.edit(
      "desired-state/fleet.jsonc", "\"limits\"",
      """
      "notify": { "digestHour": null, "destinations": {
        "ops": { "slack": { "webhook": { "env": "HOOK" } } } } }, "limits"
      """)
    try workspace.commit("Tell people")
    workspace.environment["HOOK"] = try endpoint.url + "/trueup-test/sink/slack"
    try converge(workspace)
    try set(workspace, image: "broken")
    for code in [1, 3, 3, 3] {
      try report(workspace, "reconcile", "--once", "--notify", exits: code)
    }
    try set(workspace, image: "2")
    try report(workspace, "reconcile", "--once", "--notify", exits: 0)
    XCTAssertEqual(
      try endpoint.calls().filter { $0["service"].string == "cloudtrail" }.count, 0,
      "nobody has moved anything")
    let messages = try endpoint.control("GET sink").array
    XCTAssertEqual(
      messages.map { $0["body"]["blocks"][0]["text"]["text"].string },
      [
        "Deployment started: acme-prod", "Deployment failed: acme-prod",
        "Stalled in acme-prod: 1 new", "Deployment started: acme-prod",
        "Stalled in acme-prod: 1 resolved", "Deployment completed: acme-prod",
      ])
    let text = messages[2]["text"].string ?? ""
    for expected in ["was rolled back", "trueup deploy --again acme-prod/Service"] {
      XCTAssert(text.contains(expected), text)
    }
  }
}
