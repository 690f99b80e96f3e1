import Foundation
import XCTest

/// People hear once of what was changed behind Trueup's back, who did it, and that it is mended.
final class NotificationTests: EndToEndTestCase {
  private static let canary = "xoxb-canary-7f31"
  private static let blueprint = "desired-state/blueprints/base.jsonc"

  /// A workspace with one client whose fleet tells these destinations.
  private func workspace(telling destinations: String) throws -> Workspace {
    let workspace = try workspace(Fixtures.network + ",\n" + Fixtures.logs)
    try workspace.edit(
      "desired-state/fleet.jsonc", "\"limits\"",
      "\"notify\": { \"digestHour\": null, \"destinations\": { \(destinations) } }, \"limits\"")
    try workspace.commit("Tell people")
    workspace.environment["TRUEUP_SLACK_WEBHOOK"] = try sink("slack")
    workspace.environment["PAGER_URL"] = try sink("pager")
    workspace.environment["PAGER_SECRET"] = Self.canary
    return workspace
  }

  private static let slack = """
    "ops": { "slack": { "webhook": { "env": "TRUEUP_SLACK_WEBHOOK" } } }
    """

  private func sink(_ name: String) throws -> String {
    try endpoint.url + "/trueup-test/sink/\(name)"
  }

  /// The messages that a destination has received so far.
  private func messages(_ name: String) throws -> [JSON] {
    try endpoint.control("GET sink").array.filter { $0["name"].string == name }
  }

  private func openSSH() throws {
    try endpoint.aws(
      "ec2", "authorize_security_group_ingress",
      [
        "GroupId": physicalID("Group"), "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
        "CidrIp": "0.0.0.0/0",
      ])
  }

  /// The titles of messages, from the block that people see first.
  private func titles(_ messages: [JSON]) -> [String] {
    messages.map { $0["body"]["blocks"][0]["text"]["text"].string ?? "no header: \($0)" }
  }

