import Foundation
import XCTest

/// What is one to AWS and is written in two ways.
final class RuleFaultTests: FaultTestCase {
  func testConditionKeysAreComparedWithoutCase() throws {
    func policy(_ key: String) -> String {
      """
      { "Version": "2012-10-17", "Statement": [ { "Effect": "Deny", "Principal": "*",
        "Action": "s3:*", "Resource": { "Fn::Sub": "${Bucket.Arn}/*" },
        "Condition": { "Bool": { "\(key)": "false" } } } ] }
      """
    }
    func resources(_ key: String) -> String {
      """
      "Bucket": { "Type": "AWS::S3::Bucket" },
      "Policy": { "Type": "AWS::S3::BucketPolicy", "Properties": {
        "Bucket": { "Ref": "Bucket" }, "PolicyDocument": \(policy(key)) } }
      """
    }
    let workspace = try roomy(resources("aws:SecureTransport"))
    try converge(workspace)
    try rewrite(workspace, resources("AWS:securetransport"))
    try assertSettled(workspace)
    try rewrite(workspace, resources("aws:ViaAWSService"))
    try report(workspace, "plan", exits: 2)
  }

  func testValuesOfAFilterPolicyAreASet() throws {
    func resources(_ values: String) -> String {
      """
      "Topic": { "Type": "AWS::SNS::Topic" }, "Queue": { "Type": "AWS::SQS::Queue" },
      "Subscription": { "Type": "AWS::SNS::Subscription", "Properties": {
        "TopicArn": { "Ref": "Topic" }, "Protocol": "sqs",
        "Endpoint": { "Fn::GetAtt": ["Queue", "Arn"] },
        "FilterPolicy": { "kind": [\(values)] } } }
      """
    }
    let workspace = try roomy(resources(#""a", "b""#))
    try converge(workspace)
    try rewrite(workspace, resources(#""b", "a""#))
    try assertSettled(workspace)
    try rewrite(workspace, resources(#""b""#))
    try report(workspace, "plan", exits: 2)
  }

  /// The port that stays open is no success.
  func testARevokeThatFindsNoRuleIsNoSuccessWhileThePortIsOpen() throws {
    let workspace = try roomy(Fixtures.network)
    try converge(workspace)
    let group = try physicalID("Group")
    try endpoint.aws(
      "ec2", "authorize_security_group_ingress",
      [
        "GroupId": group, "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
        "CidrIp": "0.0.0.0/0",
      ])
    try endpoint.configure([
      "fail": [
        [
          "operation": "RevokeSecurityGroupIngress",
          "mode": "error:InvalidSecurityGroupRuleId.NotFound:400",
        ]
      ]
    ])
    try endpoint.forgetCalls()
    let applied = try workspace.trueup("apply", "--yes", "--format", "json")
    let shown = try endpoint.aws("ec2", "describe_security_groups", ["GroupIds": [group]])
    let ports = shown["SecurityGroups"][0]["IpPermissions"].array.compactMap {
      $0["FromPort"].int
    }
    XCTAssertEqual(
      applied.code == 0, !ports.contains(22), "ports \(ports): \(applied.everything)")
    let revoke = try endpoint.calls().first {
      $0["operation"].string == "RevokeSecurityGroupIngress"
    }
    XCTAssert(
      revoke?["params"].description.contains("sgr-") == true,
      "by its id: \(String(describing: revoke))")
    try converge(workspace)
  }
}
