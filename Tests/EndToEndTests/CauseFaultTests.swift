import Foundation
import XCTest

/// Who moved, where the journal is old, where git went back, and where Trueup itself did not act.
final class CauseFaultTests: FaultTestCase {
  private func topic(_ name: String, _ resource: String = "Topic") -> String {
    """
    "\(resource)": { "Type": "AWS::SNS::Topic", "Properties": { "DisplayName": "\(name)" } }
    """
  }

  private func setDisplayName(_ name: String, _ resource: String = "Topic") throws {
    let arn = "arn:aws:sns:us-east-1:123456789012:" + (try physicalID(resource))
    try endpoint.aws(
      "sns", "set_topic_attributes",
      ["TopicArn": arn, "AttributeName": "DisplayName", "AttributeValue": name])
  }

  private func moveJournal(_ workspace: Workspace, _ from: String, _ to: String) throws {
    try FileManager.default.moveItem(
      at: workspace.root.appendingPathComponent(from),
      to: workspace.root.appendingPathComponent(to))
  }

  /// One journal applied revision 1, and another revision 2.
  func testAJournalThatIsOlderThanTheRevisionInTheTagsIsNotBelieved() throws {
    let workspace = try roomy(topic("one"))
    try workspace.write(".gitignore", ".trueup/\n.old/\n")
    try workspace.commit("Journals")
    try converge(workspace)
    try moveJournal(workspace, ".trueup", ".old")
    try rewrite(workspace, topic("two"))
    try converge(workspace)
    try forgetJournal(workspace)
    try moveJournal(workspace, ".old", ".trueup")
    try report(workspace, "drift", exits: 0)
    try setDisplayName("one")
    let back = try report(workspace, "drift", exits: 2)
    XCTAssertEqual(back.change("Topic")?.cause, "drift", "rolled back by hand: \(back.json)")
    try setDisplayName("two")
    try rewrite(workspace, topic("three"))
    let moved = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(moved.change("Topic")?.cause, "pending", "git moved on: \(moved.json)")
    try setDisplayName("by hand")
    let both = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(both.change("Topic")?.cause, "conflict", "\(both.json)")
    try converge(workspace)
  }

  func testARevertedRemovalIsNew() throws {
    let workspace = try roomy(topic("a", "A") + "," + topic("b", "B"))
    try converge(workspace)
    try rewrite(workspace, topic("a", "A"))
    try converge(workspace)
    try workspace.git("revert", "--no-edit", "HEAD")
    for command in ["plan", "drift"] {
      let told = try Report(try workspace.trueup(command, "--format", "json"))
      if command == "plan" {
        XCTAssertEqual(told.actions, ["create acme-prod/B"])
      }
      XCTAssertNotEqual(told.change("B")?.cause, "drift", "\(command): \(told.json)")
    }
    XCTAssertEqual(try report(workspace, "plan", exits: 2).change("B")?.cause, "new")
    try converge(workspace)
  }

  func testWhatWasRefusedAndWhatWasSkippedIsNotDrift() throws {
    let workspace = try roomy(
      topic("a") + """
        , "Parameter": { "Type": "AWS::SSM::Parameter", "Properties": {
          "Type": "String", "Value": { "Ref": "Topic" } } }, \(Fixtures.logs)
        """)
    try endpoint.configure(["deny": [["operation": "CreateTopic"]]])
    let applied = try report(workspace, "apply", "--yes", exits: 1)
    XCTAssertEqual(applied.change("Topic")?.outcome, "failed")
    XCTAssertEqual(applied.change("Parameter")?.outcome, "skipped")
    try endpoint.configure(["deny": [[String: Any]]()])
    for command in ["plan", "drift"] {
      let told = try Report(try workspace.trueup(command, "--format", "json"))
      for resource in ["Topic", "Parameter"] {
        let cause = told.change(resource)?.cause
        XCTAssert([nil, "new", "pending"].contains(cause), "\(command): \(told.json)")
      }
    }
    try converge(workspace)
  }

  func testWhatAKilledFirstRunNeverBeganIsNotDrift() throws {
    let workspace = try roomy((0..<6).map { topic("\($0)", "T\($0)") }.joined(separator: ","))
    try endpoint.configure([
      "fail": [["operation": "CreateTopic", "skip": 3, "mode": "hang:1500"]]
    ])
    let running = try workspace.start(["apply", "--yes", "--parallelism", "1"])
    try waitUntilACallHangs()
    running.kill9()
    _ = try running.finish()
    let told = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(told.changes.count, 3, "\(told.json)")
    XCTAssertEqual(Set(told.changes.map(\.cause)), ["new"], "\(told.json)")
    try converge(workspace)
  }

  func testWhatADeleteFirstReplacementCouldNotMakeAgainIsNotDrift() throws {
    func queue(_ fifo: Bool) -> String {
      """
      "Queue": { "Type": "AWS::SSM::Parameter", "Properties": {
        "Name": "p", "Type": "\(fifo ? "StringList" : "String")", "Value": "a" },
        "Metadata": { "Trueup": { "Replace": "delete-first" } } }
      """
    }
    let workspace = try roomy(queue(false))
    try converge(workspace)
    try rewrite(workspace, queue(true))
    try endpoint.configure(["deny": [["operation": "PutParameter"]]])
    try report(workspace, "apply", "--yes", exits: 1)
    try endpoint.configure(["deny": [[String: Any]]()])
    let planned = try report(workspace, "plan", exits: 2)
    XCTAssert(
      ["new", "pending"].contains(planned.change("Queue")?.cause), "\(planned.json)")
    try converge(workspace)
  }

