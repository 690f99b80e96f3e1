import Document
import Foundation
import TrueupCore
import XCTest

@testable import Engine

/// Of what the journal remembers and what the tag's revision says, the newer holds; and what Trueup
/// itself did, or did not come to do, is no drift.
final class EvidenceTests: XCTestCase {
  private static let address = Address(stack: "acme-prod", resource: "Net")

  private func desired(_ note: String) -> Desired { ToyFleet.acme(ToyFleet.net("Net", note: note)) }

  /// The note in the base that comes of a journal and a tag.
  private func note(
    tag: String, journal: String?, tree: String? = nil, order: [String]
  ) async -> Document? {
    var memory = JournalMemory()
    let scope = Scope(account: ToyFleet.account, region: "us-east-1")
    memory.base.resources[Self.address] = Base.Resource(
      type: "Test::Net", id: "net-1", scope: scope,
      properties: ["Cidr": "10.0.0.0/16", "Note": "journal"], tags: [:], revision: journal,
      tree: tree)
    memory.knownIDs[Self.address] = [Evidence.KnownID(type: "Test::Net", id: "net-1")]
    memory.applied = Set([journal, tree].compactMap(\.self))
    let (now, tagged) = (desired("now"), desired("tag"))
    var tags = OwnershipTags.owner(now.stacks[0].id, resource: "Net")
    tags[OwnershipTags.revision] = tag
    let net = Observed(
      type: "Test::Net", id: "net-1", scope: scope,
      properties: ["NetId": "net-1", "Cidr": "10.0.0.0/16", "Note": "now"], tags: tags)
    let snapshot = Snapshot(resources: [Snapshot.Key(scope: scope, type: "Test::Net"): [net]])
    let history = History(
      desired: { revision, _ in order.contains(revision) ? .desired(tagged) : .unknown },
      isAncestor: { one, other in
        guard let first = order.firstIndex(of: one), let second = order.firstIndex(of: other)
        else { return false }
        // What begins with b is on a branch of its own.
        return first <= second && one.hasPrefix("b") == other.hasPrefix("b")
      })
    let evidence = await EvidenceReader(
      catalog: Catalog([ToyNet(), ToyHost()]), desired: now, memory: memory, history: history
    ).evidence(snapshot, stacks: now.stacks)
    return evidence.base.resources[Self.address]?.properties["Note"]
  }

  func testOfJournalAndTagTheNewerHolds() async {
    let order = ["1", "2", "3", "b1"]
    let cases: [(name: String, tag: String, journal: String?, tree: String?, holds: String)] = [
      ("the tag is newer", "2", "1", nil, "tag"),
      ("the journal is newer", "1", "2", nil, "journal"),
      ("both are the same", "2", "2", nil, "journal"),
      ("neither descends from the other", "b1", "2", nil, "tag"),
      ("git does not know the tag's", "lost", "2", nil, "journal"),
      ("uncommitted, on the tag's commit", "2", nil, "2", "journal"),
      ("uncommitted, on a later commit", "1", nil, "2", "journal"),
      ("uncommitted, and committed since elsewhere", "3", nil, "2", "tag"),
      ("uncommitted, on another branch", "b1", nil, "2", "tag"),
    ]
    for one in cases {
      let note = await note(tag: one.tag, journal: one.journal, tree: one.tree, order: order)
      XCTAssertEqual(note?.string, one.holds, one.name)
    }
  }

  func testAStaleJournalDoesNotHideWhatWasRolledBackByHand() async throws {
    let host = try Bench(isRepository: true)
    try await host.apply(desired("one"))
    // A CI runner, which has no journal, applies the second commit; somebody rolls AWS back.
    let stale = try Data(contentsOf: URL(fileURLWithPath: host.journalPath))
    let wal = try? Data(contentsOf: URL(fileURLWithPath: host.journalPath + "-wal"))
    host.loseJournal()
    try await host.apply(desired("two"))
    host.loseJournal()
    try stale.write(to: URL(fileURLWithPath: host.journalPath))
    try wal?.write(to: URL(fileURLWithPath: host.journalPath + "-wal"))
    let untouched = try await host.plan(desired("three"))
    XCTAssertEqual(untouched.lines, ["update acme-prod/Net pending"], "nobody touched AWS")
    await host.cloud.drift { things in things[0].properties["Note"] = "one" }
    let report = try await host.plan(desired("two"))
    XCTAssertEqual(report.lines, ["update acme-prod/Net drift"])
  }

  // MARK: What Trueup itself did

  func testARevertedRemovalIsNew() async throws {
    let bench = try Bench(isRepository: true)
    let both = ToyFleet.acme(ToyFleet.net("A"), ToyFleet.net("B", cidr: "10.1.0.0/16"))
    try await bench.apply(both)
    try await bench.apply(ToyFleet.acme(ToyFleet.net("A")))
    let report = try await bench.plan(both)
    XCTAssertEqual(report.lines, ["create acme-prod/B new"])
  }

