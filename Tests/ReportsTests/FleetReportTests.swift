import Document
import TrueupCore
import XCTest

@testable import Reports

/// What people, log collectors and Prometheus read of the fleet.
final class FleetReportTests: XCTestCase {
  private static let commit = Commit(
    revision: Examples.revision, author: "Ada <ada@example.com>",
    subject: "Keep logs for a year", at: 1_795_100_000)
  private let held = HeldBack(
    stack: "beta-prod", revision: Examples.revision,
    reason:
      "desired-state/clients/beta-prod.jsonc@77aa10b4c2d3:4:16: there is no blueprint \"bsae\"")

  private func status(
    _ stack: String, _ state: StackState, changed: Double? = 1_795_100_000,
    commit: Commit? = commit
  ) -> StackStatus {
    StackStatus(
      stack: stack, state: state, command: "reconcile", lastRun: 1_795_214_467,
      lastChange: changed, revision: commit?.revision, commit: commit)
  }

  private var fleet: [StackStatus] {
    [
      status("acme-prod", StackState(status: .inSync, inSync: 62)),
      status("zeta-dev", StackState(status: .drifted, inSync: 58, drifted: 2, pending: 1)),
      status(
        "beta-prod",
        StackState(
          status: .failed, inSync: 60, failed: 1, note: "TaskRole: iam CreateRole was denied")),
      status(
        "new-dev", StackState(status: .pending, pending: 62), changed: nil, commit: nil),
      status("old-prod", StackState(status: .suspended, inSync: 61)),
    ]
  }

  func testTheStatusShowsTheWorstFirst() throws {
    try assertGolden(StatusText.render(fleet), "status.txt")
    try assertGolden(StatusText.json(fleet).json(indent: 2) + "\n", "status.json")
    XCTAssertEqual(
      StatusText.render([]), "No stack was looked at yet; trueup plan and trueup reconcile do.\n")
  }

  func testTheStatusExitsByItsWorstStack() {
    let cases: [(statuses: [StackState.Status], exit: ExitStatus)] = [
      ([], .done), ([.inSync, .suspended], .done), ([.inSync, .pending], .found),
      ([.drifted], .found), ([.drifted, .failed, .inSync], .error),
    ]
    for test in cases {
      let stacks = test.statuses.map { status("a-b", StackState(status: $0)) }
      XCTAssertEqual(StatusText.exitStatus(stacks), test.exit, "of \(test.statuses)")
    }
  }

  func testAStackStandsAsItsChangesEnded() {
    func change(_ action: Change.Action, _ cause: Cause, _ outcome: Outcome? = nil) -> Change {
      Examples.change("acme-prod/Vpc", "EC2::VPC", action, cause, outcome: outcome)
    }
    let done = Examples.succeeded(1, 1)
    let cases:
      [(
        reason: String, changes: [Change], error: String?, refusal: String?, suspended: Bool,
        expected: String
      )] = [
        ("nothing differs", [], nil, nil, false, "in sync 5 0 0 0 -"),
        ("a wish is open", [change(.create, .new)], nil, nil, false, "pending 5 0 1 0 -"),
        ("drift is open", [change(.update, .drift)], nil, nil, false, "drifted 5 1 0 0 -"),
        (
          "drift outweighs wishes", [change(.update, .drift), change(.create, .new)], nil, nil,
          false, "drifted 5 1 1 0 -"
        ),
        (
          "what succeeded is in sync, and what was deleted is gone",
          [change(.update, .drift, done), change(.delete, .removed, done)], nil, nil, false,
          "in sync 6 0 0 0 -"
        ),
        (
          "what was not waited for is pending",
          [change(.create, .new, Outcome(result: .progressing))], nil, nil, false,
          "pending 5 0 1 0 -"
        ),
        (
          "a failure is told",
          [
            change(.create, .new, Examples.skipped("needs it")),
            change(.create, .new, Examples.failed("denied")),
          ], nil, nil, false, "failed 5 0 0 2 Vpc: denied"
        ),
        (
          "what is blocked needs a person", [change(.blocked, .new)], nil, nil, false,
          "failed 5 0 0 1 Vpc: blocked"
        ),
        (
          "what is stalled needs a person", [Examples.stalled.plan.stacks[0].changes[0]], nil, nil,
          false,
          "failed 5 0 0 1 Service is stalled: deployment 8kq1 of the same was rolled back: ECS "
            + "deployment circuit breaker: tasks failed to start.; a task stopped: "
            + "CannotPullContainerError: not found; it starts again when what is declared changes, or "
            + "with: trueup deploy --again acme-prod/Service"
        ),
        ("a stack's error is told", [], "no access", nil, false, "failed 5 0 0 0 no access"),
        (
          "a refusal is told", [change(.delete, .removed)], nil, "over the budget", false,
          "failed 5 0 1 0 over the budget"
        ),
        ("a suspended stack is just that", [], nil, nil, true, "suspended 5 0 0 0 -"),
      ]
    for test in cases {
      var stack = Examples.stack(
        "acme", changes: test.changes, inSync: 5, error: test.error)
      stack.isSuspended = test.suspended
      let report = Examples.report(
        .reconcile, [stack], refusals: test.refusal.map { ["acme-prod": $0] } ?? [:])
      let state = report.state(of: stack)
      XCTAssertEqual(
        "\(state.status.rawValue) \(state.inSync) \(state.drifted) \(state.pending) "
          + "\(state.failed) \(state.note ?? "-")", test.expected, test.reason)
    }
  }

