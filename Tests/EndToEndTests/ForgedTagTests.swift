import Foundation
import XCTest

/// Somebody who may tag puts our owner tags on what is not ours.
final class ForgedTagTests: FaultTestCase {
  private let resources =
    """
    "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } },
    "Bucket": { "Type": "AWS::S3::Bucket" },
    """ + Fixtures.logs + ","

  /// A foreign VPC, bucket, log group and role with our tags, named `foreign`.
  private func forge(_ names: [String], _ revision: String?) throws -> String {
    func tags(_ resource: String) -> [[String: Any]] {
      ownerTags(resource) + (revision.map { [["Key": "trueup:rev", "Value": $0]] } ?? [])
    }
    let vpc = try endpoint.aws("ec2", "create_vpc", ["CidrBlock": "10.99.0.0/16"])["Vpc"]["VpcId"]
    let id = try XCTUnwrap(vpc.string)
    try endpoint.aws("ec2", "create_tags", ["Resources": [id], "Tags": tags(names[0])])
    try endpoint.aws("s3", "create_bucket", ["Bucket": "foreign"])
    try endpoint.aws(
      "s3", "put_bucket_tagging", ["Bucket": "foreign", "Tagging": ["TagSet": tags(names[1])]])
    var pairs: [String: Any] = ["trueup:stack": "cosyworld/acme-prod", "trueup:resource": names[2]]
    pairs["trueup:rev"] = revision
    try endpoint.aws("logs", "create_log_group", ["logGroupName": "foreign", "tags": pairs])
    try endpoint.aws(
      "iam", "create_role",
      [
        "RoleName": "foreign", "AssumeRolePolicyDocument": Self.trust, "Tags": tags(names[3]),
      ])
    return id
  }

  private func foreign(_ vpc: String) throws -> [Bool] {
    [
      try endpoint.aws("ec2", "describe_vpcs")["Vpcs"].array.contains {
        $0["VpcId"].string == vpc
      },
      try endpoint.aws("s3", "list_buckets")["Buckets"].array.contains {
        $0["Name"].string == "foreign"
      },
      try endpoint.aws("logs", "describe_log_groups")["logGroups"].array.contains {
        $0["logGroupName"].string == "foreign"
      },
      try endpoint.aws("iam", "list_roles")["Roles"].array.contains {
        $0["RoleName"].string == "foreign"
      },
    ]
  }

  private func head(_ workspace: Workspace) throws -> String {
    try workspace.read(".git/refs/heads/main").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Tags of what is desired, and of what is not, with a revision and without, with a journal and
  /// without.
  func testForgedTagsDeleteAndReplaceNothing() throws {
    let desired = ["Vpc", "Bucket", "Logs", "Role"]
    let gone = ["OldVpc", "OldBucket", "OldLogs", "OldRole"]
    for (names, hasRevision, hasJournal) in [
      (desired, true, true), (desired, false, false), (desired, true, false), (gone, true, false),
      (gone, false, true),
    ] {
      let told = "\(names[0]), revision: \(hasRevision), journal: \(hasJournal)"
      try endpoint.control("POST reset")
      let workspace = try roomy(resources + role("Role"))
      try converge(workspace)
      let ours = [try physicalID("Vpc"), try physicalID("Logs"), try roleName("Role")]
      let vpc = try forge(names, hasRevision ? try head(workspace) : nil)
      if !hasJournal { try forgetJournal(workspace) }
      try endpoint.forgetCalls()
      let planned = try Report(try workspace.trueup("plan", "--format", "json"))
      let doing = planned.actions.filter { !$0.hasPrefix("blocked") }
      XCTAssertEqual(doing, [], "\(told): \(planned.json)")
      XCTAssert(
        planned.json.description.contains(vpc), "\(told): it is named: \(planned.json)")
      let applied = try workspace.trueup("apply", "--yes")
      XCTAssertEqual(try mutations(), [], "\(told): \(applied.everything)")
      XCTAssertEqual(try foreign(vpc), [true, true, true, true], told)
      XCTAssert(applied.everything.contains("--allow-orphans"), applied.everything)
      let unconsented = try workspace.trueup("apply", "--yes", "--allow-orphans")
      XCTAssertEqual(unconsented.code, 3, "\(told): \(unconsented.everything)")
      XCTAssertEqual(try mutations(), [], "\(told): \(unconsented.everything)")
      let allowed = try workspace.trueup(
        "apply", "--yes", "--allow-orphans", "--allow-data-loss", "acme-prod/\(names[1])",
        "--allow-data-loss", "acme-prod/\(names[2])")
      XCTAssertEqual(allowed.code, 0, "\(told): \(allowed.everything)")
      XCTAssertEqual(
        try foreign(vpc), [false, false, false, false], "\(told): \(allowed.everything)")
      XCTAssertEqual(
        [try physicalID("Vpc"), try physicalID("Logs"), try roleName("Role")], ours, told)
      try assertSettled(workspace)
    }
  }

  func testADestroyedStackLeavesWhatCarriesForgedTags() throws {
    let workspace = try roomy(resources + role("Role"))
    try converge(workspace)
    let vpc = try forge(["OldVpc", "OldBucket", "OldLogs", "OldRole"], nil)
    try manifest(workspace, #""destroy": { "data": "delete" }"#)
    _ = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(try foreign(vpc), [true, true, true, true])
    XCTAssertThrowsError(try physicalID("Vpc"), "what is ours is gone")
  }
}
