import Foundation
import XCTest

/// A secret's value exists in memory and in the request to AWS, nowhere else.
final class SecretTests: EndToEndTestCase {
  private static let canary = "canary-8f2c1e77-do-not-tell"
  private static let blueprint = """
    {
      "Parameters": {
        "Token": { "Type": "String", "NoEcho": true },
      },
      "Resources": {
        "Role": {
          "Type": "AWS::IAM::Role",
          "Properties": {
            "Description": { "Fn::Sub": "with ${Token} in it" },
            "AssumeRolePolicyDocument": {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow", "Action": "sts:AssumeRole",
                  "Principal": { "Service": "ecs-tasks.amazonaws.com" },
                },
              ],
            },
          },
        },
        "Bucket": {
          "Type": "AWS::S3::Bucket",
          "Properties": { "Tags": [{ "Key": "token", "Value": { "Ref": "Token" } }] },
        },
        "Stored": {
          "Type": "AWS::SecretsManager::Secret",
          "Properties": { "SecretString": { "Fn::Sub": "{\\"token\\":\\"${Token}\\"}" } },
        },
      },
      "Outputs": { "Told": { "Value": { "Ref": "Token" } } },
    }
    """

  func testItIsInNoOutputAndInNoFile() throws {
    let workspace = try secretive()
    workspace.environment["ACME_TOKEN"] = Self.canary
    try assertSilent(workspace, ["plan"], exits: 2)
    try assertSilent(workspace, ["plan", "--format", "json"], exits: 2)
    // A failed call must not quote its request.
    try endpoint.configure([
      "fail": [["service": "iam", "operation": "CreateRole", "mode": "error:InvalidInput:400"]]
    ])
    try assertSilent(workspace, ["apply", "--yes", "--trace", "trace.jsonl"], exits: 1)
    XCTAssert(try workspace.read("trace.jsonl").contains("CreateSecret"), "it tells the call")
    try assertSilent(workspace, ["apply", "--yes", "--format", "json"], exits: 0)
    let description = try endpoint.aws(
      "iam", "get_role", ["RoleName": try roleName("Role")])["Role"]["Description"].string
    XCTAssertEqual(description, "with \(Self.canary) in it", "AWS was given the value")
    try assertSilent(workspace, ["plan"], exits: 0)

    try endpoint.aws(
      "iam", "update_role", ["RoleName": try roleName("Role"), "Description": "by hand"])
    try assertSilent(workspace, ["drift"], exits: 2)
    try assertSilent(workspace, ["drift", "--format", "json"], exits: 2)
    try assertSilent(workspace, ["apply", "--yes"], exits: 0)
    try assertSilent(workspace, ["outputs"], exits: 0)
    try assertSilent(workspace, ["outputs", "--format", "json"], exits: 0)
    try assertSilent(workspace, ["history"], exits: 0)
    try assertSilent(workspace, ["history", "--format", "json"], exits: 0)
    try assertSilent(workspace, ["snapshot"], exits: 0)
    try assertSilent(workspace, ["plan", "--snapshot", "snapshots"], exits: 0)
    try assertNoFile(in: workspace)
  }

  func testAnotherValueIsAChangeThatNamesNeither() throws {
    let workspace = try secretive()
    workspace.environment["ACME_TOKEN"] = "an-older-canary"
    try assertSilent(workspace, ["apply", "--yes"], exits: 0)
    workspace.environment["ACME_TOKEN"] = Self.canary
    let planned = try assertSilent(workspace, ["plan"], exits: 2)
    XCTAssertFalse(planned.contains("an-older-canary"), planned)
    try assertSilent(workspace, ["apply", "--yes"], exits: 0)
    try assertNoFile(in: workspace)
  }

