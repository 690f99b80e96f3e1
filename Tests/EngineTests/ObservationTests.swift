import AWSClient
import DesiredState
import Document
import Foundation
import Journal
import TrueupCore
import XCTest

@testable import Engine

/// Shared reads, bases, and what drift is told of.
final class ObservationTests: XCTestCase {
  private func fleet(_ count: Int) -> Desired {
    Desired(
      project: "fleet", accounts: [],
      stacks: (1...count).map { number in
        ToyFleet.stack(
          "client\(number)", [ToyFleet.net("Net", cidr: "10.\(number).0.0/16")])
      })
  }

  func testEqualReadsAreMadeOnceForAllKindsAndStacks() async throws {
    let bench = try Bench()
    try await bench.apply(fleet(6))
    await bench.cloud.set(InMemoryCloud.Faults())
    _ = try await bench.plan(fleet(6))
    let log = await bench.cloud.log.map(\.operation)
    XCTAssertEqual(
      log.sorted(), ["DescribeNets", "GetResources"],
      "what is desired, and one sweep for leftovers; a type that nobody wants is not read")
  }

  func testReadsThatDoNotDependOnOneAnotherGoOutTogether() async throws {
    let accounts = (1...12).map { "1111111111\(10 + $0)" }
    let desired = Desired(
      project: "fleet", accounts: [],
      stacks: accounts.map { ToyFleet.stack("a\($0)", account: $0, [ToyFleet.net("Net")]) })
    let bench = try Bench(parallelism: 1)
    var faults = InMemoryCloud.Faults()
    faults.gatheringReads = 24
    await bench.cloud.set(faults)
    _ = try await bench.plan(desired)
    let most = await bench.cloud.mostAtOnce(.reads)
    XCTAssertEqual(
      most, 24, "a list and a sweep in each of twelve accounts, however few steps may run at once")
  }

  func testCallsGrowWithPagesAndNotWithStacks() async throws {
    var counts: [Int] = []
    for count in [1, 2, 10, 20] {
      let bench = try Bench()
      try await bench.apply(fleet(count))
      let before = bench.cloud.callCount().total
      _ = try await bench.plan(fleet(count))
      counts.append(bench.cloud.callCount().total - before)
    }
    XCTAssertEqual(counts, [2, 2, 6, 11], "a page holds two, and one call sweeps")
  }

  func testWithoutTheJournalTheActionsAreTheSame() async throws {
    let bench = try Bench(isRepository: true)
    let desired = ToyFleet.acme(
      ToyFleet.net("Net", note: "a"), ToyFleet.net("Gone", cidr: "10.1.0.0/16"),
      ToyFleet.host("Host", in: ToyFleet.ref("Net")))
    try await bench.apply(desired)
    await bench.cloud.drift { things in
      for index in things.indices where things[index].noun == "Net" {
        things[index].properties["Note"] = "drifted"
      }
    }
    let moved = ToyFleet.acme(
      ToyFleet.net("Net", note: "b"), ToyFleet.host("Host", in: ToyFleet.ref("Net"), note: "new"))
    let with = try await bench.plan(moved)
    bench.loseJournal()
    let without = try await bench.plan(moved)
    XCTAssertEqual(
      with.lines,
      [
        "delete acme-prod/Gone removed", "update acme-prod/Host pending",
        "update acme-prod/Net conflict",
      ])
    XCTAssertEqual(without.lines, with.lines, "the revisions in the tags tell the same")
  }

  func testTheRevisionInTheTagsIsTheBaseWhereTheJournalIsSilent() async throws {
    let bench = try Bench()
    let old = ToyFleet.acme(
      ToyFleet.net("Net", note: "a"), ToyFleet.net("Gone", cidr: "10.1.0.0/16"),
      ToyFleet.host("Host", in: ToyFleet.ref("Net"), note: "a"))
    try await bench.apply(old) { $0.revision = "rev-1" }
    let revisions = await bench.cloud.things.map { $0.tags[OwnershipTags.revision] }
    XCTAssertEqual(revisions, ["rev-1", "rev-1", "rev-1"])
    await bench.cloud.drift { things in
      for index in things.indices where things[index].noun == "Net" {
        things[index].properties["Note"] = "drifted"
      }
    }
    bench.loseJournal()
    let asked = Locked<[String]>([])
    let engine = try bench.engine(desiredAt: { revision in
      asked.access { $0.append(revision) }
      return revision == "rev-1" ? old : nil
    })
    let moved = ToyFleet.acme(
      ToyFleet.net("Net", note: "a"), ToyFleet.host("Host", in: ToyFleet.ref("Net"), note: "b"))
    let report = try await bench.plan(moved, by: engine) { $0.revision = "rev-2" }
    XCTAssertEqual(
      report.lines,
      [
        "delete acme-prod/Gone removed", "update acme-prod/Host pending",
        "update acme-prod/Net drift",
      ])
    XCTAssertEqual(asked.access { $0 }, ["rev-1"], "a revision is compiled once")
  }

