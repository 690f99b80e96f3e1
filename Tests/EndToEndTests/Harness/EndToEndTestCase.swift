import Foundation
import XCTest

/// A test against an empty cloud whose every request is checked; what was wrong with a request fails
/// the test that made it.
class EndToEndTestCase: XCTestCase {
  private var started: Endpoint?

  var endpoint: Endpoint {
    get throws {
      guard let started else { throw HarnessError("the endpoint was not started") }
      return started
    }
  }

  override func setUpWithError() throws {
    continueAfterFailure = false
    started = try Endpoint.emptied()
    try endpoint.configure(["verify": true])
  }

  override func tearDownWithError() throws {
    guard let started else { return }
    let violations = try started.violations()
    XCTAssert(
      violations.isEmpty,
      "requests were not as AWS's models want them:\n"
        + violations.prefix(10).joined(separator: "\n"))
  }

  /// A workspace with one client, `acme-prod`, of a blueprint with these resources.
  func workspace(
    _ resources: String, parameters: String = "", metadata: String = ""
  ) throws -> Workspace {
    let workspace = try Workspace(try endpoint)
    try workspace.write(
      "desired-state/blueprints/base.jsonc", Fixtures.blueprint(resources, metadata: metadata))
    try workspace.write(
      "desired-state/clients/acme-prod.jsonc", Fixtures.manifest("acme", parameters: parameters))
    try workspace.commit("The desired state")
    return workspace
  }

  /// Runs a command with `--format json`, asserts its exit code and returns its report.
  @discardableResult
  func report(
    _ workspace: Workspace, _ arguments: String..., exits code: Int,
    file: StaticString = #filePath, line: UInt = #line
  ) throws -> Report {
    let finished = try workspace.start(arguments + ["--format", "json"]).finish()
    XCTAssertEqual(
      finished.code, code, "trueup \(arguments.joined(separator: " ")):\n\(finished.everything)",
      file: file, line: line)
    return try Report(finished)
  }

  /// Applies, and asserts that afterwards there is nothing to do.
  @discardableResult
  func converge(
    _ workspace: Workspace, file: StaticString = #filePath, line: UInt = #line
  ) throws -> Report {
    let applied = try report(workspace, "apply", "--yes", exits: 0, file: file, line: line)
    try assertInSync(workspace, file: file, line: line)
    return applied
  }

  func assertInSync(
    _ workspace: Workspace, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    let finished = try workspace.trueup("plan", "--format", "json")
    let changes = try Report(finished).changes
    XCTAssert(
      finished.code == 0 && changes.isEmpty,
      "there should be nothing to do (exit code \(finished.code)):\n\(finished.everything)",
      file: file, line: line)
  }

  /// Waits until the one call that was configured to hang has reached the endpoint, and a moment
  /// longer.
  func waitUntilACallHangs() throws {
    for _ in 0..<1_000 {
      if try isHanging() { return }
      usleep(20_000)
    }
    throw HarnessError("the call that was to hang was not made")
  }

  /// The same; `false` where the program ended without having made the call.
  func waitUntilACallHangs(of running: Program) throws -> Bool {
    while running.isRunning {
      if try isHanging() { return true }
      usleep(20_000)
    }
    return try isHanging()
  }

  private func isHanging() throws -> Bool {
    guard try endpoint.control("GET config")["fail"][0]["times"].int == 0 else { return false }
    usleep(300_000)
    return true
  }

  /// The physical id of a resource that is the only one of its owner tags.
  func physicalID(_ resource: String, stack: String = "cosyworld/acme-prod") throws -> String {
    let filters: [[String: Any]] = [
      ["Key": "trueup:stack", "Values": [stack]], ["Key": "trueup:resource", "Values": [resource]],
    ]
    let found = try endpoint.aws(
      "resourcegroupstaggingapi", "get_resources", ["TagFilters": filters])
    let arns = found["ResourceTagMappingList"].array.compactMap { $0["ResourceARN"].string }
    guard arns.count == 1, let arn = arns.first else {
      throw HarnessError("\(arns.count) resources are tagged as \(stack)/\(resource): \(arns)")
    }
    // Whose ids are their ARNs.
    if arn.contains(":elasticloadbalancing:") { return arn }
    let own = arn.split(separator: ":", maxSplits: 5).last.map(String.init) ?? arn
    if own.hasPrefix("certificate/") { return arn }
    let prefixes = [
      "alarm:", "log-group:", "parametergroup:", "replicationgroup:", "subnetgroup:",
    ]
    for prefix in prefixes where own.hasPrefix(prefix) {
      return String(own.dropFirst(prefix.count))
    }
    return own.split(separator: "/").last.map(String.init) ?? own
  }

  /// The name of the one role whose tags name this resource; roles are not in the tagging API.
  func roleName(_ resource: String, stack: String = "cosyworld/acme-prod") throws -> String {
    let details = try endpoint.aws(
      "iam", "get_account_authorization_details", ["Filter": ["Role"]])
    let names = details["RoleDetailList"].array.filter { role in
      let tags = role["Tags"].tags
      return tags["trueup:stack"] == stack && tags["trueup:resource"] == resource
    }
    guard names.count == 1, let name = names[0]["RoleName"].string else {
      throw HarnessError("\(names.count) roles are tagged as \(stack)/\(resource)")
    }
    return name
  }
}
