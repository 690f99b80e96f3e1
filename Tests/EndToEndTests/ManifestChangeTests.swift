import XCTest

/// What the manifest or the blueprint changes is pending, replaces, removes or resets.
final class ManifestChangeTests: EndToEndTestCase {
  private let blueprint = "desired-state/blueprints/base.jsonc"

  func testAChangedParameterIsPending() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try converge(workspace)
    try workspace.edit(
      "desired-state/clients/acme-prod.jsonc", "\"LogRetentionInDays\": 90",
      "\"LogRetentionInDays\": 365")
    try workspace.commit("Keep logs for a year")
    let planned = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(planned.actions, ["update acme-prod/AppLogs"])
    XCTAssertEqual(planned.change("AppLogs")?.cause, "pending")
    XCTAssertEqual(planned.change("AppLogs")?.paths, ["/RetentionInDays"])
    try converge(workspace)
    let group = try endpoint.aws(
      "logs", "describe_log_groups", ["logGroupNamePrefix": try physicalID("AppLogs")])
    XCTAssertEqual(group["logGroups"][0]["retentionInDays"].int, 365)
  }

  func testBothMovedIsAConflict() throws {
    let workspace = try workspace(Fixtures.logs)
    try converge(workspace)
    try endpoint.aws(
      "logs", "put_retention_policy",
      ["logGroupName": physicalID("Logs"), "retentionInDays": 1])
    try workspace.edit(blueprint, "\"RetentionInDays\": 30", "\"RetentionInDays\": 60")
    try workspace.commit("Keep logs for two months")
    let planned = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(planned.change("Logs")?.cause, "conflict", "\(planned.json)")
    try converge(workspace)
  }

  func testARenamedResourceKeepsWhatItIs() throws {
    let workspace = try workspace(Fixtures.network + ",\n" + Fixtures.logs)
    try converge(workspace)
    let vpc = try physicalID("Vpc")
    let text = try workspace.read(blueprint)
      .replacingOccurrences(of: "\"Vpc\": {", with: "\"Network\": { \(Self.was("Vpc")),")
      .replacingOccurrences(of: "{ \"Ref\": \"Vpc\" }", with: "{ \"Ref\": \"Network\" }")
      .replacingOccurrences(of: "\"Logs\": {", with: "\"Events\": { \(Self.was("Logs")),")
    try workspace.write(blueprint, text)
    try workspace.commit("Other names")
    for hasJournal in [true, false] {
      if !hasJournal { try workspace.remove(".trueup") }
      let planned = try report(workspace, "plan", exits: 2)
      XCTAssertEqual(
        planned.actions, ["update acme-prod/Events", "update acme-prod/Network"],
        "journal: \(hasJournal)")
      XCTAssertEqual(planned.change("Network")?.paths, ["/Tags/trueup:resource"])
      XCTAssertEqual(planned.change("Network")?.cause, "pending", "journal: \(hasJournal)")
    }
    try converge(workspace)
    XCTAssertEqual(try physicalID("Network"), vpc)
    try workspace.write(
      blueprint,
      text.replacingOccurrences(of: Self.was("Vpc") + ",", with: "")
        .replacingOccurrences(of: Self.was("Logs") + ",", with: ""))
    try workspace.commit("The old names are forgotten")
    try assertInSync(workspace)
  }

  private static func was(_ old: String) -> String {
    "\"Metadata\": { \"Trueup\": { \"Was\": \"\(old)\" } }"
  }

  func testAChangedRangeReplacesTheVPCAndAllThatIsInIt() throws {
    let workspace = try workspace(Fixtures.network, parameters: #""VpcCidr": "10.1.0.0/16""#)
    try converge(workspace)
    let old = try physicalID("Vpc")
    try workspace.edit("desired-state/clients/acme-prod.jsonc", "10.1.0.0/16", "10.8.0.0/16")
    try workspace.commit("Another range")
    let planned = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(
      planned.actions,
      ["replace acme-prod/Group", "replace acme-prod/Subnet", "replace acme-prod/Vpc"])

    let refused = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(refused.code, 3, "three replacements are over the limit of two")
    XCTAssertEqual(try physicalID("Vpc"), old, "a refused run changes nothing")

    try endpoint.forgetCalls()
    try report(workspace, "apply", "--yes", "--allow-replaces", "3", exits: 0)
    try assertInSync(workspace)
    XCTAssertNotEqual(try physicalID("Vpc"), old)
    let operations = try endpoint.calls().filter { $0["status"].int == 200 }
      .compactMap { $0["operation"].string }
    try assertOrder(operations, "CreateVpc", before: "CreateSubnet")
    try assertOrder(operations, "CreateVpc", before: "CreateSecurityGroup")
    try assertOrder(operations, "DeleteSubnet", before: "DeleteVpc")
    try assertOrder(operations, "DeleteSecurityGroup", before: "DeleteVpc")
    try assertOrder(operations, "CreateVpc", before: "DeleteVpc")
  }

  func testWhatRefersToAReplacedGroupIsMovedBeforeTheOldOneGoes() throws {
    let workspace = try workspace(
      Fixtures.network + """
        ,
            "Behind": {
              "Type": "AWS::EC2::SecurityGroup",
              "Properties": {
                "GroupDescription": "Reached through the group",
                "VpcId": { "Ref": "Vpc" },
                "SecurityGroupIngress": [
                  { "IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080,
                    "SourceSecurityGroupId": { "Fn::GetAtt": ["Group", "GroupId"] } }
                ]
              }
            }
        """)
    try converge(workspace)
    let old = try physicalID("Group")
    let behind = try physicalID("Behind")
    try workspace.edit(blueprint, "\"A group\"", "\"Another description\"")
    try workspace.commit("Described anew")
    let planned = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(planned.actions, ["replace acme-prod/Group", "update acme-prod/Behind"])
    try endpoint.forgetCalls()
    try converge(workspace)
    let new = try physicalID("Group")
    XCTAssertNotEqual(old, new)
    XCTAssertEqual(try physicalID("Behind"), behind, "what refers to it is updated in place")
    let calls = try endpoint.calls()
    func place(_ operation: String, _ group: String, naming peer: String? = nil) throws -> Int {
      let found = calls.firstIndex { call in
        call["operation"].string == operation
          && [nil, group].contains(call["params"]["GroupId"].string)
          && (peer.map(call["params"].description.contains) ?? true)
      }
      return try XCTUnwrap(found, "\(operation) of \(group): \(calls.map { $0["operation"] })")
    }
    let created = try place("CreateSecurityGroup", new)
    let allowed = try place("AuthorizeSecurityGroupIngress", behind, naming: new)
    let deleted = try place("DeleteSecurityGroup", old)
    let revoked = try place("RevokeSecurityGroupIngress", behind)
    XCTAssertEqual([created, allowed, deleted].sorted(), [created, allowed, deleted])
    XCTAssertLessThan(revoked, deleted, "AWS does not delete a group that a rule refers to")
  }

  func testAResourceTakenOutOfTheBlueprintIsRemoved() throws {
    let workspace = try workspace(Fixtures.network + ",\n" + Fixtures.logs)
    try converge(workspace)
    try workspace.write(blueprint, Fixtures.blueprint(Fixtures.network))
    try workspace.commit("No logs any more")
    let planned = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(planned.actions, ["delete acme-prod/Logs"])
    XCTAssertEqual(planned.change("Logs")?.cause, "removed")
    let refused = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(refused.code, 3, "its events would be lost: \(refused.everything)")
    XCTAssert(refused.everything.contains("--allow-data-loss acme-prod/Logs"), refused.everything)
    try report(workspace, "apply", "--yes", "--allow-data-loss", "acme-prod/Logs", exits: 0)
    try assertInSync(workspace)
    XCTAssertEqual(try endpoint.aws("logs", "describe_log_groups")["logGroups"].array.count, 0)
  }

  func testAStackWhoseManifestIsGoneIsToldAndLeftAlone() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try converge(workspace)
    let vpcs = try endpoint.aws("ec2", "describe_vpcs")["Vpcs"].array.count
    try workspace.remove("desired-state/clients/zeta-dev.jsonc")
    try workspace.commit("Zeta has left")
    let drift = try workspace.trueup("drift")
    XCTAssert(drift.everything.contains("zeta-dev"), "it is told:\n\(drift.everything)")
    try endpoint.forgetCalls()
    let applied = try workspace.trueup("apply", "--yes", "--allow-deletes", "99")
    XCTAssertNotEqual(applied.code, 1, applied.everything)
    XCTAssertEqual(
      try endpoint.calls().filter { $0["mutating"].bool == true }.count, 0, applied.everything)
    XCTAssertEqual(try endpoint.aws("ec2", "describe_vpcs")["Vpcs"].array.count, vpcs)
  }

  func testWhatIsThereAlreadyIsBlockedUntilTheManifestAdoptsIt() throws {
    let workspace = try workspace(
      """
      "Logs": {
        "Type": "AWS::Logs::LogGroup",
        "Properties": { "LogGroupName": "/taken", "RetentionInDays": 30 }
      }
      """)
    try endpoint.aws("logs", "create_log_group", ["logGroupName": "/taken"])
    let blocked = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(blocked.actions, ["blocked acme-prod/Logs"])
    let refused = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(refused.code, 3, refused.everything)
    try workspace.edit(
      "desired-state/clients/acme-prod.jsonc", "\"account\"", "\"adopt\": [\"Logs\"], \"account\"")
    try workspace.commit("Adopt the log group")
    let adopted = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(adopted.actions, ["adopt acme-prod/Logs"])
    try converge(workspace)
    let groups = try endpoint.aws("logs", "describe_log_groups")["logGroups"].array
    XCTAssertEqual(groups.map { $0["retentionInDays"].int }, [30], "none was made beside it")
  }

  func testAPropertyTakenOutIsReset() throws {
    let workspace = try workspace(Fixtures.logs)
    try converge(workspace)
    let name = try physicalID("Logs")
    try workspace.edit(blueprint, "\"RetentionInDays\": 30", "")
    try workspace.commit("Keep logs for ever")
    let planned = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(planned.change("Logs")?.paths, ["/RetentionInDays"], "\(planned.json)")
    try converge(workspace)
    let group = try endpoint.aws("logs", "describe_log_groups", ["logGroupNamePrefix": name])
    XCTAssertNil(group["logGroups"][0]["retentionInDays"].int)
  }

  func testAnEarlierRevisionCanBePlannedAndApplied() throws {
    let workspace = try workspace(Fixtures.logs)
    try converge(workspace)
    try workspace.edit(blueprint, "\"RetentionInDays\": 30", "\"RetentionInDays\": 60")
    try workspace.commit("Keep logs for two months")
    try converge(workspace)
    let planned = try report(workspace, "plan", "--revision", "HEAD~1", exits: 2)
    XCTAssertEqual(planned.actions, ["update acme-prod/Logs"])
    try report(workspace, "apply", "--yes", "--revision", "HEAD~1", exits: 0)
    try report(workspace, "plan", "--revision", "HEAD~1", exits: 0)
  }

  func testDeletingTheJournalChangesNoAction() throws {
    let workspace = try workspace(Fixtures.network + ",\n" + Fixtures.logs)
    try converge(workspace)
    try endpoint.aws(
      "logs", "put_retention_policy",
      ["logGroupName": physicalID("Logs"), "retentionInDays": 1])
    try workspace.edit(
      blueprint, "\"FromPort\": 443, \"ToPort\": 443", "\"FromPort\": 80, \"ToPort\": 80")
    try workspace.commit("Plain HTTP")
    let with = try report(workspace, "plan", exits: 2)
    try workspace.remove(".trueup")
    let without = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(with.actions, without.actions)
    XCTAssertEqual(
      with.changes.map { "\($0.address) \($0.cause)" }.sorted(),
      without.changes.map { "\($0.address) \($0.cause)" }.sorted(),
      "the base comes from trueup:rev when there is no journal")
    try converge(workspace)
  }

  private func assertOrder(
    _ operations: [String], _ first: String, before second: String
  ) throws {
    guard let one = operations.firstIndex(of: first), let two = operations.lastIndex(of: second)
    else { throw HarnessError("\(first) and \(second) should both be called: \(operations)") }
    XCTAssertLessThan(one, two, "\(first) must come before \(second): \(operations)")
  }
}