  func testWhatFailedAndWhatWasSkippedForItIsNew() async throws {
    let bench = try Bench(isRepository: true)
    let desired = ToyFleet.acme(
      ToyFleet.net("Net"), ToyFleet.host("Inside", in: ToyFleet.ref("Net")),
      ToyFleet.host("Alone"))
    var faults = InMemoryCloud.Faults()
    faults.denied = ["CreateNet"]
    await bench.cloud.set(faults)
    let failed = try await bench.apply(desired)
    XCTAssertEqual(
      failed.lines,
      [
        "create acme-prod/Alone new succeeded", "create acme-prod/Inside new skipped",
        "create acme-prod/Net new failed",
      ])
    await bench.cloud.set(InMemoryCloud.Faults())
    let report = try await bench.plan(desired)
    XCTAssertEqual(report.lines, ["create acme-prod/Inside new", "create acme-prod/Net new"])
  }

  func testWhatAKilledFirstRunNeverBeganIsNew() async throws {
    let desired = ToyFleet.acme(
      ToyFleet.net("A"), ToyFleet.net("B", cidr: "10.1.0.0/16"),
      ToyFleet.host("Host", in: ToyFleet.ref("A")))
    var writes = 0
    while true {
      let bench = try Bench(parallelism: 1, isRepository: true)
      var faults = InMemoryCloud.Faults()
      faults.death = (writes + 1, true)
      await bench.cloud.set(faults, whenDying: { bench.freezeJournal() })
      _ = try? await bench.apply(desired)
      guard await bench.cloud.hasDied else { break }
      writes += 1
      await bench.cloud.set(InMemoryCloud.Faults())
      let report = try await bench.plan(desired)
      XCTAssertTrue(
        report.plan.changes.allSatisfy { $0.cause == .new || $0.cause == .pending },
        "killed after call \(writes): \(report.lines)")
    }
    XCTAssertGreaterThan(writes, 4)
  }

  func testWhatADeleteFirstReplacementCouldNotMakeAgainIsPending() async throws {
    func desired(_ cidr: String) -> Desired {
      var net = ToyFleet.net("Net", cidr: cidr)
      net.replaceDeleteFirst = true
      return ToyFleet.acme(net)
    }
    let bench = try Bench(isRepository: true)
    try await bench.apply(desired("10.0.0.0/16"))
    var faults = InMemoryCloud.Faults()
    faults.denied = ["CreateNet"]
    await bench.cloud.set(faults)
    try await bench.apply(desired("10.1.0.0/16"))
    await bench.cloud.set(InMemoryCloud.Faults())
    let report = try await bench.plan(desired("10.1.0.0/16"))
    XCTAssertEqual(report.lines, ["create acme-prod/Net pending"])
  }

  // MARK: What carries no tags

  func testASubscriptionOutlivesTheQueueThatComesBackUnchanged() async throws {
    let bench = try Bench(kinds: [ToyNet(), ToyHost(), ToyWire()])
    var host = ToyFleet.resource("Queue", "Test::Host", ["HostName": .string("queue")])
    host.replaceDeleteFirst = true
    let desired = ToyFleet.acme(
      host, ToyFleet.host("Topic"),
      ToyFleet.resource(
        "Wire", "Test::Wire",
        ["HostName": ToyFleet.ref("Topic"), "Endpoint": ToyFleet.ref("Queue")]))
    try await bench.apply(desired)
    await bench.cloud.drift { things in things.removeAll { $0.id == "queue" } }
    await bench.cloud.set(InMemoryCloud.Faults())
    let report = try await bench.apply(desired)
    XCTAssertEqual(report.lines, ["create acme-prod/Queue drift succeeded"])
    let changes = await bench.cloud.changes
    XCTAssertEqual(changes, ["CreateHost"], "nothing is unsubscribed")
    let after = try await bench.plan(desired)
    XCTAssertEqual(after.lines, [])
  }

  func testARevisionDoesNotClaimWhatWasBlockedWhenItWasApplied() async throws {
    let bench = try Bench(isRepository: true, kinds: [ToyNet(), ToyHost(), ToyBoard()])
    try await bench.apply(ToyFleet.acme(ToyFleet.net("Net")))
    await bench.cloud.drift { things in
      var theirs = things[0]
      (theirs.noun, theirs.id) = ("Board", "sales")
      (theirs.properties, theirs.tags) = (["BoardName": "sales", "Note": "theirs"], [:])
      things.append(theirs)
    }
    func desired(_ note: String) -> Desired {
      var board = ToyFleet.resource(
        "Board", "Test::Board", ["BoardName": .string("sales")])
      board.properties = .object(of: ["BoardName": .string("sales"), "Note": .string(note)])
      return ToyFleet.acme(ToyFleet.net("Net", note: note), board)
    }
    for note in ["one", "two"] {
      // Without a journal.
      bench.loseJournal()
      let report = try await bench.apply(desired(note))
      XCTAssertEqual(report.change(of: "acme-prod/Board")?.action, .blocked, note)
      XCTAssertEqual(report.change(of: "acme-prod/Net")?.outcome?.result, .succeeded, note)
    }
    bench.loseJournal()
    let removed = try await bench.apply(ToyFleet.acme(ToyFleet.net("Net", note: "two")))
    XCTAssertNil(removed.change(of: "acme-prod/Board"))
    let boards = await bench.cloud.things.filter { $0.noun == "Board" }
    XCTAssertEqual(boards.map { $0.properties["Note"] }, ["theirs"])
  }
}
