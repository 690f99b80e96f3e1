import Foundation
import XCTest

/// The examples: what the fleet shares and whole clients, applied to an empty cloud in which things take their
/// time, and taken away again.
final class CosyWorldTests: EndToEndTestCase {
  /// A repository with the shipped desired state, of which some clients are kept.
  private func workspace(_ stacks: String...) throws -> Workspace {
    let workspace = try Workspace(try endpoint)
    try workspace.remove("desired-state")
    try FileManager.default.copyItem(
      at: Paths.repository.appendingPathComponent("desired-state"),
      to: workspace.root.appendingPathComponent("desired-state"))
    try FileManager.default.removeItem(
      at: workspace.root.appendingPathComponent("desired-state/clients"))
    for stack in stacks { try add(stack, to: workspace) }
    return workspace
  }

  /// Adds the manifest of an example, and what it takes from the environment.
  private func add(_ stack: String, to workspace: Workspace) throws {
    let path = "desired-state/clients/\(stack).jsonc"
    let text = String(
      decoding: try Data(contentsOf: Paths.repository.appendingPathComponent(path)),
      as: UTF8.self)
    try workspace.write(path, text)
    try workspace.commit("Add \(stack)")
    for match in text.matches(of: #/"env": "([A-Z_]+)"/#) {
      let name = String(match.1)
      workspace.environment[name] =
        name.hasSuffix("_URL") ? "https://example.com/\(name)" : "value-of-\(name)"
    }
  }

  private func assertInSyncWithAndWithoutJournal(_ workspace: Workspace) throws {
    try assertInSync(workspace)
    let other = workspace.root.appendingPathComponent("none.db").path
    let finished = try workspace.trueup("plan", "--journal", other, "--format", "json")
    XCTAssertEqual(finished.code, 0, "without a journal: \(finished.everything)")
    XCTAssertEqual(try Report(finished).actions, [], "without a journal")
  }

  func testWholeClientsConvergeAndOneGoesWithoutTheOthers() throws {
    try endpoint.configure([
      "noted": false, "certificateSeconds": 1, "natGatewaySeconds": 1, "replicationGroupSeconds": 1,
    ])
    let workspace = try workspace("shared-prod", "luna-dev")
    let validated = try workspace.trueup("validate", "--strict")
    XCTAssertEqual(validated.code, 0, validated.everything)
    try report(workspace, "apply", "--yes", exits: 0)
    try assertInSyncWithAndWithoutJournal(workspace)
    try workspace.edit(
      "desired-state/clients/luna-dev.jsonc", "\"Image\"", "\"EnableBuybot\": \"false\", \"Image\"")
    try workspace.commit("Luna has no buybot in dev")
    let changed = try report(workspace, "apply", "--yes", exits: 0)
    XCTAssertEqual(
      changed.changes.map(\.resource).sorted(), ["Buybot", "Service", "TaskDefinition"],
      "another parameter makes new tasks, in one run")
    try assertInSync(workspace)
    let before = try Holdings(of: try endpoint)

    try add("luna-prod", to: workspace)
    let applied = try report(workspace, "apply", "--yes", exits: 0)
    XCTAssert(applied.changes.allSatisfy { $0.address.hasPrefix("luna-prod/") })
    try assertInSyncWithAndWithoutJournal(workspace)
    let between = try Holdings(of: try endpoint).differences(from: before)
    XCTAssertEqual(
      between.filter { $0.hasPrefix("-") }, [], "the second client changes nothing of the others")

    let path = "desired-state/clients/luna-prod.jsonc"
    let off = try workspace.trueup("offboard", "luna", "prod", "--data", "delete")
    XCTAssertEqual(off.code, 0, off.everything)
    XCTAssert(try workspace.read(path).contains("\"destroy\": { \"data\": \"delete\""))
    try workspace.commit("Let luna-prod go")
    try report(workspace, "apply", "--yes", exits: 0)
    let after = try Holdings(of: try endpoint)
    XCTAssertEqual(
      after.differences(from: before), [], "what is left is what was there before the client came")
    try assertInSyncWithAndWithoutJournal(workspace)
    try assertNothingIsSecret(in: workspace)
  }

  /// No value of a secret stands in a file that Trueup writes.
  private func assertNothingIsSecret(in workspace: Workspace) throws {
    try report(workspace, "plan", exits: 0)
    let journal = try Data(
      contentsOf: workspace.root.appendingPathComponent(".trueup/journal.db"))
    for value in workspace.environment.values {
      XCTAssertNil(journal.range(of: Data(value.utf8)), "\(value) is in the journal")
    }
  }

