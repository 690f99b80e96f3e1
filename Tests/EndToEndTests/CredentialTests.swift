import XCTest

/// Wrong credentials and endpoints end with one clear line, in time, before anything is changed.
final class CredentialTests: EndToEndTestCase {
  func testCredentialsForAnotherAccountAreRefused() throws {
    let workspace = try workspace(Fixtures.logs)
    workspace.environment["AWS_ACCESS_KEY_ID"] = "AKIA210987654321TEST"
    let finished = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(finished.code, 3, finished.everything)
    XCTAssert(
      ["123456789012", "210987654321"].allSatisfy(finished.everything.contains),
      "both accounts are named:\n\(finished.everything)")
    XCTAssertEqual(
      try endpoint.calls().filter { $0["mutating"].bool == true }.count, 0,
      "refused before any mutating call")
  }

  func testARoleOfAnotherAccountIsAssumed() throws {
    let workspace = try workspace(Fixtures.logs)
    try workspace.write(
      "desired-state/fleet.jsonc",
      """
      {
        "project": "cosyworld",
        "accounts": {
          "main": {
            "id": "333333333333", "region": "us-east-1",
            "role": "arn:aws:iam::333333333333:role/Trueup", "externalId": "cosy",
          },
        },
      }
      """)
    try workspace.commit("An account entered by a role")
    try converge(workspace)
    let groups = try endpoint.aws("logs", "describe_log_groups", account: "333333333333")
    XCTAssertEqual(groups["logGroups"].array.count, 1)
    let assumed = try endpoint.calls().first { $0["operation"].string == "AssumeRole" }
    XCTAssertEqual(assumed?["params"]["ExternalId"].string, "cosy")
  }

  func testAnUnreachableEndpointIsOneClearLineWithinTheTimeout() throws {
    let workspace = try workspace(Fixtures.logs)
    // Port 9 (discard) of the loopback answers nowhere.
    workspace.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"
    let finished = try workspace.trueup("plan", timeout: 60)
    XCTAssertEqual(finished.code, 1, finished.everything)
    XCTAssert(finished.everything.contains("127.0.0.1"), finished.everything)
    XCTAssertLessThanOrEqual(
      finished.errors.split(separator: "\n").count, 4, "short:\n\(finished.errors)")
  }

  func testAnUnknownKeyIsToldAsSuch() throws {
    try endpoint.configure(["invalidKey": true])
    try assertFails(try workspace(Fixtures.logs), saying: ["InvalidClientTokenId", "invalid"])
  }

  func testAnExpiredTokenIsToldAsSuch() throws {
    try endpoint.configure(["expiredToken": true])
    let workspace = try workspace(Fixtures.logs)
    workspace.environment["AWS_SESSION_TOKEN"] = "token"
    try assertFails(workspace, saying: ["expired"])
  }

  func testAWrongSecretIsToldAsSuch() throws {
    let workspace = try workspace(Fixtures.logs)
    workspace.environment["AWS_SECRET_ACCESS_KEY"] = "another"
    try assertFails(workspace, saying: ["SignatureDoesNotMatch"])
    // The endpoint counts the wrong signature, which this test wanted.
    try endpoint.control("DELETE violations")
  }

  func testNoCredentialsAtAllIsToldAsSuch() throws {
    let workspace = try workspace(Fixtures.logs)
    workspace.environment["AWS_ACCESS_KEY_ID"] = ""
    workspace.environment["AWS_SECRET_ACCESS_KEY"] = ""
    let finished = try workspace.trueup("plan")
    XCTAssertEqual(finished.code, 1, finished.everything)
    XCTAssert(finished.everything.lowercased().contains("credentials"), finished.everything)
    XCTAssertEqual(try endpoint.calls().count, 0)
  }

  private func assertFails(_ workspace: Workspace, saying words: [String]) throws {
    let finished = try workspace.trueup("apply", "--yes", timeout: 60)
    XCTAssertEqual(finished.code, 1, finished.everything)
    XCTAssert(
      words.contains { finished.everything.contains($0) }, "\(words):\n\(finished.everything)")
    XCTAssertEqual(
      try endpoint.calls().filter { $0["mutating"].bool == true && $0["status"].int == 200 }.count,
      0, "nothing was changed")
  }
}