  func testStacksThatAreHeldBackAreToldWithTheReason() throws {
    let never = HeldBack(stack: "new-dev", revision: nil, reason: "one\ntwo")
    let other = HeldBack(stack: "acme-prod", revision: held.revision, reason: held.reason)
    try assertGolden(HeldBackText.render([held, never, other]), "held-back.txt")
    var report = Examples.report(.reconcile, [Examples.stack("acme", inSync: 3)])
    XCTAssertEqual(ExitStatus(report), .done)
    report.heldBack = [held]
    XCTAssertEqual(ExitStatus(report), .error, "a timer's unit has to show it")
    XCTAssertEqual(PlanJSON.render(report)["heldBack"]?[0]?["stack"]?.string, "beta-prod")
    XCTAssertEqual(report.state(of: Examples.stack("beta")).status, .failed)
  }

  func testTheHistoryNamesTheCommit() throws {
    func entry(_ resource: String, _ commit: Commit?, revision: String, dirty: Bool = false)
      -> HistoryEntry
    {
      HistoryEntry(
        time: 1_795_214_466, run: Examples.run, stack: "acme-prod", resource: resource,
        action: "update", cause: "pending", outcome: "succeeded", calls: 5, seconds: 12,
        revision: revision, commit: commit, isDirty: dirty)
    }
    try assertGolden(
      HistoryText.render([
        entry("Vpc", Self.commit, revision: Examples.revision),
        entry("Subnet", Self.commit, revision: Examples.revision),
        entry("Logs", nil, revision: "77aa10b4c2d3", dirty: true),
      ]), "history-commits.txt")
  }

  // MARK: Logs

  func testEveryEventIsAnObjectOnOneLine() throws {
    let vpc = Examples.address("acme-prod/Vpc")
    let events: [RunEvent] = [
      .stepStarted(vpc, type: "AWS::EC2::VPC", action: .create),
      .stepWaiting(vpc, type: "AWS::EC2::VPC", action: .create, seconds: 42, reason: "VPC vpc-1"),
      .stepFinished(
        vpc, type: "AWS::EC2::VPC", action: .create, outcome: Examples.succeeded(2, 0.5),
        detail: "vpc-1"),
      .stepFinished(
        vpc, type: "AWS::EC2::VPC", action: .create, outcome: Examples.failed("denied\nhere"),
        detail: ""),
      .stopping, .note("settled 2 calls"),
    ]
    let lines =
      events.map { EventJSON.line($0, at: 1_795_214_467.9) } + [
        EventJSON.finished(reconciled, exit: .error, at: 1_795_214_469)
      ]
    for line in lines {
      XCTAssertFalse(line.contains("\n"), line)
      let object = try JSON.read(line)
      XCTAssertNotNil(object["event"]?.string, line)
      XCTAssertNotNil(object["time"]?.string, line)
    }
    try assertGolden(lines.map { $0 + "\n" }.joined(), "events.jsonl")
  }

