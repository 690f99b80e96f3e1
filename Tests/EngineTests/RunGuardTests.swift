import Document
import Foundation
import Journal
import TrueupCore
import XCTest

@testable import Engine

/// Limits that were raised, change windows, end dates, suspended stacks.
final class RunGuardTests: XCTestCase {
  private func nets(_ numbers: ClosedRange<Int>) -> [DesiredResource] {
    numbers.map { ToyFleet.net("Net\($0)", cidr: "10.\($0).0.0/16") }
  }

  private func fleet(
    _ nets: [DesiredResource], deletes: Int, _ others: DesiredStack...
  ) -> Desired {
    var desired = ToyFleet.desired(ToyFleet.stack("acme", nets))
    desired.stacks += others
    desired.budget = Budget(deletes: deletes)
    return desired
  }

  func testOneCommitCannotRaiseItsOwnLimit() async throws {
    let bench = try Bench()
    try await bench.apply(fleet(nets(1...3), deletes: 1))
    let both = fleet(nets(1...1), deletes: 50)
    for run in 1...3 {
      let refused = try await bench.apply(both)
      XCTAssertEqual(Array(refused.refusals.keys), ["acme-prod"], "run \(run)")
      let planned = try await bench.plan(both)
      XCTAssertEqual(planned.limits?.deletes(of: "acme-prod"), 1, "a plan says so: run \(run)")
    }
    // Raised first, and used then.
    try await bench.apply(fleet(nets(1...3), deletes: 50))
    let used = try await bench.apply(both)
    XCTAssertEqual(used.refusals, [:])
    XCTAssertEqual(used.plan.changes.map(\.outcome?.result), [.succeeded, .succeeded])
  }

  func testAFailingStackInBetweenDoesNotMatter() async throws {
    let bench = try Bench()
    let elsewhere = "222222222222"
    let other = ToyFleet.stack("beta", account: elsewhere, nets(9...9))
    try await bench.apply(fleet(nets(1...3), deletes: 1, other))
    var faults = InMemoryCloud.Faults()
    faults.accounts = [
      elsewhere: .failure(
        CallFailure(
          reason: .credentials, service: "sts", operation: "GetCallerIdentity", message: "expired"))
    ]
    await bench.cloud.set(faults)
    try await bench.apply(fleet(nets(1...3), deletes: 50, other))
    let used = try await bench.apply(fleet(nets(1...1), deletes: 50, other))
    XCTAssertEqual(used.refusals, [:], "acme was planned whole with the limit of now")
    await bench.cloud.set(InMemoryCloud.Faults())
    let gone = ToyFleet.stack("beta", account: elsewhere, [])
    var desired = fleet(nets(1...1), deletes: 50, gone)
    desired.budget.deletes = 50
    let stale = try await bench.apply(desired)
    XCTAssertEqual(stale.refusals, [:], "one deletion is within the earlier limit")
  }

  func testWithoutAJournalAnEarlierRevisionSaysWhatHolds() async throws {
    let bench = try Bench(isRepository: true)
    try await bench.apply(fleet(nets(1...3), deletes: 1))
    let both = fleet(nets(1...1), deletes: 50)
    for _ in 1...3 {
      bench.loseJournal()
      let refused = try await bench.apply(both) { $0.earlierBudget = { Budget(deletes: 1) } }
      XCTAssertEqual(Array(refused.refusals.keys), ["acme-prod"])
    }
    bench.loseJournal()
    let allowed = try await bench.apply(both) {
      $0.earlierBudget = { Budget(deletes: 1) }
      $0.allowance.deletes = 2
    }
    XCTAssertEqual(allowed.refusals, [:])
  }

  func testWhatIsNotCommittedRaisesNothing() async throws {
    let bench = try Bench()
    try await bench.apply(fleet(nets(1...3), deletes: 1))
    try await bench.apply(fleet(nets(1...3), deletes: 50)) { $0.isDirty = true }
    let refused = try await bench.apply(fleet(nets(1...1), deletes: 50))
    XCTAssertEqual(Array(refused.refusals.keys), ["acme-prod"])
  }

  func testTheDestructionOfAStackHasItsOwnLimitAndResumes() async throws {
    let bench = try Bench()
    try await bench.apply(fleet(nets(1...9), deletes: 1))
    var going = fleet(nets(1...9), deletes: 1)
    going.stacks[0].destroy = .retain
    let refused = try await bench.apply(going)
    XCTAssertEqual(Array(refused.refusals.keys), ["acme-prod"])
    going.stacks[0].destroyedResources = 9
    var faults = InMemoryCloud.Faults()
    faults.death = (call: 8, isAfter: true)
    await bench.cloud.set(faults, whenDying: { bench.freezeJournal() })
    _ = try? await bench.apply(going)
    await bench.cloud.set(InMemoryCloud.Faults())
    let resumed = try await bench.apply(going)
    XCTAssertEqual(resumed.refusals, [:])
    let left = await bench.inventory()
    XCTAssertEqual(left, [])
  }

  // MARK: Windows

  /// Open now, for so many minutes; the virtual clock stands on a Monday, 12 January 1970, 13:46:40 UTC.
  private func open(minutes: Int) -> ChangeWindow {
    ChangeWindow(days: [0], from: 13 * 60, to: 13 * 60 + 46 + minutes, zone: "UTC")
  }

  private let closed = ChangeWindow(days: [1], from: 540, to: 600, zone: "UTC")

