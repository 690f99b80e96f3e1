import XCTest

/// What is changed behind Trueup's back is reported as drift, with its path, and mended.
final class DriftTests: EndToEndTestCase {
  private struct Case: Sendable {
    let reason: String
    let resource: String
    /// The start of a path among the differences; nil when the resource is gone.
    let path: String?
    let change: @Sendable (DriftTests) throws -> Void
  }

  private static let cases: [Case] = [
    Case(reason: "a changed attribute of a VPC", resource: "Vpc", path: "/EnableDnsHostnames") {
      try $0.endpoint.aws(
        "ec2", "modify_vpc_attribute",
        ["VpcId": $0.physicalID("Vpc"), "EnableDnsHostnames": ["Value": false]])
    },
    Case(
      reason: "a changed attribute of a subnet", resource: "SubnetA", path: "/MapPublicIpOnLaunch"
    ) {
      try $0.endpoint.aws(
        "ec2", "modify_subnet_attribute",
        ["SubnetId": $0.physicalID("SubnetA"), "MapPublicIpOnLaunch": ["Value": true]])
    },
    Case(
      reason: "an added security-group rule", resource: "FrontSecurityGroup",
      path: "/SecurityGroupIngress"
    ) {
      try $0.endpoint.aws(
        "ec2", "authorize_security_group_ingress",
        [
          "GroupId": $0.physicalID("FrontSecurityGroup"), "IpProtocol": "tcp", "FromPort": 22,
          "ToPort": 22, "CidrIp": "0.0.0.0/0",
        ])
    },
    Case(
      reason: "a revoked security-group rule", resource: "TaskSecurityGroup",
      path: "/SecurityGroupEgress"
    ) {
      try $0.endpoint.aws(
        "ec2", "revoke_security_group_egress",
        [
          "GroupId": $0.physicalID("TaskSecurityGroup"),
          "IpPermissions": [["IpProtocol": "-1", "IpRanges": [["CidrIp": "0.0.0.0/0"]]]],
        ])
    },
    Case(reason: "a removed tag", resource: "SubnetB", path: "/Tags") {
      try $0.endpoint.aws(
        "ec2", "delete_tags",
        ["Resources": [$0.physicalID("SubnetB")], "Tags": [["Key": "CostCenter"]]])
    },
    Case(
      reason: "a bucket made public", resource: "Assets", path: "/PublicAccessBlockConfiguration"
    ) {
      try $0.endpoint.aws(
        "s3", "delete_public_access_block", ["Bucket": $0.physicalID("Assets")])
    },
    Case(
      reason: "suspended versioning", resource: "Assets", path: "/VersioningConfiguration"
    ) {
      try $0.endpoint.aws(
        "s3", "put_bucket_versioning",
        [
          "Bucket": $0.physicalID("Assets"), "VersioningConfiguration": ["Status": "Suspended"],
        ])
    },
    Case(reason: "an added inline policy", resource: "TaskRole", path: "/Policies") {
      try $0.endpoint.aws(
        "iam", "put_role_policy",
        [
          "RoleName": $0.roleName("TaskRole"), "PolicyName": "everything",
          "PolicyDocument":
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
        ])
    },
    Case(reason: "an attached managed policy", resource: "TaskRole", path: "/ManagedPolicyArns") {
      try $0.endpoint.aws(
        "iam", "attach_role_policy",
        [
          "RoleName": $0.roleName("TaskRole"),
          "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess",
        ])
    },
    Case(reason: "a changed retention", resource: "AppLogs", path: "/RetentionInDays") {
      try $0.endpoint.aws(
        "logs", "put_retention_policy",
        ["logGroupName": $0.physicalID("AppLogs"), "retentionInDays": 1])
    },
    Case(reason: "a deleted log group", resource: "AppLogs", path: nil) {
      try $0.endpoint.aws("logs", "delete_log_group", ["logGroupName": $0.physicalID("AppLogs")])
    },
    Case(reason: "a deleted subnet", resource: "SubnetB", path: nil) {
      try $0.endpoint.aws("ec2", "delete_subnet", ["SubnetId": $0.physicalID("SubnetB")])
    },
  ]

  func testEveryChangeMadeByHandIsDriftAndIsMended() throws {
    continueAfterFailure = true
    let workspace = try Workspace(try endpoint, examples: true)
    try converge(workspace)
    for test in Self.cases {
      try test.change(self)
      let drift = try report(workspace, "drift", exits: 2)
      XCTAssertEqual(drift.changes.count, 1, "\(test.reason) is one change: \(drift.json)")
      let change = drift.change(test.resource)
      XCTAssertEqual(change?.cause, "drift", "\(test.reason): \(drift.json)")
      if let path = test.path {
        XCTAssertEqual(change?.action, "update", test.reason)
        XCTAssert(
          change?.paths.contains { $0.hasPrefix(path) } == true,
          "\(test.reason) is at \(path): \(drift.json)")
      } else {
        XCTAssertEqual(change?.action, "create", test.reason)
      }
      try converge(workspace)
    }
  }

  func testAForeignTagIsNoDrift() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try converge(workspace)
    let vpc = try physicalID("Vpc")
    try endpoint.aws(
      "ec2", "create_tags",
      ["Resources": [vpc], "Tags": [["Key": "aws-health", "Value": "watched"]]])
    try endpoint.aws(
      "logs", "tag_resource",
      [
        "resourceArn": "arn:aws:logs:us-east-1:123456789012:log-group:" + physicalID("AppLogs"),
        "tags": ["owner": "somebody"],
      ])
    let drift = try workspace.trueup("drift")
    XCTAssertEqual(drift.code, 0, "tags of others are left alone:\n\(drift.everything)")
  }

  func testTheMainJobByTheAWSCLI() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try converge(workspace)
    let aws = AWSCLI(endpoint: try endpoint)
    let group = try physicalID("FrontSecurityGroup")
    try aws.run([
      "ec2", "authorize-security-group-ingress", "--group-id", group, "--protocol", "tcp",
      "--port", "22", "--cidr", "0.0.0.0/0",
    ])
    try aws.run([
      "s3api", "delete-public-access-block", "--bucket", try physicalID("Assets"),
    ])
    let drift = try report(workspace, "drift", exits: 2)
    XCTAssertEqual(
      drift.changes.map(\.address).sorted(),
      ["acme-prod/Assets", "acme-prod/FrontSecurityGroup"])
    try converge(workspace)
    let rules = try aws.run([
      "ec2", "describe-security-group-rules", "--filters", "Name=group-id,Values=\(group)",
      "--query", "SecurityGroupRules[?FromPort==`22`]", "--output", "json",
    ])
    XCTAssertEqual(rules.trimmingCharacters(in: .whitespacesAndNewlines), "[]")
  }

  func testAStrippedOwnerTagBlocksAndMakesNoSecondVPC() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try converge(workspace)
    let vpc = try physicalID("Vpc")
    try endpoint.aws(
      "ec2", "delete_tags",
      [
        "Resources": [vpc], "Tags": [["Key": "trueup:stack"], ["Key": "trueup:resource"]],
      ])
    let before = try endpoint.aws("ec2", "describe_vpcs")["Vpcs"].array.count
    let drift = try report(workspace, "drift", exits: 2)
    XCTAssertEqual(drift.change("Vpc")?.action, "blocked", "\(drift.json)")
    _ = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(try endpoint.aws("ec2", "describe_vpcs")["Vpcs"].array.count, before)
  }
}
