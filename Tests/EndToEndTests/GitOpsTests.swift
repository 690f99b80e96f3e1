import Foundation
import XCTest

/// AWS follows a branch: commits arrive at a remote, reconcile fetches and acts.
final class GitOpsTests: EndToEndTestCase {
  private let blueprint = "desired-state/blueprints/base.jsonc"
  private let acme = "desired-state/clients/acme-prod.jsonc"

  /// Where commits are written, and a machine that follows them. Its own work tree is no desired
  /// state at all: nothing may come from there.
  private func developerAndRunner(
    clients: [String] = ["acme"]
  ) throws -> (developer: Workspace, runner: Workspace) {
    let developer = try workspace(Fixtures.logs)
    for client in clients where client != "acme" {
      try developer.write(
        "desired-state/clients/\(client)-prod.jsonc", Fixtures.manifest(client))
    }
    try developer.write(".gitignore", "remote.git/\n")
    try developer.commit("Everybody")
    try developer.git("init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    try developer.git("remote", "add", "origin", developer.root.path + "/remote.git")
    try developer.git("push", "--quiet", "origin", "main")
    let runner = try Workspace(try endpoint)
    try runner.git("remote", "add", "origin", developer.root.path + "/remote.git")
    return (developer, runner)
  }

  private func retention(_ stack: String) throws -> Int? {
    let groups = try endpoint.aws("logs", "describe_log_groups", ["logGroupNamePrefix": stack])
    return groups["logGroups"][0]["retentionInDays"].int
  }

  func testChangesThatAreNotCommittedAreRefused() throws {
    let workspace = try workspace(Fixtures.logs)
    try workspace.edit(blueprint, "30", "60")
    try endpoint.forgetCalls()
    for command in [["apply", "--yes"], ["reconcile", "--once"]] {
      let refused = try workspace.start(command).finish()
      XCTAssertEqual(refused.code, 3, refused.everything)
      XCTAssert(
        refused.errors.contains(blueprint) && refused.errors.contains("--allow-dirty"),
        "what is not committed and the way out are named:\n\(refused.everything)")
    }
    XCTAssertEqual(try endpoint.calls().count, 0)
    let applied = try workspace.trueup("apply", "--yes", "--allow-dirty")
    XCTAssertEqual(applied.code, 0, applied.everything)
    XCTAssertEqual(try retention("acme-prod"), 60)
    let history = try JSON(parsing: try workspace.trueup("history", "--format", "json").output)
    XCTAssertEqual(history["entries"][0]["dirty"].bool, true, "the journal notes it: \(history)")
    XCTAssertEqual(history["entries"][0]["subject"].string, "The desired state", "\(history)")
  }

  func testACommitThatArrivesIsAppliedAndTold() throws {
    let (developer, runner) = try developerAndRunner()
    let first = try runner.trueup("reconcile", "--once", "--follow", "origin/main")
    XCTAssertEqual(first.code, 0, first.everything)
    XCTAssertEqual(try retention("acme-prod"), 30)
    let idle = try runner.trueup("reconcile", "--once", "--follow", "origin/main")
    XCTAssertEqual(idle.code, 0, idle.everything)
    XCTAssert(idle.output.hasPrefix("In sync"), idle.everything)

    try developer.edit(blueprint, "30", "60")
    try developer.commit("Keep logs for two months")
    try developer.git("push", "--quiet", "origin", "main")
    let second = try report(
      runner, "reconcile", "--once", "--follow", "origin/main", exits: 0)
    XCTAssertEqual(second.actions, ["update acme-prod/Logs"])
    XCTAssertEqual(try retention("acme-prod"), 60)
    XCTAssertThrowsError(try runner.read(blueprint), "the work tree is not touched")

    let history = try runner.trueup("history")
    XCTAssert(
      history.output.contains("Keep logs for two months (Test <test@example.com>)"),
      history.everything)
    let entries = try JSON(parsing: try runner.trueup("history", "--format", "json").output)
    XCTAssertEqual(entries["entries"][0]["subject"].string, "Keep logs for two months")
    XCTAssertEqual(entries["entries"][0]["author"].string, "Test <test@example.com>")
    XCTAssertEqual(entries["entries"][0]["revision"].string, second.json["revision"].string)
    XCTAssertEqual(entries["entries"][1]["subject"].string, "Everybody")
  }

  func testABrokenCommitHoldsBackOneClientOnly() throws {
    let (developer, runner) = try developerAndRunner(clients: ["acme", "beta"])
    try developer.write(
      "desired-state/blueprints/other.jsonc", Fixtures.blueprint(Fixtures.logs))
    try developer.write(
      "desired-state/clients/beta-prod.jsonc", Fixtures.manifest("beta", blueprint: "other"))
    try developer.commit("A blueprint for beta")
    try developer.git("push", "--quiet", "origin", "main")
    try report(runner, "reconcile", "--once", "--follow", "origin/main", exits: 0)

    try developer.edit(blueprint, "\"RetentionInDays\": 30", "\"RetentionInDay\": 60")
    try developer.edit("desired-state/blueprints/other.jsonc", "30", "90")
    try developer.commit("A mistake for acme, a wish of beta")
    try developer.git("push", "--quiet", "origin", "main")
    let logs = try physicalID("Logs")
    try endpoint.aws(
      "logs", "put_retention_policy", ["logGroupName": logs, "retentionInDays": 7])
    let mixed = try report(runner, "reconcile", "--once", "--follow", "origin/main", exits: 1)
    XCTAssertEqual(mixed.actions, ["update acme-prod/Logs", "update beta-prod/Logs"])
    XCTAssertEqual(
      try retention("acme-prod"), 30, "drift is mended to the last good revision")
    XCTAssertEqual(try retention("beta-prod"), 90, "the others go on")
    let held = mixed.json["heldBack"]
    XCTAssertEqual(held.array.count, 1, "\(held)")
    XCTAssertEqual(held[0]["stack"].string, "acme-prod")
    XCTAssert(held[0]["reason"].string?.contains("RetentionInDay") == true, "\(held)")
    let entries = try JSON(parsing: try runner.trueup("history", "--format", "json").output)
    let subjects = Dictionary(
      entries["entries"].array.prefix(2).map { ($0["stack"].string, $0["subject"].string) },
      uniquingKeysWith: { first, _ in first })
    XCTAssertEqual(subjects["acme-prod"], "A blueprint for beta")
    XCTAssertEqual(subjects["beta-prod"], "A mistake for acme, a wish of beta")

    let status = try runner.trueup("status")
    XCTAssertEqual(status.code, 1, status.everything)
    XCTAssert(status.output.contains("held back: desired-state/blueprints/base.jsonc"))

    try developer.edit(blueprint, "\"RetentionInDay\": 60", "\"RetentionInDays\": 60")
    try developer.commit("Mended")
    try developer.git("push", "--quiet", "origin", "main")
    let mended = try report(runner, "reconcile", "--once", "--follow", "origin/main", exits: 0)
    XCTAssertEqual(mended.actions, ["update acme-prod/Logs"])
    XCTAssertEqual(mended.json["heldBack"].array.count, 0)
    XCTAssertEqual(try runner.trueup("status").code, 0)
  }

  func testAnErrorOfTheFleetLeavesAllInForce() throws {
    let (developer, runner) = try developerAndRunner()
    try report(runner, "reconcile", "--once", "--follow", "origin/main", exits: 0)
    try developer.edit("desired-state/fleet.jsonc", "\"project\"", "\"projekt\"")
    try developer.commit("A slip")
    try developer.git("push", "--quiet", "origin", "main")
    try endpoint.aws(
      "logs", "put_retention_policy",
      ["logGroupName": physicalID("Logs"), "retentionInDays": 7])
    let report = try report(runner, "reconcile", "--once", "--follow", "origin/main", exits: 1)
    XCTAssertEqual(report.actions, ["update acme-prod/Logs"])
    XCTAssertEqual(try retention("acme-prod"), 30)
    XCTAssertEqual(report.json["heldBack"][0]["stack"].string, "acme-prod")
  }

  func testAnUnreachableRemoteDoesNotHoldUpTheRepairOfDrift() throws {
    let (developer, runner) = try developerAndRunner()
    try report(runner, "reconcile", "--once", "--follow", "origin/main", exits: 0)
    try developer.remove("remote.git")
    try endpoint.aws(
      "logs", "put_retention_policy",
      ["logGroupName": physicalID("Logs"), "retentionInDays": 7])
    let finished = try runner.trueup("reconcile", "--once", "--follow", "origin/main")
    XCTAssertEqual(finished.code, 1, "the timer's unit shows it:\n\(finished.everything)")
    XCTAssert(finished.errors.contains("going on with"), finished.everything)
    XCTAssertEqual(try retention("acme-prod"), 30)
  }

  func testOnlySignedCommitsAreApplied() throws {
    let (developer, runner) = try developerAndRunner()
    let arguments = ["reconcile", "--once", "--follow", "origin/main", "--require-signed"]
    try endpoint.forgetCalls()
    let refused = try runner.start(arguments).finish()
    XCTAssertEqual(refused.code, 3, refused.everything)
    XCTAssert(refused.errors.contains("has no valid signature"), refused.everything)
    XCTAssertEqual(try endpoint.calls().count, 0)

    let key = developer.root.path + "/remote.git/key"
    let made = try Program.run(
      URL(fileURLWithPath: "/usr/bin/ssh-keygen"),
      ["-q", "-t", "ed25519", "-N", "", "-C", "test@example.com", "-f", key],
      in: developer.root, environment: ["PATH": "/usr/bin:/bin", "HOME": developer.root.path])
    XCTAssertEqual(made.code, 0, made.everything)
    for (name, value) in [
      ("gpg.format", "ssh"), ("user.signingkey", key + ".pub"), ("commit.gpgsign", "true"),
    ] { try developer.git("config", name, value) }
    try developer.edit(blueprint, "30", "60")
    try developer.commit("Signed")
    try developer.git("push", "--quiet", "origin", "main")
    XCTAssertEqual(
      try runner.start(arguments).finish().code, 3, "nobody said that this key may be trusted")

    let allowed = runner.root.path + "/.git/allowed-signers"
    let publicKey = try developer.read("remote.git/key.pub")
    try runner.write(".git/allowed-signers", "test@example.com \(publicKey)")
    try runner.git("config", "gpg.ssh.allowedSignersFile", allowed)
    let applied = try runner.start(arguments).finish()
    XCTAssertEqual(applied.code, 0, applied.everything)
    XCTAssertEqual(try retention("acme-prod"), 60)
  }

  func testASecondReconcileAtOnceEndsWithOneLine() throws {
    let (developer, runner) = try developerAndRunner()
    defer { withExtendedLifetime(developer) {} }
    try endpoint.configure([
      "fail": [
        ["service": "logs", "operation": "CreateLogGroup", "mode": "delay:3000"]
      ]
    ])
    let first = try runner.start(["reconcile", "--once", "--follow", "origin/main"])
    try waitUntilACallHangs()
    let second = try runner.trueup("reconcile", "--once", "--follow", "origin/main")
    XCTAssertEqual(second.code, 0, second.everything)
    XCTAssert(second.output.hasPrefix("another reconcile is running"), second.everything)
    XCTAssertEqual(second.output.split(separator: "\n").count, 1, second.everything)
    first.kill9()
    _ = try first.finish()
    try endpoint.configure(["fail": []])
    XCTAssertEqual(
      try runner.trueup("reconcile", "--once", "--follow", "origin/main").code, 0,
      "a lock goes with its process")
  }

  func testASuspendedStackIsLeftAlone() throws {
    let workspace = try workspace(Fixtures.logs)
    try converge(workspace)
    try workspace.edit(acme, "\"client\"", "\"suspend\": true, \"client\"")
    try workspace.edit(blueprint, "30", "60")
    try workspace.commit("Wait a while")
    let planned = try workspace.trueup("plan")
    XCTAssertEqual(planned.code, 0, planned.everything)
    XCTAssert(planned.output.contains("suspended, left alone: acme-prod"), planned.everything)
    XCTAssertEqual(try workspace.trueup("apply", "--yes").code, 0)
    XCTAssertEqual(try retention("acme-prod"), 30)
    let status = try workspace.trueup("status")
    XCTAssertEqual(status.code, 0, status.everything)
    XCTAssert(status.output.contains("1 stack: 1 suspended"), status.everything)
    let destroyed = try workspace.trueup("destroy", "acme-prod", "--yes")
    XCTAssertEqual(destroyed.code, 3, destroyed.everything)
  }

  func testStatusMetricsAndTheLogTellOfARun() throws {
    let (developer, runner) = try developerAndRunner(clients: ["acme", "beta"])
    defer { withExtendedLifetime(developer) {} }
    try endpoint.configure([
      "deny": [["service": "logs", "operation": "CreateLogGroup", "resource": "beta-prod"]]
    ])
    let finished = try runner.trueup(
      "reconcile", "--once", "--follow", "origin/main", "--log-format", "json", "--metrics-file",
      "trueup.prom")
    XCTAssertEqual(finished.code, 1, finished.everything)
    let lines = try finished.output.split(separator: "\n").map { try JSON(parsing: String($0)) }
    XCTAssert(lines.allSatisfy { $0["time"].string != nil && $0["event"].string != nil })
    XCTAssertEqual(lines.last?["event"].string, "finished", finished.everything)
    XCTAssertEqual(lines.last?["exitCode"].int, 1)
    XCTAssert(
      lines.contains { $0["event"].string == "ended" && $0["outcome"].string == "succeeded" },
      finished.everything)

    let metrics = try runner.read("trueup.prom")
    for sample in [
      #"trueup_stack_status{stack="acme-prod",status="in_sync"} 1"#,
      #"trueup_stack_status{stack="beta-prod",status="failed"} 1"#,
      #"trueup_run_changes{command="reconcile",action="create",outcome="succeeded"} 1"#,
      #"trueup_run_exit_code{command="reconcile"} 1"#,
    ] {
      XCTAssert(metrics.contains(sample + "\n"), "\(sample) is missing in:\n\(metrics)")
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: runner.root.path)
    XCTAssertEqual(left.filter { $0.contains("trueup.prom") }, ["trueup.prom"])

    let status = try JSON(parsing: try runner.trueup("status", "--format", "json").output)
    XCTAssertEqual(
      status["stacks"].array.map { $0["status"].string }, ["in sync", "failed"], "\(status)")
    XCTAssertNotNil(status["stacks"][0]["lastChange"].string)
    XCTAssertNil(status["stacks"][1]["lastChange"].string)
    XCTAssertEqual(status["stacks"][0]["subject"].string, "Everybody")
    try endpoint.forgetCalls()
    _ = try runner.trueup("status")
    XCTAssertEqual(try endpoint.calls().count, 0, "status asks the journal alone")

    try endpoint.configure(["deny": []])
    XCTAssertEqual(try runner.trueup("reconcile", "--once", "--follow", "origin/main").code, 0)
    try endpoint.aws(
      "logs", "put_retention_policy",
      ["logGroupName": physicalID("Logs"), "retentionInDays": 7])
    try runner.git("reset", "--quiet", "--hard", "origin/main")
    XCTAssertEqual(try runner.trueup("drift").code, 2)
    let drifted = try runner.trueup("status")
    XCTAssertEqual(drifted.code, 2, drifted.everything)
    XCTAssert(drifted.output.contains("1 drifted, 1 in sync"), drifted.everything)
  }

  func testTheContainersEntryPointClonesAndReconciles() throws {
    let (developer, runner) = try developerAndRunner()
    defer { withExtendedLifetime(developer) {} }
    let programs = try Paths.trueup().deletingLastPathComponent().path
    var environment = [
      "PATH": "\(programs):/usr/bin:/bin", "HOME": runner.root.path,
      "TRUEUP_STATE": runner.root.path + "/state",
      "TRUEUP_REPOSITORY": developer.root.path + "/remote.git",
      "TRUEUP_OPTIONS": "--log-format json --parallelism 2",
      "AWS_ENDPOINT_URL": try endpoint.url, "AWS_REGION": "us-east-1",
      "AWS_ACCESS_KEY_ID": "AKIA123456789012TEST", "AWS_SECRET_ACCESS_KEY": "test-secret",
    ]
    environment["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
    for arguments in [[], [], ["status"]] {
      let finished = try Program.run(
        Paths.repository.appendingPathComponent("deploy/entrypoint.sh"), arguments,
        in: runner.root, environment: environment)
      XCTAssertEqual(finished.code, 0, finished.everything)
      XCTAssert(
        finished.output.contains(arguments.isEmpty ? "\"finished\"" : "1 in sync"),
        finished.everything)
    }
    XCTAssertEqual(try retention("acme-prod"), 30)
  }
}
