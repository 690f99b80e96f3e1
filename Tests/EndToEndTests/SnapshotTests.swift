import XCTest

/// Recorded snapshots stand in for AWS: where nobody has credentials, in pull requests.
final class SnapshotTests: EndToEndTestCase {
  private let manifest = "desired-state/clients/acme-prod.jsonc"

  /// The environment of a runner that cannot reach AWS.
  private let offline = [
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ACCESS_KEY_ID": "",
    "AWS_SECRET_ACCESS_KEY": "",
  ]

  private func snapshot(_ workspace: Workspace, _ arguments: String...) throws -> JSON {
    let finished = try workspace.start(["snapshot"] + arguments + ["--format", "json"]).finish()
    XCTAssertEqual(finished.code, 0, finished.everything)
    return try JSON(parsing: finished.output)
  }

  private func statuses(_ summary: JSON) -> [String] {
    summary["stacks"].array.map { "\($0["stack"].string ?? "") \($0["status"].string ?? "")" }
  }

  private func openPort22(_ workspace: Workspace) throws {
    try endpoint.aws(
      "ec2", "authorize_security_group_ingress",
      [
        "GroupId": physicalID("FrontSecurityGroup"), "IpProtocol": "tcp", "FromPort": 22,
        "ToPort": 22, "CidrIp": "0.0.0.0/0",
      ])
  }

