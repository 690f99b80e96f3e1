import XCTest

/// Policies and keys through a stack's whole life.
final class IdentityTests: EndToEndTestCase {
  /// Policies of all sorts on two roles, a user and a group; the latter are made by hand.
  private func policies() throws -> String {
    try endpoint.aws("iam", "create_user", ["UserName": "alice"])
    try endpoint.aws("iam", "create_group", ["GroupName": "operators"])
    return try Conformance.resources(of: [
      "IAM::ManagedPolicy", "IAM::Policy", "IAM::RolePolicy", "IAM::InstanceProfile",
      "IAM::OIDCProvider",
    ])
  }

  /// IAM deletes nothing that is attached, holds versions or has a role in it; a key waits.
  func testEverythingIsTakenAwayInAnOrderThatAWSAccepts() throws {
    let workspace = try workspace(
      try policies() + ","
        + Conformance.resources(of: ["S3::BucketPolicy", "KMS::Key", "KMS::Alias"]))
    try converge(workspace)
    try endpoint.aws(
      "iam", "create_policy_version",
      [
        "PolicyArn": "arn:aws:iam::123456789012:policy/trueup/a-declared-policy",
        "PolicyDocument": Fixtures.allow("*"), "SetAsDefault": false,
      ])
    let key = try physicalID("Key")
    try workspace.write(
      "desired-state/clients/acme-prod.jsonc",
      Fixtures.manifest("acme").replacingOccurrences(
        of: "\"client\"", with: "\"destroy\": { \"data\": \"delete\" }, \"client\""))
    try workspace.commit("Take it away")
    let destroyed = try workspace.trueup("destroy", "acme-prod", "--yes", "--allow-deletes", "40")
    XCTAssertEqual(destroyed.code, 0, destroyed.everything)

    let details = try endpoint.aws("iam", "get_account_authorization_details", [:])
    XCTAssertEqual(details["RoleDetailList"].array.count, 0, "\(details)")
    XCTAssertEqual(
      details["UserDetailList"][0]["UserPolicyList"].array.count, 0,
      "the user, who is not ours, is left without our policy: \(details)")
    XCTAssertEqual(details["UserDetailList"][0]["AttachedManagedPolicies"].array.count, 0)
    let profiles = try endpoint.aws("iam", "list_instance_profiles", [:])
    XCTAssertEqual(profiles["InstanceProfiles"].array.count, 0)
    let providers = try endpoint.aws("iam", "list_open_id_connect_providers", [:])
    XCTAssertEqual(providers["OpenIDConnectProviderList"].array.count, 0)
    XCTAssertEqual(try endpoint.aws("s3", "list_buckets", [:])["Buckets"].array.count, 0)
    let metadata = try endpoint.aws("kms", "describe_key", ["KeyId": key])["KeyMetadata"]
    XCTAssertEqual(metadata["KeyState"].string, "PendingDeletion", "\(metadata)")
    try workspace.write("desired-state/clients/acme-prod.jsonc", Fixtures.manifest("acme"))
    try workspace.commit("Once more")
    let planned = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(
      planned.change("Key")?.action, "blocked",
      "the next client of that name does not get the key of the last one")
  }

  /// The sixth version of a policy needs the room of the oldest.
  func testAPolicyIsChangedMoreOftenThanIAMKeepsVersions() throws {
    func policy(_ action: String) -> String {
      """
      "Policy": {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": { "PolicyDocument": \(Fixtures.allow(action)) }
      }
      """
    }
    let workspace = try workspace(policy("s3:0"))
    try converge(workspace)
    for turn in 1...6 {
      try workspace.write(
        "desired-state/blueprints/base.jsonc", Fixtures.blueprint(policy("s3:\(turn)")))
      try workspace.commit("Version \(turn)")
      let applied = try converge(workspace)
      XCTAssertEqual(applied.change("Policy")?.action, "update", "\(applied.json)")
    }
  }

  /// Who may use what is asked of IAM in one call for all, as for roles alone.
  func testPoliciesInRolesNeedNoReadOfTheirOwn() throws {
    let workspace = try workspace(try policies())
    try converge(workspace)
    let planned = try report(workspace, "plan", exits: 0)
    XCTAssertEqual(
      planned.json["calls"]["byService"]["iam"].int, 7,
      "details of roles, policies, users and groups, the profiles, the providers and the one of "
        + "ours: \(planned.json["calls"])")
  }
}
