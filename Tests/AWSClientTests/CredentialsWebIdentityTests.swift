import Document
import XCTest

@testable import AWSClient

final class CredentialsWebIdentityTests: XCTestCase {
  private let variables = [
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn",
    "AWS_ROLE_SESSION_NAME": "job",
  ]

  func testTheRoleIsEnteredUnsigned() async throws {
    let profile = """
      [profile p]
      web_identity_token_file = ~/token
      role_arn = profile-arn
      role_session_name = of-profile
      duration_seconds = 900
      """
    let table: [([String: String], String, input: Document)] = [
      (
        variables, "",
        ["RoleArn": "arn", "RoleSessionName": "job", "WebIdentityToken": "one"]
      ),
      (
        ["AWS_PROFILE": "p"], profile,
        [
          "RoleArn": "profile-arn", "RoleSessionName": "of-profile", "DurationSeconds": 900,
          "WebIdentityToken": "home",
        ]
      ),
      (
        ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn"], "",
        ["RoleArn": "arn", "RoleSessionName": "session", "WebIdentityToken": "one"]
      ),
    ]
    for row in table {
      let test = CredentialsInTest(
        row.0, config: row.1, files: ["/token": "one\n", "/home/u/token": "home"])
      _ = try await test.credentials()
      XCTAssertEqual(
        test.calls.access { $0 },
        [
          .init(
            operation: "AssumeRoleWithWebIdentity", input: row.input, region: "eu-west-1",
            key: nil)
        ])
    }
  }

  func testTheTokenIsReadAgainForEachRenewal() async throws {
    let test = CredentialsInTest(variables, files: ["/token": "one"]) { call in
      CredentialsInTest.sts(call)
    }
    let provider = try test.provider()
    _ = try await provider.credentials()
    test.files.access { $0["/token"] = "two" }
    test.now.access { $0 += 3100 }
    _ = try await provider.credentials()
    XCTAssertEqual(
      test.calls.access { $0.map { $0.input["WebIdentityToken"] } }, ["one", "two"])
  }

  func testATokenThatIsNotThereIsAnError() async {
    let table: [(files: [String: String], reason: String)] = [
      ([:], "there is no token file /token"), (["/token": "\n"], "the token file /token is empty"),
    ]
    for row in table {
      let line = await CredentialsInTest(variables, files: row.files).failure()
      XCTAssertEqual(line, "AWS_WEB_IDENTITY_TOKEN_FILE: \(row.reason)")
    }
    let line = await CredentialsInTest(["AWS_WEB_IDENTITY_TOKEN_FILE": "/token"]).failure()
    XCTAssertEqual(
      line, "AWS_WEB_IDENTITY_TOKEN_FILE: needs AWS_ROLE_ARN, or role_arn beside it")
  }

  func testGitHubActionsGivesItsToken() async throws {
    let variables = [
      "ACTIONS_ID_TOKEN_REQUEST_URL": "https://h.example/token?api-version=2.0",
      "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "hush", "AWS_ROLE_ARN": "arn",
    ]
    let test = CredentialsInTest(variables, http: [.reply(200, #"{"value": "jwt"}"#)])
    _ = try await test.credentials()
    let sent = test.transport.sent
    XCTAssertEqual(sent.map(\.host), ["h.example"])
    XCTAssertEqual(
      sent[0].query, [.init("api-version", "2.0"), .init("audience", "sts.amazonaws.com")])
    XCTAssertEqual(sent[0].headers, [.init("Authorization", "bearer hush")])
    XCTAssertEqual(
      test.calls.access { $0.map { $0.input["WebIdentityToken"] } }, ["jwt"])
    let refused = await CredentialsInTest(variables, http: [.reply(403, "hush")]).failure()
    XCTAssertTrue(refused.contains("`id-token: write`"), refused)
  }

  func testRolesAreEnteredFromEachSource() async throws {
    let table: [(source: String, [String: String], [ScriptedTransport.Step], key: String)] = [
      (
        "credential_source = EcsContainer", ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"],
        [.reply(200, temporaryKeys("container"))], "container>r"
      ),
      (
        "credential_source = Ec2InstanceMetadata", [:],
        [.reply(200, "t"), .reply(200, "r"), .reply(200, temporaryKeys("instance"))],
        "instance>r"
      ),
      ("source_profile = w", [:], [], "unsigned>web>r"),
    ]
    for row in table {
      let test = CredentialsInTest(
        row.1.merging(["AWS_PROFILE": "p"]) { given, _ in given },
        config: """
          [profile p]
          role_arn = r
          \(row.source)
          external_id = x
          [profile w]
          role_arn = web
          web_identity_token_file = /token
          """, files: ["/token": "one"], http: row.2)
      let found = try await test.credentials()
      XCTAssertEqual(found.accessKeyID, row.key, row.source)
      XCTAssertEqual(test.calls.access { $0.last?.input["ExternalId"] }, "x")
    }
  }
}
