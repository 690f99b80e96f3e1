import AWSClient
import TrueupCore
import XCTest

@testable import Engine

/// Errors that pass by themselves, readiness, parallelism and stopping.
final class WaitingTests: XCTestCase {
  private let desired = ToyFleet.acme(
    ToyFleet.net("Net"), ToyFleet.host("Host", in: ToyFleet.ref("Net")))

  func testEventualConsistencyIsWaitedOut() async throws {
    let bench = try Bench()
    var faults = InMemoryCloud.Faults()
    faults.invisible = 9
    faults.pending = 30
    await bench.cloud.set(faults)
    let began = bench.clock.now()
    let report = try await bench.apply(desired)
    XCTAssertEqual(
      report.lines, ["create acme-prod/Host new succeeded", "create acme-prod/Net new succeeded"])
    XCTAssertGreaterThanOrEqual(bench.clock.now() - began, 30, "it took its time")
    let waited = bench.events.access { $0 }.contains { event in
      if case .stepWaiting(_, _, _, _, let reason) = event {
        reason == "net net-1 is available"
      } else {
        false
      }
    }
    XCTAssertTrue(waited, "people are told what is waited for")
    let changes = await bench.cloud.changes
    XCTAssertEqual(changes.filter { $0 == "CreateNet" }.count, 1, "it was never made twice")
  }

  func testWhatBlocksADeletionIsNamedWhileOtherWorkGoesOn() async throws {
    let bench = try Bench()
    try await bench.apply(
      ToyFleet.acme(ToyFleet.net("Net"), ToyFleet.net("Old", cidr: "10.1.0.0/16")))
    // A stranger moves in.
    await bench.cloud.drift { things in
      guard let old = things.first(where: { $0.tags[OwnershipTags.resource] == "Old" }) else {
        return XCTFail("the net is not there")
      }
      things.append(
        InMemoryCloud.Thing(
          target: old.target, noun: "Host", id: "stranger",
          properties: ["HostName": "stranger", "NetId": .string(old.id)], tags: [:], createdAt: 0))
    }
    let began = bench.clock.now()
    let report = try await bench.apply(
      ToyFleet.acme(
        ToyFleet.net("Net", note: "x"), ToyFleet.host("Host", in: ToyFleet.ref("Net"))))
    XCTAssertEqual(
      report.lines,
      [
        "create acme-prod/Host new succeeded", "update acme-prod/Net pending succeeded",
        "delete acme-prod/Old removed failed",
      ])
    let error = report.change(of: "acme-prod/Old")?.outcome?.error ?? ""
    XCTAssertTrue(error.contains("DependencyViolation"), error)
    XCTAssertTrue(error.contains("s of waiting"), "\(error) does not tell how long was waited")
    XCTAssertTrue(error.hasSuffix("; in its way: stranger"), "\(error) does not name what blocks")
    XCTAssertGreaterThan(bench.clock.now() - began, 40)
  }

  func testWhatWasJustMadeAndDoesNotShowYetIsNotMadeAgain() async throws {
    for lostReply in [false, true] {
      let bench = try Bench()
      var faults = InMemoryCloud.Faults()
      if lostReply { faults.lostReplies = ["CreateNet"] }
      await bench.cloud.set(faults)
      let net = ToyFleet.acme(ToyFleet.net("Net"))
      try await bench.apply(net)
      faults = InMemoryCloud.Faults()
      faults.invisible = lostReply ? 3.5 : 1.5
      await bench.cloud.set(faults)
      let planned = try await bench.plan(net)
      XCTAssertFalse(
        planned.plan.changes.contains { $0.action == .create },
        lostReply ? "a create whose reply was lost" : "a create that succeeded")
      try await bench.apply(net)
      let inventory = await bench.inventory()
      XCTAssertEqual(inventory, ["Net"])
    }
  }

  func testADependencyThatGoesAwayIsWaitedFor() async throws {
    let bench = try Bench()
    try await bench.apply(desired)
    var faults = InMemoryCloud.Faults()
    faults.failures = ["DeleteNet": ("DependencyViolation", 3)]
    await bench.cloud.set(faults)
    let report = try await bench.apply(desired) { $0.destroy = ["acme-prod": .delete] }
    XCTAssertEqual(
      report.lines,
      ["delete acme-prod/Host removed succeeded", "delete acme-prod/Net removed succeeded"])
  }

