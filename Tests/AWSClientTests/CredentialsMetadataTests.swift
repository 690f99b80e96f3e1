import XCTest

@testable import AWSClient

final class CredentialsMetadataTests: XCTestCase {
  private let role: [ScriptedTransport.Step] = [
    .reply(200, "token"), .reply(200, "role\n"), .reply(200, temporaryKeys()),
  ]

  func testVersionTwoIsAskedInThreeSteps() async throws {
    let test = CredentialsInTest(http: role)
    let found = try await test.credentials()
    XCTAssertEqual(found.accessKeyID, "A")
    XCTAssertEqual(found.sessionToken, "hush-token")
    let path = "/latest/meta-data/iam/security-credentials/"
    let sent = test.transport.sent
    XCTAssertEqual(
      sent.map { "\($0.method) \($0.endpoint)\($0.path)" },
      [
        "PUT http://169.254.169.254/latest/api/token", "GET http://169.254.169.254\(path)",
        "GET http://169.254.169.254\(path)role",
      ])
    XCTAssertEqual(
      sent.map { $0.headers.map { "\($0.name): \($0.value)" } },
      [
        ["X-aws-ec2-metadata-token-ttl-seconds: 21600"], ["X-aws-ec2-metadata-token: token"],
        ["X-aws-ec2-metadata-token: token"],
      ])
    XCTAssertEqual(test.timeouts.access { $0 }, [1, 1, 1], "each request has a second")
  }

  func testTheEndpointIsWhereTheConfigurationSays() async throws {
    let endpoint = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
    let table: [(environment: [String: String], config: String, first: String)] = [
      ([endpoint: "http://h:8/base/"], "", "http://h:8/base/latest/api/token"),
      (["\(endpoint)_MODE": "IPv6"], "", "http://[fd00:ec2::254]/latest/api/token"),
      (["\(endpoint)_MODE": "ipv4"], "", "http://169.254.169.254/latest/api/token"),
      (
        [:], "[default]\nec2_metadata_service_endpoint = http://c",
        "http://c/latest/api/token"
      ),
      (
        [:], "[default]\nec2_metadata_service_endpoint_mode = IPv6",
        "http://[fd00:ec2::254]/latest/api/token"
      ),
    ]
    for row in table {
      let test = CredentialsInTest(row.environment, config: row.config, http: role)
      _ = try await test.credentials()
      let first = test.transport.sent[0]
      XCTAssertEqual(first.endpoint + first.path, row.first)
    }
  }

  func testWhatIsNotThereIsSaid() async {
    let variable = "AWS_EC2_METADATA_DISABLED"
    let host = "http://169.254.169.254"
    let table: [(environment: [String: String], [ScriptedTransport.Step], reason: String)] = [
      ([variable: "TRUE"], [], "switched off by \(variable)"),
      ([:], [.fail(.couldNotConnect, sent: false)], "cannot connect to \(host): scripted"),
      // Version 1 is never tried.
      ([:], [.reply(403, "hush")], "\(host) gave no token (HTTP 403)"),
      ([:], [.reply(200, "token"), .reply(404, "")], "the instance has no role"),
      ([:], [.reply(200, "token"), .reply(200, "")], "the instance has no role"),
      (
        [:], [.reply(200, "t"), .reply(200, "r"), .reply(401, "hush")],
        "\(host) gave no credentials of the role (HTTP 401)"
      ),
    ]
    for row in table {
      let test = CredentialsInTest(row.environment, http: row.1)
      let line = await test.failure()
      XCTAssertTrue(
        line.contains("instance metadata: \(row.reason))"), "`\(line)` says: \(row.reason)")
    }
  }

  func testAFailureOfTheServerIsRepeatedOnce() async throws {
    let test = CredentialsInTest(http: [.reply(503, "")] + role)
    let found = try await test.credentials()
    XCTAssertEqual(found.accessKeyID, "A")
    let twice = CredentialsInTest(http: [.reply(503, ""), .reply(503, "")])
    let line = await twice.failure()
    XCTAssertTrue(line.contains("gave no token (HTTP 503)"), line)
  }

  func testARoleWithoutCredentialsIsAnError() async {
    let test = CredentialsInTest(
      http: [
        .reply(200, "t"), .reply(200, "r"),
        .reply(200, #"{"Code": "AssumeRoleUnauthorizedAccess", "Message": "hush"}"#),
      ])
    let line = await test.failure()
    XCTAssertEqual(
      line, "instance metadata: the role r has no credentials: AssumeRoleUnauthorizedAccess")
  }

  func testAllRequestsTogetherTakeTwoSecondsAtMost() async throws {
    let test = CredentialsInTest(http: role)
    let slow = test.effects.http
    var effects = test.effects
    effects.http = { request, seconds throws(TransportError) in
      test.now.access { $0 += 0.9 }
      return try await slow(request, seconds)
    }
    let provider = InstanceMetadataCredentials(try configuration(), effects)
    _ = try await provider.credentials()
    let timeouts = test.timeouts.access { $0 }
    XCTAssertEqual(timeouts.count, 3)
    XCTAssertEqual(timeouts.last ?? 0, 0.2, accuracy: 0.001, "the rest of two seconds is left")
  }
}
