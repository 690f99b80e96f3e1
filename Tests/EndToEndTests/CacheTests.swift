import XCTest

/// Replication groups, whose changes take a while.
final class CacheTests: EndToEndTestCase {
  private func resources(_ members: String, policy: String = "Delete") -> String {
    """
    "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } },
    "Subnet": {
      "Type": "AWS::EC2::Subnet",
      "Properties": { "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.1.1.0/24" }
    },
    "Subnets": {
      "Type": "AWS::ElastiCache::SubnetGroup",
      "Properties": { "Description": "d", "SubnetIds": [{ "Ref": "Subnet" }] }
    },
    "Group": {
      "Type": "AWS::ElastiCache::ReplicationGroup", "DeletionPolicy": "\(policy)",
      "Properties": {
        "ReplicationGroupDescription": "d", "CacheSubnetGroupName": { "Ref": "Subnets" }, \(members)
      }
    }
    """
  }

  private func write(_ workspace: Workspace, _ resources: String) throws {
    try workspace.write("desired-state/blueprints/base.jsonc", Fixtures.blueprint(resources))
    try workspace.commit("Resources")
  }

  private func calls(_ operation: String) throws -> [JSON] {
    try endpoint.calls().filter { $0["operation"].string == operation }.map { $0["params"] }
  }

  func testIsWaitedForAndChangedStepByStep() throws {
    try endpoint.configure(["verify": true, "replicationGroupSeconds": 1])
    let workspace = try workspace(resources(#""NumCacheClusters": 1, "EngineVersion": "6.2""#))
    try converge(workspace)
    try write(
      workspace,
      resources(
        #""NumCacheClusters": 2, "EngineVersion": "7.1", "AutomaticFailoverEnabled": true, "CacheParameterGroupName": "default.redis7""#
      ))
    try converge(workspace)
    XCTAssertEqual(try calls("IncreaseReplicaCount").count, 1)
    let modified = try calls("ModifyReplicationGroup")
    XCTAssertEqual(modified.count, 1)
    XCTAssertEqual(modified.first?["EngineVersion"].string, "7.1")
  }

  func testADeletionLeavesASnapshotWhereThePolicySaysSo() throws {
    for policy in ["Snapshot", "Delete"] {
      try endpoint.control("POST reset")
      try endpoint.configure(["verify": true, "replicationGroupSeconds": 1])
      let workspace = try workspace(resources(#""NumCacheClusters": 1"#, policy: policy))
      try converge(workspace)
      try write(workspace, #""Topic": { "Type": "AWS::SNS::Topic", "Properties": {} }"#)
      try report(workspace, "apply", "--yes", exits: 0)
      let deleted = try XCTUnwrap(try calls("DeleteReplicationGroup").first)
      XCTAssertEqual(deleted["FinalSnapshotIdentifier"].string != nil, policy == "Snapshot")
      XCTAssertEqual(
        try endpoint.aws("elasticache", "describe_cache_subnet_groups")["CacheSubnetGroups"].array
          .count, 0, "its subnets are in use until it is gone")
    }
  }

  func testATokenIsExchangedWhenItsSourceMoves() throws {
    let workspace = try workspace(
      resources(#""TransitEncryptionEnabled": true, "AuthToken": { "Ref": "Token" }"#))
    try workspace.edit(
      "desired-state/blueprints/base.jsonc", #""Parameters": {"#,
      #""Parameters": { "Token": { "Type": "String", "NoEcho": true },"#)
    try workspace.write("token.txt", "the-first-token-of-acme")
    try workspace.edit(
      "desired-state/clients/acme-prod.jsonc", #""client""#,
      #""secrets": { "Token": { "file": "../../token.txt" } }, "client""#)
    try workspace.write(".gitignore", "token.txt\n.trueup\n")
    try workspace.commit("A token")
    try converge(workspace)
    try workspace.write("token.txt", "the-second-token-of-acme")
    let planned = try workspace.start(["plan", "--format", "json"]).finish()
    XCTAssertEqual(planned.code, 2, planned.everything)
    XCTAssertEqual(try Report(planned).change("Group")?.paths, ["/AuthToken"])
    XCTAssertFalse(planned.everything.contains("token-of-acme"), "no secret is told")
    try converge(workspace)
    XCTAssertEqual(
      try calls("ModifyReplicationGroup").map { $0["AuthTokenUpdateStrategy"].string },
      ["ROTATE", "SET"])
  }
}
