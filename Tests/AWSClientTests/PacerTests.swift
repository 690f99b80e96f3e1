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

  /// What is called: the service and the operation.
  private struct API {
    var service: String
    var operation: String
    var isBounded = true

    init(_ service: String, _ operation: String, isBounded: Bool = true) {
      self.service = service
      self.operation = operation
      self.isBounded = isBounded
    }

    var rule: PacingRule {
      let isRead = ["Describe", "Get", "List", "Lookup"].contains(where: operation.hasPrefix)
      return PacingRule.rule(
        service: service, operation: operation, isRead: isRead, isBounded: isBounded)
    }
  }

  private func ticket(
    _ api: API, from pacer: Pacer, region: String = "r", at time: Double = 0
  ) async -> Pacer.Ticket {
    await pacer.ticket(api.rule, service: api.service, region: region, at: time)
  }

  /// Sends calls as fast as the pacer lets them, each throttled one again.
  ///
  /// - Returns: attempts, throttled ones among them, and the seconds until all were through.
  private func send(
    _ count: Int, _ api: API, to limit: Limit
  ) async -> (attempts: Int, throttled: Int, seconds: Double) {
    let pacer = Pacer()
    var limit = limit
    // Calls that are not sent yet, with when they ask again whether it is their turn.
    var waiting: [(ticket: Pacer.Ticket, asks: Double)] = []
    for _ in 0..<count { waiting.append((await ticket(api, from: pacer), 0)) }
    var (attempts, throttled, time) = (0, 0, 0.0)
    while let index = waiting.indices.min(by: { waiting[$0].asks < waiting[$1].asks }) {
      time = waiting[index].asks
      let wait = await pacer.wait(for: waiting[index].ticket, at: time)
      guard wait == 0 else {
        waiting[index].asks = time + min(wait, Pacer.nap)
        continue
      }
      let sent = waiting.remove(at: index).ticket
      attempts += 1
      let isThrottled = !limit.takes(at: time)
      await pacer.note(sent, wasThrottled: isThrottled, at: time)
      guard isThrottled else { continue }
      throttled += 1
      waiting.append((await ticket(api, from: pacer, at: time), time))
    }
    return (attempts, throttled, time)
  }

  /// Each row as AWS publishes it: what a full bucket takes at once, and what it gains per second.
  func testUnderThePublishedRatesNothingIsThrottledAndNothingHeldUp() async {
    let table: [(api: API, capacity: Double, refill: Double)] = [
      (API("ec2", "DescribeVpcAttribute"), 100, 20),
      (API("ec2", "DescribeSecurityGroups"), 100, 20),
      (API("ec2", "DescribeSecurityGroups", isBounded: false), 50, 10),
      (API("ec2", "DescribeVpcs", isBounded: false), 100, 20),
      (API("ec2", "CreateSubnet"), 50, 5), (API("ec2", "CreateFlowLogs"), 50, 5),
      (API("ec2", "CreateTags"), 100, 10), (API("ec2", "CreateNatGateway"), 10, 1),
      (API("ec2", "CreateVpcEndpoint"), 4, 0.3), (API("elbv2", "DescribeListeners"), 40, 10),
      (API("route53", "ListResourceRecordSets"), 5, 5),
      (API("route53", "ChangeResourceRecordSets"), 5, 5),
      (API("kms", "CreateKey"), 5, 5), (API("cloudwatch", "DescribeAlarms"), 9, 9),
      (API("logs", "DescribeMetricFilters"), 5, 5), (API("ssm", "GetParameters"), 40, 40),
      (API("lambda", "CreateFunction"), 15, 15), (API("cloudtrail", "LookupEvents"), 2, 2),
    ]
    for row in table {
      let name = "\(row.api.service) \(row.api.operation)"
      let count = 2 * Int(row.capacity)
      let sent = await send(count, row.api, to: Limit(rate: row.refill, burst: row.capacity))
      XCTAssertEqual(sent.throttled, 0, name)
      let demanded = (Double(count) - row.capacity) / row.refill
      XCTAssertLessThan(sent.seconds, 1.03 * demanded + 0.2, "\(name) was held up")
    }
  }

  func testAFewCallsWaitForNothing() async {
    let sent = await send(98, API("ec2", "DescribeVpcs"), to: Limit(rate: 20, burst: 100))
    XCTAssertEqual(sent.seconds, 0)
    XCTAssertEqual(sent.throttled, 0)
  }

  func testAThrottledBucketSlowsDownAndRecovers() async {
    let pacer = Pacer()
    let api = API("ec2", "DescribeVpcs")
    func tickets(_ count: Int, at time: Double) async -> [Pacer.Ticket] {
      var tickets: [Pacer.Ticket] = []
      for _ in 0..<count { tickets.append(await ticket(api, from: pacer, at: time)) }
      return tickets
    }
    let first = await tickets(98, at: 0)
    let last = await pacer.wait(for: first[97], at: 0)
    XCTAssertEqual(last, 0)
    let queued = await tickets(20, at: 0)
    let before = await pacer.wait(for: queued[19], at: 0)
    XCTAssertEqual(before, 1 / 0.98, accuracy: 0.01, "twenty a second")
    for ticket in first { await pacer.note(ticket, wasThrottled: true, at: 0) }
    let slowed = await pacer.wait(for: queued[19], at: 0)
    XCTAssertEqual(slowed, 1 / 0.98 / 0.7, accuracy: 0.01, "what waits already waits longer")
    for _ in 0..<300 { await pacer.note(first[0], wasThrottled: false, at: 2) }
    let later = await tickets(98 + 20, at: 20)
    let recovered = await pacer.wait(for: later[98 + 19], at: 20)
    XCTAssertEqual(recovered, 1 / 0.98, accuracy: 0.01, "not beyond what AWS publishes")
  }

  /// Twenty a second at first: what is more is found as long as calls wait, what is less by a refusal.
  func testWhereAWSPublishesNothingTheRateIsLearned() async {
    let api = API("s3", "GetBucketTagging")
    XCTAssertEqual(api.rule.refill, 20)
    XCTAssertFalse(api.rule.isPublished)
    let generous = await send(400, api, to: Limit(rate: 1000, burst: 1000))
    XCTAssertLessThan(generous.seconds, 8, "faster than twenty a second")
    let strict = await send(200, api, to: Limit(rate: 5, burst: 5))
    XCTAssertLessThan(strict.throttled, 60, "it does not keep on knocking")
    XCTAssertLessThan(strict.seconds, 1.4 * 200 / 5, "nor slower than it has to be")

    let pacer = Pacer()
    for second in 0..<100 {
      let time = Double(second)
      let sent = await ticket(api, from: pacer, at: time)
      await pacer.note(sent, wasThrottled: false, at: time)
    }
    var last = await ticket(api, from: pacer, at: 100)
    for _ in 0..<37 { last = await ticket(api, from: pacer, at: 100) }
    let wait = await pacer.wait(for: last, at: 100)
    XCTAssertEqual(wait, 1 / 0.98, accuracy: 0.01, "calls that never waited have shown nothing")
  }

  /// What one of them learns, or uses up, is no matter of the others.
  func testBucketsAreOfARegionAndAnAPIOrWhatAWSCountsTogether() async {
    let pacer = Pacer()
    func wait(_ api: API, _ region: String) async -> Double {
      await pacer.wait(for: await ticket(api, from: pacer, region: region), at: 0)
    }
    for _ in 0..<100 { _ = await wait(API("ec2", "DescribeVpcs"), "eu-west-1") }
    for _ in 0..<5 { _ = await wait(API("route53", "ListHostedZones"), "us-east-1") }
    for _ in 0..<40 { _ = await wait(API("elbv2", "DescribeRules"), "eu-west-1") }
    let table: [(API, String, waits: Bool)] = [
      (API("ec2", "DescribeVpcs"), "eu-west-1", true),
      (API("ec2", "DescribeSubnets"), "eu-west-1", false),
      (API("ec2", "DescribeVpcs"), "eu-west-2", false),
      (API("ec2", "CreateVpc"), "eu-west-1", false),
      (API("iam", "ListRoles"), "us-east-1", false),
      (API("route53", "ChangeResourceRecordSets"), "us-east-1", true),
      (API("elbv2", "DescribeListeners"), "eu-west-1", true),
      (API("elbv2", "CreateListener"), "eu-west-1", false),
    ]
    for (api, region, waits) in table {
      let seconds = await wait(api, region)
      XCTAssertEqual(seconds > 0, waits, "\(api.service) \(api.operation) \(region)")
    }
    let other = Pacer()
    let elsewhere = await other.wait(
      for: await ticket(API("ec2", "DescribeVpcs"), from: other, region: "eu-west-1"), at: 0)
    XCTAssertEqual(elsewhere, 0, "another account has buckets of its own")
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
