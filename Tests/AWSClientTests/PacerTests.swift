import XCTest

@testable import AWSClient

/// What AWS takes in a second, and a service that counts what it is sent by that.
final class PacerTests: XCTestCase {
  /// A token bucket as AWS keeps one.
  private struct Limit {
    var rate: Double
    var burst: Double
    var tokens: Double
    var at = 0.0

    init(rate: Double, burst: Double) {
      (self.rate, self.burst, tokens) = (rate, burst, burst)
    }

    mutating func takes(at time: Double) -> Bool {
      tokens = min(burst, tokens + (time - at) * rate)
      at = time
      guard tokens >= 1 - 1e-6 else { return false }
      tokens -= 1
      return true
    }
  }

  /// Sends calls as fast as the pacer lets them, each throttled one again.
  ///
  /// - Returns: attempts, throttled ones among them, and the seconds until all were through.
  private func send(
    _ count: Int, _ service: String, _ operation: String, isRead: Bool, to limit: Limit
  ) async -> (attempts: Int, throttled: Int, seconds: Double) {
    let pacer = Pacer()
    func ticket(at time: Double) async -> Pacer.Ticket {
      await pacer.ticket(
        service: service, operation: operation, isRead: isRead, region: "r", at: time)
    }
    var limit = limit
    // Calls that are not sent yet, with when they ask again whether it is their turn.
    var waiting: [(ticket: Pacer.Ticket, asks: Double)] = []
    for _ in 0..<count { waiting.append((await ticket(at: 0), 0)) }
    var (attempts, throttled, time) = (0, 0, 0.0)
    while let index = waiting.indices.min(by: { waiting[$0].asks < waiting[$1].asks }) {
      time = waiting[index].asks
      let wait = await pacer.wait(for: waiting[index].ticket, at: time)
      guard wait == 0 else {
        waiting[index].asks = time + wait
        continue
      }
      let sent = waiting.remove(at: index).ticket
      attempts += 1
      let isThrottled = !limit.takes(at: time)
      await pacer.note(sent, wasThrottled: isThrottled, at: time)
      guard isThrottled else { continue }
      throttled += 1
      waiting.append((await ticket(at: time), time))
    }
    return (attempts, throttled, time)
  }

  func testUnderTheKnownRatesHardlyAnythingIsThrottled() async {
    let table: [(service: String, operation: String, isRead: Bool, rate: Double, burst: Double)] =
      [
        ("ec2", "DescribeVpcAttribute", true, 20, 20), ("ec2", "CreateSubnet", false, 5, 25),
        ("elbv2", "DescribeListeners", true, 10, 10),
        ("route53", "ListResourceRecordSets", true, 5, 5),
        ("route53", "ChangeResourceRecordSets", false, 5, 5),
        ("cloudtrail", "LookupEvents", true, 2, 2),
      ]
    for (service, operation, isRead, rate, burst) in table {
      let sent = await send(
        100, service, operation, isRead: isRead, to: Limit(rate: rate, burst: burst))
      XCTAssertLessThan(
        Double(sent.throttled) / Double(sent.attempts), 0.05, "\(service) \(operation)")
      XCTAssertLessThan(sent.seconds, 115 / rate, "\(service) \(operation) was held up")
    }
  }

  func testAFewCallsWaitForNothing() async {
    let sent = await send(
      12, "ec2", "DescribeVpcs", isRead: true, to: Limit(rate: 20, burst: 20))
    XCTAssertEqual(sent.seconds, 0)
    XCTAssertEqual(sent.throttled, 0)
  }

  func testAThrottledBucketSlowsDownAndRecovers() async {
    let pacer = Pacer()
    func tickets(_ count: Int, at time: Double) async -> [Pacer.Ticket] {
      var tickets: [Pacer.Ticket] = []
      for _ in 0..<count {
        tickets.append(
          await pacer.ticket(
            service: "ec2", operation: "DescribeVpcs", isRead: true, region: "r", at: time))
      }
      return tickets
    }
    let first = await tickets(19, at: 0)
    let last = await pacer.wait(for: first[18], at: 0)
    XCTAssertEqual(last, 0)
    let queued = await tickets(19, at: 0)
    let before = await pacer.wait(for: queued[18], at: 0)
    XCTAssertEqual(before, 1, accuracy: 0.01, "nineteen a second")
    for ticket in first { await pacer.note(ticket, wasThrottled: true, at: 0) }
    let slowed = await pacer.wait(for: queued[18], at: 0)
    XCTAssertEqual(slowed, 1 / 0.7, accuracy: 0.01, "what waits already waits longer")
    for _ in 0..<300 { await pacer.note(first[0], wasThrottled: false, at: 2) }
    let later = await tickets(38, at: 20)
    let recovered = await pacer.wait(for: later[37], at: 20)
    XCTAssertEqual(recovered, 1, accuracy: 0.01, "nineteen at once, nineteen more in a second")
  }

  func testBucketsAreOfARegionAServiceAndAKindOfCall() async {
    let pacer = Pacer()
    func wait(_ service: String, _ operation: String, _ isRead: Bool, _ region: String) async
      -> Double
    {
      let ticket = await pacer.ticket(
        service: service, operation: operation, isRead: isRead, region: region, at: 0)
      return await pacer.wait(for: ticket, at: 0)
    }
    for _ in 0..<20 { _ = await wait("ec2", "DescribeVpcs", true, "eu-west-1") }
    let table: [(String, String, Bool, String, Bool)] = [
      ("ec2", "DescribeVpcs", true, "eu-west-1", true),
      ("ec2", "DescribeSubnets", true, "eu-west-1", true),
      ("ec2", "DescribeVpcs", true, "eu-west-2", false),
      ("ec2", "CreateVpc", false, "eu-west-1", false),
      ("iam", "ListRoles", true, "eu-west-1", false),
    ]
    for (service, operation, isRead, region, waits) in table {
      let seconds = await wait(service, operation, isRead, region)
      XCTAssertEqual(seconds > 0, waits, "\(service) \(operation) \(region)")
    }
  }

  func testTheQuotaRunsOutAndIsGivenBack() {
    var quota = RetryQuota()
    for _ in 0..<100 { XCTAssertTrue(quota.take(5)) }
    XCTAssertFalse(quota.take(5), "500 tokens are spent")
    quota.giveBack(5)
    XCTAssertTrue(quota.take(5), "a success gives back what its repetition took")
    XCTAssertFalse(quota.take(5))
    for _ in 0..<5 { quota.giveBack(0) }
    XCTAssertTrue(quota.take(5), "five calls without a repetition give back one each")
  }
}
