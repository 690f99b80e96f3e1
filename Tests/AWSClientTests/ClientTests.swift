import Document
import XCTest

@testable import AWSClient

final class ClientTests: XCTestCase {
  private let vpcs = "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>"
  private let created =
    "<CreateVpcResponse><vpc><vpcId>vpc-1</vpcId></vpc></CreateVpcResponse>"

  private func page(_ id: String, next: String?) -> String {
    "<DescribeVpcsResponse><vpcSet><item><vpcId>\(id)</vpcId></item></vpcSet>"
      + (next.map { "<nextToken>\($0)</nextToken>" } ?? "") + "</DescribeVpcsResponse>"
  }

  func testACallIsSignedAndItsReplyRead() async throws {
    let test = try ClientInTest([
      .reply(200, created, headers: ["x-amzn-RequestId": "req-9"])
    ])
    let output = try await test.send("ec2", "CreateVpc", ["CidrBlock": "10.0.0.0/16"])
    XCTAssertEqual(output["Vpc"]?["VpcId"], "vpc-1")
    let sent = try XCTUnwrap(test.transport.sent.first)
    XCTAssertEqual(sent.host, "ec2.eu-west-1.amazonaws.com")
    XCTAssertEqual(sent.header("X-Amz-Date"), "20260101T000000Z")
    let authorization = sent.header("Authorization") ?? ""
    XCTAssertTrue(
      authorization.hasPrefix(
        "AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-west-1/ec2/aws4_request, "),
      "the request is signed: \(authorization)")
    XCTAssertEqual(
      test.records.access { $0 },
      [
        CallRecord(
          service: "ec2", operation: "CreateVpc", region: "eu-west-1", attempt: 1, status: 200,
          requestID: "req-9")
      ], "the observer hears of the attempt")
  }

  func testAGlobalServiceIsSignedForItsHomeRegion() async throws {
    let reply =
      "<DeleteRoleResponse><ResponseMetadata/></DeleteRoleResponse>"
    let test = try ClientInTest(
      [.reply(200, reply)], environment: ["AWS_ENDPOINT_URL": "http://endpoint.test:1/base"])
    _ = try await test.send("iam", "DeleteRole", ["RoleName": "r"])
    let sent = try XCTUnwrap(test.transport.sent.first)
    XCTAssertEqual("\(sent.scheme)://\(sent.host)\(sent.path)", "http://endpoint.test:1/base/")
    XCTAssertEqual(sent.header("Authorization")?.contains("/us-east-1/iam/"), true)
  }

  func testS3AddressesBucketsByHostOnAWSAndByPathElsewhere() async throws {
    let tagging: Document = [
      "Bucket": "acme", "Tagging": ["TagSet": [["Key": "a", "Value": "b"]]],
    ]
    let table: [(environment: [String: String], bucket: String, url: String)] = [
      ([:], "acme", "https://acme.s3.eu-west-1.amazonaws.com/"),
      ([:], "a.b", "https://s3.eu-west-1.amazonaws.com/a.b"),
      (["AWS_ENDPOINT_URL_S3": "http://e.test:1/x"], "acme", "http://e.test:1/x/acme"),
    ]
    for row in table {
      let test = try ClientInTest([.reply(204, "")], environment: row.environment)
      var input = tagging.object ?? [:]
      input["Bucket"] = .string(row.bucket)
      _ = try await test.send("s3", "PutBucketTagging", .object(input))
      let sent = try XCTUnwrap(test.transport.sent.first)
      XCTAssertEqual("\(sent.scheme)://\(sent.host)\(sent.path)", row.url)
      XCTAssertEqual(sent.encodedQuery.hasPrefix("tagging"), true)
      XCTAssertNotNil(sent.header("x-amz-content-sha256"), "S3 wants the body's digest")
    }
  }

  func testAnInputThatDoesNotFitIsNotSent() async throws {
    let test = try ClientInTest([])
    let error = await test.failure("ec2", "CreateVpc", ["CidrBlok": "10.0.0.0/16"])
    guard case .invalidInput("ec2", "CreateVpc", _, _)? = error else {
      return XCTFail("\(String(describing: error))")
    }
    let unknown = await test.failure("ec2", "CreateVcp")
    XCTAssertEqual(unknown, .unknownOperation(service: "ec2", operation: "CreateVcp"))
    XCTAssertEqual(test.transport.sent, [], "nothing is sent")
  }

  func testAReadIsRepeatedAfterPassingFailures() async throws {
    let test = try ClientInTest([
      .fail(.connectionLost, sent: true), .reply(500, "<html>"), .reply(200, vpcs),
    ])
    _ = try await test.send("ec2", "DescribeVpcs")
    XCTAssertEqual(test.sleeps.access { $0 }, [0.5, 1], "full jitter over 1 s, then over 2 s")
    XCTAssertEqual(test.records.access { $0.map(\.attempt) }, [1, 2, 3])
    XCTAssertEqual(test.records.access { $0.map(\.status) }, [nil, 500, 200])
    XCTAssertEqual(
      test.transport.sent.map { $0.header("X-Amz-Date") ?? "" },
      ["20260101T000000Z", "20260101T000000Z", "20260101T000001Z"],
      "each attempt is signed anew")
  }