  func testWithoutItsSourceItIsNotChecked() throws {
    let workspace = try secretive()
    workspace.environment["ACME_TOKEN"] = Self.canary
    try report(workspace, "apply", "--yes", exits: 0)
    workspace.environment["ACME_TOKEN"] = nil
    try assertSilent(workspace, ["validate"], exits: 0)
    let planned = try report(workspace, "plan", exits: 0)
    let notChecked = planned.json["stacks"][0]["notChecked"].array
    XCTAssertEqual(
      Set(notChecked.compactMap { $0["address"].string }),
      ["acme-prod/Role", "acme-prod/Bucket", "acme-prod/Stored"], "\(planned.json)")
    let told = try assertSilent(workspace, ["plan"], exits: 0)
    XCTAssert(told.contains("not checked"), told)
    // Nothing of the secret is to be written, so an apply has no need of it.
    try endpoint.aws(
      "iam", "update_assume_role_policy",
      [
        "RoleName": try roleName("Role"),
        "PolicyDocument": Fixtures.trust("ec2.amazonaws.com"),
      ])
    try endpoint.aws(
      "s3control", "untag_resource",
      [
        "AccountId": "123456789012",
        "ResourceArn": "arn:aws:s3:::\(try physicalID("Bucket"))", "TagKeys": ["Client"],
      ])
    let drift = try report(workspace, "drift", exits: 2)
    XCTAssertEqual(drift.actions, ["update acme-prod/Bucket", "update acme-prod/Role"])
    try assertSilent(workspace, ["apply", "--yes"], exits: 0)
    try report(workspace, "plan", exits: 0)
    workspace.environment["ACME_TOKEN"] = Self.canary
    try report(workspace, "plan", exits: 0)
  }

  func testOnlyTheStackThatWouldHaveToWriteItFails() throws {
    let workspace = try secretive()
    try workspace.write(
      "desired-state/blueprints/plain.jsonc", Fixtures.blueprint(Fixtures.logs))
    try workspace.write(
      "desired-state/clients/beta-prod.jsonc", Fixtures.manifest("beta", blueprint: "plain"))
    try workspace.commit("A stack without secrets")
    let applied = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(applied.code, 1, applied.everything)
    XCTAssert(
      applied.everything.contains("Token"), "what lacks a source is named:\n\(applied.everything)")
    let groups = try endpoint.aws("logs", "describe_log_groups")["logGroups"].array
    XCTAssertEqual(groups.count, 1, "beta-prod was applied:\n\(applied.everything)")
  }

  private func secretive() throws -> Workspace {
    let workspace = try Workspace(try endpoint)
    try workspace.write("desired-state/blueprints/base.jsonc", Self.blueprint)
    try workspace.write(
      "desired-state/clients/acme-prod.jsonc",
      """
      {
        "client": "acme", "environment": "prod", "blueprint": "base",
        "account": "main", "region": "us-east-1",
        "secrets": { "Token": { "env": "ACME_TOKEN" } },
      }
      """)
    try workspace.commit("A secret")
    return workspace
  }

  @discardableResult
  private func assertSilent(
    _ workspace: Workspace, _ command: [String], exits code: Int,
    file: StaticString = #filePath, line: UInt = #line
  ) throws -> String {
    let finished = try workspace.start(command).finish()
    XCTAssertEqual(
      finished.code, code, "\(command): \(finished.everything)", file: file, line: line)
    XCTAssertFalse(
      finished.everything.contains(Self.canary), "\(command) tells it:\n\(finished.everything)",
      file: file, line: line)
    return finished.everything
  }

  private func assertNoFile(in workspace: Workspace) throws {
    let found = FileManager.default.enumerator(
      at: workspace.root, includingPropertiesForKeys: nil)
    var read = 0
    for case let file as URL in try XCTUnwrap(found) {
      guard let data = FileManager.default.contents(atPath: file.path) else { continue }
      read += 1
      XCTAssertNil(data.range(of: Data(Self.canary.utf8)), "\(file.path) holds it")
    }
    XCTAssertGreaterThan(read, 5, "the journal, its log and the repository were read")
  }
}
