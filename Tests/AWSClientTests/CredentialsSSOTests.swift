import Document
import XCTest

@testable import AWSClient

final class CredentialsSSOTests: XCTestCase {
  private let session = """
    [profile p]
    sso_session = s
    sso_account_id = 123456789012
    sso_role_name = Admin
    [sso-session s]
    sso_region = us-west-2
    sso_start_url = https://start.example
    """
  private let legacy = """
    [profile p]
    sso_start_url = https://start.example
    sso_region = us-west-2
    sso_account_id = 123456789012
    sso_role_name = Admin
    """
  /// SHA-1 of `s`, and of `https://start.example`.
  private let file = "/home/u/.aws/sso/cache/a0f1490a20d0211c997b44bc357e1972deab8ae3.json"
  private let legacyFile = "/home/u/.aws/sso/cache/1c5a689b7bb92284d0c514c4b1c1e1ce96d9621f.json"
  private let command = "run: aws sso login --profile p"

  private func token(_ expires: String, renewable: Bool = true) -> String {
    let client = """
      , "clientId": "c", "clientSecret": "hush", "refreshToken": "hush-r",
      "registrationExpiresAt": "2026-03-01T00:00:00Z"
      """
    return #"{"accessToken": "hush-1", "expiresAt": "\#(expires)"\#(renewable ? client : "")}"#
  }

  private static func portal(
    _ call: CredentialsInTest.Call
  ) throws(AWSError) -> Document {
    guard call.operation == "GetRoleCredentials" else {
      return ["accessToken": "hush-2", "expiresIn": 3600, "refreshToken": "hush-r2"]
    }
    return [
      "roleCredentials": [
        "accessKeyId": "A", "secretAccessKey": "hush", "sessionToken": "hush",
        "expiration": 1_767_229_200_000,
      ]
    ]
  }

  private func test(
    _ config: String, _ files: [String: String],
    answer: @escaping @Sendable (CredentialsInTest.Call) throws(AWSError) -> Document = {
      call throws(AWSError) in try CredentialsSSOTests.portal(call)
    }
  ) -> CredentialsInTest {
    CredentialsInTest(["AWS_PROFILE": "p"], config: config, files: files, answer: answer)
  }

  func testTheCachedTokenGivesTheRolesCredentials() async throws {
    let table: [(config: String, file: String, expires: String)] = [
      (session, file, "2026-01-01T08:00:00Z"), (legacy, legacyFile, "2026-01-01T08:00:00UTC"),
    ]
    for row in table {
      let test = test(row.config, [row.file: token(row.expires, renewable: false)])
      let found = try await test.credentials()
      XCTAssertEqual(
        found,
        Credentials(
          accessKeyID: "A", secretAccessKey: "hush", sessionToken: "hush",
          expiration: CredentialsInTest.start + 3600))
      XCTAssertEqual(
        test.calls.access { $0 },
        [
          .init(
            operation: "GetRoleCredentials",
            input: [
              "accountId": "123456789012", "roleName": "Admin", "accessToken": "hush-1",
            ], region: "us-west-2", key: nil)
        ])
    }
  }

  func testATokenThatIsAboutToExpireIsRenewedInTheCache() async throws {
    let test = test(session, [file: token("2025-12-31T23:00:00Z")])
    _ = try await test.credentials()
    let calls = test.calls.access { $0 }
    XCTAssertEqual(calls.map(\.operation), ["CreateToken", "GetRoleCredentials"])
    XCTAssertEqual(
      calls[0].input,
      [
        "grantType": "refresh_token", "clientId": "c", "clientSecret": "hush",
        "refreshToken": "hush-r",
      ])
    XCTAssertEqual(calls[1].input["accessToken"], "hush-2")
    let written = try JSON.read(try XCTUnwrap(test.files.access { $0[file] }))
    XCTAssertEqual(written["accessToken"], "hush-2")
    XCTAssertEqual(written["expiresAt"], "2026-01-01T01:00:00Z")
    XCTAssertEqual(written["refreshToken"], "hush-r2")
    XCTAssertEqual(written["clientId"], "c", "the registration stays")
  }

  func testATokenThatCannotBeRenewedServesUntilItExpires() async throws {
    let refusing: @Sendable (CredentialsInTest.Call) throws(AWSError) -> Document = {
      call throws(AWSError) in
      guard call.operation == "GetRoleCredentials" else {
        throw .configuration(place: "test", reason: "hush")
      }
      return try CredentialsSSOTests.portal(call)
    }
    let valid = test(session, [file: token("2026-01-01T00:05:00Z")], answer: refusing)
    let found = try await valid.credentials()
    XCTAssertEqual(found.accessKeyID, "A")
    let expired = test(session, [file: token("2025-12-31T23:00:00Z")], answer: refusing)
    let line = await expired.failure()
    XCTAssertEqual(line, "/home/u/.aws/config:2: the sign-on session has expired; \(command)")
  }

  func testWhoMustSignOnIsToldHow() async {
    let table: [(files: [String: String], reason: String)] = [
      ([:], "nobody has signed on"),
      ([file: "hush"], "the cached sign-on token is not readable"),
      ([file: "{}"], "the cached sign-on token is not readable"),
      (
        [file: token("2025-12-31T23:00:00Z", renewable: false)],
        "the sign-on session has expired"
      ),
    ]
    for row in table {
      let line = await test(session, row.files).failure()
      XCTAssertEqual(line, "/home/u/.aws/config:2: \(row.reason); \(command)")
    }
    let refused = test(session, [file: token("2026-01-01T08:00:00Z")]) { _ throws(AWSError) in
      throw .service(
        ServiceError(
          service: "sso", operation: "GetRoleCredentials", code: "UnauthorizedException",
          message: "Session token not found or invalid", status: 401, requestID: nil))
    }
    let line = await refused.failure()
    XCTAssertEqual(
      line,
      "/home/u/.aws/config:2: the sign-on session is not valid any more; \(command)")
  }

  func testTheCacheIsReplacedAsAWholeAndForItsOwnerOnly() throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("token-\(UUID().uuidString).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    for text in ["one", "two"] {
      try CredentialsEffects.replace(file: path, with: text)
      XCTAssertEqual(try CredentialsEffects.text(ofFile: path), text)
    }
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    XCTAssertEqual(attributes[.posixPermissions] as? Int, 0o600)
    XCTAssertThrowsError(
      try CredentialsEffects.replace(file: "/nowhere/at/all", with: "x"),
      "a place that cannot be written is an error")
  }
}
