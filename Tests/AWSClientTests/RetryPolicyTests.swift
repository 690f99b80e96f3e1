import XCTest

@testable import AWSClient

final class RetryPolicyTests: XCTestCase {
  private let policy = RetryPolicy()

  private func call(
    read: Bool = false, repeatable: Bool = false, attempt: Int = 1, mayHaveExecuted: Bool = false
  ) -> RetryPolicy.Call {
    RetryPolicy.Call(
      service: "s", operation: "O", isRead: read, isRepeatable: read || repeatable,
      attempt: attempt, mayHaveExecuted: mayHaveExecuted)
  }

  private func service(_ code: String, _ status: Int, of service: String = "s") -> AWSError {
    .service(
      ServiceError(
        service: service, operation: "O", code: code, message: "m", status: status,
        requestID: nil))
  }

  private func transport(_ reason: TransportError.Reason, sent: Bool) -> AWSError {
    .transport(
      TransportError(
        reason: reason, message: "m", endpoint: "e", requestMayHaveBeenSent: sent))
  }

  private enum Expected { case again, fails, unknown }

  private func outcome(_ verdict: RetryPolicy.Verdict) -> Expected {
    switch verdict {
    case .repeatAfter: .again
    case .fail(.outcomeUnknown): .unknown
    case .fail: .fails
    }
  }

  func testWhatIsRepeated() {
    let malformed = AWSError.malformedReply(
      service: "s", operation: "O", status: 200, reason: "r")
    let table: [(AWSError, read: Expected, repeatable: Expected, other: Expected)] = [
      (service("Throttling", 400), .again, .again, .again),
      (service("RequestLimitExceeded", 503), .again, .again, .again),
      (service("SlowDown", 503), .again, .again, .again),
      (service("TooManyRequestsException", 429), .again, .again, .again),
      (service("Unheard", 429), .again, .again, .again),
      (service("PriorRequestNotComplete", 400), .again, .again, .again),
      (service("LimitExceededException", 400), .fails, .fails, .fails),
      (service("LimitExceededException", 400, of: "kinesis"), .again, .again, .again),
      (service("RequestTimeout", 400), .again, .again, .again),
      (service("InternalError", 500), .again, .again, .unknown),
      (service("InternalFailure", 500), .again, .again, .unknown),
      (service("ServiceUnavailable", 503), .again, .again, .unknown),
      (service("502", 502), .again, .again, .unknown),
      (service("504", 504), .again, .again, .unknown),
      (service("NotImplemented", 501), .fails, .fails, .fails),
      (service("InsufficientInstanceCapacity", 500), .fails, .fails, .fails),
      (service("InvalidVpcID.NotFound", 400), .fails, .fails, .fails),
      (service("ExpiredToken", 400), .fails, .fails, .fails),
      (service("AccessDenied", 403), .fails, .fails, .fails),
      (transport(.couldNotConnect, sent: false), .again, .again, .again),
      (transport(.couldNotResolveHost, sent: false), .again, .again, .again),
      (transport(.timedOut, sent: false), .again, .again, .again),
      (transport(.timedOut, sent: true), .again, .again, .unknown),
      (transport(.connectionLost, sent: true), .again, .again, .unknown),
      (transport(.other, sent: true), .again, .again, .unknown),
      (transport(.other, sent: false), .fails, .fails, .fails),
      (transport(.tls, sent: false), .fails, .fails, .fails),
      (transport(.replyTooLarge, sent: true), .fails, .unknown, .unknown),
      (transport(.cancelled, sent: false), .fails, .fails, .fails),
      (transport(.cancelled, sent: true), .fails, .unknown, .unknown),
      (transport(.shutDown, sent: true), .fails, .unknown, .unknown),
      (malformed, .fails, .unknown, .unknown),
      (.noCredentials(tried: []), .fails, .fails, .fails),
    ]
    for row in table {
      for (kind, call, expected) in [
        ("a read", call(read: true), row.read),
        ("a repeatable change", call(repeatable: true), row.repeatable),
        ("any other change", call(), row.other),
      ] {
        let verdict = policy.verdict(on: row.0, of: call, retryAfter: nil, random: 0.5)
        XCTAssertEqual(outcome(verdict), expected, "\(kind) after \(row.0)")
      }
    }
  }

