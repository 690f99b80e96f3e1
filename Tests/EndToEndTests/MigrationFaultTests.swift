import Foundation
import XCTest

/// What existed before Trueup: it is pointed out and taken over, not made a second time.
final class MigrationFaultTests: FaultTestCase {
  private let resources = """
    "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.200.0.0/16",
      "Tags": [{ "Key": "Name", "Value": "main" }] } },
    "Zone": { "Type": "AWS::Route53::HostedZone", "Properties": { "Name": "tf.example" } },
    "Key": { "Type": "AWS::KMS::Key", "Properties": { "KeyPolicy": {
      "Version": "2012-10-17", "Statement": [ { "Effect": "Allow", "Action": "kms:*",
        "Principal": { "AWS": "arn:aws:iam::123456789012:root" }, "Resource": "*" } ] } } },
    "Alias": { "Type": "AWS::KMS::Alias", "Properties": {
      "AliasName": "alias/main", "TargetKeyId": { "Ref": "Key" } } }
    """

  private func existing() throws -> [String: String] {
    let vpc = try endpoint.aws("ec2", "create_vpc", ["CidrBlock": "10.200.0.0/16"])["Vpc"]["VpcId"]
    let id = try XCTUnwrap(vpc.string)
    try endpoint.aws(
      "ec2", "create_tags", ["Resources": [id], "Tags": [["Key": "Name", "Value": "main"]]])
    let zone = try endpoint.aws(
      "route53", "create_hosted_zone", ["Name": "tf.example", "CallerReference": "by hand"])
    let key = try XCTUnwrap(
      try endpoint.aws("kms", "create_key")["KeyMetadata"]["KeyId"].string)
    try endpoint.aws("kms", "create_alias", ["AliasName": "alias/main", "TargetKeyId": key])
    let path = try XCTUnwrap(zone["HostedZone"]["Id"].string)
    return ["Vpc": id, "Zone": String(path.split(separator: "/").last ?? ""), "Key": key]
  }

  func testWhatLooksAlikeIsPointedOutAndAdoptedByItsID() throws {
    let workspace = try roomy(resources)
    let existing = try existing()
    let planned = try report(workspace, "plan", exits: 2)
    for (resource, id) in existing {
      let hint = planned.change(resource)?.json["hint"].string ?? ""
      XCTAssert(
        hint.contains(id) && hint.contains("trueup adopt acme-prod/\(resource) \(id)"),
        "\(resource): \(planned.json)")
      XCTAssertEqual(planned.change(resource)?.action, "blocked", "it is part of a new stack")
    }
    XCTAssertEqual(planned.change("Alias")?.action, "blocked")
    try endpoint.forgetCalls()
    let refused = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(refused.code, 3, refused.everything)
    XCTAssert(refused.everything.contains("--allow-partial"), refused.everything)
    XCTAssertEqual(try mutations(), [], "of a new stack nothing is made beside what exists")
    let words = existing.sorted { $0.key < $1.key }.flatMap { ["acme-prod/\($0.key)", $0.value] }
    let adopted = try workspace.start(["adopt"] + words + ["acme-prod/Alias"]).finish()
    XCTAssertEqual(adopted.code, 0, adopted.everything)
    try workspace.commit("Adopt")
    let after = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(
      after.actions,
      [
        "adopt acme-prod/Alias", "adopt acme-prod/Key", "adopt acme-prod/Vpc",
        "adopt acme-prod/Zone",
      ]
    )
    try converge(workspace)
    try assertSettled(workspace)
    XCTAssertEqual(
      try endpoint.aws("route53", "list_hosted_zones")["HostedZones"].array.count, 1)
    XCTAssertEqual(try endpoint.aws("kms", "list_keys")["Keys"].array.count, 1)
    XCTAssertEqual(try physicalID("Vpc"), existing["Vpc"])
  }

  func testWhatLooksAlikeBlocksNothing() throws {
    let workspace = try roomy(
      #""Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.200.0.0/16" } }"#)
    _ = try existing()
    try converge(workspace)
  }

  func testAPartlyExistingNewStackIsMadeWhenAllowed() throws {
    let workspace = try roomy(resources)
    _ = try existing()
    let applied = try workspace.trueup("apply", "--yes", "--allow-partial")
    XCTAssertNotEqual(applied.code, 1, applied.everything)
    XCTAssertNoThrow(try physicalID("Vpc"), applied.everything)
    let aliases = try endpoint.aws("kms", "list_aliases")["Aliases"].array
    let key = try physicalID("Key")
    XCTAssertFalse(
      aliases.contains { $0["TargetKeyId"].string == key }, "the alias of others stays")
  }
}