  func testAStackThatDidNotCompileThenLeavesOthersTheirBase() async throws {
    let bench = try Bench()
    let desired = ToyFleet.desired(
      ToyFleet.stack("acme", [ToyFleet.net("Net", note: "a")]),
      ToyFleet.stack("beta", [ToyFleet.net("Net", cidr: "10.1.0.0/16", note: "a")]))
    try await bench.apply(desired) { $0.revision = "rev-1" }
    await bench.cloud.drift { things in
      for index in things.indices { things[index].properties["Note"] = "drifted" }
    }
    bench.loseJournal()
    let history = History(
      desired: { _, stacks in
        if stacks.contains("beta-prod") { return .broken("no such property") }
        var old = desired
        old.stacks.removeAll { !stacks.contains($0.id.name) }
        return .desired(old)
      }, isAncestor: { _, _ in false })
    let report = try await bench.plan(desired, by: try bench.engine(history: history))
    XCTAssertEqual(report.lines, ["update acme-prod/Net drift", "update beta-prod/Net unknown"])
  }

  func testHistoryIsToldByGitAlone() async throws {
    let directory = NSTemporaryDirectory() + "history-" + UUID().uuidString
    let history = History(
      Revisions(directory: directory, compiler: Compiler(catalog: Catalog([ToyNet()]))))
    let commit = String(repeating: "0", count: 40)
    guard case .unknown = await history.desired(commit, ["acme-prod"]) else {
      return XCTFail("there is no repository")
    }
    let isAncestor = await history.isAncestor(commit, commit)
    XCTAssertFalse(isAncestor)
  }

  func testTheJournalLearnsWhatARevisionTold() async throws {
    let bench = try Bench()
    let desired = ToyFleet.acme(ToyFleet.net("Net", note: "a"))
    try await bench.apply(desired) { $0.revision = "rev-1" }
    bench.loseJournal()
    let engine = try bench.engine(desiredAt: { _ in desired })
    try await bench.apply(desired, by: engine) { $0.revision = "rev-1" }
    XCTAssertEqual(
      try Journal(path: bench.journalPath).lastApplied().map(\.resource), ["Net"])
  }

  func testWhatIsNeitherDesiredNorThereIsForgotten() async throws {
    let bench = try Bench()
    try await bench.apply(
      ToyFleet.acme(ToyFleet.net("Net"), ToyFleet.net("Gone", cidr: "10.1.0.0/16")))
    await bench.cloud.drift { things in
      things.removeAll { $0.tags[OwnershipTags.resource] == "Gone" }
    }
    let report = try await bench.apply(ToyFleet.acme(ToyFleet.net("Net")))
    XCTAssertEqual(report.lines, [])
    XCTAssertEqual(
      try Journal(path: bench.journalPath).lastApplied().map(\.resource), ["Net"])
  }

  func testSinceWhenDriftWasSeen() async throws {
    let bench = try Bench()
    let desired = ToyFleet.acme(ToyFleet.net("Net", note: "a"))
    try await bench.apply(desired)
    await bench.cloud.drift { $0[0].properties["Note"] = "drifted" }
    let first = try await bench.plan(desired)
    let seen = first.change(of: "acme-prod/Net")?.since
    XCTAssertEqual(seen, bench.clock.now())
    await bench.clock.sleep(3600)
    let second = try await bench.plan(desired)
    XCTAssertEqual(second.change(of: "acme-prod/Net")?.since, seen)
    try await bench.apply(desired)
    let clean = try await bench.plan(desired)
    XCTAssertEqual(clean.lines, [])
    await bench.cloud.drift { $0[0].properties["Note"] = "again" }
    let again = try await bench.plan(desired)
    XCTAssertEqual(again.change(of: "acme-prod/Net")?.since, bench.clock.now())
  }

  func testATypeThatCannotBeReadFailsItsStacksAlone() async throws {
    let bench = try Bench()
    var faults = InMemoryCloud.Faults()
    faults.denied = ["DescribeHosts"]
    await bench.cloud.set(faults)
    let report = try await bench.apply(
      ToyFleet.desired(
        ToyFleet.stack("acme", [ToyFleet.host("Host")]),
        ToyFleet.stack("beta", [ToyFleet.net("Net")])))
    XCTAssertEqual(report.lines, ["create beta-prod/Net new succeeded"])
    XCTAssertEqual(
      report.plan.stacks.first?.error,
      "Test::Host could not be observed in 111111111111 us-east-1: DescribeHosts: AccessDenied")
  }

  func testOutputsResolveThroughWhatIsObserved() async throws {
    let bench = try Bench()
    var stack = ToyFleet.stack("acme", [ToyFleet.net("Net")])
    stack.outputs = [DesiredOutput(name: "Net", value: ToyFleet.ref("Net"))]
    let desired = ToyFleet.desired(stack)
    try await bench.apply(desired)
    let outputs = try await bench.engine().outputs(
      Reconciler.Request(command: .plan, desired: desired))
    XCTAssertEqual(outputs, ["acme-prod": ["Net": "net-1"]])
  }

  func testARunNarrowedToOneStackSeesTheOthersItImportsFrom() async throws {
    let bench = try Bench()
    let desired = ToyFleet.desired(
      ToyFleet.stack("core", [ToyFleet.net("Net")]),
      ToyFleet.stack(
        "web", [ToyFleet.host("Host", in: ToyFleet.ref("Net", in: "core-prod"))]),
      ToyFleet.stack("other", [ToyFleet.net("Net")]))
    let early = try await bench.apply(desired) { $0.selected = ["web-prod"] }
    XCTAssertEqual(early.lines, ["blocked web-prod/Host new"])
    try await bench.apply(desired) { $0.selected = ["core-prod"] }
    let late = try await bench.apply(desired) { $0.selected = ["web-prod"] }
    XCTAssertEqual(late.lines, ["create web-prod/Host new succeeded"])
    let inventory = await bench.inventory()
    XCTAssertEqual(inventory, ["Host", "Net"])
  }
}