  func testThrottledReadsArePatientAndHeedTheReply() async throws {
    let throttled = ScriptedTransport.Step.reply(
      503, ec2Error("RequestLimitExceeded"), headers: ["Retry-After": "7"])
    let test = try ClientInTest(Array(repeating: throttled, count: 7) + [.reply(200, vpcs)])
    _ = try await test.send("ec2", "DescribeVpcs")
    XCTAssertEqual(test.sleeps.access { $0 }, [7, 7, 7, 7, 8, 10, 10])
    XCTAssertEqual(test.records.access { $0.first?.code }, "RequestLimitExceeded")
  }

  func testAThrottledChangeIsRepeated() async throws {
    let test = try ClientInTest([
      .reply(503, ec2Error("RequestLimitExceeded")), .reply(200, created),
    ])
    _ = try await test.send("ec2", "CreateVpc", ["CidrBlock": "10.0.0.0/16"])
    XCTAssertEqual(test.transport.sent.count, 2, "a throttled call was not executed")
  }

  func testAChangeWhoseReplyIsLostIsNotRepeated() async throws {
    let steps: [ScriptedTransport.Step] = [
      .fail(.timedOut, sent: true), .fail(.connectionLost, sent: true),
      .reply(500, ec2Error("InternalError")), .reply(502, "<html>"),
      .reply(200, "<CreateVpcResponse><vpc>"),
    ]
    for step in steps {
      let test = try ClientInTest([step])
      let error = await test.failure("ec2", "CreateVpc", ["CidrBlock": "10.0.0.0/16"])
      guard case .outcomeUnknown("ec2", "CreateVpc", let reason)? = error else {
        return XCTFail("\(step): \(String(describing: error))")
      }
      XCTAssertFalse(reason.isEmpty, "\(step): the reason is told")
    }
  }

  func testAChangeThatWasNotSentIsRepeated() async throws {
    let test = try ClientInTest([.fail(.couldNotConnect, sent: false), .reply(200, created)])
    _ = try await test.send("ec2", "CreateVpc", ["CidrBlock": "10.0.0.0/16"])
    XCTAssertEqual(test.transport.sent.count, 2)
  }

  func testAChangeWithATokenIsRepeatedWithTheSameToken() async throws {
    let model = try ServiceModel(
      name: "toy",
      document: [
        "metadata": ["protocol": "json", "jsonVersion": "1.1", "targetPrefix": "Toy"],
        "operations": [
          "CreateThing": ["http": ["method": "POST", "requestUri": "/"], "input": ["shape": "In"]]
        ],
        "shapes": [
          "In": [
            "type": "structure",
            "members": [["name": "Token", "shape": "Text", "idempotencyToken": true]],
          ],
          "Text": ["type": "string"],
        ],
      ])
    let test = try ClientInTest([.fail(.timedOut, sent: true), .reply(200, "{}")])
    _ = try await test.client.send(
      model, try model.operation("CreateThing"), [:], region: "eu-west-1")
    let bodies = test.transport.sent.map { String(decoding: $0.body, as: UTF8.self) }
    XCTAssertEqual(bodies.count, 2, "the call is repeated")
    XCTAssertEqual(Set(bodies).count, 1, "with the same token: \(bodies)")
    XCTAssertEqual(bodies.first?.contains("Token"), true, "a token is filled in: \(bodies)")
  }

  func testAWrongClockIsCorrectedOnce() async throws {
    let late = ["Date": "Thu, 01 Jan 2026 01:00:00 GMT"]
    let refusal = ScriptedTransport.Step.reply(403, ec2Error("AuthFailure"), headers: late)
    let test = try ClientInTest([
      refusal, .reply(200, created), .reply(200, vpcs),
    ])
    _ = try await test.send("ec2", "CreateVpc", ["CidrBlock": "10.0.0.0/16"])
    _ = try await test.send("ec2", "DescribeVpcs")
    XCTAssertEqual(
      test.transport.sent.map { $0.header("X-Amz-Date") ?? "" },
      ["20260101T000000Z", "20260101T010000Z", "20260101T010000Z"],
      "the offset is kept for later calls")
    XCTAssertEqual(test.sleeps.access { $0 }, [], "there is nothing to wait for")
  }

  func testAWrongKeyIsNotAWrongClock() async throws {
    let date = ["Date": "Thu, 01 Jan 2026 00:01:00 GMT"]
    let test = try ClientInTest([.reply(403, ec2Error("AuthFailure"), headers: date)])
    let error = await test.failure("ec2", "DescribeVpcs")
    guard case .service(let service)? = error else {
      return XCTFail("\(String(describing: error))")
    }
    XCTAssertEqual(service.code, "AuthFailure")
    XCTAssertEqual(service.requestID, "req-1")
  }