  func testASecondSnapshotIsTheSameToTheByte() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try converge(workspace)
    XCTAssertEqual(
      statuses(try snapshot(workspace)),
      ["acme-prod written", "orbit-dev written", "zeta-dev written"])
    let before = try workspace.read("snapshots/acme-prod.json")
    try workspace.remove(".trueup")
    XCTAssertEqual(
      statuses(try snapshot(workspace)),
      ["acme-prod unchanged", "orbit-dev unchanged", "zeta-dev unchanged"],
      "neither time nor journal shows")
    try workspace.remove("snapshots/acme-prod.json")
    XCTAssertEqual(statuses(try snapshot(workspace, "--client", "acme")), ["acme-prod written"])
    XCTAssertEqual(try workspace.read("snapshots/acme-prod.json"), before)
  }

  func testTheCommittedSnapshotsAreTheExampleFleetAsItIsApplied() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try converge(workspace)
    _ = try snapshot(workspace)
    let recorded = workspace.root.appendingPathComponent("snapshots")
    let compared = try Program.run(
      Paths.tool("python"),
      [
        "Scripts/demo/snapshots.py", recorded.path,
        Fixtures.small.appendingPathComponent("snapshots").path,
      ], in: Paths.repository, environment: [:])
    XCTAssertEqual(compared.code, 0, compared.everything)
  }

  func testTheCommittedSnapshotsStandInForAWS() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try FileManager.default.copyItem(
      at: Fixtures.small.appendingPathComponent("snapshots"),
      to: workspace.root.appendingPathComponent("snapshots"))
    workspace.environment = offline
    for command in ["plan", "drift"] {
      let made = try report(workspace, command, "--snapshot", "snapshots", exits: 0)
      XCTAssertEqual(made.summary["inSync"].int, 39, "\(command) from the committed snapshots")
    }
  }

  func testAPlanFromASnapshotNeedsNoCredentialsAndHasTheSameActions() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try converge(workspace)
    try openPort22(workspace)
    try endpoint.aws(
      "ec2", "delete_tags",
      [
        "Resources": [physicalID("SubnetB")],
        "Tags": [["Key": "trueup:stack"], ["Key": "trueup:resource"]],
      ])
    _ = try snapshot(workspace)
    try workspace.edit(
      manifest, "\"LogRetentionInDays\": 90", "\"LogRetentionInDays\": 365")
    try workspace.edit(
      "desired-state/clients/zeta-dev.jsonc", "\"account\": \"main\",",
      "\"account\": \"main\", \"destroy\": {},")
    try workspace.edit(
      "desired-state/blueprints/base.jsonc", "\"EnableDnsSupport\": true,",
      "\"EnableDnsSupport\": false,")
    try workspace.commit("Changes and a destroyed stack")
    let live = try report(workspace, "plan", exits: 2)
    let liveDrift = try report(workspace, "drift", exits: 2)
    try endpoint.forgetCalls()
    for hasJournal in [true, false] {
      if !hasJournal { try workspace.remove(".trueup") }
      workspace.environment = offline
      let planned = try report(workspace, "plan", "--snapshot", "snapshots", exits: 2)
      XCTAssertEqual(planned.actions, live.actions, "with a journal: \(hasJournal)")
      XCTAssertEqual(
        planned.changes.map { "\($0.address) \($0.cause) \($0.paths)" },
        live.changes.map { "\($0.address) \($0.cause) \($0.paths)" })
      XCTAssertEqual(planned.totalCalls, 0)
      let drift = try report(workspace, "drift", "--snapshot", "snapshots", exits: 2)
      XCTAssertEqual(drift.actions, liveDrift.actions)
      XCTAssert(drift.actions.contains("update acme-prod/FrontSecurityGroup"), "\(drift.actions)")
    }
    XCTAssertEqual(try endpoint.calls().count, 0)
    let text = try workspace.trueup("plan", "--snapshot", "HEAD:snapshots")
    XCTAssert(text.output.contains("from HEAD:snapshots (2026-11-14 09:00 UTC), AWS was not asked"))
  }

  func testAStackWithoutASnapshotFailsAlone() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try converge(workspace)
    _ = try snapshot(workspace, "--client", "acme")
    workspace.environment = offline
    let planned = try report(workspace, "plan", "--snapshot", "snapshots", exits: 1)
    let stacks = planned.json["stacks"].array
    XCTAssertEqual(stacks.map { $0["status"].string }, ["ok", "failed", "failed"])
    XCTAssert(stacks[2]["error"].string?.contains("trueup snapshot --client zeta") == true)
    XCTAssertEqual(planned.summary["inSync"].int, 8)
    let none = try workspace.trueup("plan", "--snapshot", "elsewhere")
    XCTAssertEqual(none.code, 1)
    XCTAssert(none.errors.contains("trueup snapshot --output elsewhere"), none.errors)
  }

  func testADifferenceOfSnapshotsIsWhatChangedInAWS() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try converge(workspace)
    _ = try snapshot(workspace)
    try workspace.commit("As it was")
    let same = try workspace.trueup("diff", "HEAD:snapshots", "snapshots")
    XCTAssertEqual(same.code, 0, same.everything)
    XCTAssertEqual(same.output, "The same: 3 stacks, 39 resources\n")
    try openPort22(workspace)
    _ = try snapshot(workspace)
    let text = try workspace.trueup("diff", "HEAD:snapshots", "snapshots")
    XCTAssertEqual(text.code, 2, text.everything)
    XCTAssert(text.output.contains("+ tcp 22 from 0.0.0.0/0"), text.output)
    try workspace.commit("As it is")
    let finished = try workspace.trueup(
      "diff", "HEAD~1:snapshots", "HEAD:snapshots", "--format", "json")
    let resources = try JSON(parsing: finished.output)["stacks"][0]["resources"].array
    XCTAssertEqual(resources.map { $0["resource"].string }, ["FrontSecurityGroup"])
    XCTAssertEqual(
      resources[0]["differences"].array.map { $0["path"].string }, ["/SecurityGroupIngress"])
  }

  func testAFileOfAStackThatIsGoneIsRemovedOnlyWhenAsked() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try converge(workspace)
    _ = try snapshot(workspace)
    let file = try workspace.read("snapshots/zeta-dev.json")
    try workspace.write(
      "snapshots/old-dev.json",
      file.replacingOccurrences(of: "\"client\": \"zeta\"", with: "\"client\": \"old\""))
    try workspace.write("snapshots/notes.json", "{}")
    XCTAssertEqual(
      statuses(try snapshot(workspace)),
      ["acme-prod unchanged", "old-dev stale", "orbit-dev unchanged", "zeta-dev unchanged"])
    XCTAssertFalse(try workspace.read("snapshots/old-dev.json").isEmpty)
    XCTAssertEqual(
      statuses(try snapshot(workspace, "--prune")),
      ["acme-prod unchanged", "old-dev pruned", "orbit-dev unchanged", "zeta-dev unchanged"])
    XCTAssertThrowsError(try workspace.read("snapshots/old-dev.json"))
    XCTAssertEqual(try workspace.read("snapshots/notes.json"), "{}", "what is not ours stays")
  }

  func testAConditionThatHangsOnAFactIsDecidedFromTheSnapshot() throws {
    let workspace = try Workspace(try endpoint)
    try workspace.write(
      "desired-state/blueprints/base.jsonc",
      """
      {
        "Parameters": {
          "Mode": { "Type": "AWS::SSM::Parameter::Value<String>", "Default": "/fleet/mode" }
        },
        "Conditions": { "IsFull": { "Fn::Equals": [{ "Ref": "Mode" }, "full"] } },
        "Resources": {
      \(Fixtures.logs),
          "More": { "Type": "AWS::Logs::LogGroup", "Condition": "IsFull" }
        }
      }
      """)
    try workspace.write("desired-state/clients/acme-prod.jsonc", Fixtures.manifest("acme"))
    try workspace.commit("A fact decides")
    try endpoint.aws(
      "ssm", "put_parameter", ["Name": "/fleet/mode", "Type": "String", "Value": "full"])
    try converge(workspace)
    _ = try snapshot(workspace)
    workspace.environment = offline
    let planned = try report(workspace, "plan", "--snapshot", "snapshots", exits: 0)
    XCTAssertEqual(planned.summary["inSync"].int, 2)
    try workspace.edit("snapshots/acme-prod.json", "\"name\": \"/fleet/mode\"", "\"name\": \"/x\"")
    let untold = try workspace.trueup("plan", "--snapshot", "snapshots")
    XCTAssertEqual(untold.code, 1)
    XCTAssert(
      untold.errors.contains("does not tell the SSM parameter /fleet/mode"), untold.everything)
  }
}
