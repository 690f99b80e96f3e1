import Document
import TrueupCore
import XCTest

@testable import Engine

/// A net whose note may be one that does not come about: `bad` is told before it starts, `late` when its step
/// begins.
private struct ToyStage: Kind {
  private let net = ToyNet()

  var type: String { net.type }
  var facts: TypeFacts { net.facts }
  let answers: Set<Answer> = [.again, .approve]

  func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { net.reads(context, replies) }
  func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    net.decode(context, replies).map { net in
      var net = net
      net.isUnsettled = net.properties["Note"] == "bad"
      return net
    }
  }

  func standing(of step: Step, _ replies: [Reply]) -> Inquiry {
    guard replies.first?.output != nil else {
      return .call(Call("toys", "GetNet", ["NetId": .string(step.id ?? "")]))
    }
    return .answer(step.desired["Note"] == "bad" ? .stalled(Self.stall) : .settled)
  }

  static let stall = Stall("it was bad", remedy: "say so")

  func next(_ step: Step, _ replies: [Reply]) -> Next {
    if step.action == .update, step.answer == nil, step.desired["Note"] == "late" {
      return .stalled(Self.stall)
    }
    if step.answer == .approve {
      return ToyReply.next(
        [Call("toys", "ModifyNet", ["NetId": .string(step.id ?? ""), "Note": "approved"])], replies,
        id: step.id)
    }
    return net.next(step, replies)
  }
}

/// What is asked once there is a plan, and what a person says.
final class StandingTests: XCTestCase {
  private let net = Address(stack: "acme-prod", resource: "Net")

  private func fleet(_ note: String, host: String = "a") -> Desired {
    ToyFleet.acme(
      ToyFleet.net("Net", note: note), ToyFleet.host("Host", note: host).dependingOn("Net"))
  }

  private func bench() async throws -> Bench {
    let bench = try Bench(kinds: [ToyStage(), ToyHost()])
    try await bench.apply(fleet("good"))
    await bench.cloud.set(InMemoryCloud.Faults())
    return bench
  }

  private func calls(_ bench: Bench) async -> [String] {
    await bench.cloud.log.map(\.operation)
  }

  func testAPlanAsksBeforeWhatItWouldStart() async throws {
    let bench = try await bench()
    var plan = try await bench.plan(fleet("good"))
    XCTAssertEqual(plan.lines, [])
    var asked = await calls(bench).count { $0 == "GetNet" }
    XCTAssertEqual(asked, 0, "nothing would start")
    plan = try await bench.plan(fleet("better"))
    XCTAssertEqual(plan.lines, ["update acme-prod/Net pending"])
    plan = try await bench.plan(fleet("bad"))
    XCTAssertEqual(plan.lines, ["stalled acme-prod/Net pending"])
    XCTAssertEqual(plan.change(of: "acme-prod/Net")?.hint, "say so")
    asked = await calls(bench).count { $0 == "GetNet" }
    XCTAssertEqual(asked, 2)
    let run = try await bench.apply(fleet("bad"))
    XCTAssertEqual(run.lines, ["stalled acme-prod/Net pending"])
    let changes = await bench.cloud.changes
    XCTAssertEqual(changes, [])
  }

  func testWhatCannotBeAskedIsSaidAndLeftToTheStep() async throws {
    let bench = try await bench()
    var faults = InMemoryCloud.Faults()
    faults.denied = ["GetNet"]
    await bench.cloud.set(faults)
    let plan = try await bench.plan(fleet("bad"))
    XCTAssertEqual(plan.lines, ["update acme-prod/Net pending"])
    XCTAssertTrue(
      bench.events.access { $0 }.contains {
        if case .note(let text) = $0 { text.contains("whether it is stalled") } else { false }
      })
  }

  func testAStepThatStallsHoldsUpWhatNeedsItAndChangesNothing() async throws {
    let bench = try await bench()
    let run = try await bench.apply(fleet("late", host: "b"))
    XCTAssertEqual(
      run.lines,
      ["update acme-prod/Host pending skipped", "update acme-prod/Net pending stalled"])
    XCTAssertEqual(run.change(of: "acme-prod/Net")?.outcome?.error, ToyStage.stall.text)
    let changes = await bench.cloud.changes
    XCTAssertEqual(changes, [])
  }

  func testWhatIsUnsettledIsAskedForAlthoughAllIsAsDesired() async throws {
    let bench = try await bench()
    try await bench.apply(fleet("bad")) { $0.answers = [self.net: .again] }
    let plan = try await bench.plan(fleet("bad"))
    XCTAssertEqual(plan.lines, ["stalled acme-prod/Net pending"])
  }

  func testNoLimitStandsInTheWayOfAnAnswer() async throws {
    let bench = try await bench()
    let fewer = ToyFleet.acme(ToyFleet.net("Net", note: "good"))
    let refused = try await bench.apply(fewer) { $0.budget = Budget(deletes: 0, replaces: 0) }
    XCTAssertEqual(refused.refusals.count, 1)
    let approved = try await bench.apply(fewer) {
      $0.budget = Budget(deletes: 0, replaces: 0)
      $0.answers = [self.net: .approve]
    }
    XCTAssertEqual(approved.lines, ["update acme-prod/Net pending succeeded"])
    XCTAssertEqual(approved.refusals, [:])
  }

  func testAPersonsWordIsDoneAndNothingElse() async throws {
    let bench = try await bench()
    let again = try await bench.apply(
      ToyFleet.acme(
        ToyFleet.net("Net", note: "bad"), ToyFleet.host("Host", note: "b").dependingOn("Net"),
        ToyFleet.net("Other", note: "bad"))
    ) { $0.answers = [self.net: .again] }
    XCTAssertEqual(again.lines, ["update acme-prod/Net pending succeeded"])
    let approved = try await bench.apply(fleet("bad", host: "b")) {
      $0.answers = [self.net: .approve]
    }
    XCTAssertEqual(approved.lines, ["update acme-prod/Net pending succeeded"])
    let changes = await bench.cloud.changes
    XCTAssertEqual(changes, ["ModifyNet", "ModifyNet"])
    let plan = try await bench.plan(fleet("bad", host: "b"))
    XCTAssertEqual(
      plan.lines, ["update acme-prod/Host pending", "stalled acme-prod/Net drift"],
      "what was said is not what git wants")
  }
}
