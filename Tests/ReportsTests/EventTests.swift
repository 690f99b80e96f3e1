import TrueupCore
import XCTest

@testable import Reports

final class EventTests: XCTestCase {
  private let vpc = Examples.address("acme-prod/Vpc")
  private let time = 1_795_214_467.9

  private func finished(_ name: String, _ outcome: Outcome, _ detail: String = "") -> RunEvent {
    .stepFinished(
      Examples.address(name), type: "AWS::EC2::VPC", action: .create, outcome: outcome,
      detail: detail)
  }

  func testEveryEventIsOneTimestampedLineOffTheTerminal() {
    let cases: [(event: RunEvent, line: String)] = [
      (
        .stepStarted(vpc, type: "AWS::EC2::VPC", action: .create), "acme-prod/Vpc creating"
      ),
      (
        .stepWaiting(
          vpc, type: "AWS::EC2::VPC", action: .create, seconds: 42, reason: "VPC vpc-1 is available"
        ),
        "acme-prod/Vpc waiting 42 s for VPC vpc-1 is available"
      ),
      (
        finished("acme-prod/Vpc", Examples.succeeded(2, 0.41), "vpc-1"),
        "acme-prod/Vpc created vpc-1 0.4 s"
      ),
      (
        finished("acme-prod/Vpc", Examples.failed("denied\nhere")),
        "acme-prod/Vpc create failed: denied here 0.2 s"
      ),
      (
        finished("acme-prod/Vpc", Examples.skipped("needs TaskRole")),
        "acme-prod/Vpc skipped: needs TaskRole"
      ),
      (
        finished("acme-prod/Vpc", Outcome(result: .progressing, calls: 1, seconds: 3), "vpc-1"),
        "acme-prod/Vpc create begun, not waited for: vpc-1 3.0 s"
      ),
      (.stopping, "stopping: calls in flight finish, nothing new begins"),
      (.note("settled 2 unfinished intents"), "settled 2 unfinished intents"),
    ]
    for (event, line) in cases {
      XCTAssertEqual(EventText.line(event, at: time), "2026-11-20T22:41:07Z \(line)")
    }
  }

  func testATerminalShowsFinishedStepsByStackAndOneLineOfWhatRuns() {
    let plan = Plan(stacks: [Examples.stack("acme", changes: Examples.replacements(1))])
    var progress = LiveProgress(plan, style: TextStyle(width: 60))
    let erase = "\r\u{1B}[K"
    let subnet = Examples.address("acme-prod/Subnet1")
    XCTAssertEqual(
      progress.handle(.stepStarted(vpc, type: "", action: .create), at: 10),
      "  … Vpc  creating 0.0 s")
    XCTAssertEqual(
      progress.handle(.stepStarted(subnet, type: "", action: .create), at: 11),
      erase + "  … Vpc  creating 1.0 s   and 1 more running")
    XCTAssertEqual(
      progress.handle(
        finished("acme-prod/Vpc", Examples.succeeded(1, 2), "vpc-1"), at: 12),
      erase + "acme-prod\n  ✓ Vpc      created   vpc-1                      2.0 s\n"
        + "  … Subnet1  creating 1.0 s")
    XCTAssertEqual(progress.tick(at: 23), erase + "  … Subnet1  creating 12 s")
    XCTAssertEqual(
      progress.handle(
        .stepWaiting(
          subnet, type: "", action: .create, seconds: 42,
          reason: "the subnet to be available, which may take a very long time"), at: 53),
      erase + "  … Subnet1  waiting 42 s for the subnet to be available, w")
    XCTAssertEqual(progress.handle(.stopping, at: 54).split(separator: "\n").count, 2)
    XCTAssertEqual(
      progress.handle(finished("acme-prod/Subnet1", Examples.failed("denied")), at: 55),
      erase + "  ✗ Subnet1  create failed: denied   0.2 s\n")
    XCTAssertEqual(progress.finish(), "", "there should be no status line left to erase")
  }

  func testAStackIsNamedAgainWhenTheLinesChangeStacks() {
    var progress = LiveProgress(Plan(stacks: []), style: .plain)
    let text = ["a-b/X", "a-b/Y", "c-d/X"].map {
      progress.handle(finished($0, Examples.skipped("needs Z")), at: 0)
    }.joined()
    XCTAssertEqual(
      text,
      "a-b\n  - X  skipped: needs Z\n  - Y  skipped: needs Z\nc-d\n  - X  skipped: needs Z\n")
  }
}
