import XCTest

/// Programs that the fleet names judge each plan.
final class PolicyCheckTests: FaultTestCase {
  /// Denies port 22 from anywhere.
  private static let ports = """
    import json, sys
    plan = json.load(sys.stdin)
    found = [
      change["address"] for stack in plan["stacks"] for change in stack["changes"]
      for difference in change["differences"]
      for rule in (difference["desired"] or [] if isinstance(difference["desired"], list) else [])
      if isinstance(rule, dict) and rule.get("CidrIp") == "0.0.0.0/0"
      and rule.get("FromPort", 0) <= 22 <= rule.get("ToPort", 65535)
    ]
    for address in found:
      print("port 22 is open to the world:", address)
    sys.exit(1 if found else 0)
    """

  private func checks(_ workspace: Workspace, _ checks: String) throws {
    try workspace.write(
      "desired-state/fleet.jsonc",
      Fixtures.fleet.replacingOccurrences(
        of: "\"limits\"", with: "\"checks\": \(checks), \"limits\""))
    try workspace.commit("Checks")
  }

  private func guarded() throws -> Workspace {
    let workspace = try workspace(Fixtures.network)
    try converge(workspace)
    try workspace.write("policies/ports.py", Self.ports)
    try checks(workspace, #"[{ "name": "ports", "run": ["python3", "policies/ports.py"] }]"#)
    return workspace
  }

  private func openPort(_ workspace: Workspace) throws {
    try workspace.edit(
      blueprint, #"{ "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0" }"#,
      #"{ "IpProtocol": "tcp", "FromPort": 20, "ToPort": 443, "CidrIp": "0.0.0.0/0" }"#)
    try workspace.commit("Let them in")
  }

  func testACheckThatDeniesStopsPlanAndApply() throws {
    let workspace = try guarded()
    let passed = try workspace.trueup("plan", "--checks")
    XCTAssertEqual(passed.code, 0, passed.everything)
    try openPort(workspace)
    try endpoint.forgetCalls()
    for command in [
      ["plan", "--checks"], ["plan", "--checks", "--format", "json"],
      ["plan", "--checks", "--format", "markdown"], ["plan", "--checks", "--format", "html"],
      ["apply", "--yes", "--checks"], ["reconcile", "--once", "--checks"],
      ["apply", "--yes", "--checks", "--format", "json"],
    ] {
      let refused = try workspace.start(command).finish()
      XCTAssertEqual(refused.code, 3, "\(command): \(refused.everything)")
      XCTAssert(
        refused.output.contains("port 22 is open to the world: acme-prod/Group"),
        "\(command): \(refused.everything)")
      XCTAssert(refused.output.contains("ports"), "\(command): \(refused.everything)")
    }
    XCTAssertEqual(try mutations(), [])
    // As a warning it is shown, and refuses nothing.
    try checks(
      workspace, #"[{ "name": "ports", "run": ["python3", "policies/ports.py"], "warn": true }]"#)
    let warned = try workspace.trueup("plan", "--checks")
    XCTAssertEqual(warned.code, 2, warned.everything)
    XCTAssert(warned.output.contains("only warns"), warned.everything)
    workspace.environment["TRUEUP_CHECKS"] = "on"
    XCTAssertEqual(try workspace.trueup("apply", "--yes").code, 0)
  }

  func testACheckThatHangsOrIsMissingSaysSo() throws {
    let workspace = try guarded()
    try openPort(workspace)
    try endpoint.forgetCalls()
    try workspace.write(
      "policies/spawn.py", "import os, time\nif os.fork() == 0: time.sleep(600)\n")
    for (check, reason) in [
      (#""run": ["sleep", "600"], "timeout": 1"#, "did not end within 1 s"),
      (
        #""run": ["conftest-of-nobody", "test", "-"]"#,
        "there is no program conftest-of-nobody on the PATH"
      ),
      (#""run": ["./policies/none"]"#, "there is no program ./policies/none in the repository"),
      (#""run": ["yes"], "timeout": 60"#, "printed more than"),
      (#""run": ["sh", "-c", "kill -9 $$"]"#, "ended by signal 9"),
      (#""run": ["false"]"#, "exit code 1"),
    ] {
      try checks(workspace, "[{ \"name\": \"slow\", \(check) }]")
      for command in [["plan"], ["apply", "--yes"]] {
        let refused = try workspace.start(command + ["--checks"]).finish(timeout: 60)
        XCTAssertEqual(refused.code, 3, "\(check): \(refused.everything)")
        XCTAssert(refused.everything.contains(reason), "\(check): \(refused.everything)")
      }
    }
    XCTAssertEqual(try mutations(), [])
    // What it leaves behind holds up nobody.
    try checks(workspace, #"[{ "name": "spawn", "run": ["python3", "policies/spawn.py"] }]"#)
    XCTAssertEqual(try workspace.start(["plan", "--checks"]).finish(timeout: 60).code, 2)
  }

  /// What was reviewed was judged by other checks.
  func testAPlanFileIsRefusedWhereTheChecksHaveChanged() throws {
    let workspace = try workspace(Fixtures.network)
    try converge(workspace)
    try openPort(workspace)
    workspace.environment["TRUEUP_CHECKS"] = "on"
    try workspace.write(".gitignore", "review.plan\n.trueup/\n")
    try checks(workspace, #"[{ "name": "all", "run": ["true"] }]"#)
    XCTAssertEqual(try workspace.trueup("plan", "--out", "review.plan").code, 2)
    try endpoint.forgetCalls()
    try checks(workspace, #"[{ "name": "all", "run": ["true", "--strict"] }]"#)
    let refused = try workspace.trueup("apply", "review.plan", "--yes")
    XCTAssertEqual(refused.code, 3, refused.everything)
    XCTAssert(
      refused.errors.contains("the check all: true when planned, true --strict now"),
      refused.everything)
    XCTAssertEqual(try mutations(), [])
    try checks(workspace, #"[{ "name": "all", "run": ["true"] }]"#)
    let applied = try workspace.trueup("apply", "review.plan", "--yes")
    XCTAssertEqual(applied.code, 0, applied.everything)
  }

  func testAMachineThatRunsNoChecksChangesNothing() throws {
    let workspace = try guarded()
    try openPort(workspace)
    try endpoint.forgetCalls()
    for value in [nil, "off", "1"] {
      workspace.environment["TRUEUP_CHECKS"] = value
      let planned = try workspace.trueup("plan")
      XCTAssertEqual(planned.code, 2, planned.everything)
      XCTAssert(planned.output.contains("1 check not run: ports"), planned.output)
      for command in [
        ["apply", "--yes"], ["reconcile", "--once"], ["destroy", "acme-prod", "--yes"],
      ] {
        let refused = try workspace.start(command).finish()
        XCTAssertEqual(refused.code, 3, "\(command): \(refused.everything)")
        XCTAssert(
          refused.errors.contains("1 check not run: ports")
            && refused.errors.contains("TRUEUP_CHECKS=on"),
          refused.everything)
      }
    }
    XCTAssertEqual(try mutations(), [])
    try checks(
      workspace, #"[{ "name": "ports", "run": ["false"], "on": ["plan"] }]"#)
    XCTAssertEqual(try workspace.trueup("apply", "--yes").code, 0, "it is asked by plan alone")
  }

  func testACheckSeesLittleOfTheMachine() throws {
    let workspace = try guarded()
    workspace.environment["ACME_TOKEN"] = "of nobody's business"
    try workspace.write(
      "policies/look.py",
      """
      import json, os, sys
      json.load(sys.stdin)
      print("variables", sorted(os.environ))
      print("here", sorted(os.listdir(".")))
      open("left-behind", "w").write("x")
      """)
    try workspace.write("untracked.txt", "x")
    try workspace.git("add", "policies")
    try workspace.git("commit", "--quiet", "--message", "Look")
    try checks(workspace, #"[{ "name": "look", "run": ["python3", "policies/look.py"] }]"#)
    let planned = try JSON(
      parsing: try workspace.trueup("plan", "--checks", "--format", "json").output)
    let output = planned["checks"][0]["output"].string ?? ""
    XCTAssert(output.contains("variables ['HOME', 'LANG', 'PATH']"), output)
    XCTAssert(output.contains("'desired-state', 'policies'"), output)
    XCTAssertFalse(output.contains("nobody"), output)
    XCTAssertThrowsError(try workspace.read("left-behind"), "it is started elsewhere")
  }

  /// A commit is judged by the checks that were there before it.
  func testAFollowedCommitCannotTakeItsChecksAway() throws {
    let developer = try guarded()
    try developer.write(".gitignore", "remote.git/\n.trueup/\n")
    try developer.commit("Ignore")
    try developer.git("init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    try developer.git("remote", "add", "origin", developer.root.path + "/remote.git")
    try developer.git("push", "--quiet", "origin", "main")
    let runner = try Workspace(try endpoint)
    runner.environment["TRUEUP_CHECKS"] = "on"
    try runner.git("remote", "add", "origin", developer.root.path + "/remote.git")
    try report(runner, "reconcile", "--once", "--follow", "origin/main", exits: 0)
    try developer.write("policies/ports.py", "")
    try developer.write("desired-state/fleet.jsonc", Fixtures.fleet)
    try openPort(developer)
    try developer.git("push", "--quiet", "origin", "main")
    try endpoint.forgetCalls()
    for _ in 1...2 {
      let refused = try runner.trueup("reconcile", "--once", "--follow", "origin/main")
      XCTAssertEqual(refused.code, 3, refused.everything)
      XCTAssert(refused.output.contains("port 22 is open"), refused.everything)
    }
    XCTAssertEqual(try mutations(), [])
    // Without what they deny they go.
    try developer.edit(blueprint, "\"FromPort\": 20", "\"FromPort\": 443")
    try developer.commit("Shut again")
    try developer.git("push", "--quiet", "origin", "main")
    try report(runner, "reconcile", "--once", "--follow", "origin/main", exits: 0)
    try developer.edit(blueprint, "\"FromPort\": 443", "\"FromPort\": 20")
    try developer.commit("Open")
    try developer.git("push", "--quiet", "origin", "main")
    try report(runner, "reconcile", "--once", "--follow", "origin/main", exits: 0)
  }

  /// A machine that follows a remote on which the checks were taken away, under a new history or another
  /// project, and port 22 was opened.
  private func followed(_ fleet: String, rewritten: Bool) throws -> Workspace {
    let developer = try guarded()
    let runner = try Workspace(try endpoint)
    runner.environment["TRUEUP_CHECKS"] = "on"
    try runner.git("init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    for workspace in [developer, runner] {
      try workspace.git("remote", "add", "origin", runner.root.path + "/remote.git")
    }
    try developer.git("push", "--quiet", "origin", "main")
    try report(runner, "reconcile", "--once", "--follow", "origin/main", exits: 0)
    if rewritten { try developer.git("checkout", "--quiet", "--orphan", "rewritten") }
    try developer.write("desired-state/fleet.jsonc", fleet)
    try openPort(developer)
    try developer.git("push", "--quiet", "--force", "origin", "HEAD:main")
    try endpoint.forgetCalls()
    return runner
  }

  func testHistoryThatIsRewrittenDoesNotTakeTheChecksAway() throws {
    let runner = try followed(Fixtures.fleet, rewritten: true)
    let denied = try runner.trueup("reconcile", "--once", "--follow", "origin/main")
    XCTAssertEqual(denied.code, 3, denied.everything)
    XCTAssert(denied.output.contains("port 22 is open"), denied.everything)
    // Git forgets what nobody refers to.
    try runner.git("reflog", "expire", "--expire=now", "--all")
    try runner.git("gc", "--quiet", "--prune=now")
    for _ in 1...2 {
      let refused = try runner.trueup("reconcile", "--once", "--follow", "origin/main")
      XCTAssertEqual(refused.code, 3, refused.everything)
      XCTAssert(
        refused.errors.contains("the last one that was applied without refusal")
          && refused.errors.contains("trueup apply") && refused.errors.contains("nothing was done"),
        refused.everything)
    }
    XCTAssertEqual(try mutations(), [])
    // Somebody takes it over by hand.
    try runner.git("checkout", "--quiet", "--force", "-B", "main", "origin/main")
    try report(runner, "apply", "--yes", exits: 0)
    try report(runner, "reconcile", "--once", "--follow", "origin/main", exits: 0)
  }

  func testAnotherNameOfTheProjectDoesNotTakeTheChecksAway() throws {
    let fleet = Fixtures.fleet.replacingOccurrences(
      of: "\"cosyworld\"", with: "\"renamed\", \"was\": \"cosyworld\"")
    XCTAssertNotEqual(fleet, Fixtures.fleet)
    let runner = try followed(fleet, rewritten: false)
    let refused = try runner.trueup("reconcile", "--once", "--follow", "origin/main")
    XCTAssertEqual(refused.code, 3, refused.everything)
    XCTAssert(refused.output.contains("port 22 is open"), refused.everything)
    XCTAssertEqual(try mutations(), [])
  }

  func testThePlanIsAsItsSchemaSays() throws {
    let workspace = try guarded()
    let schema = try workspace.trueup("schema", "plan")
    XCTAssertEqual(schema.code, 0, schema.everything)
    try workspace.write("schema.json", schema.output)
    try openPort(workspace)
    for (name, arguments) in [
      ("update", ["plan", "--checks"]), ("drift", ["drift"]), ("not-run", ["plan"]),
      ("applied", ["apply", "--yes", "--checks"]), ("refused", ["apply", "--yes", "--checks"]),
    ] {
      let finished = try workspace.start(
        arguments + ["--format", "json", "--desired", "desired-state"]
      )
      .finish()
      try workspace.write("\(name).json", finished.output)
      let checked = try Program.run(
        Paths.tool("check-jsonschema"),
        ["--schemafile", "schema.json", "\(name).json"], in: workspace.root,
        environment: ["PATH": "/usr/bin:/bin", "HOME": workspace.root.path])
      XCTAssertEqual(checked.code, 0, "\(name): \(checked.everything)\n\(finished.everything)")
    }
    let wrong = try Program.run(
      Paths.tool("check-jsonschema"), ["--schemafile", "schema.json", "schema.json"],
      in: workspace.root, environment: ["PATH": "/usr/bin:/bin", "HOME": workspace.root.path])
    XCTAssertNotEqual(wrong.code, 0, "anything would be a plan")
  }

  func testAStackIsCompiledToATemplate() throws {
    let workspace = try workspace(
      Fixtures.network, parameters: #""VpcCidr": "10.9.0.0/16""#)
    let compiled = try workspace.trueup("compile", "acme-prod")
    XCTAssertEqual(compiled.code, 0, compiled.everything)
    let template = try JSON(parsing: compiled.output)
    let subnet = template["Resources"]["Subnet"]
    XCTAssertEqual(subnet["Type"].string, "AWS::EC2::Subnet")
    XCTAssertEqual(subnet["Properties"]["CidrBlock"].string, "10.9.0.0/24")
    XCTAssertEqual(subnet["Properties"]["VpcId"]["Ref"].string, "Vpc")
    XCTAssertEqual(
      template["Resources"]["Vpc"]["Properties"]["Tags"].tags,
      ["Project": "cosyworld", "Client": "acme", "ManagedBy": "trueup"])
    XCTAssertEqual(template["Parameters"].keys, [])
    let unknown = try workspace.trueup("compile", "acme-prd")
    XCTAssertEqual(unknown.code, 1)
    XCTAssert(unknown.errors.contains("did you mean \"acme-prod\""), unknown.errors)
  }
}
