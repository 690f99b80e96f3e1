import XCTest

@testable import AWSClient

/// What a call throws; a result is a failure of the test.
func thrown<Value>(
  _ body: () async throws(AWSError) -> Value, file: StaticString = #filePath, line: UInt = #line
) async -> AWSError? {
  do throws(AWSError) {
    let value = try await body()
    XCTFail("expected an error, got \(value)", file: file, line: line)
    return nil
  } catch {
    return error
  }
}

/// The configuration that these variables and files give.
func configuration(
  _ environment: [String: String] = [:], files: [String: String] = [:]
) throws -> SharedConfiguration {
  try SharedConfiguration(environment: environment) { files[$0] }
}

final class CredentialsTests: XCTestCase {
  func testCredentialsNeverShowTheirSecrets() {
    let credentials = Credentials(
      accessKeyID: "AKIA", secretAccessKey: "hush", sessionToken: "hush-too")
    var dumped = ""
    dump(credentials, to: &dumped)
    dump(["nested": credentials as Any], to: &dumped)
    for text in ["\(credentials)", String(reflecting: credentials), dumped, "\([credentials])"] {
      XCTAssertFalse(text.contains("hush"), "`\(text)` shows a secret")
      XCTAssertTrue(text.contains("AKIA"), "`\(text)` says which key it is")
    }
  }

  func testTheEnvironmentGivesCredentials() async throws {
    let variables = [
      "AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "S", "AWS_SESSION_TOKEN": "",
    ]
    let found = try await EnvironmentCredentials(variables).credentials()
    XCTAssertEqual(
      found, Credentials(accessKeyID: "A", secretAccessKey: "S"),
      "an empty variable counts as absent")
    let half = await thrown { () async throws(AWSError) in
      try await EnvironmentCredentials(["AWS_ACCESS_KEY_ID": "A"]).credentials()
    }
    XCTAssertEqual(
      half,
      .configuration(
        place: "AWS_SECRET_ACCESS_KEY", reason: "is not set, though AWS_ACCESS_KEY_ID is"),
      "half a key is an error, not a reason to look elsewhere")
  }

  func testProfilesGiveCredentials() async throws {
    let table: [(reason: String, environment: [String: String], String?, String?, key: String)] = [
      (
        "the default profile of the credentials file", [:],
        "[default]\naws_access_key_id = A\naws_secret_access_key=S", nil, "A"
      ),
      (
        "a named profile of the config file, with comments and blanks", ["AWS_PROFILE": "dev"],
        nil,
        """
        # a comment
        [default]
        aws_access_key_id = WRONG
        ; another
        [ profile   dev ]  # the one
        aws_access_key_id =  A   # key
        AWS_SECRET_ACCESS_KEY = S;#x
        """, "A"
      ),
      (
        "the credentials file before the config file", [:],
        "[default]\naws_access_key_id=A\naws_secret_access_key=S",
        "[default]\naws_access_key_id=B\naws_secret_access_key=S", "A"
      ),
      (
        "the config file, where the key of the credentials file is empty,", [:],
        "[default]\naws_access_key_id=\naws_secret_access_key=",
        "[default]\naws_access_key_id=B\naws_secret_access_key=S", "B"
      ),
      (
        "the environment before a profile",
        [
          "AWS_ACCESS_KEY_ID": "E", "AWS_SECRET_ACCESS_KEY": "S", "AWS_PROFILE": "dev",
        ], "[dev]\naws_access_key_id=A\naws_secret_access_key=S", nil, "E"
      ),
      (
        "a role with a source profile", ["AWS_PROFILE": "r"],
        "[base]\naws_access_key_id=A\naws_secret_access_key=S",
        "[profile r]\nrole_arn=arn\nsource_profile=base\nexternal_id=x", "A>arn"
      ),
      (
        "a role over a role", ["AWS_PROFILE": "r2"],
        "[base]\naws_access_key_id=A\naws_secret_access_key=S",
        """
        [profile r1]
        role_arn=one
        source_profile=base
        [profile r2]
        role_arn=two
        source_profile=r1
        """, "A>one>two"
      ),
      (
        "a profile whose own keys assume its role", ["AWS_PROFILE": "self"], nil,
        """
        [profile self]
        role_arn=arn
        source_profile=self
        aws_access_key_id=A
        aws_secret_access_key=S
        """, "A>arn"
      ),
    ]
    for row in table {
      let found = try await CredentialsInTest(
        row.environment, config: row.3, credentials: row.2
      ).credentials()
      XCTAssertEqual(found.accessKeyID, row.key, "\(row.reason) is used")
    }
  }