  /// A policy of its own is taken out of git: it goes, and its role did not move.
  func testAPolicyTakenOutOfGitIsNoDriftOfItsRole() throws {
    let policy = """
      , "Policy": { "Type": "AWS::IAM::RolePolicy", "Properties": {
        "RoleName": { "Ref": "Role" }, "PolicyName": "i", "PolicyDocument": \(Self.allow) } }
      """
    for hasJournal in [true, false] {
      try endpoint.control("POST reset")
      let inline = role(
        "Role",
        #""Policies": [{ "PolicyName": "own", "PolicyDocument": \#(Self.allow) }],"#)
      let workspace = try roomy(inline + policy)
      try converge(workspace)
      try rewrite(workspace, inline)
      if !hasJournal { try forgetJournal(workspace) }
      let planned = try report(workspace, "plan", exits: 2)
      if hasJournal {
        XCTAssertEqual(planned.actions, ["delete acme-prod/Policy"], "\(planned.json)")
      }
      XCTAssertNotEqual(planned.change("Role")?.cause, "drift", "\(planned.json)")
      try endpoint.forgetCalls()
      try converge(workspace)
      XCTAssertEqual(try mutations(), ["DeleteRolePolicy"])
    }
  }

  func testWhatDependsOnALostRoleIsDrift() throws {
    for hasJournal in [true, false] {
      try endpoint.control("POST reset")
      let workspace = try roomy(
        role("Role") + """
          , "Profile": { "Type": "AWS::IAM::InstanceProfile", "Properties": {
            "Roles": [{ "Ref": "Role" }] } },
          "Policy": { "Type": "AWS::IAM::RolePolicy", "Properties": {
            "RoleName": { "Ref": "Role" }, "PolicyName": "i", "PolicyDocument": \(Self.allow) } },
          "Arn": { "Type": "AWS::SSM::Parameter", "Properties": {
            "Type": "String", "Value": { "Fn::GetAtt": ["Role", "RoleId"] } } }
          """)
      try converge(workspace)
      let name = try roleName("Role")
      let profiles = try endpoint.aws("iam", "list_instance_profiles")["InstanceProfiles"].array
      for profile in profiles {
        try endpoint.aws(
          "iam", "remove_role_from_instance_profile",
          ["InstanceProfileName": profile["InstanceProfileName"].string ?? "", "RoleName": name])
      }
      try endpoint.aws("iam", "delete_role_policy", ["RoleName": name, "PolicyName": "i"])
      try endpoint.aws("iam", "delete_role", ["RoleName": name])
      if !hasJournal { try forgetJournal(workspace) }
      for command in ["plan", "drift"] {
        let told = try report(workspace, command, exits: 2)
        let causes = told.changes.map { "\($0.resource) \($0.cause)" }
        XCTAssertEqual(
          causes.filter { !$0.hasSuffix(" drift") }, [],
          "\(command), journal: \(hasJournal): \(told.json)")
        XCTAssert(causes.contains("Profile drift"), "\(causes)")
      }
      try converge(workspace)
    }
  }

  func testUsersOfALostQueueAreDrift() throws {
    let workspace = try roomy(
      """
      "Queue": { "Type": "AWS::SQS::Queue" },
      "Policy": { "Type": "AWS::SQS::QueuePolicy", "Properties": {
        "Queues": [{ "Ref": "Queue" }],
        "PolicyDocument": { "Version": "2012-10-17", "Statement": [ { "Effect": "Allow",
          "Principal": { "Service": "sns.amazonaws.com" }, "Action": "sqs:SendMessage",
          "Resource": { "Fn::GetAtt": ["Queue", "Arn"] } } ] } } },
      "Url": { "Type": "AWS::SSM::Parameter", "Properties": {
        "Type": "String", "Value": { "Ref": "Queue" } } }
      """)
    try endpoint.configure(["deletedQueueSeconds": 0])
    try converge(workspace)
    let name = try physicalID("Queue")
    try endpoint.aws(
      "sqs", "delete_queue",
      ["QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/\(name)"])
    let planned = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(Set(planned.changes.map(\.cause)), ["drift"], "\(planned.json)")
    XCTAssertNotNil(planned.change("Queue"))
    XCTAssertNil(planned.change("Url"), "its value will be the same: \(planned.json)")
    try endpoint.forgetCalls()
    try converge(workspace)
    XCTAssertEqual(try mutations().filter { $0.hasPrefix("Put") || $0.hasPrefix("Delete") }, [])
  }

  /// The blueprint that a revision compiles with is the one that it was pinned to.
  func testAPinnedRevisionCompilesWithItsPin() throws {
    let workspace = try roomy(topic("one"))
    let first = try workspace.read(".git/refs/heads/main")
      .trimmingCharacters(in: .whitespacesAndNewlines)
    try rewrite(workspace, topic("two"))
    try workspace.write(
      acme,
      Fixtures.manifest("acme").replacingOccurrences(
        of: #""blueprint": "base""#,
        with: #""blueprint": { "name": "base", "revision": "\#(first)" }"#))
    try workspace.commit("Pinned")
    try converge(workspace)
    try forgetJournal(workspace)
    try setDisplayName("by hand")
    let told = try report(workspace, "drift", exits: 2)
    XCTAssertEqual(told.change("Topic")?.cause, "drift", "\(told.json)")
    XCTAssertEqual(
      told.change("Topic")?.json["differences"][0]["lastApplied"].string, "one", "\(told.json)")
  }
}