  func testDriftIsToldOnceAndItsEndOnce() throws {
    let workspace = try workspace(
      telling: Self.slack + """
        , "pager": { "webhook": { "url": { "env": "PAGER_URL" }, "secret": { "env": "PAGER_SECRET" } } }
        """)
    try report(workspace, "apply", "--yes", "--notify", exits: 0)
    XCTAssertEqual(
      titles(try messages("slack")),
      ["Deployment started: acme-prod", "Deployment completed: acme-prod"])

    try openSSH()
    try endpoint.forgetCalls()
    try report(workspace, "drift", "--notify", exits: 2)
    let opened = try messages("slack").dropFirst(2)
    XCTAssertEqual(titles(Array(opened)), ["Drift in acme-prod: 1 new"])
    let text = opened.last?["text"].string ?? ""
    for expected in [
      "New: acme-prod/Group (AWS::EC2::SecurityGroup)", "- tcp 22 from 0.0.0.0/0",
      "by user/ada: AuthorizeSecurityGroupIngress at ",
    ] {
      XCTAssert(text.contains(expected), "the message does not say \(expected): \(text)")
    }
    let sweeps = try endpoint.calls().filter { $0["operation"].string == "LookupEvents" }
    XCTAssertEqual(sweeps.count, 1, "one sweep per region and run")

    try endpoint.forgetCalls()
    try report(workspace, "drift", "--notify", exits: 2)
    XCTAssertEqual(try messages("slack").count, 3, "nothing is new")
    XCTAssertEqual(
      try endpoint.calls().filter { $0["service"].string == "cloudtrail" }.count, 0,
      "who did it is known")

    try converge(workspace)
    try report(workspace, "drift", "--notify", exits: 0)
    try report(workspace, "drift", "--notify", exits: 0)
    XCTAssertEqual(
      titles(Array(try messages("slack").dropFirst(3))), ["Drift in acme-prod: 1 resolved"])

    let pager = try messages("pager")
    XCTAssertEqual(
      pager.map { $0["body"]["event"].string },
      ["deployments", "deployments", "findings", "findings"])
    XCTAssertEqual(
      pager.suffix(2).map { $0["body"]["findings"][0]["state"].string }, ["opened", "resolved"])
    for message in pager {
      let signature = message["headers"]["trueup-signature"].string ?? ""
      XCTAssertNotNil(
        signature.range(of: #"^t=[0-9]{10},v1=[0-9a-f]{64}$"#, options: .regularExpression),
        "this is no signature: \(signature)")
      XCTAssertEqual(
        message["headers"]["trueup-message-id"].string, message["body"]["id"].string)
    }
    try assertNoCanary(workspace)
  }

  func testWhatARunFindsAndMendsIsToldAsMended() throws {
    let workspace = try workspace(telling: Self.slack)
    try converge(workspace)
    try openSSH()
    try report(workspace, "apply", "--yes", "--notify", exits: 0)
    XCTAssertEqual(titles(try messages("slack")), ["Drift in acme-prod: 1 mended"])
  }

  func testAReceiverThatIsDownHoldsUpNothingAndGetsItsMessageOnceAfterwards() throws {
    let workspace = try workspace(telling: Self.slack)
    try converge(workspace)
    try openSSH()
    try endpoint.control("POST sink", ["status": 503, "times": 1])
    let down = try workspace.trueup("drift", "--notify")
    XCTAssertEqual(down.code, 2, down.everything)
    XCTAssert(
      down.errors.contains("messages to ops: 1 waiting (HTTP 503"), down.everything)
    XCTAssertEqual(try messages("slack").count, 0)

    // Too many requests: asks for patience, which is short enough to wait for.
    let other = try self.workspace(
      telling: Self.slack.replacingOccurrences(of: "ops", with: "others"))
    try other.edit("desired-state/fleet.jsonc", "cosyworld", "otherworld")
    try other.commit("Another project")
    try endpoint.control(
      "POST sink", ["status": 429, "headers": ["Retry-After": "1"], "times": 2])
    try report(other, "apply", "--yes", "--notify", exits: 0)
    XCTAssertEqual(
      titles(try messages("slack")),
      ["Deployment started: acme-prod", "Deployment completed: acme-prod"])
  }

  func testAnHourWithoutTheReceiverLosesNothingAndDoublesNothing() throws {
    let workspace = try workspace(telling: Self.slack)
    try converge(workspace)
    try endpoint.control("POST sink", ["status": 503, "times": 10_000])
    for minute in stride(from: 0, to: 60, by: 5) {
      if minute == 10 || minute == 45 { try openSSH() }
      if minute == 30 { try converge(workspace) }
      let tick = try workspace.trueup("drift", "--notify")
      XCTAssertEqual(tick.code, [10, 15, 20, 25, 45, 50, 55].contains(minute) ? 2 : 0)
      try letTimePass(300, in: workspace)
    }
    XCTAssertEqual(try messages("slack").count, 0)

    try endpoint.control("POST sink", ["status": 200, "times": 0])
    for _ in 1...3 {
      _ = try workspace.trueup("drift", "--notify")
      try letTimePass(3600, in: workspace)
    }
    XCTAssertEqual(
      titles(try messages("slack")),
      ["Drift in acme-prod: 1 new", "Drift in acme-prod: 1 resolved", "Drift in acme-prod: 1 new"])
  }

  /// Makes the journal's waiting messages older.
  private func letTimePass(_ seconds: Int, in workspace: Workspace) throws {
    let script = """
      import sqlite3, sys
      with sqlite3.connect(sys.argv[1]) as journal:
          journal.execute(
              "UPDATE outbox SET next_attempt_at = next_attempt_at - ?, created_at = created_at - ?",
              (int(sys.argv[2]), int(sys.argv[2])))
      """
    let journal = workspace.root.appendingPathComponent(".trueup/journal.db").path
    let finished = try Program.run(
      try Paths.tool("python"), ["-c", script, journal, "\(seconds)"], in: workspace.root,
      environment: [:])
    XCTAssertEqual(finished.code, 0, finished.everything)
  }

  func testARevertIsToldAsARollback() throws {
    let workspace = try workspace(telling: Self.slack)
    try report(workspace, "apply", "--yes", "--notify", exits: 0)
    try workspace.edit(Self.blueprint, "\"RetentionInDays\": 30", "\"RetentionInDays\": 60")
    try workspace.commit("Keep logs for two months")
    try report(workspace, "reconcile", "--once", "--notify", exits: 0)
    try workspace.git("revert", "--no-edit", "HEAD")
    try report(workspace, "reconcile", "--once", "--notify", exits: 0)
    XCTAssertEqual(
      titles(try messages("slack")),
      [
        "Deployment started: acme-prod", "Deployment completed: acme-prod",
        "Deployment started: acme-prod", "Deployment completed: acme-prod",
        "Deployment started: acme-prod", "Deployment rolled back: acme-prod",
      ])
  }

  func testAClientThatIsHeldBackIsToldOnce() throws {
    let workspace = try workspace(telling: Self.slack)
    try report(workspace, "reconcile", "--once", "--notify", exits: 0)
    try workspace.edit(Self.blueprint, "\"RetentionInDays\": 30", "\"RetentionInDay\": 60")
    try workspace.commit("A mistake")
    for _ in 1...2 { try report(workspace, "reconcile", "--once", "--notify", exits: 1) }
    let told = try messages("slack").dropFirst(2)
    XCTAssertEqual(titles(Array(told)), ["Deployment held back: acme-prod"])
    XCTAssert(told.last?["text"].string?.contains("RetentionInDay") == true, "\(told)")
  }

  func testABotTellsItsClientInItsChannelAndKeepsItsToken() throws {
    let api = try endpoint.url + "/trueup-test/sink"
    let workspace = try workspace(
      telling: """
        "acme": {
          "slack": { "token": { "file": "../token" }, "channel": "#acme", "api": "\(api)" },
          "clients": ["acme"]
        },
        "bolt": {
          "slack": { "token": { "file": "../token" }, "channel": "#bolt", "api": "\(api)" },
          "clients": ["bolt"]
        }
        """)
    try workspace.write(".gitignore", ".trueup/\ntoken\n")
    try workspace.write("token", Self.canary + "\n")
    try workspace.commit("Ignore the token")
    try report(workspace, "apply", "--yes", "--notify", exits: 0)
    let told = try messages("chat.postMessage")
    XCTAssertEqual(told.map { $0["body"]["channel"].string }, ["#acme", "#acme"])
    XCTAssertEqual(told[0]["headers"]["authorization"].string, "Bearer \(Self.canary)")
    let ids = told.compactMap { $0["body"]["client_msg_id"].string }
    XCTAssertEqual(Set(ids).count, 2, "each message has an id of its own")
    XCTAssertEqual(ids[0], told[0]["body"]["metadata"]["event_payload"]["id"].string)
    try assertNoCanary(workspace)
  }

  func testAFleetThatNamesNobodySaysSo() throws {
    let workspace = try self.workspace(Fixtures.logs)
    let finished = try workspace.trueup("drift", "--notify")
    XCTAssertEqual(finished.code, 1)
    XCTAssert(finished.errors.contains("fleet.jsonc names nobody to tell"), finished.everything)
  }

  /// The secrets of the destinations stand in no message's body and in nothing that is kept.
  private func assertNoCanary(_ workspace: Workspace) throws {
    for message in try endpoint.control("GET sink").array {
      XCTAssertFalse(message["text"].string?.contains(Self.canary) ?? true, "a secret was sent")
    }
    let folder = workspace.root.appendingPathComponent(".trueup")
    for file in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      let data = FileManager.default.contents(atPath: folder.appendingPathComponent(file).path)
      XCTAssertFalse(
        String(decoding: data ?? Data(), as: UTF8.self).contains(Self.canary),
        "a secret is kept in \(file)")
    }
  }
}