  // MARK: Metrics

  private var reconciled: RunReport {
    var report = Examples.firstApply
    report.command = .reconcile
    report.plan.stacks.append(Examples.stack("beta", inSync: 60))
    report.heldBack = [held, HeldBack(stack: "new\"\\\n-dev", revision: nil, reason: "one")]
    return report
  }

  func testMetricsReadAsPrometheusWantsThem() throws {
    let text = MetricsText.render(reconciled, exit: .error, at: 1_795_214_467.9)
    try assertGolden(text, "metrics.prom")
    let samples = try PrometheusText(text).samples
    XCTAssertEqual(samples[#"trueup_run_duration_seconds{command="reconcile"}"#], 3.44)
    XCTAssertEqual(samples[#"trueup_run_api_calls{command="reconcile",service="ec2"}"#], 14)
    XCTAssertEqual(
      samples.keys.count { $0.contains(#"stack="new\"\\\n-dev""#) }, 6, "labels are escaped")
  }

  func testARunWithoutStacksIsStillValid() throws {
    let report = Examples.report(.drift, [], calls: [:])
    let text = MetricsText.render(report, exit: .done, at: 0)
    XCTAssertFalse(try PrometheusText(text).samples.isEmpty)
  }

  func testTheParserTakesNothingElse() {
    for wrong in [
      "a 1", "# HELP a b\n# TYPE a gauge\na 1", "# TYPE a gauge\na 1\n",
      "# HELP a b\n# TYPE a gauge\na 1\na 1\n", "# HELP a b\n# TYPE a gauge\nb 1\n",
      "# HELP a b\n# TYPE a gauge\na{x=\"1} 1\n", "# HELP a b\n# TYPE a gauge\na{x=\"1\"} x\n",
      "# HELP a b\n# TYPE a gauge\na{x=\"1\",x=\"2\"} 1\n", "# HELP a b\n# TYPE a dial\na 1\n",
      "# HELP a b\n# TYPE a gauge\na 1\n# HELP a b\n# TYPE a gauge\na{x=\"1\"} 1\n",
      "# HELP a b\n# TYPE a gauge\na 1 1795214467\n",
    ] {
      XCTAssertThrowsError(try PrometheusText(wrong), "this is no valid text:\n\(wrong)")
    }
  }
}

/// The text exposition format, version 0.0.4, as strictly as it is written down, and without the
/// timestamps that node_exporter's textfile collector refuses.
/// Source: Prometheus documentation, "Exposition formats".
private struct PrometheusText {
  struct Invalid: Error { var line: String }

  /// Values by the sample's name with its labels, as written.
  var samples: [String: Double] = [:]

  init(_ text: String) throws {
    guard text.hasSuffix("\n") else { throw Invalid(line: "the last line has no end") }
    let sample =
      #/([a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*",?)*)\})? (-?[0-9.e+-]+)/#
    var helped: String?
    var family: String?
    var seen: Set<String> = []
    for row in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
      let line = String(row)
      if let help = line.wholeMatch(of: #/# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) .+/#) {
        helped = String(help.1)
        family = nil
        guard seen.insert(String(help.1)).inserted else { throw Invalid(line: line) }
      } else if let type = line.wholeMatch(of: #/# TYPE (\S+) (counter|gauge)/#) {
        guard helped == String(type.1), family == nil else { throw Invalid(line: line) }
        family = helped
      } else if let found = line.wholeMatch(of: sample), let value = Double(found.4) {
        guard String(found.1) == family else { throw Invalid(line: line) }
        let labels = (found.3 ?? "").matches(of: #/([a-zA-Z_][a-zA-Z0-9_]*)="/#).map(\.1)
        guard Set(labels).count == labels.count else { throw Invalid(line: line) }
        let name = "\(found.1)\(found.2 ?? "")"
        guard samples.updateValue(value, forKey: name) == nil else { throw Invalid(line: line) }
      } else {
        throw Invalid(line: line)
      }
    }
  }
}
