import Foundation
import XCTest

/// `apply` killed with -9 and run again converges: nothing twice, nothing orphaned.
final class CrashTests: EndToEndTestCase {
  private let resources =
    Fixtures.network + ",\n" + Fixtures.logs + ",\n" + """
          "Bucket": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
              "VersioningConfiguration": { "Status": "Enabled" },
              "OwnershipControls": { "Rules": [{ "ObjectOwnership": "ObjectWriter" }] }
            }
          },
          "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
              "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
              "Policies": [
                {
                  "PolicyName": "logs",
                  "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [{ "Effect": "Allow", "Action": "logs:*", "Resource": "*" }]
                  }
                }
              ],
              "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                  {
                    "Effect": "Allow", "Action": "sts:AssumeRole",
                    "Principal": { "Service": "ecs-tasks.amazonaws.com" }
                  }
                ]
              }
            }
          }
      """

  func testKilledAtAnyMutatingCallItConverges() throws {
    let workspace = try workspace(resources)
    try report(workspace, "apply", "--yes", "--parallelism", "1", exits: 0)
    let mutating = try endpoint.calls().filter { $0["mutating"].bool == true }.count
    XCTAssertGreaterThanOrEqual(mutating, 10, "with two ways to die at each, some twenty")
    for skipped in 0..<mutating {
      // The call never arrives; the call takes effect and its reply never comes.
      for mode in ["hang:1500", "delay-reply:1500"] {
        try killAndConverge(skipped: skipped, mode: mode)
      }
    }
  }

  func testALostReplyOfACreateMakesNoSecondResource() throws {
    for operation in ["CreateVpc", "CreateSubnet", "CreateSecurityGroup", "CreateLogGroup"] {
      try endpoint.control("POST reset")
      try endpoint.configure([
        "verify": true, "fail": [["operation": operation, "mode": "drop-reply"]],
      ])
      let workspace = try workspace(resources)
      _ = try workspace.trueup("apply", "--yes")
      let again = try workspace.trueup("apply", "--yes")
      XCTAssertEqual(again.code, 0, "\(operation): \(again.everything)")
      try assertOneOfEach(workspace, "a lost reply of \(operation)")
    }
  }

  func testWhatWasJustCreatedAndIsNotShownYetIsNotCreatedAgain() throws {
    try endpoint.configure(["consistencyDelay": 2])
    let workspace = try workspace(resources)
    let applied = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(applied.code, 0, applied.everything)
    try endpoint.configure(["consistencyDelay": 0])
    try assertOneOfEach(workspace, "eventual consistency")
  }

  func testThrottlingIsWaitedOut() throws {
    try endpoint.configure([
      "fail": [
        [
          "service": "ec2", "operation": "DescribeVpcs", "times": 2,
          "mode": "error:RequestLimitExceeded:503",
        ],
        ["service": "iam", "operation": "CreateRole", "mode": "error:Throttling:400"],
        ["service": "logs", "operation": "Describe.*", "mode": "error:ThrottlingException:400"],
      ]
    ])
    let workspace = try workspace(resources)
    let applied = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(applied.code, 0, applied.everything)
    try assertOneOfEach(workspace, "throttling")
  }

  /// Kills `apply` while the mutating call after `skipped` others hangs, and applies again.
  private func killAndConverge(skipped: Int, mode: String) throws {
    try endpoint.control("POST reset")
    try endpoint.configure(["verify": true])
    let workspace = try workspace(resources)
    try endpoint.configure([
      "fail": [["mutating": true, "service": "ec2|s3|iam|logs", "skip": skipped, "mode": mode]]
    ])
    let running = try workspace.start(["apply", "--yes", "--parallelism", "1"])
    try waitUntilACallHangs()
    running.kill9()
    _ = try running.finish()
    try endpoint.configure(["fail": [[String: Any]]()])
    let again = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(again.code, 0, "killed at call \(skipped): \(again.everything)")
    try assertOneOfEach(workspace, "killed at mutating call \(skipped), \(mode)")
  }

  private func assertOneOfEach(_ workspace: Workspace, _ reason: String) throws {
    try assertInSync(workspace)
    let owned: [[String: Any]] = [["Name": "tag-key", "Values": ["trueup:stack"]]]
    let counts = [
      "VPC": try endpoint.aws("ec2", "describe_vpcs", ["Filters": owned])["Vpcs"].array.count,
      "subnet": try endpoint.aws("ec2", "describe_subnets", ["Filters": owned])["Subnets"]
        .array.count,
      "security group": try endpoint.aws("ec2", "describe_security_groups", ["Filters": owned])[
        "SecurityGroups"
      ].array.count,
      "log group": try endpoint.aws("logs", "describe_log_groups")["logGroups"].array.count,
      "bucket": try endpoint.aws("s3", "list_buckets")["Buckets"].array.count,
      "role": try endpoint.aws("iam", "list_roles")["Roles"].array.count,
    ]
    // The account's default VPC and its untagged parts are not counted.
    for (kind, count) in counts.sorted(by: { $0.key < $1.key }) {
      XCTAssertEqual(count, 1, "\(reason): there should be one \(kind)")
    }
  }
}
