import Document
import Journal
import TrueupCore
import XCTest

@testable import Engine

/// What may happen while a person thinks about a plan.
final class ApprovalTests: XCTestCase {
  private let before = ToyFleet.acme(ToyFleet.net("Net", note: "a"))
  private let after = ToyFleet.acme(ToyFleet.net("Net", note: "b"))

  private func apply(
    _ bench: Bench, thinking seconds: Double,
    while change: @escaping @Sendable (inout [InMemoryCloud.Thing]) -> Void = { _ in }
  ) async throws -> RunReport {
    let engine = try bench.engine()
    return try await engine.apply(
      Reconciler.Request(command: .apply, desired: after), by: .init(user: "u", host: "h")
    ) { _ in
      await bench.clock.sleep(seconds)
      await bench.cloud.drift(change)
      return true
    }
  }

  private func lists(_ bench: Bench) async -> Int {
    await bench.cloud.log.count { $0.operation == "DescribeNets" }
  }

  func testWhatMovedBeforeALateAnswerIsToldAndNothingIsDone() async throws {
    let bench = try Bench()
    try await bench.apply(before)
    let writes = await bench.cloud.changes.count
    do {
      _ = try await apply(bench, thinking: 3600) { $0[0].properties["Note"] = "by hand" }
      XCTFail("it was not what the person has seen")
    } catch let error as EngineError {
      XCTAssert(error.message.contains("what was shown is out of date"), error.message)
      XCTAssert(error.message.contains("acme-prod/Net /Note: AWS has moved"), error.message)
    }
    let now = await bench.cloud.changes.count
    XCTAssertEqual(now, writes)
    let again = try await apply(bench, thinking: 3600)
    XCTAssertEqual(again.lines, ["update acme-prod/Net conflict succeeded"])
  }

  func testALateAnswerReadsOnceMoreAndAQuickOneDoesNot() async throws {
    var counts: [Int] = []
    for seconds in [5.0, 3600] {
      let bench = try Bench()
      try await bench.apply(before)
      let earlier = await lists(bench)
      let report = try await apply(bench, thinking: seconds)
      XCTAssertEqual(report.lines, ["update acme-prod/Net pending succeeded"])
      counts.append(await lists(bench) - earlier)
    }
    // The last one looks whether the update was taken.
    XCTAssertEqual(counts, [2, 3])
  }

  func testANoIsNoRun() async throws {
    let bench = try Bench()
    var raised = before
    raised.budget = Budget(deletes: 1)
    try await bench.apply(raised)
    var both = ToyFleet.desired(ToyFleet.stack("acme", []))
    both.budget = Budget(deletes: 50)
    var grown = after
    grown.budget = Budget(deletes: 50)
    do {
      _ = try await bench.engine().apply(
        Reconciler.Request(command: .apply, desired: grown), by: .init(user: "u", host: "h")
      ) { _ in false }
      XCTFail("the answer was no")
    } catch let error as EngineError {
      guard case .declined = error else { return XCTFail(error.message) }
    }
    let planned = try await bench.plan(both)
    XCTAssertEqual(
      planned.limits?.deletes(of: "acme-prod"), 1, "what was declined raises no limit")
  }
}