  /// A net that looks for the cause where it was waited for in vain.
  private struct ExplainingNet: Kind {
    private let net = ToyNet()
    let type = "Test::Net"
    var facts: TypeFacts { net.facts }

    func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { net.reads(context, replies) }
    func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
      net.decode(context, replies)
    }

    func next(_ step: Step, _ replies: [Reply]) -> Next {
      let inVain = replies.firstIndex { reply in
        if case .failure(let failure) = reply { failure.reason == .gaveUp } else { false }
      }
      guard let inVain, case .failure(let failure) = replies[inVain] else {
        return net.next(step, replies)
      }
      guard replies.count > inVain + 1 else {
        return .call(Call("toys", "DescribeHosts", .object([:])))
      }
      return .failed("\(failure.message), with hosts: \(replies[inVain + 1].output != nil)")
    }
  }

  func testWhatIsWaitedForInVainIsExplainedWhereItsKindLooksForTheCause() async throws {
    var faults = InMemoryCloud.Faults()
    faults.pending = 1000
    let silent = try Bench()
    await silent.cloud.set(faults)
    let plain = try await silent.apply(ToyFleet.acme(ToyFleet.net("Net")))
    let message = "s of waiting until net net-1 is available"
    let error = plain.change(of: "acme-prod/Net")?.outcome?.error ?? ""
    XCTAssertTrue(error.hasPrefix("gave up after 12") && error.hasSuffix(message), error)

    let bench = try Bench(kinds: [ExplainingNet(), ToyHost()])
    await bench.cloud.set(faults)
    let report = try await bench.apply(ToyFleet.acme(ToyFleet.net("Net")))
    let explained = report.change(of: "acme-prod/Net")?.outcome?.error ?? ""
    XCTAssertTrue(explained.hasSuffix("\(message), with hosts: true"), explained)
  }

  func testWithoutWaitingWhatNothingNeedsIsProgressing() async throws {
    let bench = try Bench()
    var faults = InMemoryCloud.Faults()
    faults.pending = 30
    await bench.cloud.set(faults)
    let began = bench.clock.now()
    let lone = try await bench.apply(ToyFleet.acme(ToyFleet.net("Net"))) { $0.waits = false }
    XCTAssertEqual(lone.lines, ["create acme-prod/Net new progressing"])
    XCTAssertEqual(bench.clock.now(), began, "nothing was waited for")

    let other = try Bench()
    await other.cloud.set(faults)
    let needed = try await other.apply(desired) { $0.waits = false }
    XCTAssertEqual(
      needed.lines, ["create acme-prod/Host new succeeded", "create acme-prod/Net new succeeded"],
      "what others need is waited for all the same")

    let third = try Bench()
    await third.cloud.set(faults)
    let more = try await third.apply(ToyFleet.acme(ToyFleet.net("Net", note: "later"))) {
      $0.waits = false
    }
    XCTAssertEqual(
      more.lines, ["create acme-prod/Net new succeeded"],
      "what the step itself needs before its next call is too")
  }

  func testNoMoreRunsAtOnceThanAllowed() async throws {
    for limit in [1, 3] {
      let bench = try Bench(parallelism: limit)
      var faults = InMemoryCloud.Faults()
      faults.gathering = limit
      await bench.cloud.set(faults)
      let nets = (1...8).map { ToyFleet.net("Net\($0)", cidr: "10.\($0).0.0/16") }
      let report = try await bench.apply(ToyFleet.desired(ToyFleet.stack("acme", nets)))
      XCTAssertTrue(report.plan.changes.allSatisfy { $0.outcome?.result == .succeeded })
      let most = await bench.cloud.mostAtOnce(.changes)
      XCTAssertEqual(most, limit, "with \(limit) allowed")
    }
  }

  func testWhatWaitsForReadinessHoldsUpNothingElse() async throws {
    let bench = try Bench(parallelism: 1)
    var faults = InMemoryCloud.Faults()
    faults.pending = 100
    await bench.cloud.set(faults)
    let began = bench.clock.now()
    let nets = (1...8).map { ToyFleet.net("Net\($0)", cidr: "10.\($0).0.0/16") }
    let report = try await bench.apply(ToyFleet.desired(ToyFleet.stack("acme", nets)))
    XCTAssertTrue(report.plan.changes.allSatisfy { $0.outcome?.result == .succeeded })
    XCTAssertLessThan(bench.clock.now() - began, 200, "one after another they take 800 s")
    let most = await bench.cloud.mostAtOnce(.changes)
    XCTAssertEqual(most, 1)
  }

  func testAStepIsHeldBackUntilItBegins() {
    let reason = Locked<String?>(nil)
    let begun = StepStart(obstacle: { reason.access { $0 } })
    let held = StepStart(obstacle: { reason.access { $0 } })
    XCTAssertTrue(begun.begin(at: 7))
    XCTAssertFalse(begun.begin(at: 8), "it begins once")
    reason.access { $0 = "the run was asked to stop" }
    XCTAssertNil(begun.heldBack)
    XCTAssertEqual(begun.begunAt, 7)
    XCTAssertEqual(held.heldBack, "the run was asked to stop")
    reason.access { $0 = nil }
    XCTAssertNotNil(held.heldBack, "it stays so")
    XCTAssertFalse(held.begin(at: 9))
  }

  func testASlotGoesToWhomTheMostWaitsFor() async {
    let slots = CallSlots(1)
    XCTAssertTrue(slots.takeIfFree())
    XCTAssertFalse(slots.takeIfFree())
    let order = Locked<[Int]>([])
    await withTaskGroup { group in
      for depth in [1, 3, 2] {
        group.addTask {
          await slots.take(depth: depth)
          order.access { $0.append(depth) }
          slots.give()
        }
      }
      while slots.asking < 3 { await Task.yield() }
      slots.give()
    }
    XCTAssertEqual(order.access { $0 }, [3, 2, 1])
    await slots.whenFree()
    XCTAssertTrue(slots.takeIfFree())
  }

  func testStoppingLetsWhatHasBegunFinishAndSkipsTheRest() async throws {
    let bench = try Bench(parallelism: 1)
    let stops = Locked(false)
    await bench.cloud.set(
      InMemoryCloud.Faults(),
      beforeChange: { call in if call.operation == "CreateNet" { stops.access { $0 = true } } })
    let report = try await bench.apply(
      desired, by: bench.engine(shouldStop: { stops.access { $0 } }))
    XCTAssertEqual(
      report.lines, ["create acme-prod/Host new skipped", "create acme-prod/Net new succeeded"])
    XCTAssertEqual(
      report.change(of: "acme-prod/Host")?.outcome?.error, "the run was asked to stop")
    XCTAssertTrue(bench.events.access { $0 }.contains(.stopping))
    try await bench.apply(desired)
    let after = try await bench.plan(desired)
    XCTAssertEqual(after.lines, [])
  }

  func testStoppingDoesNotWaitForReadiness() async throws {
    let bench = try Bench(parallelism: 1)
    let stops = Locked(false)
    var faults = InMemoryCloud.Faults()
    faults.pending = 60
    await bench.cloud.set(
      faults,
      beforeChange: { call in if call.operation == "CreateNet" { stops.access { $0 = true } } })
    let began = bench.clock.now()
    let report = try await bench.apply(
      desired, by: bench.engine(shouldStop: { stops.access { $0 } }))
    XCTAssertEqual(
      report.lines, ["create acme-prod/Host new skipped", "create acme-prod/Net new progressing"])
    XCTAssertEqual(bench.clock.now(), began)
  }

  func testAFailureSkipsOnlyWhatNeedsIt() async throws {
    let bench = try Bench()
    var faults = InMemoryCloud.Faults()
    faults.failures = ["CreateHost": ("LimitExceeded", 1)]
    await bench.cloud.set(faults)
    let report = try await bench.apply(
      ToyFleet.acme(
        ToyFleet.net("A"), ToyFleet.host("B", in: ToyFleet.ref("A")),
        ToyFleet.host("C", in: ToyFleet.ref("A"), note: "after B").dependingOn("B"),
        ToyFleet.net("D", cidr: "10.1.0.0/16")))
    XCTAssertEqual(
      report.lines,
      [
        "create acme-prod/A new succeeded", "create acme-prod/B new failed",
        "create acme-prod/C new skipped", "create acme-prod/D new succeeded",
      ])
    XCTAssertEqual(report.change(of: "acme-prod/C")?.outcome?.error, "needs B")
    XCTAssertEqual(
      report.change(of: "acme-prod/B")?.outcome?.error, "CreateHost: LimitExceeded")
  }
}
