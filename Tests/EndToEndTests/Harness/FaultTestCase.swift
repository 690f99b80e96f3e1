import Foundation
import XCTest

/// A test of a fault that was found by use: its input, and what is right instead.
class FaultTestCase: EndToEndTestCase {
  let blueprint = "desired-state/blueprints/base.jsonc"
  let acme = "desired-state/clients/acme-prod.jsonc"

  /// A workspace of one client whose limits stop nothing.
  func roomy(_ resources: String) throws -> Workspace {
    let workspace = try workspace(resources)
    try workspace.write(
      "desired-state/fleet.jsonc",
      Fixtures.fleet.replacingOccurrences(
        of: "\"deletes\": 5, \"replaces\": 2", with: "\"deletes\": 50, \"replaces\": 20"))
    try workspace.commit("Room")
    return workspace
  }

  func rewrite(_ workspace: Workspace, _ resources: String, _ path: String? = nil) throws {
    try workspace.write(path ?? blueprint, Fixtures.blueprint(resources))
    try workspace.commit("Another desired state")
  }

  /// Adds a second client with a blueprint of its own.
  func addBeta(_ workspace: Workspace, _ resources: String) throws {
    try workspace.write("desired-state/blueprints/beta.jsonc", Fixtures.blueprint(resources))
    try workspace.write(
      "desired-state/clients/beta-prod.jsonc", Fixtures.manifest("beta", blueprint: "beta"))
    try workspace.commit("Beta")
  }

  /// Adds members to the manifest of acme.
  func manifest(_ workspace: Workspace, _ members: String) throws {
    try workspace.write(
      acme,
      Fixtures.manifest("acme").replacingOccurrences(
        of: "\"client\"", with: members.isEmpty ? "\"client\"" : members + ", \"client\""))
    try workspace.commit("Another manifest")
  }

  /// The calls that change something since the last `forgetCalls`.
  func mutations(_ operation: String? = nil) throws -> [String] {
    try endpoint.calls().filter { $0["mutating"].bool == true }
      .compactMap { $0["operation"].string }.filter { operation == nil || $0 == operation }
  }

  func ownerTags(_ resource: String, _ stack: String = "cosyworld/acme-prod") -> [[String: Any]] {
    [["Key": "trueup:stack", "Value": stack], ["Key": "trueup:resource", "Value": resource]]
  }

  func forgetJournal(_ workspace: Workspace) throws {
    if FileManager.default.fileExists(atPath: workspace.root.path + "/.trueup") {
      try workspace.remove(".trueup")
    }
  }

  /// Nothing to do, with the journal and without it.
  func assertSettled(
    _ workspace: Workspace, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    try assertInSync(workspace, file: file, line: line)
    try forgetJournal(workspace)
    try assertInSync(workspace, file: file, line: line)
  }

  /// A role that nobody uses, as the text of a resource.
  func role(_ name: String, _ more: String = "") -> String {
    """
    "\(name)": {
      "Type": "AWS::IAM::Role",
      "Properties": { \(more) "AssumeRolePolicyDocument": \(Self.trust) }
    }
    """
  }

  static let trust = """
    { "Version": "2012-10-17", "Statement": [ { "Effect": "Allow", "Action": "sts:AssumeRole",
      "Principal": { "Service": "vpc-flow-logs.amazonaws.com" } } ] }
    """

  static let allow = """
    { "Version": "2012-10-17",
      "Statement": [ { "Effect": "Allow", "Action": "logs:*", "Resource": "*" } ] }
    """
}
