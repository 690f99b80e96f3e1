import Journal
import TrueupCore
import XCTest

@testable import Engine

/// The process is killed at every boundary of every call, and run again.
final class KillTests: XCTestCase {
  private struct Scenario {
    var name: String
    /// Applied in peace first.
    var before: Desired?
    /// Applied, killed, and applied again.
    var desired: Desired
    var destroys = false
    /// What else the engine knows: kinds without tags.
    var kinds: [any Kind] = [ToyNet(), ToyHost()]
    /// Nothing is in it that carries no tags and is in nothing of ours: of that a journal alone can tell
    /// whose it is.
    var isClearWithoutJournal = true
    /// The logical ids that exist in the end.
    var inventory: [String]
  }

  private static func fleet(cidr: String, note: String) -> Desired {
    ToyFleet.acme(
      ToyFleet.net("Net", cidr: cidr, note: note),
      ToyFleet.net("Other", cidr: "10.9.0.0/16").tagged(note),
      ToyFleet.host("Inside", in: ToyFleet.ref("Net")),
      ToyFleet.host("Router", in: ToyFleet.ref("Other"), route: ToyFleet.ref("Net"), note: note))
  }

  /// With a net that is deleted first, what is in it, and things without tags.
  private static func wired(cidr: String, endpoint: String = "mail", board: String? = "sales")
    -> Desired
  {
    var net = ToyFleet.net("Net", cidr: cidr)
    net.replaceDeleteFirst = true
    var resources = [
      net, ToyFleet.host("Inside", in: ToyFleet.ref("Net")),
      ToyFleet.resource(
        "Wire", "Test::Wire",
        ["HostName": ToyFleet.ref("Inside"), "Endpoint": .string(endpoint)]),
    ]
    if let board {
      resources.append(
        ToyFleet.resource("Board", "Test::Board", ["BoardName": .string(board)]))
    }
    return ToyFleet.desired(ToyFleet.stack("acme", resources))
  }

  private static let everyKind: [any Kind] = [ToyNet(), ToyHost(), ToyWire(), ToyBoard()]
  private static let all = ["Inside", "Net", "Other", "Router"]
  private static let scenarios = [
    Scenario(
      name: "a first apply", desired: fleet(cidr: "10.0.0.0/16", note: "a"), inventory: all),
    Scenario(
      name: "an update", before: fleet(cidr: "10.0.0.0/16", note: "a"),
      desired: fleet(cidr: "10.0.0.0/16", note: "b"), inventory: all),
    Scenario(
      name: "a replacement with its cascade", before: fleet(cidr: "10.0.0.0/16", note: "a"),
      desired: fleet(cidr: "10.1.0.0/16", note: "b"), inventory: all),
    Scenario(
      name: "a destroy", before: fleet(cidr: "10.0.0.0/16", note: "a"),
      desired: fleet(cidr: "10.0.0.0/16", note: "a"), destroys: true, inventory: []),
    Scenario(
      name: "a first apply of things without tags", desired: wired(cidr: "10.0.0.0/16"),
      kinds: everyKind, isClearWithoutJournal: false,
      inventory: ["Inside", "Net", "unowned", "unowned"]),
    Scenario(
      name: "a replacement, old before new, with what is in it",
      before: wired(cidr: "10.0.0.0/16"), desired: wired(cidr: "10.1.0.0/16"), kinds: everyKind,
      isClearWithoutJournal: false,
      inventory: ["Inside", "Net", "unowned", "unowned"]),
    Scenario(
      name: "a replacement of things without tags", before: wired(cidr: "10.0.0.0/16"),
      desired: wired(cidr: "10.0.0.0/16", endpoint: "web", board: "stock"), kinds: everyKind,
      isClearWithoutJournal: false,
      inventory: ["Inside", "Net", "unowned", "unowned"]),
    Scenario(
      name: "a destroy with things without tags", before: wired(cidr: "10.0.0.0/16"),
      desired: wired(cidr: "10.0.0.0/16"), destroys: true, kinds: everyKind,
      isClearWithoutJournal: false, inventory: []),
  ]

  private static let wires = [
    Scenario(
      name: "a replacement of what is in a host",
      before: wired(cidr: "10.0.0.0/16", board: nil),
      desired: wired(cidr: "10.0.0.0/16", endpoint: "web", board: nil),
      kinds: everyKind, inventory: ["Inside", "Net", "unowned"]),
    Scenario(
      name: "a destroy with what is in a host", before: wired(cidr: "10.0.0.0/16", board: nil),
      desired: wired(cidr: "10.0.0.0/16", board: nil), destroys: true, kinds: everyKind,
      inventory: []),
  ]

  func testARunKilledAtAnyCallIsCompletedByTheNext() async throws {
    for scenario in Self.scenarios {
      for (parallelism, isAfter) in [(1, false), (1, true), (4, true)] {
        var boundaries = 0
        while try await dies(scenario, parallelism, at: boundaries + 1, isAfter: isAfter) {
          boundaries += 1
        }
        XCTAssertGreaterThan(
          boundaries, 4, "\(scenario.name): too few calls to be a test of anything")
      }
    }
  }

