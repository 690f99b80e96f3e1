import Document
import Journal
import TrueupCore
import XCTest

@testable import Engine

/// Whether AWS has taken what was written.
final class ConvergenceTests: XCTestCase {
  private func fleet(_ note: String) -> Desired {
    ToyFleet.acme(ToyFleet.net("Net", note: note))
  }

  private func bench(_ faults: InMemoryCloud.Faults) async throws -> Bench {
    let bench = try Bench()
    try await bench.apply(fleet("a"))
    await bench.cloud.set(faults)
    return bench
  }

  private func modifications(_ bench: Bench) async -> Int {
    await bench.cloud.changes.count { $0 == "ModifyNet" }
  }

  func testWhatIsTakenIsReadOnceMore() async throws {
    let bench = try await bench(InMemoryCloud.Faults())
    let before = try await bench.plan(fleet("a")).calls.total
    await bench.cloud.set(InMemoryCloud.Faults())
    let report = try await bench.apply(fleet("b"))
    XCTAssertEqual(report.lines, ["update acme-prod/Net pending succeeded"])
    let log = await bench.cloud.log.map(\.operation)
    XCTAssertEqual(log.count { $0 == "ModifyNet" }, 1, "\(log)")
    XCTAssertEqual(log.count { $0 == "DescribeNets" }, 2, "one list more: \(log)")
    XCTAssertEqual(log.count { $0 == "GetResources" }, 1, "no other sweep: \(log)")
    XCTAssertGreaterThan(before, 0)
  }

  func testWhatWasResetIsNotLookedFor() async throws {
    let bench = try await bench(InMemoryCloud.Faults())
    // A default takes the place of what is no longer declared.
    await bench.cloud.set(
      InMemoryCloud.Faults(),
      afterChange: { call in
        guard call.operation == "ModifyNet" else { return }
        Task { await bench.cloud.drift { $0[0].properties["Note"] = "the default" } }
      })
    try await bench.apply(ToyFleet.acme(ToyFleet.net("Net")))
    let count = await modifications(bench)
    XCTAssertEqual(count, 1)
  }

  func testACreateIsNotReadAgain() async throws {
    let bench = try Bench()
    try await bench.apply(fleet("a"))
    let log = await bench.cloud.log.map(\.operation)
    XCTAssertEqual(log.count { $0 == "DescribeNets" }, 1, "\(log)")
  }

  func testAListThatLagsBehindIsWaitedFor() async throws {
    var faults = InMemoryCloud.Faults()
    faults.lag = 6
    let bench = try await bench(faults)
    try await bench.apply(fleet("b"))
    let count = await modifications(bench)
    XCTAssertEqual(count, 1, "it is not written again")
    let after = try await bench.plan(fleet("b"))
    XCTAssertEqual(after.lines, [])
    XCTAssertEqual(after.plan.stacks[0].unkept, [])
  }

  func testWhatIsNotKeptIsWrittenOnceMoreAndThenLeft() async throws {
    var faults = InMemoryCloud.Faults()
    faults.deaf = ["Note"]
    let bench = try await bench(faults)
    let report = try await bench.apply(fleet("b"))
    let twice = await modifications(bench)
    XCTAssertEqual(twice, 2)
    XCTAssertEqual(report.plan.stacks[0].unkept.map(\.path), ["/Note"])
    XCTAssert(
      report.plan.stacks[0].notChecked.contains { $0.reason == "AWS does not keep this value" })
    for _ in 1...2 {
      let again = try await bench.apply(fleet("b"))
      XCTAssertEqual(again.lines, [])
      XCTAssertEqual(again.plan.stacks[0].unkept.map(\.path), ["/Note"], "it is said each time")
    }
    let still = await modifications(bench)
    XCTAssertEqual(still, 2, "and not written")
    // The desired value moves.
    try await bench.apply(fleet("c"))
    let moved = await modifications(bench)
    XCTAssertEqual(moved, 4)
    // The observed value moves.
    await bench.cloud.drift { $0[0].properties["Note"] = "z" }
    await bench.cloud.set(InMemoryCloud.Faults())
    let mended = try await bench.apply(fleet("c"))
    XCTAssertEqual(mended.lines.count, 1)
    let settled = try await bench.plan(fleet("c"))
    XCTAssertEqual(settled.lines, [])
    XCTAssertEqual(settled.plan.stacks[0].unkept, [])
  }

  func testAFailureOfTheSecondWriteIsTold() async throws {
    var faults = InMemoryCloud.Faults()
    faults.deaf = ["Note"]
    faults.onlyOnce = ["ModifyNet"]
    let bench = try await bench(faults)
    let report = try await bench.apply(fleet("b"))
    XCTAssertEqual(report.lines, ["update acme-prod/Net pending failed"])
    XCTAssertNotNil(report.change(of: "acme-prod/Net")?.outcome?.error)
    XCTAssertEqual(report.change(of: "acme-prod/Net")?.outcome?.calls, 2)
  }

  func testWithoutAJournalItIsWrittenAgain() async throws {
    var faults = InMemoryCloud.Faults()
    faults.deaf = ["Note"]
    let bench = try await bench(faults)
    try await bench.apply(fleet("b"))
    bench.loseJournal()
    let again = try await bench.apply(fleet("b")) { $0.allowsOrphans = true }
    XCTAssertEqual(again.lines.count, 1, "\(again.lines)")
  }

  func testWhatWasTakenOnceIsPutRightEachTimeAndToldFromTheThirdOn() async throws {
    let bench = try await bench(InMemoryCloud.Faults())
    let inSync = try await bench.apply(fleet("a"))
    XCTAssertEqual(inSync.lines, [])
    for time in 1...4 {
      await bench.cloud.drift { $0[0].properties["Note"] = .string("by hand \(time)") }
      let report = try await bench.apply(fleet("a"))
      XCTAssertEqual(report.lines, ["update acme-prod/Net drift succeeded"], "time \(time)")
      XCTAssertEqual(
        report.standing.map(\.id.path), time >= 3 ? ["/Note (repeatedly)"] : [], "time \(time)")
      XCTAssertEqual(report.plan.stacks[0].notes.isEmpty, time < 3, "time \(time)")
      XCTAssertEqual(report.plan.stacks[0].unkept, [])
    }
    await bench.clock.sleep(90_000)
    let later = try await bench.plan(fleet("a"))
    XCTAssertEqual(later.standing, [], "a day later it is no finding any more")
  }

  /// Somebody undoes at once what was in force before: that is drift, and never left alone.
  func testWhatIsUndoneAtOnceIsNotLeft() async throws {
    let bench = try await bench(InMemoryCloud.Faults())
    try await bench.apply(fleet("a"))
    await bench.cloud.drift { $0[0].properties["Note"] = "by hand" }
    var faults = InMemoryCloud.Faults()
    faults.deaf = ["Note"]
    await bench.cloud.set(faults)
    for _ in 1...2 {
      let report = try await bench.apply(fleet("a"))
      XCTAssertEqual(report.lines.count, 1)
      XCTAssertEqual(report.plan.stacks[0].unkept, [])
    }
    let count = await modifications(bench)
    XCTAssertEqual(count, 4)
  }
}