  private func fleet(_ window: ChangeWindow, _ nets: [DesiredResource]) -> Desired {
    var desired = ToyFleet.desired(ToyFleet.stack("acme", nets))
    desired.stacks[0].windows = [window]
    return desired
  }

  func testOutsideAWindowReconcileOnlyReportsAndApplyIsRefused() async throws {
    let bench = try Bench()
    let desired = fleet(closed, nets(1...1))
    let applied = try await bench.apply(desired)
    XCTAssertEqual(Array(applied.refusals.keys), ["acme-prod"])
    XCTAssert(applied.refusals["acme-prod"]?.contains("--now") == true, "\(applied.refusals)")
    XCTAssert(
      applied.refusals["acme-prod"]?.contains("Tue 1970-01-13 09:00 UTC") == true,
      "\(applied.refusals)")
    let reconciled = try await bench.apply(desired) { $0.command = .reconcile }
    XCTAssertEqual(reconciled.refusals, [:])
    XCTAssertEqual(reconciled.lines, ["create acme-prod/Net1 new"])
    let changes = await bench.cloud.changes
    XCTAssertEqual(changes, [])
    let forced = try await bench.apply(desired) { $0.ignoresWindows = true }
    XCTAssertEqual(forced.lines, ["create acme-prod/Net1 new succeeded"])
    let idle = try await bench.apply(desired)
    XCTAssertEqual(idle.refusals, [:], "where nothing is to be done nothing is refused")
  }

  func testAnotherStackGoesOn() async throws {
    let bench = try Bench()
    var desired = fleet(closed, nets(1...1))
    desired.stacks.append(ToyFleet.stack("beta", nets(2...2)))
    let report = try await bench.apply(desired) { $0.command = .reconcile }
    XCTAssertEqual(
      report.lines, ["create acme-prod/Net1 new", "create beta-prod/Net2 new succeeded"])
  }

  func testInTheLastMinutesNothingIsBegunAndWhatIsBegunEnds() async throws {
    let bench = try Bench(parallelism: 1)
    var faults = InMemoryCloud.Faults()
    faults.pending = 100
    await bench.cloud.set(faults)
    // A net takes a hundred seconds; after it less than five minutes are left.
    let resources = nets(1...2) + [ToyFleet.host("Host", in: ToyFleet.ref("Net1"))]
    let report = try await bench.apply(fleet(open(minutes: 6), resources))
    XCTAssertEqual(
      report.lines.sorted(),
      [
        "create acme-prod/Host new skipped", "create acme-prod/Net1 new succeeded",
        "create acme-prod/Net2 new succeeded",
      ])
    XCTAssertEqual(
      report.change(of: "acme-prod/Host")?.outcome?.error,
      "its change window closes: nothing more is begun")
    let late = try await bench.apply(fleet(open(minutes: 6), resources))
    XCTAssertEqual(Array(late.refusals.keys), ["acme-prod"], "the last minutes are outside")
  }

  // MARK: End dates, suspended stacks

  func testAnEndDateIsReportedFromFourteenDaysBefore() async throws {
    let bench = try Bench()
    var desired = ToyFleet.desired(ToyFleet.stack("acme", nets(1...1)))
    try await bench.apply(desired)
    for (day, says) in [
      ("1970-01-27", nil), ("1970-01-26", "in 14 days"), ("1970-01-13", "tomorrow"),
      ("1970-01-12", "today"), ("1970-01-11", "has expired"),
    ] {
      desired.stacks[0].expires = try XCTUnwrap(Day(day))
      let report = try await bench.apply(desired)
      let note = report.plan.stacks[0].notes.first
      XCTAssertEqual(note != nil, says != nil, "\(day): \(note ?? "")")
      if let says { XCTAssert(note?.contains(says) == true, "\(day): \(note ?? "")") }
      XCTAssertEqual(report.lines, [], "nothing is removed: \(day)")
    }
  }

  func testASuspendedStackIsLeftAloneWhateverStandsInTheWay() async throws {
    let bench = try Bench()
    var desired = ToyFleet.desired(
      ToyFleet.stack("acme", [ToyFleet.net("Net")]),
      ToyFleet.stack(
        "beta", account: "222222222222",
        [
          ToyFleet.host(
            "Host", password: .secret(SecretReference(stack: "beta-prod", parameter: "No")))
        ]))
    desired.stacks[1].isSuspended = true
    for account in [
      Result<String, CallFailure>.success("999999999999"),
      .failure(
        CallFailure(
          reason: .credentials, service: "sts", operation: "GetCallerIdentity", message: "expired")),
      .success("222222222222"),
    ] {
      var faults = InMemoryCloud.Faults()
      faults.accounts = ["222222222222": account]
      await bench.cloud.set(faults)
      for command in [RunReport.Command.plan, .drift, .apply, .reconcile] {
        let report =
          command.changesAWS
          ? try await bench.apply(desired) { $0.command = command }
          : try await bench.plan(desired) { $0.command = command }
        XCTAssertEqual(report.refusals, [:], "\(command)")
        XCTAssertEqual(report.plan.stacks.map(\.error), [nil, nil], "\(command)")
        XCTAssertEqual(report.plan.stacks.last?.changes, [], "\(command)")
      }
    }
    for command in [RunReport.Command.destroy, .adopt] {
      let report = try await bench.apply(desired) {
        $0.command = command
        $0.selected = ["beta-prod"]
        if command == .destroy { $0.destroy = ["beta-prod": .delete] }
      }
      XCTAssertEqual(Array(report.refusals.keys), ["beta-prod"], "\(command)")
    }
  }
}
