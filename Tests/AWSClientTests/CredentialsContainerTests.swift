import XCTest

@testable import AWSClient

final class CredentialsContainerTests: XCTestCase {
  private let relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
  private let full = "AWS_CONTAINER_CREDENTIALS_FULL_URI"

  func testTheEndpointIsAskedWithTheToken() async throws {
    let table: [(environment: [String: String], url: String, token: String?)] = [
      ([relative: "/v2/id?a=b"], "http://169.254.170.2/v2/id?a=b", nil),
      ([full: "http://169.254.170.23/v1/x"], "http://169.254.170.23/v1/x", nil),
      ([full: "http://[fd00:ec2::23]/v1"], "http://[fd00:ec2::23]/v1", nil),
      ([full: "http://loop.example:1338/x"], "http://loop.example:1338/x", nil),
      ([full: "https://any.example/x"], "https://any.example/x", nil),
      (
        [full: "http://127.0.0.1:80/x", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Basic hush"],
        "http://127.0.0.1:80/x", "Basic hush"
      ),
      (
        [
          full: "http://169.254.170.23/x", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "wrong",
          "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/token",
        ], "http://169.254.170.23/x", "from-file"
      ),
    ]
    for row in table {
      let test = CredentialsInTest(
        row.environment, files: ["/token": "from-file\n"],
        http: [.reply(200, temporaryKeys())])
      let found = try await test.credentials()
      XCTAssertEqual(
        found,
        Credentials(
          accessKeyID: "A", secretAccessKey: "hush", sessionToken: "hush-token",
          expiration: CredentialsInTest.start + 3600), row.url)
      let sent = test.transport.sent
      XCTAssertEqual(sent.map(\.method), ["GET"])
      let query = sent[0].query.isEmpty ? "" : "?" + sent[0].encodedQuery
      XCTAssertEqual(sent[0].endpoint + sent[0].path + query, row.url)
      XCTAssertEqual(
        sent[0].headers.first { $0.name == "Authorization" }?.value, row.token, row.url)
    }
  }

  func testOnlyThisMachineIsAskedWithoutTLS() async {
    for url in [
      "http://169.254.170.3/x", "http://any.example/x", "http://169.254.169.254/x",
      "http://fd00:ec2::23.example/x", "ftp://127.0.0.1/x", "http://u:hush@127.0.0.1/x", "/x",
    ] {
      let test = CredentialsInTest([full: url])
      let line = await test.failure()
      XCTAssertTrue(line.hasPrefix("\(full): "), "`\(line)` names the variable")
      XCTAssertEqual(test.transport.sent, [], "\(url) is not asked")
    }
  }

  func testPassingFailuresAreRepeatedAndOthersAreNot() async throws {
    let passing = CredentialsInTest(
      [relative: "/x"],
      http: [
        .fail(.couldNotConnect, sent: false), .reply(503, "hush"), .reply(200, temporaryKeys()),
      ])
    let found = try await passing.credentials()
    XCTAssertEqual(found.accessKeyID, "A", "the third attempt counts")
    let refused = CredentialsInTest([relative: "/x"], http: [.reply(403, "hush")])
    let line = await refused.failure()
    XCTAssertEqual(line, "\(relative): the container's endpoint refused (HTTP 403)")
  }

  func testAnAnswerThatIsNoCredentialsIsAnErrorWithoutItsText() async {
    let table: [(body: String, reason: String)] = [
      ("hush", "answered with no JSON object"),
      (#"{"AccessKeyId": "A"}"#, "answered without AccessKeyId or SecretAccessKey"),
      (
        #"{"AccessKeyId": "A", "SecretAccessKey": "hush", "Expiration": "hush"}"#,
        "answered with an Expiration that is no time"
      ),
    ]
    for row in table {
      let test = CredentialsInTest([relative: "/x"], http: [.reply(200, row.body)])
      let line = await test.failure()
      XCTAssertEqual(line, "\(relative): the container's endpoint \(row.reason)")
    }
  }

  func testATokenThatCannotBeSentIsAnError() async {
    let file = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
    let table: [(environment: [String: String], line: String)] = [
      ([file: "/none"], "\(file): there is no file /none"),
      ([file: "/two"], "\(file): the token has more than one line"),
      (
        ["AWS_CONTAINER_AUTHORIZATION_TOKEN": "hush\r\nX: y"],
        "AWS_CONTAINER_AUTHORIZATION_TOKEN: the token has more than one line"
      ),
    ]
    for row in table {
      let test = CredentialsInTest(
        row.environment.merging([relative: "/x"]) { given, _ in given },
        files: ["/two": "hush\nhush"])
      let line = await test.failure()
      XCTAssertEqual(line, row.line)
    }
  }
}
