import XCTest

/// Several accounts in one run, and resources elsewhere than their stack.
final class AccountTests: EndToEndTestCase {
  private static let second = "333333333333"

  private static let fleet = """
    {
      "project": "cosyworld",
      "accounts": {
        "main": { "id": "123456789012", "region": "us-east-1" },
        "second": {
          "id": "\(second)", "region": "us-east-1",
          "role": "arn:aws:iam::\(second):role/Trueup", "externalId": "cosy",
        },
      },
    }
    """

  /// One client in each account.
  private func twoAccounts() throws -> Workspace {
    let workspace = try workspace(Fixtures.logs)
    try workspace.write("desired-state/fleet.jsonc", Self.fleet)
    for client in ["beta", "gamma"] {
      try workspace.write(
        "desired-state/clients/\(client)-prod.jsonc",
        Fixtures.manifest(client).replacingOccurrences(of: "\"main\"", with: "\"second\""))
    }
    try workspace.commit("Two accounts")
    return workspace
  }

  private func logGroups(_ account: String, _ region: String = "us-east-1") throws -> [String] {
    try endpoint.aws("logs", "describe_log_groups", account: account, region: region)["logGroups"]
      .array.compactMap { $0["logGroupName"].string }
  }

  func testAnAccountThatIsDeniedHoldsUpNoOther() throws {
    let denials: [(rule: [String: String], words: String)] = [
      (["operation": "AssumeRole", "resource": Self.second], "AssumeRole"),
      (["account": Self.second], "GetCallerIdentity"),
      (["account": Self.second, "service": "(?!sts).*"], "DescribeLogGroups"),
    ]
    for (rule, words) in denials {
      try endpoint.control("POST reset")
      try endpoint.configure(["verify": true, "deny": [rule]])
      let workspace = try twoAccounts()
      let applied = try workspace.trueup("apply", "--yes")
      XCTAssertEqual(applied.code, 1, "\(words): \(applied.everything)")
      XCTAssert(
        applied.output.contains(
          "Failed: beta-prod, gamma-prod. The other stacks were not held up."),
        "the summary says which failed:\n\(applied.everything)")
      XCTAssert(applied.output.contains(words), "and why:\n\(applied.everything)")
      XCTAssertEqual(try logGroups("123456789012").count, 1, "the other account converges")
      let planned = try report(workspace, "plan", exits: 1)
      XCTAssertEqual(
        planned.json["stacks"].array.compactMap { $0["status"].string },
        ["ok", "failed", "failed"])
      XCTAssertEqual(planned.changes.count, 0, "nothing is left to do where it could be done")
      try endpoint.configure(["deny": [[String: String]]()])
      try converge(workspace)
      XCTAssertEqual(try logGroups(Self.second).count, 2)
    }
  }

  func testAConditionThatADeniedAccountWouldDecideHoldsUpNoOther() throws {
    try endpoint.configure(["deny": [["account": Self.second]]])
    let workspace = try twoAccounts()
    try workspace.write(
      "desired-state/blueprints/zoned.jsonc",
      """
      {
        "Conditions": {
          "East": { "Fn::Equals": [{ "Fn::Select": [0, { "Fn::GetAZs": "" }] }, "us-east-1a"] }
        },
        "Resources": {
          "Logs": { "Type": "AWS::Logs::LogGroup", "Condition": "East" }
        }
      }
      """)
    try workspace.edit("desired-state/clients/beta-prod.jsonc", "\"base\"", "\"zoned\"")
    try workspace.commit("A client that depends on its zones")
    for command in [["apply", "--yes"], ["reconcile", "--once"]] {
      let finished = try workspace.start(command).finish()
      XCTAssertEqual(finished.code, 1, finished.everything)
      XCTAssert(
        finished.errors.contains("Held back: beta-prod is left alone"), finished.everything)
      XCTAssert(finished.output.contains("gamma-prod  \(Self.second)"), finished.everything)
    }
    XCTAssertEqual(try logGroups("123456789012").count, 1)
    let planned = try report(workspace, "plan", exits: 1)
    XCTAssertEqual(planned.changes.count, 0)
    try endpoint.configure(["deny": [[String: String]]()])
    try converge(workspace)
    XCTAssertEqual(try logGroups(Self.second).count, 2)
  }

  func testChangesAreMadeInASessionOfTheirClient() throws {
    let workspace = try twoAccounts()
    try endpoint.forgetCalls()
    let applied = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(applied.code, 0, applied.everything)
    let names = try endpoint.calls().filter { $0["operation"].string == "AssumeRole" }
      .compactMap { $0["params"]["RoleSessionName"].string }
    XCTAssertEqual(
      names.sorted(), ["trueup-cosyworld", "trueup-cosyworld-beta", "trueup-cosyworld-gamma"],
      "one for what is read for all, and one for each client's changes")
    try endpoint.forgetCalls()
    try assertInSync(workspace)
    let assumed = try endpoint.calls().count { $0["operation"].string == "AssumeRole" }
    XCTAssertEqual(assumed, 1, "without changes no client's session is opened")
  }

