import XCTest

/// The program with credentials from each place that has no keys in the environment. The last four
/// characters of a key tell where the endpoint gave it.
final class CredentialSourceTests: EndToEndTestCase {
  func testTheRoleOfAnInstance() throws {
    let workspace = try workspaceWithoutKeys()
    workspace.environment["AWS_EC2_METADATA_DISABLED"] = ""
    workspace.environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = try machine("imds")
    try putProxyBefore(workspace, variable: "AWS_EC2_METADATA_SERVICE_ENDPOINT")
    try converge(workspace)
    XCTAssertEqual(try keys(), ["ASIA123456789012IMDS"])
  }

  func testTheRoleOfAContainer() throws {
    let workspace = try workspaceWithoutKeys()
    try workspace.write(".trueup/token", "container-token\n")
    workspace.environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = try machine("container")
    workspace.environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] =
      workspace.root.appendingPathComponent(".trueup/token").path
    try putProxyBefore(workspace, variable: "AWS_CONTAINER_CREDENTIALS_FULL_URI")
    try converge(workspace)
    XCTAssertEqual(try keys(), ["ASIA123456789012CONT"])
  }

  func testAProgramThatPrintsKeys() throws {
    let workspace = try workspaceWithoutKeys()
    try configure(
      workspace, "[default]\ncredential_process = /bin/sh \"\(workspace.root.path)/.trueup/keys\"")
    try workspace.write(
      ".trueup/keys",
      """
      echo '{"Version": 1, "AccessKeyId": "ASIA123456789012PROC",'
      echo '"SecretAccessKey": "test-secret", "SessionToken": "test-session-token"}'
      """)
    try converge(workspace)
    XCTAssertEqual(try keys(), ["ASIA123456789012PROC"])
  }

  func testAProgramThatFailsIsToldWithoutItsSecrets() throws {
    let workspace = try workspaceWithoutKeys()
    try configure(
      workspace, "[default]\ncredential_process = /bin/sh \"\(workspace.root.path)/.trueup/keys\"")
    try workspace.write(
      ".trueup/keys", "echo 'out-secret'; echo 'No session: AKIAVERYSECRET12345' >&2; exit 7")
    let finished = try workspace.trueup("plan")
    XCTAssertEqual(finished.code, 1, finished.everything)
    XCTAssert(
      finished.everything.contains(
        "config:2: credential_process /bin/sh ended with status 7: No session: …"),
      finished.everything)
    XCTAssertFalse(finished.everything.contains("out-secret"), finished.everything)
  }

  func testATokenOfAnIdentityProvider() throws {
    let workspace = try workspaceWithoutKeys()
    try workspace.write(".trueup/token", "the-token\n")
    workspace.environment["AWS_WEB_IDENTITY_TOKEN_FILE"] =
      workspace.root.appendingPathComponent(".trueup/token").path
    workspace.environment["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/Deploy"
    try converge(workspace)
    let calls = try endpoint.calls().filter {
      $0["operation"].string == "AssumeRoleWithWebIdentity"
    }
    XCTAssertEqual(calls.count, 2, "once in each run")
    XCTAssertEqual(calls.first?["params"]["WebIdentityToken"].string, "the-token")
    XCTAssertEqual(calls.first?["params"]["RoleSessionName"].string, "trueup-cosyworld")
    XCTAssertEqual(calls.first?["accessKey"].string, "", "the call is not signed")
  }

  func testATokenOfGitHubActions() throws {
    let workspace = try workspaceWithoutKeys()
    workspace.environment["ACTIONS_ID_TOKEN_REQUEST_URL"] = try machine("github?api-version=2.0")
    workspace.environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = "job-token"
    workspace.environment["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/Deploy"
    try converge(workspace)
    let call = try endpoint.calls().first {
      $0["operation"].string == "AssumeRoleWithWebIdentity"
    }
    XCTAssertEqual(
      call?["params"]["WebIdentityToken"].string, "token-for-sts.amazonaws.com")
  }

  func testASignOnSessionIsRenewedAndUsed() throws {
    let workspace = try workspaceWithSignOn()
    let file = ".trueup/home/.aws/sso/cache/a0f1490a20d0211c997b44bc357e1972deab8ae3.json"
    try workspace.write(
      file,
      """
      {"accessToken": "an-old-one", "expiresAt": "2026-01-01T00:00:00Z", "clientId": "c",
       "clientSecret": "s", "registrationExpiresAt": "2099-01-01T00:00:00Z",
       "refreshToken": "sso-refresh"}
      """)
    try converge(workspace)
    XCTAssertEqual(try keys(), ["ASIA123456789012SSO1"])
    let operations = try endpoint.calls().compactMap { $0["operation"].string }
    XCTAssertEqual(operations.filter { $0 == "CreateToken" }.count, 1, "the second run has it")
    XCTAssertEqual(operations.filter { $0 == "GetRoleCredentials" }.count, 2)
    XCTAssert(try workspace.read(file).contains("sso-refresh-2"), "the new token is kept")
  }

  func testWhoHasNotSignedOnIsToldHow() throws {
    let finished = try workspaceWithSignOn().trueup("plan")
    XCTAssertEqual(finished.code, 1, finished.everything)
    XCTAssert(
      finished.everything.contains("nobody has signed on; run: aws sso login --profile default"),
      finished.everything)
  }

  func testAProfileEntersARoleFromTheInstancesRole() throws {
    let workspace = try workspaceWithoutKeys()
    workspace.environment["AWS_EC2_METADATA_DISABLED"] = ""
    workspace.environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = try machine("imds")
    try configure(
      workspace,
      """
      [default]
      role_arn = arn:aws:iam::123456789012:role/Deploy
      credential_source = Ec2InstanceMetadata
      external_id = cosy
      """)
    try converge(workspace)
    let call = try endpoint.calls().first { $0["operation"].string == "AssumeRole" }
    XCTAssertEqual(call?["accessKey"].string, "ASIA123456789012IMDS")
    XCTAssertEqual(call?["params"]["ExternalId"].string, "cosy")
  }

  func testAMachineWithoutMetadataIsGivenUpSoon() throws {
    let workspace = try workspaceWithoutKeys()
    workspace.environment["AWS_EC2_METADATA_DISABLED"] = ""
    workspace.environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = try machine("slow")
    let start = Date()
    let finished = try workspace.trueup("plan")
    XCTAssertEqual(finished.code, 1, finished.everything)
    for source in [
      "AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "profile default",
      "AWS_CONTAINER_CREDENTIALS_FULL_URI", "instance metadata: no reply",
    ] {
      XCTAssert(
        finished.everything.contains(source), "\(source) is named:\n\(finished.everything)")
    }
    XCTAssertLessThan(
      Date().timeIntervalSince(start), 10, "one second of waiting, and the program's own time")
    XCTAssertEqual(try endpoint.calls().count, 0)
  }

  private func workspaceWithoutKeys() throws -> Workspace {
    let workspace = try workspace(Fixtures.logs)
    for variable in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
      workspace.environment[variable] = ""
    }
    return workspace
  }

  private func workspaceWithSignOn() throws -> Workspace {
    let workspace = try workspaceWithoutKeys()
    workspace.environment["HOME"] = workspace.root.appendingPathComponent(".trueup/home").path
    try configure(
      workspace,
      """
      [default]
      sso_session = s
      sso_account_id = 123456789012
      sso_role_name = Deploy
      [sso-session s]
      sso_region = us-east-1
      sso_start_url = https://start.example
      """)
    return workspace
  }

  /// Writes the config file where git does not see it.
  private func configure(_ workspace: Workspace, _ config: String) throws {
    try workspace.write(".trueup/config", config)
    workspace.environment["AWS_CONFIG_FILE"] =
      workspace.root.appendingPathComponent(".trueup/config").path
  }

  /// Names the machine's endpoint by its other name, for which alone a proxy stands that does not
  /// answer: what is on this machine is asked past it.
  private func putProxyBefore(_ workspace: Workspace, variable: String) throws {
    let url = try XCTUnwrap(workspace.environment[variable])
    workspace.environment[variable] = url.replacingOccurrences(of: "127.0.0.1", with: "localhost")
    workspace.environment["http_proxy"] = "http://127.0.0.1:9"
    workspace.environment["no_proxy"] = "127.0.0.1"
  }

  private func machine(_ path: String) throws -> String {
    "\(try endpoint.url)/trueup-test/machine/\(path)"
  }

  /// The keys of all signed calls.
  private func keys() throws -> Set<String> {
    Set(try endpoint.calls().compactMap { $0["accessKey"].string }).subtracting([""])
  }
}