  func testUnusableProfilesAreErrorsWithTheirPlace() async throws {
    let table: [(config: String, place: String, reason: String)] = [
      ("[profile p]\nnonsense", "/home/u/.aws/config:2", "expected `name = value`"),
      ("[profile p\na=b", "/home/u/.aws/config:1", "no closing bracket"),
      ("a = b", "/home/u/.aws/config:1", "before any [section]"),
      ("[profile p]\n  a = b", "/home/u/.aws/config:2", "no setting above it"),
      ("[profile p]\n= b", "/home/u/.aws/config:2", "no name before"),
      ("[]", "/home/u/.aws/config:1", "has no name"),
      ("[profile p] x", "/home/u/.aws/config:1", "after the closing bracket"),
      ("[profile q]", "AWS_PROFILE", "there is no profile p"),
      ("[profile p]\naws_access_key_id=A", "/home/u/.aws/config:2", "aws_secret_access_key"),
      ("[profile p]\nrole_arn=r", "/home/u/.aws/config:2", "needs source_profile"),
      (
        "[profile p]\nrole_arn=r\nsource_profile=x", "/home/u/.aws/config:3",
        "there is no profile x"
      ),
      (
        "[profile p]\nrole_arn=r\nsource_profile=q\n[profile q]\nrole_arn=r\nsource_profile=p",
        "/home/u/.aws/config:6", "name each other"
      ),
      (
        "[profile p]\nrole_arn=r\ncredential_source=Moon", "/home/u/.aws/config:3",
        "`Moon` is none of"
      ),
      (
        "[profile p]\nrole_arn=r\ncredential_source=EcsContainer", "/home/u/.aws/config:3",
        "no credentials there (container: neither"
      ),
      (
        "[profile p]\nrole_arn=r\nsource_profile=q\n[profile q]\nregion=x",
        "/home/u/.aws/config:3", "the profile q names no credentials"
      ),
      (
        "[profile p]\nrole_arn=r\ncredential_source=Environment\nmfa_serial=m",
        "/home/u/.aws/config:4", "export-credentials --profile p"
      ),
      (
        "[profile p]\nrole_arn=r\ncredential_source=Environment\nduration_seconds=1h",
        "/home/u/.aws/config:4", "not a number from 900 to 43200"
      ),
      ("[profile p]\nlogin_session=l", "/home/u/.aws/config:2", "export-credentials"),
      ("[profile p]\nweb_identity_token_file=/t", "/home/u/.aws/config:2", "needs AWS_ROLE_ARN"),
      ("[profile p]\n\nsso_session=s", "/home/u/.aws/config:3", "no section [sso-session s]"),
      (
        "[profile p]\nsso_start_url=u\nsso_region=r\nsso_account_id=1",
        "/home/u/.aws/config:2", "needs sso_role_name"
      ),
      ("[profile p]\ncredential_process=a \"b", "/home/u/.aws/config:2", "a quote without its end"),
    ]
    for row in table {
      do {
        _ = try await CredentialsInTest(["AWS_PROFILE": "p"], config: row.config).credentials()
        XCTFail("`\(row.config)` is refused")
      } catch let error as AWSError {
        guard case .configuration(let place, let reason) = error else {
          XCTFail("`\(row.config)`: \(error)")
          continue
        }
        XCTAssertEqual(place, row.place, "`\(row.config)` is refused at its place")
        XCTAssertTrue(reason.contains(row.reason), "`\(reason)` says: \(row.reason)")
      }
    }
  }

  func testFilesAndRegionComeFromWhereTheVariablesSay() throws {
    let files = ["/c": "[profile p]\nregion = eu-west-1\n", "/k": "[p]\n"]
    var variables = [
      "AWS_PROFILE": "p", "AWS_CONFIG_FILE": "/c", "AWS_SHARED_CREDENTIALS_FILE": "/k",
    ]
    XCTAssertEqual(try configuration(variables, files: files).region, "eu-west-1")
    variables["AWS_DEFAULT_REGION"] = "us-west-2"
    XCTAssertEqual(
      try configuration(variables, files: files).region, "us-west-2", "a variable comes first")
    variables["AWS_REGION"] = "us-east-1"
    XCTAssertEqual(
      try configuration(variables, files: files).region, "us-east-1", "AWS_REGION before all")
    XCTAssertNil(try configuration().region, "there is no default region")
    variables["AWS_CA_BUNDLE"] = "/b"
    XCTAssertEqual(try configuration(variables, files: files).certificateAuthorities, "/b")
  }

  func testAFileThatCannotBeReadIsAnError() {
    XCTAssertThrowsError(
      try SharedConfiguration(environment: ["AWS_CONFIG_FILE": "/c"]) { _ in
        throw CancellationError()
      }, "an unreadable file is not passed over"
    ) { error in
      guard case .configuration(let place, _)? = error as? AWSError else {
        return XCTFail("\(error)")
      }
      XCTAssertEqual(place, "/c", "the error names the file")
    }
  }
}
