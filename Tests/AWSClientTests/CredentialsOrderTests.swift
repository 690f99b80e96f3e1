import Document
import XCTest

@testable import AWSClient

/// Which source wins, and what is said where none has anything.
final class CredentialsOrderTests: XCTestCase {
  /// Everything at once; each test takes away what came first.
  private static let all: (environment: [String: String], config: String, credentials: String) = (
    [
      "AWS_ACCESS_KEY_ID": "environment", "AWS_SECRET_ACCESS_KEY": "hush",
      "AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": "web",
      "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x", "AWS_PROFILE": "p",
    ],
    """
    [profile p]
    role_arn = role
    source_profile = q
    sso_session = s
    sso_account_id = 1
    sso_role_name = R
    credential_process = program
    aws_access_key_id = config
    aws_secret_access_key = hush
    [sso-session s]
    sso_region = eu-west-1
    sso_start_url = https://start
    [profile q]
    aws_access_key_id = source
    aws_secret_access_key = hush
    """,
    "[p]\naws_access_key_id = file\naws_secret_access_key = hush"
  )

  private static func answer(to call: CredentialsInTest.Call) -> Document {
    call.operation == "GetRoleCredentials"
      ? [
        "roleCredentials": [
          "accessKeyId": "sso", "secretAccessKey": "hush", "sessionToken": "hush",
          "expiration": 1_767_229_200_000,
        ]
      ] : CredentialsInTest.sts(call)
  }

  func testTheOrderIsThatOfAWSsTools() async throws {
    var (environment, config, credentials) = Self.all
    func drop(_ lines: String...) {
      for line in lines {
        config = config.split(separator: "\n").filter { !$0.hasPrefix(line) }
          .joined(separator: "\n")
      }
    }
    let steps: [(key: String, away: () -> Void)] = [
      ("environment", { environment["AWS_ACCESS_KEY_ID"] = nil }),
      ("source>role", { drop("role_arn", "source_profile") }),
      ("unsigned>web", { environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = nil }),
      ("sso", { drop("sso_") }),
      ("file", { credentials = "" }),
      ("program", { drop("credential_process") }),
      ("config", { drop("aws_") }),
      ("container", { environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = nil }),
      ("instance", {}),
    ]
    for step in steps {
      let isMetadata = step.key == "instance"
      let found = try await CredentialsInTest(
        environment, config: config, credentials: credentials,
        files: [
          "/t": "hush",
          "/home/u/.aws/sso/cache/a0f1490a20d0211c997b44bc357e1972deab8ae3.json":
            #"{"accessToken": "hush", "expiresAt": "2026-01-01T08:00:00Z"}"#,
        ],
        http: isMetadata
          ? [.reply(200, "token"), .reply(200, "role"), .reply(200, temporaryKeys("instance"))]
          : [.reply(200, temporaryKeys("container"))],
        answer: { call in Self.answer(to: call) },
        program: { _ in
          ProgramResult(
            status: 0,
            output: Array(
              #"{"Version": 1, "AccessKeyId": "program", "SecretAccessKey": "hush"}"#.utf8),
            errors: "")
        }
      ).credentials()
      XCTAssertEqual(found.accessKeyID, step.key, "\(step.key) is next in the order")
      step.away()
    }
  }

  func testWithoutCredentialsAllProvidersAreNamed() async throws {
    let test = CredentialsInTest(http: [.fail(.timedOut, sent: false)])
    let line = await test.failure()
    XCTAssertEqual(
      line,
      "no AWS credentials found (environment: AWS_ACCESS_KEY_ID is not set; web identity: "
        + "AWS_WEB_IDENTITY_TOKEN_FILE is not set; profile default: there is none in "
        + "/home/u/.aws/credentials, /home/u/.aws/config; container: neither "
        + "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set; "
        + "instance metadata: cannot connect to http://169.254.169.254 in time: scripted); "
        + "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine a "
        + "role")
  }

  func testTheInstanceMetadataIsOnlyAskedWhereNothingElseIsThere() async throws {
    let test = CredentialsInTest(
      ["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "S"])
    _ = try await test.credentials()
    XCTAssertEqual(test.transport.sent, [], "no request is made where the environment has keys")
  }
}
