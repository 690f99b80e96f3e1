import Foundation
import XCTest

/// Replacements and destroys that are killed at any write end as cleanly as creates.
final class KillFaultTests: FaultTestCase {
  private func resources(_ name: String) -> String {
    """
    "Topic": { "Type": "AWS::SNS::Topic" },
    "Queue": { "Type": "AWS::SQS::Queue", "Properties": { "QueueName": "\(name)" } },
    "Policy": { "Type": "AWS::SQS::QueuePolicy", "Properties": {
      "Queues": [{ "Ref": "Queue" }],
      "PolicyDocument": { "Version": "2012-10-17", "Statement": [ { "Effect": "Allow",
        "Principal": { "Service": "sns.amazonaws.com" }, "Action": "sqs:SendMessage",
        "Resource": { "Fn::GetAtt": ["Queue", "Arn"] } } ] } } },
    "Subscription": { "Type": "AWS::SNS::Subscription", "Properties": {
      "TopicArn": { "Ref": "Topic" }, "Protocol": "sqs",
      "Endpoint": { "Fn::GetAtt": ["Queue", "Arn"] } } },
    "Alarm": { "Type": "AWS::CloudWatch::Alarm", "Properties": {
      "MetricName": "ApproximateNumberOfMessagesVisible", "Namespace": "AWS/SQS",
      "Dimensions": [{ "Name": "QueueName", "Value": { "Fn::GetAtt": ["Queue", "QueueName"] } }],
      "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1, "Threshold": 1,
      "ComparisonOperator": "GreaterThanThreshold", "AlarmActions": [{ "Ref": "Topic" }] } },
    "Profile": { "Type": "AWS::IAM::InstanceProfile", "Properties": {
      "Roles": [{ "Ref": "Role" }] } },
    """
      + role(
        "Role",
        """
        "Path": "/\(name)/", "Policies": [ { "PolicyName": "p",
          "PolicyDocument": \(Self.allow) } ],
        """)
  }

  private let kept = """
    "Topic": { "Type": "AWS::SNS::Topic" }
    """

  private func before(_ name: String) throws -> Workspace {
    try endpoint.control("POST reset")
    try endpoint.configure(["verify": true, "deletedQueueSeconds": 0])
    let workspace = try roomy(resources(name))
    try report(workspace, "apply", "--yes", exits: 0)
    return workspace
  }

  /// Whether there was such a write to be killed at.
  @discardableResult
  private func kill(_ workspace: Workspace, skipped: Int, mode: String) throws -> Bool {
    try endpoint.configure(["fail": [["mutating": true, "skip": skipped, "mode": mode]]])
    let running = try workspace.start(["apply", "--yes", "--parallelism", "1"])
    let isHanging = try waitUntilACallHangs(of: running)
    running.kill9()
    _ = try running.finish()
    try endpoint.configure(["fail": [[String: Any]]()])
    return isHanging
  }

  /// What is there of everything that the stack has, with the queue's policy.
  private func there() throws -> [String: Int] {
    let queues = try endpoint.aws("sqs", "list_queues")["QueueUrls"].array.compactMap(\.string)
    let policies = try queues.filter {
      try endpoint.aws("sqs", "get_queue_attributes", ["QueueUrl": $0, "AttributeNames": ["All"]])[
        "Attributes"]["Policy"].string != nil
    }
    let details = try endpoint.aws(
      "iam", "get_account_authorization_details", ["Filter": ["Role"]])["RoleDetailList"].array
    return [
      "queues": queues.count, "policies": policies.count, "roles": details.count,
      "role policies": details.reduce(0) { $0 + $1["RolePolicyList"].array.count },
      "roles in profiles": try endpoint.aws("iam", "list_instance_profiles")["InstanceProfiles"]
        .array.reduce(0) { $0 + $1["Roles"].array.count },
      "profiles": try endpoint.aws("iam", "list_instance_profiles")["InstanceProfiles"].array.count,
      "subscriptions": try endpoint.aws("sns", "list_subscriptions")["Subscriptions"].array.count,
      "topics": try endpoint.aws("sns", "list_topics")["Topics"].array.count,
      "alarms": try endpoint.aws("cloudwatch", "describe_alarms")["MetricAlarms"].array.count,
    ]
  }

  private func assertCleanAfterwards(
    _ workspace: Workspace, keepsJournal: Bool, _ expected: Int, _ told: String
  ) throws {
    if !keepsJournal { try forgetJournal(workspace) }
    let again = try report(workspace, "apply", "--yes", exits: 0)
    var actions: [String: Set<String>] = [:]
    for change in again.changes {
      actions["\(change.address) \(change.json["id"].string ?? "")", default: []]
        .insert(change.action)
    }
    let contradictions = actions.filter { $0.value.contains("delete") && $0.value.count > 1 }
    XCTAssert(contradictions.isEmpty, "\(told): \(contradictions)")
    try assertInSync(workspace)
    for (what, count) in try there() where what != "topics" {
      XCTAssertEqual(count, expected, "\(told): \(what): \(again.actions)")
    }
  }

  private func killEverywhere(
    _ change: (Workspace) throws -> Void, leaving expected: Int, minimum: Int
  ) throws {
    var skipped = 0
    while true {
      // In turn: the call never arrives; its reply never comes.
      let mode = skipped % 2 == 0 ? "delay-reply:1500" : "hang:1500"
      let workspace = try before("one")
      try change(workspace)
      // How many writes there are may differ: what is in a thing may go with it.
      guard try kill(workspace, skipped: skipped, mode: mode) else { break }
      try assertCleanAfterwards(
        workspace, keepsJournal: true, expected, "killed at write \(skipped), \(mode)")
      skipped += 1
    }
    XCTAssertGreaterThanOrEqual(skipped, minimum)
  }

  func testAReplacementKilledAtAnyWriteEndsClean() throws {
    try killEverywhere(
      { try self.rewrite($0, self.resources("two")) }, leaving: 1, minimum: 12)
  }

  func testARemovalKilledAtAnyWriteEndsClean() throws {
    try killEverywhere({ try self.rewrite($0, self.kept) }, leaving: 0, minimum: 8)
  }

  func testAReplacementKilledWithoutItsJournalEndsClean() throws {
    for skipped in [0, 3, 6, 9, 12] {
      let workspace = try before("one")
      try rewrite(workspace, resources("two"))
      try kill(workspace, skipped: skipped, mode: "delay-reply:1500")
      try assertCleanAfterwards(
        workspace, keepsJournal: false, 1, "killed at \(skipped), its journal lost")
    }
  }

  func testTheHistoryOfAKilledRunShowsItsFinishedChanges() throws {
    try endpoint.configure(["deletedQueueSeconds": 0])
    let workspace = try roomy(resources("one"))
    try kill(workspace, skipped: 5, mode: "hang:1500")
    try report(workspace, "apply", "--yes", exits: 0)
    let history = try JSON(parsing: try workspace.trueup("history", "--format", "json").output)
    let entries = history["entries"].array
    XCTAssertEqual(
      entries.filter { $0["outcome"].string == "succeeded" && $0["calls"].int == 0 }.count, 0,
      "\(history)")
    let runs = Set(entries.compactMap { $0["run"].string })
    XCTAssertEqual(runs.count, 2, "\(history)")
    let killed = entries.last?["run"].string
    let finished = entries.filter {
      $0["run"].string == killed && $0["outcome"].string == "succeeded"
    }
    XCTAssertGreaterThanOrEqual(finished.count, 2, "\(history)")
    let status = try workspace.trueup("status")
    XCTAssertFalse(status.everything.contains("never changed"), status.everything)
  }
}
