import TrueupCore
import XCTest

@testable import Reports

final class ExitStatusTests: XCTestCase {
  func testTheExitCodeSaysHowACommandEnded() {
    var appliedAroundBlocked = Examples.firstApply
    appliedAroundBlocked.plan.stacks[0].changes += Examples.blocked.plan.stacks[0].changes.prefix(1)
    var appliedAroundStalled = Examples.firstApply
    appliedAroundStalled.plan.stacks[0].changes += Examples.stalled.plan.stacks[0].changes
    var stalledInMidApply = Examples.firstApply
    stalledInMidApply.plan.stacks[0].changes[1].outcome = Outcome(
      result: .stalled, error: "it waits")
    stalledInMidApply.plan.stacks[0].changes[2].outcome = Examples.skipped("needs it")
    var interrupted = Examples.firstApply
    interrupted.plan.stacks[0].changes[2].outcome = nil
    var pendingOnly = Examples.firstPlan
    pendingOnly.command = .drift
    let cases: [(reason: String, report: RunReport, code: Int32)] = [
      ("nothing to do", Examples.nothingToDo, 0),
      ("a plan with changes", Examples.firstPlan, 2),
      ("everything applied", Examples.firstApply, 0),
      ("drift", Examples.drift, 2),
      ("changes are pending, nothing drifted", pendingOnly, 0),
      ("a step was denied", Examples.accessDenied, 1),
      ("a stack could not be planned", Examples.oneClientFails, 1),
      ("the budget refuses", Examples.refused, 3),
      ("something had to be left blocked", appliedAroundBlocked, 3),
      ("the run was interrupted", interrupted, 1),
      ("something is stalled", Examples.stalled, 2),
      ("something had to be left stalled", appliedAroundStalled, 3),
      ("a step stalled, and what needs it was skipped", stalledInMidApply, 3),
    ]
    for (reason, report, code) in cases {
      XCTAssertEqual(ExitStatus(report).rawValue, code, "when \(reason), exit with \(code)")
    }
  }
}

final class TextColumnsTests: XCTestCase {
  func testTextIsAlignedByTheColumnsItTakes() {
    let cases: [(text: String, columns: Int)] = [
      ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("→", 1), ("✓", 1), ("🚀", 2), ("", 0),
    ]
    for (text, columns) in cases {
      XCTAssertEqual(text.columns, columns, "\(text) should take \(columns) columns")
    }
    XCTAssertEqual(
      aligned([["日本", "x"], ["abcde", "y"], ["a", ""]]), ["日本   x", "abcde  y", "a"])
  }

  func testDurationsReadAsPeopleSayThem() {
    let cases: [(seconds: Double, text: String)] = [
      (0.04, "0.0 s"), (0.62, "0.6 s"), (9.96, "10 s"), (58.2, "58 s"), (185, "3 min 5 s"),
    ]
    for (seconds, text) in cases { XCTAssertEqual(Wording.duration(seconds), text) }
  }
}
