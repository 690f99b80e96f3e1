import XCTest

/// Others add to what is ours; and what ignores case.
final class SharedListTests: EndToEndTestCase {
  private static let trust = """
    "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [{ "Effect": "Allow",
      "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" }] }
    """

  private func write(_ workspace: Workspace, _ resources: String) throws {
    try workspace.write(
      "desired-state/blueprints/base.jsonc", Fixtures.blueprint(resources))
    try workspace.commit("Resources")
  }

  private func assertInSyncEitherWay(_ workspace: Workspace) throws {
    try assertInSync(workspace)
    try workspace.remove(".trueup")
    try assertInSync(workspace)
  }

  func testNetworksThatOthersAssociateWithAZoneStay() throws {
    func resources(_ networks: String...) -> String {
      let vpcs = ["A", "B"].enumerated().map { index, name in
        #""\#(name)": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.\#(index).0.0/16" } }"#
      }
      let associated = networks.map {
        #"{ "VPCId": { "Ref": "\#($0)" }, "VPCRegion": "us-east-1" }"#
      }
      return
        (vpcs + [
          #""Zone": { "Type": "AWS::Route53::HostedZone", "Properties": { "Name": "acme.internal", "VPCs": [\#(associated.joined(separator: ", "))] } }"#
        ]).joined(separator: ",")
    }
    let workspace = try workspace(resources("A", "B"))
    try converge(workspace)
    let zone = try physicalID("Zone")
    func associated() throws -> Int {
      try endpoint.aws("route53", "get_hosted_zone", ["Id": zone])["VPCs"].array.count
    }
    let other = try endpoint.aws("ec2", "create_vpc", ["CidrBlock": "10.9.0.0/16"])["Vpc"]["VpcId"]
    try endpoint.aws(
      "route53", "associate_vpc_with_hosted_zone",
      ["HostedZoneId": zone, "VPC": ["VPCId": other.string ?? "", "VPCRegion": "us-east-1"]])
    try assertInSyncEitherWay(workspace)
    try write(workspace, resources("A"))
    try converge(workspace)
    XCTAssertEqual(try associated(), 2, "ours that is no longer declared goes, theirs stays")
    try assertInSyncEitherWay(workspace)
  }

  func testSubscriptionsAndAttachmentsOfOthersStay() throws {
    let workspace = try workspace(
      """
      "Topic": { "Type": "AWS::SNS::Topic", "Properties": { "Subscription": [
        { "Protocol": "sqs", "Endpoint": { "Fn::GetAtt": ["Queue", "Arn"] } }] } },
      "Queue": { "Type": "AWS::SQS::Queue" },
      "Role": { "Type": "AWS::IAM::Role", "Properties": { \(Self.trust) } },
      "Policy": { "Type": "AWS::IAM::ManagedPolicy", "Properties": {
        "Roles": [{ "Ref": "Role" }], "PolicyDocument": { "Version": "2012-10-17", "Statement": [{
          "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
          "Condition": { "Bool": { "aws:SecureTransport": "true" } } }] } } }
      """)
    try converge(workspace)
    let topic = try endpoint.aws("sns", "list_topics")["Topics"][0]["TopicArn"].string ?? ""
    try endpoint.aws(
      "sns", "subscribe",
      ["TopicArn": topic, "Protocol": "sqs", "Endpoint": "arn:aws:sqs:us-east-1:123456789012:o"])
    let policy =
      try endpoint.aws("iam", "list_policies", ["Scope": "Local"])["Policies"][0]["Arn"].string
      ?? ""
    let trust =
      #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#
    try endpoint.aws(
      "iam", "create_role", ["RoleName": "theirs", "AssumeRolePolicyDocument": trust])
    try endpoint.aws("iam", "attach_role_policy", ["RoleName": "theirs", "PolicyArn": policy])
    // Somebody writes the same policy in other letters.
    try endpoint.aws(
      "iam", "create_policy_version",
      [
        "PolicyArn": policy, "SetAsDefault": true,
        "PolicyDocument":
          #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"S3:getobject","Resource":"*","Condition":{"Bool":{"AWS:securetransport":true}}}}"#,
      ])
    try assertInSyncEitherWay(workspace)
    // And then one that says less.
    try endpoint.aws(
      "iam", "create_policy_version",
      [
        "PolicyArn": policy, "SetAsDefault": true,
        "PolicyDocument":
          #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"S3:getobject","Resource":"*","Condition":{"Bool":{"AWS:securetransport":true},"StringEquals":{"aws:PrincipalTag/a":"b"}}}}"#,
      ])
    let drift = try report(workspace, "drift", exits: 2)
    XCTAssertEqual(drift.changes.map(\.resource), ["Policy"], "a condition that nobody declares")
    try converge(workspace)
  }

  func testATagThatChangesItsCaseIsThereAfterwards() throws {
    func role(_ key: String) -> String {
      """
      "Role": { "Type": "AWS::IAM::Role", "Properties": { \(Self.trust),
        "Tags": [{ "Key": "\(key)", "Value": "7" }] } }
      """
    }
    let workspace = try workspace(role("Team"))
    try converge(workspace)
    try write(workspace, role("team"))
    try converge(workspace)
    func keys() throws -> [String] {
      try endpoint.aws("iam", "list_role_tags", ["RoleName": roleName("Role")])["Tags"].tags.keys
        .filter { $0.lowercased() == "team" }
    }
    XCTAssertEqual(try keys(), ["team"])
    // Somebody spells it otherwise.
    try endpoint.aws("iam", "untag_role", ["RoleName": roleName("Role"), "TagKeys": ["team"]])
    try endpoint.aws(
      "iam", "tag_role",
      ["RoleName": roleName("Role"), "Tags": [["Key": "TEAM", "Value": "7"]]])
    try converge(workspace)
    XCTAssertEqual(try keys(), ["team"])
    try write(
      workspace,
      """
      "Role": { "Type": "AWS::IAM::Role", "Properties": { \(Self.trust),
        "Tags": [{ "Key": "Team", "Value": "7" }, { "Key": "team", "Value": "8" }] } }
      """)
    let refused = try workspace.trueup("validate")
    XCTAssertEqual(refused.code, 1, refused.everything)
    XCTAssert(
      refused.everything.contains(#"tags "Team" and "team" differ in case only"#),
      refused.everything)
  }

  func testAsManyPoliciesAsARoleCanHaveAreExchanged() throws {
    func role(_ names: [String]) -> String {
      let arns = names.map { "\"arn:aws:iam::aws:policy/\($0)\"" }.joined(separator: ", ")
      return """
        "Role": { "Type": "AWS::IAM::Role", "Properties": { \(Self.trust),
          "ManagedPolicyArns": [\(arns)] } }
        """
    }
    let all =
      try endpoint.aws("iam", "list_policies", ["Scope": "AWS", "PathPrefix": "/"])["Policies"]
      .array.compactMap { $0["Arn"].string }.filter { $0.split(separator: "/").count == 2 }
      .map { String($0.split(separator: "/").last ?? "") }
    let workspace = try workspace(role(Array(all[..<10])))
    try converge(workspace)
    try write(workspace, role(Array(all[10..<20])))
    try converge(workspace)
  }
}