  func testWithoutAJournalTheNextRunCompletesItToo() async throws {
    for scenario in Self.scenarios.filter(\.isClearWithoutJournal) + Self.wires {
      var boundaries = 0
      while try await dies(
        scenario, 2, at: boundaries + 1, isAfter: true, losesJournal: true)
      {
        boundaries += 1
      }
    }
  }

  /// Kills the run at one boundary and checks what the next makes of it; false where the run ended
  /// before it came so far.
  private func dies(
    _ scenario: Scenario, _ parallelism: Int, at call: Int, isAfter: Bool,
    losesJournal: Bool = false
  ) async throws -> Bool {
    let place =
      "\(scenario.name), killed \(isAfter ? "after" : "before") call \(call), "
      + "\(parallelism) at once"
    let bench = try Bench(
      parallelism: parallelism, isRepository: true, kinds: scenario.kinds)
    if let before = scenario.before { try await bench.apply(before) }
    var faults = InMemoryCloud.Faults()
    faults.death = (call, isAfter)
    faults.pending = 12
    await bench.cloud.set(
      faults, whenDying: { losesJournal ? bench.loseJournal() : bench.freezeJournal() })
    let change = { (request: inout Reconciler.Request) in
      request.allowance = Limits.Allowance(deletes: 50, replaces: 50)
      if scenario.destroys { request.destroy = ["acme-prod": .delete] }
    }
    // A dead process has no say in how it ends.
    _ = try? await bench.apply(scenario.desired, change)
    guard await bench.cloud.hasDied else { return false }

    faults.death = nil
    await bench.cloud.set(faults)
    let report = try await bench.apply(scenario.desired, change)
    XCTAssertTrue(
      report.plan.changes.allSatisfy { $0.outcome?.result == .succeeded },
      "\(place): \(report.lines) \(report.plan.changes.compactMap(\.outcome?.error))")
    let inventory = await bench.inventory()
    XCTAssertEqual(inventory, scenario.inventory, "\(place): duplicates or orphans")
    let second = try await bench.plan(scenario.desired, change)
    XCTAssertEqual(second.lines, [], "\(place): the second plan is not empty")
    let unfinished = try Journal(path: bench.journalPath).unfinishedIntents()
    XCTAssertEqual(unfinished.map(\.start.operation), [], "\(place): unfinished intents")
    let runs = try Journal(path: bench.journalPath).runs(limit: 9)
    for run in runs where !losesJournal {
      let changes = try Journal(path: bench.journalPath).changes(of: run.start.id)
      // A run that was killed before it noted any change is nothing to settle.
      guard !changes.isEmpty else { continue }
      XCTAssertNotNil(run.end, "\(place): \(run.start.id) has no end")
      XCTAssertTrue(
        changes.allSatisfy { $0.end != nil }, "\(place): a change of \(run.start.id) has no end")
    }
    if let before = scenario.before, parallelism == 1, isAfter, !scenario.destroys {
      try await bench.apply(before, change)
      let back = try await bench.plan(before, change)
      XCTAssertEqual(back.lines, [], "\(place): it does not go back")
    }
    return true
  }

  func testAReplyThatWasLostIsRecoveredBySearch() async throws {
    let desired = Self.fleet(cidr: "10.0.0.0/16", note: "a")
    for operation in ["CreateNet", "CreateHost", "ModifyNet"] {
      let bench = try Bench()
      var faults = InMemoryCloud.Faults()
      faults.lostReplies = [operation]
      await bench.cloud.set(faults)
      let report = try await bench.apply(desired)
      XCTAssertTrue(
        report.plan.changes.contains { $0.outcome?.result == .failed },
        "\(operation): \(report.lines)")
      let open = try Journal(path: bench.journalPath).unfinishedIntents()
      XCTAssertEqual(open.map(\.start.operation), [operation])
      try await bench.apply(desired)
      let inventory = await bench.inventory()
      XCTAssertEqual(inventory, Self.all, "after \(operation) lost its reply")
      let settled = try Journal(path: bench.journalPath).unfinishedIntents()
      XCTAssertEqual(settled.map(\.start.operation), [])
      XCTAssertTrue(
        bench.events.access { $0 }.contains(
          .note("settled 1 call of an interrupted run by observation")))
    }
  }

  func testACallThatWasNotObservedIsNotSettled() async throws {
    let desired = Self.fleet(cidr: "10.0.0.0/16", note: "a")
    let bench = try Bench()
    var faults = InMemoryCloud.Faults()
    faults.lostReplies = ["CreateHost"]
    await bench.cloud.set(faults)
    try await bench.apply(desired)
    faults = InMemoryCloud.Faults()
    faults.denied = ["DescribeHosts"]
    await bench.cloud.set(faults)
    try await bench.apply(desired)
    let open = try Journal(path: bench.journalPath).unfinishedIntents()
    XCTAssertEqual(open.map(\.start.operation), ["CreateHost"])
  }
}
