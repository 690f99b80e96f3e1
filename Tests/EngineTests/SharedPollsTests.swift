import AWSClient
import Document
import TrueupCore
import XCTest

@testable import Engine

/// One call answers for all that wait alike.
final class SharedPollsTests: XCTestCase {
  /// Lets nobody wake before as many sleep as are expected; then all of them, after their seconds.
  private actor Clock {
    private var sleepers: [CheckedContinuation<Void, Never>] = []
    private let expected: Int

    init(expected: Int) { self.expected = expected }

    func sleep(_ seconds: Double) async {
      await withCheckedContinuation { continuation in
        sleepers.append(continuation)
        guard sleepers.count == expected else { return }
        for sleeper in sleepers { sleeper.resume() }
        sleepers = []
      }
    }
  }

  /// Shows gateways, save those that it does not know.
  private actor Gateways: Cloud {
    let unknown: Set<String>
    private(set) var asked: [(ids: [String], target: CallTarget)] = []

    init(unknown: Set<String> = []) { self.unknown = unknown }

    func perform(_ call: Call, in target: CallTarget, gate: any CallGate) -> Reply {
      let ids = (call.input["NatGatewayIds"]?.list ?? []).compactMap(\.string)
      asked.append((ids, target))
      if !unknown.isDisjoint(with: ids) {
        return .failure(
          CallFailure(
            reason: .refused, service: call.service, operation: call.operation,
            code: "NatGatewayNotFound", message: "not found"))
      }
      return .success([
        "NatGateways": .list(ids.map { ["NatGatewayId": .string($0), "State": "pending"] })
      ])
    }

    func read(_ read: Read, in target: CallTarget) -> Reply { .absent }
    func accountID(for target: CallTarget) -> Result<String, CallFailure> { .success("") }
    nonisolated func callCount() -> CallCount { CallCount(byService: [:]) }
  }

  private static let here = CallTarget(account: "1", region: "r", client: "acme")

  private func read(_ id: String, batch: Bool = true) -> Call {
    Call(
      "ec2", "DescribeNatGateways", ["NatGatewayIds": [.string(id)]],
      batch: batch ? CallBatch("NatGateways", by: "NatGatewayId") : nil)
  }

  /// The ids in what each of those that wait was told, where it was told anything, and the calls made.
  private func poll(_ waiting: [(call: Call, target: CallTarget)], _ cloud: Gateways) async
    -> (told: [[String]?], calls: Int)
  {
    let clock = Clock(expected: waiting.count)
    let polls = SharedPolls(
      cloud: cloud, clock: EngineClock(now: { 0 }, sleep: { await clock.sleep($0) }),
      slots: CallSlots(1))
    return await withTaskGroup(of: (Int, [String]?, Int).self) { group in
      for (index, one) in waiting.enumerated() {
        group.addTask {
          let (reply, calls) = await polls.reply(to: one.call, in: one.target, after: 1)
          let shown = reply?.output?["NatGateways"]?.list
          return (index, shown?.compactMap { $0["NatGatewayId"]?.string }, calls)
        }
      }
      var told: [[String]?] = Array(repeating: nil, count: waiting.count)
      var calls = 0
      for await (index, ids, made) in group {
        told[index] = ids
        calls += made
      }
      return (told, calls)
    }
  }

  private func ids(_ count: Int) -> [String] { (0..<count).map { "nat-\($0)" } }

  func testOneCallAnswersForAllThatWait() async {
    let cloud = Gateways()
    let (told, calls) = await poll(ids(50).map { (read($0), Self.here) }, cloud)
    XCTAssertEqual(told, ids(50).map { [$0] }, "each learns of its own")
    XCTAssertEqual(calls, 1)
    let asked = await cloud.asked
    XCTAssertEqual(asked.map { Set($0.ids) }, [Set(ids(50))])
    XCTAssertEqual(asked.map(\.target.client), [nil], "in the session that all share")
  }

  func testACallNamesNoMoreThanABatch() async {
    let cloud = Gateways()
    let (told, calls) = await poll(ids(250).map { (read($0), Self.here) }, cloud)
    XCTAssertEqual(told, ids(250).map { [$0] })
    XCTAssertEqual(calls, 3)
    let asked = await cloud.asked
    XCTAssertTrue(asked.allSatisfy { $0.ids.count <= 100 })
  }

  func testACallNamesNoMoreThanItTakes() async {
    let cloud = Gateways()
    let waiting = ids(25).map { id -> (Call, CallTarget) in
      var call = read(id)
      call.batch = CallBatch(
        "NatGateways", by: "NatGatewayId", in: "NatGatewayIds", limit: 10)
      return (call, Self.here)
    }
    let (told, calls) = await poll(waiting, cloud)
    XCTAssertEqual(told, ids(25).map { [$0] })
    XCTAssertEqual(calls, 3)
    let asked = await cloud.asked
    XCTAssertEqual(asked.map(\.ids.count).max(), 10)
  }

  func testWhereOneIsNotThereEachAsksByItself() async {
    let (told, calls) = await poll(
      ids(5).map { (read($0), Self.here) }, Gateways(unknown: ["nat-3"]))
    XCTAssertEqual(told, Array(repeating: nil, count: 5))
    XCTAssertEqual(calls, 1)
  }

  func testOnlyWhatWaitsAlikeIsAskedTogether() async {
    var elsewhere = Self.here
    elsewhere.region = "s"
    var other = read("nat-1")
    other.absentCodes = ["NatGatewayNotFound"]
    var colleague = Self.here
    colleague.client = "beta"
    let cloud = Gateways()
    let (told, calls) = await poll(
      [
        (read("nat-0"), Self.here), (read("nat-1"), colleague), (read("nat-2"), elsewhere),
        (other, Self.here), (read("nat-4", batch: false), Self.here),
      ], cloud)
    XCTAssertEqual(told, [["nat-0"], ["nat-1"], nil, nil, nil])
    XCTAssertEqual(calls, 1, "who waits alone makes its own call")
  }

  func testTheFirstReadsFollowSoonerThanTheLaterOnes() {
    var interval = PollInterval()
    XCTAssertEqual((0..<7).map { _ in interval.next(upTo: 10) }, [1, 2, 3, 5, 8, 10, 10])
    var short = PollInterval()
    XCTAssertEqual((0..<3).map { _ in short.next(upTo: 2) }, [1, 2, 2])
  }
}
