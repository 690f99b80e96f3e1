import Foundation
import XCTest

/// Whose a resource is: names, tags and identifiers that are equal to ours and are not ours.
final class OwnershipFaultTests: FaultTestCase {
  private let named = """
    "Alarm": {
      "Type": "AWS::CloudWatch::Alarm",
      "Properties": {
        "AlarmName": "a", "MetricName": "CPUUtilization", "Namespace": "AWS/EC2",
        "Statistic": "Average", "Period": 60, "EvaluationPeriods": 1, "Threshold": 90,
        "ComparisonOperator": "GreaterThanThreshold"
      }
    },
    "Logs": {
      "Type": "AWS::Logs::LogGroup",
      "Properties": { "LogGroupName": "/taken", "RetentionInDays": 30 }
    }
    """

  func testWhatSomebodyElseOwnsUnderOurNameIsBlocked() throws {
    for owner in ["other/x-prod", "cosyworld/beta-prod", "cosyworld/gone-prod"] {
      try endpoint.control("POST reset")
      let workspace = try roomy(named)
      try addBeta(workspace, #""Queue": { "Type": "AWS::SQS::Queue" }"#)
      try endpoint.aws(
        "cloudwatch", "put_metric_alarm",
        [
          "AlarmName": "a", "MetricName": "CPUUtilization", "Namespace": "AWS/EC2",
          "Statistic": "Average", "Period": 60, "EvaluationPeriods": 1, "Threshold": 10,
          "ComparisonOperator": "GreaterThanThreshold", "Tags": ownerTags("Alarm", owner),
        ])
      try endpoint.aws(
        "logs", "create_log_group",
        [
          "logGroupName": "/taken",
          "tags": ["trueup:stack": owner, "trueup:resource": "Logs"],
        ])
      let planned = try report(workspace, "plan", "--client", "acme", exits: 2)
      XCTAssertEqual(
        planned.actions, ["blocked acme-prod/Alarm", "blocked acme-prod/Logs"], owner)
      let applied = try workspace.trueup("apply", "--yes")
      XCTAssertNotEqual(applied.code, 0, "\(owner): \(applied.everything)")
      let alarms = try endpoint.aws("cloudwatch", "describe_alarms")["MetricAlarms"].array
      XCTAssertEqual(alarms.map { $0["Threshold"].int }, [10], owner)
      let groups = try endpoint.aws("logs", "describe_log_groups")["logGroups"].array
      XCTAssertEqual(groups.map { $0["retentionInDays"].int }, [nil], owner)
    }
  }

  /// Every type with a declared name, made by another project and by another stack of ours.
  func testWhatAnotherProjectMadeUnderOurNamesIsBlocked() throws {
    let resources = """
      "Queue": { "Type": "AWS::SQS::Queue", "Properties": { "QueueName": "n" } },
      "Topic": { "Type": "AWS::SNS::Topic", "Properties": { "TopicName": "n" } },
      "Parameter": { "Type": "AWS::SSM::Parameter", "Properties": {
        "Name": "n", "Type": "String", "Value": "a" } },
      "Bucket": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": "nnn-n" } },
      "Secret": { "Type": "AWS::SecretsManager::Secret", "Properties": {
        "Name": "n", "GenerateSecretString": {} } },
      "Managed": { "Type": "AWS::IAM::ManagedPolicy", "Properties": {
        "ManagedPolicyName": "n", "PolicyDocument": \(Self.allow) } },
      "Profile": { "Type": "AWS::IAM::InstanceProfile", "Properties": {
        "InstanceProfileName": "n", "Roles": [{ "Ref": "Role" }] } },
      \(role("Role", #""RoleName": "n","#)), \(named)
      """
    for project in ["other", "cosyworld"] {
      try endpoint.control("POST reset")
      let theirs = try roomy(resources)
      try theirs.edit(
        "desired-state/fleet.jsonc", "\"project\": \"cosyworld\"", "\"project\": \"\(project)\"")
      if project == "cosyworld" {
        try theirs.remove(acme)
        try theirs.write("desired-state/clients/x-prod.jsonc", Fixtures.manifest("x"))
      }
      try theirs.commit("Theirs")
      let made = try report(theirs, "apply", "--yes", exits: 0)
      let ours = try roomy(resources)
      let planned = try report(ours, "plan", exits: 2)
      let acted = planned.changes.filter { $0.action != "blocked" && $0.address.hasPrefix("acme") }
      XCTAssertEqual(acted.map(\.address), [], "\(project): \(planned.json)")
      let blocked = planned.changes.filter { $0.address.hasPrefix("acme") }
      XCTAssertEqual(blocked.count, made.changes.count, "\(project): \(planned.actions)")
      try endpoint.forgetCalls()
      _ = try ours.trueup("apply", "--yes", "--allow-partial", "--allow-orphans")
      XCTAssertEqual(
        try mutations(), [], "\(project): neither overwritten nor deleted as an orphan")
    }
  }

  func testAPolicyInAForeignRoleIsNeitherOverwrittenNorDeleted() throws {
    let groups = """
      "Group": { "Type": "AWS::Logs::LogGroup", "Properties": { "LogGroupName": "web" },
        "Metadata": { "Trueup": { "Region": "eu-west-1" } } },
      "App": { "Type": "AWS::SSM::Parameter",
        "Properties": { "Name": "web", "Type": "String", "Value": "web" } }
      """
    let policy = """
      , "Policy": { "Type": "AWS::IAM::RolePolicy", "Properties": {
        "RoleName": "web", "PolicyName": "p", "PolicyDocument": \(Self.allow) } }
      """
    let workspace = try roomy(groups)
    try converge(workspace)
    try endpoint.aws(
      "iam", "create_role", ["RoleName": "web", "AssumeRolePolicyDocument": Self.trust])
    let theirs = Self.allow.replacingOccurrences(of: "logs:*", with: "s3:*")
    try endpoint.aws(
      "iam", "put_role_policy",
      ["RoleName": "web", "PolicyName": "p", "PolicyDocument": theirs])
    try rewrite(workspace, groups + policy)
    XCTAssertEqual(
      try report(workspace, "plan", exits: 2).actions, ["blocked acme-prod/Policy"])
    try endpoint.forgetCalls()
    _ = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(try mutations(), [])
    try rewrite(workspace, groups)
    try converge(workspace)
    XCTAssertEqual(try mutations(), [])
  }

  func testAZoneWithAnApexRecordIsDestroyed() throws {
    for (zone, record) in [("Zone", "Apex"), ("Alpha", "Zulu")] {
      try endpoint.control("POST reset")
      let workspace = try roomy(
        """
        "\(zone)": { "Type": "AWS::Route53::HostedZone", "Properties": { "Name": "ex.org" } },
        "\(record)": { "Type": "AWS::Route53::RecordSet", "Properties": {
          "HostedZoneId": { "Ref": "\(zone)" }, "Name": "ex.org", "Type": "A", "TTL": "60",
          "ResourceRecords": ["192.0.2.1"] } }
        """)
      try converge(workspace)
      let destroyed = try workspace.trueup("destroy", "acme-prod", "--yes")
      XCTAssertEqual(destroyed.code, 0, destroyed.everything)
      XCTAssertEqual(
        try endpoint.aws("route53", "list_hosted_zones")["HostedZones"].array.count, 0)
    }
  }

  func testAPolicyAndAParameterWithTheValueOfItsVersionDoNotWaitForEachOther() throws {
    func resources(_ action: String, _ text: String) -> String {
      """
      "Policy": { "Type": "AWS::IAM::ManagedPolicy", "Properties": {
        "PolicyDocument": \(Self.allow.replacingOccurrences(of: "logs:*", with: action)) } },
      "Parameter": { "Type": "AWS::SSM::Parameter", "Properties": {
        "Type": "String", "Value": "v1", "Description": "\(text)" } }
      """
    }
    for (denied, other) in [("PutParameter", "Policy"), ("CreatePolicyVersion", "Parameter")] {
      try endpoint.control("POST reset")
      let workspace = try roomy(resources("logs:*", "one"))
      try converge(workspace)
      try rewrite(workspace, resources("s3:*", "two"))
      try endpoint.configure(["deny": [["operation": denied]]])
      let applied = try report(workspace, "apply", "--yes", exits: 1)
      XCTAssertEqual(applied.change(other)?.outcome, "succeeded", "\(denied): \(applied.json)")
      try endpoint.configure(["deny": [[String: Any]]()])
      try converge(workspace)
      try rewrite(workspace, Fixtures.logs)
      let gone = denied == "PutParameter" ? "DeleteParameters?" : "DeletePolicy"
      try endpoint.configure(["deny": [["operation": gone]]])
      let removed = try report(workspace, "apply", "--yes", exits: 1)
      XCTAssertEqual(removed.change(other)?.outcome, "succeeded", "\(gone): \(removed.json)")
    }
  }

  func testASuspendedStackIsLeftAloneInAPlanFromASnapshotToo() throws {
    let workspace = try roomy(Fixtures.logs)
    try converge(workspace)
    try endpoint.aws(
      "logs", "put_retention_policy",
      ["logGroupName": physicalID("Logs"), "retentionInDays": 1])
    XCTAssertEqual(try workspace.trueup("snapshot").code, 0)
    for command in ["plan", "drift"] {
      try report(workspace, command, "--snapshot", "snapshots", exits: 2)
    }
    try manifest(workspace, #""suspend": true"#)
    for command in ["plan", "drift"] {
      let live = try workspace.trueup(command, "--format", "json")
      let recorded = try workspace.trueup(command, "--snapshot", "snapshots", "--format", "json")
      XCTAssertEqual(recorded.code, live.code, "\(command): \(recorded.everything)")
      XCTAssertEqual(
        try Report(recorded).json["stacks"][0]["status"].description,
        try Report(live).json["stacks"][0]["status"].description, recorded.everything)
      XCTAssertEqual(try Report(recorded).actions, try Report(live).actions)
    }
  }
}
