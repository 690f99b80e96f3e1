import Document
import XCTest

@testable import AWSClient

/// Many calls at once through one client, to services that take no more in a second than AWS's do.
final class ThrottlingTests: XCTestCase {
  /// A service that refuses what comes faster than its bucket fills. Requests are on their way for
  /// 5 to 80 ms, so that they do not arrive as evenly as they are sent.
  private final class Limited: Transport {
    private struct Bucket {
      var tokens: Double
      var filledAt: Double
      var arrived = 0
      var refused = 0
    }

    private let time: VirtualTime
    private let rate: Double
    private let burst: Double
    private let bucket: Locked<Bucket>

    init(_ time: VirtualTime, rate: Double, burst: Double) {
      (self.time, self.rate, self.burst) = (time, rate, burst)
      bucket = Locked(Bucket(tokens: burst, filledAt: time.now))
    }

    var arrived: Int { bucket.access { $0.arrived } }
    var refused: Int { bucket.access { $0.refused } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
      await time.sleep(Double.random(in: 0.005...0.08))
      let now = time.now
      let isTaken = bucket.access { bucket in
        bucket.tokens = min(burst, bucket.tokens + (now - bucket.filledAt) * rate)
        bucket.filledAt = now
        bucket.arrived += 1
        guard bucket.tokens >= 1 else {
          bucket.refused += 1
          return false
        }
        bucket.tokens -= 1
        return true
      }
      let refusal =
        "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error>"
        + "<RequestId>r</RequestId></ErrorResponse>"
      return isTaken
        ? HTTPResponse(status: 200, headers: [], body: Array("<R><RResult/></R>".utf8))
        : HTTPResponse(status: 400, headers: [], body: Array(refusal.utf8))
    }
  }

  private struct Case {
    var model: ServiceModel
    /// In turn.
    var operations: [String]
    var rate: Double
    var burst: Double
  }

  /// A service whose model is not embedded.
  private func model(_ name: String, _ prefix: String, operations: [String]) throws -> ServiceModel
  {
    try ServiceModel(
      name: name,
      document: [
        "metadata": [
          "protocol": "query", "apiVersion": "2015-12-01", "endpointPrefix": .string(prefix),
        ],
        "operations": .object(
          Dictionary(
            uniqueKeysWithValues: operations.map {
              ($0, ["name": .string($0), "http": ["method": "POST", "requestUri": "/"]])
            })),
      ])
  }

  private func client(_ transport: any Transport, _ time: VirtualTime) throws -> AWSClient {
    AWSClient(
      credentials: StaticCredentials(
        Credentials(accessKeyID: "AKID", secretAccessKey: "SECRET")),
      endpoints: EndpointResolver(
        configuration: try configuration([:]), partitions: try ServiceModel.embeddedPartitions()),
      transport: transport, clock: time.clock)
  }

  /// Sends the calls and returns those that failed, and the seconds until all were answered.
  private func send(_ count: Int, _ row: Case, to service: Limited, _ time: VirtualTime)
    async throws -> (failures: [String], seconds: Double)
  {
    let client = try client(service, time)
    let failures = Locked<[String]>([])
    let began = time.now
    await time.run(count) { number in
      do {
        let operation = try row.model.operation(row.operations[number % row.operations.count])
        _ = try await client.send(row.model, operation, [:], region: "eu-west-1")
      } catch {
        failures.access { $0.append("\(error)") }
      }
    }
    return (failures.access { $0 }, time.now - began)
  }

  func testUnderAWSsLimitsHardlyACallIsThrottledAndAllSucceed() async throws {
    let table = [
      Case(
        model: try model(
          "elbv2", "elasticloadbalancing",
          operations: ["DescribeLoadBalancers", "DescribeListeners", "DescribeRules"]),
        operations: ["DescribeLoadBalancers", "DescribeListeners", "DescribeRules"],
        rate: 10, burst: 40),
      Case(
        model: try .embedded("route53"), operations: ["ListHostedZones", "ListHostedZonesByName"],
        rate: 5, burst: 5),
      Case(
        model: try .embedded("ec2"), operations: ["DescribeVpcs"], rate: 20, burst: 100),
    ]
    for row in table {
      let time = VirtualTime()
      let service = Limited(time, rate: row.rate, burst: row.burst)
      let count = 300
      let sent = try await send(count, row, to: service, time)
      XCTAssertEqual(sent.failures, [], "\(row.model.name): all calls succeed")
      XCTAssertLessThan(
        Double(service.refused) / Double(service.arrived), 0.05,
        "\(row.model.name): \(service.refused) of \(service.arrived) calls were throttled")
      XCTAssertLessThan(
        sent.seconds, 1.2 * Double(count) / row.rate,
        "\(row.model.name): the calls are held up no longer than its rate asks for")
    }
  }

  /// Rates are the start; an account may have lower ones, or share them with others.
  func testUnderALowerLimitThanIsKnownTheClientLearns() async throws {
    let operations = ["DescribeLoadBalancers"]
    let elbv2 = try model("elbv2", "elasticloadbalancing", operations: operations)
    let count = 200
    for rate in [8.0, 4, 1] {
      let time = VirtualTime()
      let service = Limited(time, rate: rate, burst: rate)
      let row = Case(model: elbv2, operations: operations, rate: rate, burst: rate)
      let sent = try await send(count, row, to: service, time)
      XCTAssertEqual(sent.failures, [], "at \(rate) a second all calls succeed")
      // A bucket that is thought to be full is sent before anything is learned.
      XCTAssertLessThan(
        service.refused, 40 + count / 4, "at \(rate) a second the client does not keep on knocking")
      XCTAssertLessThan(
        sent.seconds, 1.4 * Double(count) / rate,
        "at \(rate) a second the client is not slower than it has to be")
    }
  }
}