  func testTheCommittedSnapshotsStandInForAWS() throws {
    let workspace = try workspace("shared-prod", "luna-dev", "luna-prod", "atlas-prod")
    try FileManager.default.copyItem(
      at: Paths.repository.appendingPathComponent("snapshots"),
      to: workspace.root.appendingPathComponent("snapshots"))
    workspace.environment = [
      "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ACCESS_KEY_ID": "",
      "AWS_SECRET_ACCESS_KEY": "",
    ]
    let made = try report(workspace, "plan", "--snapshot", "snapshots", exits: 0)
    XCTAssertEqual(made.changes.map(\.address), [])
    XCTAssertEqual(made.summary["inSync"].int, 231)
  }

  func testTheLargeClientIsAsItsManifestSays() throws {
    let workspace = try workspace("shared-prod", "atlas-prod")
    let printed = try workspace.trueup("compile", "atlas-prod")
    XCTAssertEqual(printed.code, 0, printed.everything)
    let resources = try JSON(parsing: printed.output)["Resources"]
    func properties(_ name: String) -> JSON { resources[name]["Properties"] }
    XCTAssertEqual(properties("TaskDefinition")["Cpu"].string, "1024")
    XCTAssertEqual(properties("TaskDefinition")["Memory"].string, "2048")
    XCTAssertEqual(properties("Service")["DesiredCount"].description, "4")
    XCTAssertEqual(properties("Scaling")["MinCapacity"].description, "4")
    XCTAssertEqual(properties("Scaling")["MaxCapacity"].description, "20")
    XCTAssertEqual(properties("Redis")["CacheNodeType"].string, "cache.r6g.xlarge")
    XCTAssertEqual(properties("Redis")["NumCacheClusters"].description, "3")
    XCTAssertEqual(properties("Redis")["MultiAZEnabled"].bool, true)
    XCTAssertEqual(properties("Buybot")["Value"].string, "false")
    XCTAssertEqual(
      properties("Record")["Name"].string, "atlas.cosyworld.ai", "the domain needs no parameter")
  }

  func testWhatFargateDoesNotTakeIsRefused() throws {
    let path = "desired-state/clients/luna-dev.jsonc"
    let cases = [
      (parameters: #""TaskCpu": 1024"#, text: "with 1024 CPU units TaskMemory is 2048 to 8192 MiB"),
      (#""TaskMemory": 4096"#, "with 256 CPU units TaskMemory is 512, 1024 or 2048 MiB"),
      (#""TaskCpu": 512"#, "with 512 CPU units TaskMemory is 1024 to 4096 MiB"),
      (#""TaskCpu": 300"#, "TaskCpu is \"300\"; it must be one of"),
    ]
    for (parameters, text) in cases {
      let workspace = try workspace("shared-prod", "luna-dev")
      try workspace.edit(path, "\"Image\"", "\(parameters), \"Image\"")
      let finished = try workspace.trueup("validate")
      XCTAssertEqual(finished.code, 1, parameters)
      XCTAssert(finished.errors.contains(text), "\(parameters): \(finished.errors)")
    }
    let workspace = try workspace("shared-prod", "luna-dev")
    try workspace.edit(path, "\"Image\"", "\"TaskCpu\": 512, \"TaskMemory\": 4096, \"Image\"")
    let finished = try workspace.trueup("validate")
    XCTAssertEqual(finished.code, 0, finished.everything)
  }

  func testANewClientIsOneCommand() throws {
    let workspace = try workspace("shared-prod", "luna-prod")
    let onboarded = try workspace.trueup("onboard", "nova", "prod", "--blueprint", "cosyworld")
    XCTAssertEqual(onboarded.code, 0, onboarded.everything)
    XCTAssertFalse(onboarded.output.contains("fill in"), onboarded.output)
    let validated = try workspace.trueup("validate", "--strict")
    XCTAssertEqual(validated.code, 0, validated.everything)
    let text = try workspace.read("desired-state/clients/nova-prod.jsonc")
    XCTAssert(text.contains("\"Image\": \"1.4.0\""), "the image of the other client: \(text)")
    XCTAssert(text.contains("\"VpcCidr\": \"10.0.0.0/16\""), "the next free network: \(text)")
    XCTAssert(text.contains("\"MongoUri\": { \"env\": \"NOVA_PROD_MONGO_URI\" }"), text)
  }

  func testAZoneThatNobodySharesIsAnError() throws {
    let workspace = try workspace("shared-prod", "luna-dev")
    try workspace.edit(
      "desired-state/clients/luna-dev.jsonc", "\"Image\"",
      "\"HostedZoneName\": \"example.com\", \"Image\"")
    let finished = try workspace.trueup("validate")
    XCTAssertEqual(finished.code, 1)
    XCTAssert(finished.errors.contains("cosyworld-zone-example-com"), finished.errors)
  }
}