  func testAResourceElsewhereLivesThereFromTheFirstApplyToTheLast() throws {
    let workspace = try workspace(
      Fixtures.logs + """
        ,
            "Far": {
              "Type": "AWS::Logs::LogGroup",
              "DeletionPolicy": "Delete",
              "Metadata": { "Trueup": { "Account": "second", "Region": "eu-west-1" } },
              "Properties": {
                "LogGroupName": { "Fn::Sub": "/of/${AWS::AccountId}/${AWS::Region}" },
                "RetentionInDays": 30
              }
            }
        """)
    try workspace.write("desired-state/fleet.jsonc", Self.fleet)
    try workspace.commit("One resource elsewhere")
    try converge(workspace)
    let name = "/of/123456789012/us-east-1"
    XCTAssertEqual(try logGroups(Self.second, "eu-west-1"), [name])
    XCTAssertEqual(try logGroups("123456789012").count, 1)

    try endpoint.aws(
      "logs", "put_retention_policy", ["logGroupName": name, "retentionInDays": 1],
      account: Self.second, region: "eu-west-1")
    let drift = try report(workspace, "drift", exits: 2)
    let change = try XCTUnwrap(drift.change("Far"))
    XCTAssertEqual(change.cause, "drift")
    XCTAssertEqual(change.json["account"].string, Self.second)
    XCTAssertEqual(change.json["region"].string, "eu-west-1")
    let told = try workspace.trueup("drift")
    XCTAssert(told.output.contains("in \(Self.second) eu-west-1"), told.everything)
    try converge(workspace)

    let taken = try workspace.trueup("snapshot")
    XCTAssertEqual(taken.code, 0, taken.everything)
    let recorded = try workspace.trueup("plan", "--snapshot", "snapshots")
    XCTAssertEqual(recorded.code, 0, recorded.everything)

    try workspace.edit(
      "desired-state/blueprints/base.jsonc", "\"Region\": \"eu-west-1\"",
      "\"Region\": \"eu-west-2\"")
    try workspace.commit("A move")
    let moved = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(moved.code, 1, moved.everything)
    XCTAssert(moved.output.contains("would move to \(Self.second) eu-west-2"), moved.everything)
    try workspace.git("revert", "--no-edit", "HEAD")

    // Without its journal, too.
    try workspace.remove(".trueup")
    let destroyed = try workspace.trueup(
      "destroy", "acme-prod", "--yes")
    XCTAssertEqual(destroyed.code, 0, destroyed.everything)
    XCTAssertEqual(try logGroups(Self.second, "eu-west-1"), [])
  }

  func testAnIDThatAWSDoesNotKnowIsToldAtTheManifest() throws {
    let workspace = try workspace("", parameters: #""Vpc": "vpc-0123456789abcdef0""#)
    try workspace.write(
      "desired-state/blueprints/base.jsonc",
      """
      {
        "Parameters": { "Vpc": { "Type": "AWS::EC2::VPC::Id" } },
        "Resources": {
          "Group": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": { "GroupDescription": "A group", "VpcId": { "Ref": "Vpc" } }
          }
        }
      }
      """)
    try workspace.commit("A VPC that is not there")
    let failed = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(failed.code, 1, failed.everything)
    XCTAssert(
      failed.output.contains(
        "clients/acme-prod.jsonc:4:26: Vpc is \"vpc-0123456789abcdef0\", and 123456789012 "
          + "us-east-1 has no such AWS::EC2::VPC::Id"), failed.everything)
    let made = try endpoint.aws("ec2", "create_vpc", ["CidrBlock": "10.0.0.0/16"])
    let id = try XCTUnwrap(made["Vpc"]["VpcId"].string)
    try workspace.edit("desired-state/clients/acme-prod.jsonc", "vpc-0123456789abcdef0", id)
    try workspace.commit("The VPC that is there")
    try converge(workspace)
  }

  func testALeftoverThatNoKindKnowsIsTold() throws {
    let workspace = try workspace(Fixtures.logs)
    try converge(workspace)
    try endpoint.aws(
      "ec2", "create_volume",
      [
        "AvailabilityZone": "us-east-1a", "Size": 1,
        "TagSpecifications": [
          [
            "ResourceType": "volume",
            "Tags": [
              ["Key": "trueup:stack", "Value": "cosyworld/acme-prod"],
              ["Key": "trueup:resource", "Value": "Volume"],
            ],
          ]
        ],
      ])
    let planned = try report(workspace, "plan", exits: 2)
    let change = try XCTUnwrap(planned.change("Volume"))
    XCTAssertEqual(change.action, "blocked")
    XCTAssertEqual(change.cause, "orphan")
    XCTAssertEqual(change.json["type"].string, "ec2:volume")
  }
}
