import XCTest

#if canImport(Glibc)
  import Glibc
#endif

/// Two runs at once, and runs that are asked to stop.
final class ConcurrencyTests: EndToEndTestCase {
  private let resources = Fixtures.network + ",\n" + Fixtures.logs

  func testOfTwoRunsOnOneStackOneIsRefused() throws {
    let workspace = try workspace(resources)
    try hang("ec2", "CreateVpc")
    let first = try workspace.start(["apply", "--yes"])
    try waitUntilACallHangs()
    let second = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(second.code, 3, second.everything)
    XCTAssert(second.everything.contains("another run"), second.everything)
    let planned = try workspace.trueup("plan")
    // It waits for what was just made to show, so that the first run may be done meanwhile.
    XCTAssert([0, 2].contains(planned.code), "a plan needs no lock:\n\(planned.everything)")
    let finished = try first.finish()
    XCTAssertEqual(finished.code, 0, "the first run is not disturbed:\n\(finished.everything)")
    try assertInSync(workspace)
  }

  func testARunOnAnotherStackIsNotRefused() throws {
    let workspace = try workspace(resources)
    try workspace.write(
      "desired-state/clients/beta-prod.jsonc",
      Fixtures.manifest("beta", parameters: #""VpcCidr": "10.2.0.0/16""#))
    try workspace.commit("Two clients")
    try hang("ec2", "CreateVpc")
    let first = try workspace.start(["apply", "--yes", "--client", "acme"])
    try waitUntilACallHangs()
    let second = try workspace.trueup("apply", "--yes", "--client", "beta")
    XCTAssertEqual(second.code, 0, second.everything)
    let both = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(both.code, 3, "acme-prod is locked, beta-prod is in sync:\n\(both.everything)")
    XCTAssertEqual(try first.finish().code, 0)
    try assertInSync(workspace)
  }

  func testASignalEndsTheRunInGoodOrder() throws {
    for signal in [SIGINT, SIGTERM] {
      try endpoint.control("POST reset")
      try endpoint.configure(["verify": true])
      let workspace = try workspace(resources)
      try hang("ec2", "CreateVpc")
      let running = try workspace.start(["apply", "--yes"])
      try waitUntilACallHangs()
      running.send(signal)
      let stopped = try running.finish(timeout: 30)
      XCTAssertNotEqual(stopped.code, 0, "not everything was done:\n\(stopped.everything)")
      XCTAssertLessThan(stopped.code, 128, "the program ends by itself:\n\(stopped.everything)")
      XCTAssert(
        stopped.output.contains("Applied"), "a summary is shown:\n\(stopped.everything)")
      let vpcs = try owned("describe_vpcs", "Vpcs")
      XCTAssertEqual(vpcs, 1, "the call in flight was let finish")
      XCTAssertEqual(try owned("describe_subnets", "Subnets"), 0, "nothing new was begun")
      let history = try workspace.trueup("history", "acme-prod/Vpc")
      XCTAssert(
        history.output.contains("succeeded"), "and was journaled:\n\(history.everything)")

      let again = try workspace.trueup("apply", "--yes")
      XCTAssertEqual(again.code, 0, again.everything)
      try assertInSync(workspace)
      XCTAssertEqual(try owned("describe_vpcs", "Vpcs"), 1, "the next run goes on from there")
    }
  }

  func testOneStepAtATimeWithParallelismOne() throws {
    let workspace = try workspace(resources)
    try endpoint.configure([
      "fail": [["mutating": true, "service": "ec2|logs", "times": 100, "mode": "delay:30"]]
    ])
    let applied = try workspace.trueup("apply", "--yes", "--parallelism", "1")
    XCTAssertEqual(applied.code, 0, applied.everything)
    let calls = try endpoint.calls().filter { $0["mutating"].bool == true }.sorted {
      ($0["started"].double ?? 0) < ($1["started"].double ?? 0)
    }
    for (one, next) in zip(calls, calls.dropFirst()) {
      let end = (one["started"].double ?? 0) + (one["seconds"].double ?? 0)
      XCTAssertLessThanOrEqual(
        end, (next["started"].double ?? 0) + 0.005,
        "\(one["operation"]) and \(next["operation"]) must not overlap")
    }
  }

  func testNoWaitAppliesToo() throws {
    let workspace = try workspace(resources)
    let applied = try workspace.trueup("apply", "--yes", "--no-wait")
    XCTAssertEqual(applied.code, 0, applied.everything)
    try assertInSync(workspace)
  }

  private func hang(_ service: String, _ operation: String) throws {
    try endpoint.configure([
      "fail": [["service": service, "operation": operation, "mode": "delay:3000"]]
    ])
  }

  private func owned(_ operation: String, _ member: String) throws -> Int {
    let filters: [[String: Any]] = [["Name": "tag-key", "Values": ["trueup:stack"]]]
    return try endpoint.aws("ec2", operation, ["Filters": filters])[member].array.count
  }
}
