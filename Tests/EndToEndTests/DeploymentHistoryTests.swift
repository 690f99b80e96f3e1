import XCTest

/// Twelve ways in which a deployment goes, each with its verdict; and what a timer does about each
/// afterwards, with a journal and without.
final class DeploymentHistoryTests: DeploymentTestCase {
  /// How a client's deployment goes, and what is said of it.
  private struct History {
    var client: String
    /// The parameters that move.
    var change = ""
    /// Those that stay.
    var more = ""
    var outcome: String
    var told: [String] = []
    /// What the plan says of it afterwards; empty where all is as desired.
    var after: [String] = []
  }

  private static let again = "trueup deploy --again"

  private let histories = [
    History(client: "success", change: #""Image": "bot:2""#, outcome: "succeeded"),
    History(
      client: "breaker", change: #""Image": "bot:dies""#, outcome: "failed",
      told: [
        "was rolled back", "circuit breaker", "Essential container in task exited", "exit code 1",
      ],
      after: ["was rolled back", "circuit breaker", "exit code 1", again]),
    History(
      client: "sunk", change: #""Image": "bot:sinks""#, outcome: "failed",
      told: ["failed, and so did its rollback", "circuit breaker"],
      after: ["failed, and so did its rollback", again]),
    History(
      client: "superseded", change: #""Image": "bot:superseded""#, outcome: "failed",
      told: ["took its place", "it says nothing of this change"], after: ["was stopped", again]),
    History(
      client: "paused", change: #""Image": "bot:pauses""#, outcome: "stalled",
      told: ["waits for a person", "trueup approve paused-prod/Service"],
      after: ["waits for a person", "trueup approve paused-prod/Service"]),
    History(
      client: "stopped", change: #""Image": "bot:stopped""#, outcome: "failed",
      told: ["was stopped", "stopped by user"], after: ["was stopped", "stopped by user", again]),
    History(client: "counted", change: #""Count": 3"#, outcome: "succeeded"),
    History(
      client: "bare", change: #""Image": "bot:dies""#, more: #""Breaker": "no""#, outcome: "failed",
      told: ["the last 4 tasks failed to start", "exit code 1"],
      after: ["0 of 1 tasks run", "the last 4 to start failed", "exit code 1"]),
    History(
      client: "pull", change: #""Image": "bot:broken""#, outcome: "failed",
      told: ["was rolled back", "CannotPullContainerError"],
      after: ["was rolled back", "CannotPullContainerError", again]),
    History(
      client: "alarm", change: #""Image": "bot:alarms""#, outcome: "failed",
      told: ["was rolled back", "alarms: errors"],
      after: ["was rolled back", "alarms: errors", again]),
    History(client: "spot", change: #""Provider": "FARGATE_SPOT""#, outcome: "succeeded"),
  ]

  private func write(_ workspace: Workspace, _ history: History, moved: Bool) throws {
    let image = history.change.contains("Image") && moved ? "" : #""Image": "bot:1""#
    let parameters = [history.more, moved ? history.change : "", image]
      .filter { !$0.isEmpty }.joined(separator: ", ")
    try workspace.write(
      "desired-state/clients/\(history.client)-prod.jsonc",
      Fixtures.manifest(history.client, parameters: parameters))
  }

  func testTwelveHistoriesHaveTheirVerdictsAndATimerStartsNothingAgain() throws {
    let workspace = try deployable(clients: [])
    let killed = History(
      client: "killed", change: #""Image": "bot:dies""#, outcome: "",
      after: ["was rolled back", "exit code 1", Self.again])
    let all = histories + [killed]
    for history in all { try write(workspace, history, moved: false) }
    try workspace.commit("Twelve clients")
    try report(workspace, "apply", "--yes", "--parallelism", "64", exits: 0)

    for history in all { try write(workspace, history, moved: true) }
    try workspace.commit("Twelve changes")
    try endpoint.forgetCalls()
    try killInMidRollout(workspace, client: "killed")
    let clients = histories.flatMap { ["--client", $0.client] }
    let applied = try Report(
      try workspace.start(
        ["apply", "--yes", "--format", "json", "--parallelism", "64"] + clients
      ).finish())
    for history in histories {
      let change = applied.change("Service", stack: "\(history.client)-prod")
      XCTAssertEqual(change?.json["outcome"].string, history.outcome, history.client)
      let told = change?.json["error"].string ?? ""
      for text in history.told {
        XCTAssert(told.contains(text), "\(history.client): \(text): \(told)")
      }
    }
    XCTAssertEqual(
      try endpoint.calls().filter { $0["operation"].string == "UpdateService" }.count, 12)
    let counted = applied.change("Service", stack: "counted-prod")
    XCTAssertEqual(counted?.json["differences"].array.count, 1, "a count alone")

    try assertStalled(all, try report(workspace, "plan", exits: 2))
    for withJournal in [true, false] {
      try endpoint.forgetCalls()
      for _ in 0..<10 {
        if !withJournal { try workspace.remove(".trueup") }
        let run = try workspace.trueup("reconcile", "--once", "--format", "json")
        XCTAssertEqual(run.code, 3, run.everything)
        try assertStalled(all, try Report(run))
      }
      XCTAssertEqual(try mutations(), [], "with a journal: \(withJournal)")
    }
  }

  private func assertStalled(
    _ histories: [History], _ report: Report, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    for history in histories {
      let stack = "\(history.client)-prod"
      let change = report.change("Service", stack: stack)
      XCTAssertEqual(
        change?.json["action"].string, history.after.isEmpty ? nil : "stalled", history.client,
        file: file, line: line)
      let told = (change?.json["reason"].string ?? "") + "; " + (change?.json["hint"].string ?? "")
      for text in history.after {
        XCTAssert(told.contains(text), "\(stack): \(text): \(told)", file: file, line: line)
      }
    }
  }
}