  func testAttemptsAreLimited() {
    let table: [(AWSError, read: Bool, last: Int)] = [
      (service("Throttling", 400), true, 8),
      (service("Throttling", 400), false, 8),
      (service("InternalError", 500), true, 3),
      (transport(.couldNotConnect, sent: false), true, 3),
    ]
    for row in table {
      for attempt in 1...9 {
        let verdict = policy.verdict(
          on: row.0, of: call(read: row.read, attempt: attempt), retryAfter: nil, random: 0.5)
        XCTAssertEqual(
          outcome(verdict) == .again, attempt < row.last,
          "attempt \(attempt) of at most \(row.last) after \(row.0)")
      }
    }
  }

  func testWaitsHaveFullJitterAndAnUpperBound() {
    func wait(_ attempt: Int, _ random: Double, retryAfter: Double? = nil) -> Double? {
      let verdict = RetryPolicy(attempts: 100).verdict(
        on: transport(.couldNotConnect, sent: false), of: call(attempt: attempt),
        retryAfter: retryAfter, random: random)
      if case .repeatAfter(let seconds) = verdict { return seconds }
      return nil
    }
    for (attempt, ceiling) in [(1, 1.0), (2, 2), (3, 4), (5, 16), (6, 20), (60, 20)] {
      XCTAssertEqual(wait(attempt, 0), 0, "attempt \(attempt) may follow at once")
      XCTAssertEqual(
        wait(attempt, 0.5), ceiling / 2, "attempt \(attempt) waits a part of \(ceiling) s")
    }
    XCTAssertEqual(wait(1, 0.5, retryAfter: 3), 3, "what the reply asks for is granted")
    XCTAssertEqual(wait(1, 0.5, retryAfter: 3600), 20, "within bounds")
    XCTAssertEqual(wait(1, 0.5, retryAfter: -1), 0.5, "nonsense is ignored")
    XCTAssertEqual(wait(1, 0.5, retryAfter: .nan), 0.5, "nonsense is ignored")
  }

  func testAnEarlierLostReplyKeepsTheOutcomeUnknown() {
    let earlier = call(repeatable: true, attempt: 3, mayHaveExecuted: true)
    let refused = policy.verdict(
      on: transport(.couldNotConnect, sent: false), of: earlier, retryAfter: nil, random: 0)
    XCTAssertEqual(outcome(refused), .unknown, "the first attempt may have been executed")
    let answered = policy.verdict(
      on: service("AlreadyExists", 400), of: earlier, retryAfter: nil, random: 0)
    XCTAssertEqual(outcome(answered), .fails, "a definite answer is passed on")
  }

  func testTheNumberOfAttemptsCanBeConfigured() throws {
    XCTAssertEqual(
      try RetryPolicy(configuration: configuration(["AWS_MAX_ATTEMPTS": "5"])),
      RetryPolicy(attempts: 5, throttledAttempts: 5))
    XCTAssertEqual(try RetryPolicy(configuration: configuration()), RetryPolicy())
    for nonsense in ["0", "-1", "many"] {
      XCTAssertThrowsError(
        try RetryPolicy(configuration: configuration(["AWS_MAX_ATTEMPTS": nonsense])),
        "\(nonsense) is refused")
    }
  }

  func testWhichCallsAreRepeatable() throws {
    let table: [(String, String, read: Bool, repeatable: Bool)] = [
      ("ec2", "DescribeVpcs", true, true), ("ec2", "CreateVpc", false, false),
      ("ec2", "DeleteVpc", false, false), ("s3", "PutBucketTagging", false, true),
      ("s3", "CreateBucket", false, false), ("s3", "DeleteBucket", false, false),
      ("sts", "AssumeRole", true, true), ("iam", "CreateRole", false, false),
    ]
    for (service, operation, read, repeatable) in table {
      let model = try ServiceModel.embedded(service)
      let call = RetryPolicy.Call(try model.operation(operation), of: model)
      XCTAssertEqual(call.isRead, read, "\(service):\(operation) reads")
      XCTAssertEqual(call.isRepeatable, repeatable, "\(service):\(operation) may be repeated")
    }
  }
}
