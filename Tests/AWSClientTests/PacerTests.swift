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
    var limit = limit
    // Calls as they come to be sent, by the time at which they may be.
    var due: [Double] = []
    for _ in 0..<count {
      due.append(
        await pacer.reserve(
          service: service, operation: operation, isRead: isRead, region: "r", at: 0))
    }
    var (attempts, throttled, last) = (0, 0, 0.0)
    while let time = due.min(), let index = due.firstIndex(of: time) {
      due.remove(at: index)
      attempts += 1
      last = time
      let isThrottled = !limit.takes(at: time)
      await pacer.note(
        service: service, operation: operation, isRead: isRead, region: "r",
        wasThrottled: isThrottled, at: time)
      guard isThrottled else { continue }
      throttled += 1
      due.append(
        time
          + (await pacer.reserve(
            service: service, operation: operation, isRead: isRead, region: "r", at: time)))
    }
    return (attempts, throttled, last)
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
    func wait(at time: Double, calls: Int) async -> Double {
      var longest = 0.0
      for _ in 0..<calls {
        longest = max(
          longest,
          await pacer.reserve(
            service: "ec2", operation: "DescribeVpcs", isRead: true, region: "r", at: time))
      }
      return longest
    }
    func note(_ wasThrottled: Bool, at time: Double) async {
      await pacer.note(
        service: "ec2", operation: "DescribeVpcs", isRead: true, region: "r",
        wasThrottled: wasThrottled, at: time)
    }
    let first = await wait(at: 0, calls: 19)
    XCTAssertEqual(first, 0)
    for _ in 0..<10 { await note(true, at: 0) }
    let slowed = await wait(at: 0, calls: 10)
    XCTAssertEqual(slowed, 10 / 9.5, accuracy: 0.01, "ten at half of nineteen a second")
    for _ in 0..<30 { await note(false, at: 10) }
    let recovered = await wait(at: 20, calls: 38)
    XCTAssertEqual(recovered, 1, accuracy: 0.01, "nineteen at once, nineteen more in a second")
  }

  func testBucketsAreOfARegionAServiceAndAKindOfCall() async {
    let pacer = Pacer()
    func wait(_ service: String, _ operation: String, _ isRead: Bool, _ region: String) async
      -> Double
    {
      await pacer.reserve(
        service: service, operation: operation, isRead: isRead, region: region, at: 0)
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
