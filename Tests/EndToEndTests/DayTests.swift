import Foundation
import XCTest

/// A whole day: a client is onboarded, a timer reconciles, somebody meddles, Slack hears of it once.
final class DayTests: EndToEndTestCase {
  private func messages() throws -> [String] {
    try endpoint.control("GET sink").array.map {
      $0["body"]["blocks"][0]["text"]["text"].string ?? "no header: \($0)"
    }
  }

  private func reconcile(_ workspace: Workspace) throws {
    let tick = try workspace.trueup("reconcile", "--once", "--notify")
    XCTAssertEqual(tick.code, 0, tick.everything)
  }

  func testFromOnboardingToTheEndOfADrift() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    workspace.environment["TRUEUP_SLACK_WEBHOOK"] = try endpoint.url + "/trueup-test/sink/slack"
    try reconcile(workspace)
    var heard = try messages().count

    let onboarded = try workspace.trueup("onboard", "nova", "dev", "--blueprint", "base")
    XCTAssertEqual(onboarded.code, 0, onboarded.everything)
    try workspace.commit("Onboard nova-dev")
    try reconcile(workspace)
    XCTAssertEqual(
      Array(try messages().dropFirst(heard)).filter { $0.contains("nova-dev") },
      ["Deployment started: nova-dev", "Deployment completed: nova-dev"])
    heard = try messages().count
    try reconcile(workspace)
    XCTAssertEqual(try messages().count, heard, "a tick with nothing to do tells nothing")

    let group = try physicalID("TaskSecurityGroup", stack: "cosyworld/nova-dev")
    _ = try AWSCLI(endpoint: endpoint).run([
      "ec2", "authorize-security-group-ingress", "--group-id", group, "--protocol", "tcp",
      "--port", "22", "--cidr", "0.0.0.0/0",
    ])
    for _ in 1...2 {
      let drift = try workspace.trueup("drift", "--notify")
      XCTAssertEqual(drift.code, 2, drift.everything)
    }
    XCTAssertEqual(
      Array(try messages().dropFirst(heard)), ["Drift in nova-dev: 1 new"],
      "one message, and no second one")
    heard = try messages().count

    try reconcile(workspace)
    let end = Array(try messages().dropFirst(heard))
    XCTAssertEqual(end.count, 1, "its end is told once: \(end)")
    XCTAssert(end.first?.hasPrefix("Drift in nova-dev: 1 ") ?? false, "\(end)")
    try reconcile(workspace)
    XCTAssertEqual(try messages().count, heard + 1, "and not again")
  }
}