  func testExpiredCredentialsAreOneErrorAtOnce() async throws {
    let test = try ClientInTest([.reply(400, ec2Error("ExpiredToken"))])
    let error = await test.failure("ec2", "DescribeVpcs")
    XCTAssertEqual(
      error?.message,
      "ec2:DescribeVpcs: ExpiredToken: why (HTTP 400, request id req-1); "
        + "the temporary credentials have expired: get new ones")
  }

  func testPagesAreJoined() async throws {
    let test = try ClientInTest([
      .reply(200, page("vpc-1", next: "t1")), .reply(200, page("vpc-2", next: "t2")),
      .reply(200, page("vpc-3", next: nil)),
    ])
    let output = try await test.client.sendAllPages(
      "ec2", "DescribeVpcs", [:], region: "eu-west-1", pageSize: 5)
    XCTAssertEqual(
      output["Vpcs"]?.list?.compactMap { $0["VpcId"]?.string }, ["vpc-1", "vpc-2", "vpc-3"])
    let bodies = test.transport.sent.map { String(decoding: $0.body, as: UTF8.self) }
    XCTAssertEqual(bodies.map { $0.contains("MaxResults=5") }, [true, true, true])
    XCTAssertEqual(
      bodies.map { $0.contains("NextToken=t") }, [false, true, true], "tokens are passed on")
    XCTAssertEqual(test.records.access { $0.count }, 3, "a call is counted for each page")
  }

  func testAPageThatLeadsToItselfIsAnError() async throws {
    let stuck = ScriptedTransport.Step.reply(200, page("vpc-1", next: "t1"))
    let test = try ClientInTest([stuck, stuck])
    let error = await thrown { () async throws(AWSError) in
      try await test.client.sendAllPages("ec2", "DescribeVpcs", [:], region: "eu-west-1")
    }
    XCTAssertEqual(
      error, .pagingStuck(service: "ec2", operation: "DescribeVpcs", token: "t1"))
  }

  func testAReadWithoutPagesIsSentOnce() async throws {
    let test = try ClientInTest([
      .reply(200, "<R><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult></R>")
    ])
    let output = try await test.client.sendAllPages(
      "sts", "GetCallerIdentity", [:], region: "eu-west-1")
    XCTAssertEqual(output["Account"], "1")
  }

  func testCancellationEndsACallAndItsWaits() async throws {
    for (operation, input, isUnknown) in [
      ("DescribeVpcs", [:] as Document, false), ("CreateVpc", ["CidrBlock": "10.0.0.0/16"], true),
    ] {
      let test = try ClientInTest([.hang])
      let task = Task { () async -> AWSError? in await test.failure("ec2", operation, input) }
      while test.transport.sent.isEmpty { await Task.yield() }
      task.cancel()
      let error = await task.value
      if isUnknown {
        guard case .outcomeUnknown? = error else {
          return XCTFail("a change that was sent may take effect: \(String(describing: error))")
        }
      } else {
        XCTAssertEqual(error, .cancelled, "a read is just cancelled")
      }
    }
  }

  func testWithoutCredentialsNothingIsSent() async throws {
    let test = try ClientInTest([], credentials: EnvironmentCredentials([:]))
    let error = await test.failure("ec2", "DescribeVpcs")
    XCTAssertEqual(
      error?.message,
      "no AWS credentials found (environment: AWS_ACCESS_KEY_ID is not set); "
        + "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine a "
        + "role")
  }

  func testARoleIsAssumedThroughAnotherClient() async throws {
    let reply = """
      <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId>
      <SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken>
      <Expiration>2026-01-01T01:00:00Z</Expiration></Credentials></AssumeRoleResult>
      </AssumeRoleResponse>
      """
    let source = try ClientInTest([.fail(.timedOut, sent: true), .reply(200, reply)])
    let clock = WallClock(now: { ClientInTest.start }, sleep: { _ in })
    let role = AssumeRoleCredentials(
      .init(arn: "arn:aws:iam::123456789012:role/deploy", sessionName: "acme", externalID: "ex"),
      through: source.client, region: "eu-west-1", clock: clock)
    let test = try ClientInTest([.reply(200, vpcs)], credentials: role)
    _ = try await test.send("ec2", "DescribeVpcs")
    let sent = try XCTUnwrap(test.transport.sent.first)
    XCTAssertEqual(sent.header("X-Amz-Security-Token"), "T")
    XCTAssertEqual(sent.header("Authorization")?.contains("Credential=ASIA/"), true)
    XCTAssertEqual(source.transport.sent.count, 2, "a lost reply of STS does no harm")
  }
}
