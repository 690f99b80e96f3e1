import XCTest

/// What one run may take away: limits that a commit raises for itself, updates that lose something, data.
final class LimitTests: FaultTestCase {
  private func limited(_ resources: String, deletes: Int) throws -> Workspace {
    let workspace = try workspace(resources)
    try limit(workspace, deletes)
    try workspace.commit("A limit")
    return workspace
  }

  private func limit(_ workspace: Workspace, _ deletes: Int) throws {
    try workspace.write(
      "desired-state/fleet.jsonc",
      Fixtures.fleet.replacingOccurrences(of: "\"deletes\": 5", with: "\"deletes\": \(deletes)"))
  }

  private func head(_ workspace: Workspace) throws -> String {
    let planned = try JSON(parsing: try workspace.trueup("plan", "--format", "json").output)
    return try XCTUnwrap(planned["revision"].string)
  }

  private func assertRefused(
    _ finished: Program.Finished, _ text: String, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    XCTAssertEqual(finished.code, 3, finished.everything, file: file, line: line)
    XCTAssert(finished.everything.contains(text), finished.everything, file: file, line: line)
    XCTAssertEqual(try mutations(), [], file: file, line: line)
  }

  func testACommitDoesNotRaiseItsOwnLimit() throws {
    let roles = (1...4).map { role("Role\($0)") }
    let workspace = try limited(roles.joined(separator: ","), deletes: 1)
    try converge(workspace)
    let before = try head(workspace)
    try limit(workspace, 500)
    try rewrite(workspace, roles[0])
    try endpoint.forgetCalls()
    for _ in 1...3 {
      try assertRefused(try workspace.trueup("apply", "--yes"), "--allow-deletes 3")
    }
    let planned = try workspace.trueup("plan")
    XCTAssert(planned.output.contains("--allow-deletes 3"), planned.everything)
    // A push of two commits, and no journal.
    try forgetJournal(workspace)
    try workspace.write("README.md", "Nothing")
    try workspace.commit("Another commit in the same push")
    for _ in 1...2 {
      try assertRefused(
        try workspace.trueup("apply", "--yes", "--since", before), "--allow-deletes 3")
      try forgetJournal(workspace)
    }
    let allowed = try workspace.trueup("apply", "--yes", "--since", before, "--allow-deletes", "3")
    XCTAssertEqual(allowed.code, 0, allowed.everything)
    XCTAssertEqual(try mutations("DeleteRole").count, 3)
  }

  func testALimitThatIsRaisedFirstHoldsThen() throws {
    let roles = (1...3).map { role("Role\($0)") }
    let workspace = try limited(roles.joined(separator: ","), deletes: 1)
    try converge(workspace)
    try limit(workspace, 500)
    try workspace.commit("More room")
    try report(workspace, "apply", "--yes", exits: 0)
    try rewrite(workspace, roles[0])
    try report(workspace, "apply", "--yes", exits: 0)
    try assertInSync(workspace)
  }

  /// Without a journal: the first parent's limits hold, and a commit without a parent is as it is written.
  func testWithoutAJournalTheParentSaysWhatHolds() throws {
    let roles = (1...3).map { role("Role\($0)") }
    let workspace = try limited(roles.joined(separator: ","), deletes: 1)
    try converge(workspace)
    try limit(workspace, 500)
    try rewrite(workspace, roles[0])
    try forgetJournal(workspace)
    try endpoint.forgetCalls()
    try assertRefused(try workspace.trueup("apply", "--yes"), "--allow-deletes 2")
    try forgetJournal(workspace)
    try workspace.write("README.md", "Nothing")
    try workspace.commit("Raised before")
    try report(workspace, "apply", "--yes", exits: 0)
  }

  private static let kept = """
    "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } },
    "Group": { "Type": "AWS::EC2::SecurityGroup", "Properties": {
      "GroupDescription": "A group", "VpcId": { "Ref": "Vpc" },
      "SecurityGroupIngress": [ INGRESS ], "SecurityGroupEgress": [ EGRESS ] } },
    "Logs": { "Type": "AWS::Logs::LogGroup", "Properties": { "RetentionInDays": DAYS } },
    "Key": { "Type": "AWS::KMS::Key", "Properties": { "KeyPolicy": {
      "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": "kms:*", "Resource": "*",
          "Principal": { "AWS": "arn:aws:iam::123456789012:root" } },
        { "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*",
          "Principal": { "AWS": "arn:aws:iam::OWNER:root" } } ] } } },
    "Bucket": { "Type": "AWS::S3::Bucket", "Properties": {
      "LifecycleConfiguration": { "Rules": [ { "Id": "Old", "Status": "Enabled", "Prefix": "tmp/",
        "ExpirationInDays": EXPIRY } ] } } },
    "Role": { "Type": "AWS::IAM::Role", "Properties": {
      "AssumeRolePolicyDocument": \(trust), "ManagedPolicyArns": [ ARNS ] } },
    "Queue": { "Type": "AWS::SQS::Queue", "Properties": { "MessageRetentionPeriod": PERIOD } }
    """

  private static let rule =
    #"{ "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8" }"#

  private func kept(_ changes: [String: String] = [:]) -> String {
    let values = [
      "INGRESS": Self.rule, "EGRESS": Self.rule, "DAYS": "30", "OWNER": "210987654321",
      "EXPIRY": "30", "ARNS": #""arn:aws:iam::aws:policy/ReadOnlyAccess""#, "PERIOD": "1209600",
    ].merging(changes) { $1 }
    return values.reduce(Self.kept) { $0.replacingOccurrences(of: $1.key, with: $1.value) }
  }

  func testUpdatesThatLoseSomethingCount() throws {
    let workspace = try limited(kept(), deletes: 0)
    try converge(workspace)
    try endpoint.forgetCalls()
    for (word, value, resource) in [
      ("INGRESS", "", "Group"), ("EGRESS", "", "Group"), ("DAYS", "1", "Logs"),
      ("OWNER", "111122223333", "Key"), ("EXPIRY", "1", "Bucket"), ("ARNS", "", "Role"),
      ("PERIOD", "60", "Queue"),
    ] {
      try rewrite(workspace, kept([word: value]))
      let planned = try report(workspace, "plan", exits: 2)
      let change = try XCTUnwrap(planned.change(resource), "\(word): \(planned.json)")
      XCTAssert(
        change.json["differences"].array.contains { $0["loss"].string != nil },
        "\(word): \(change.json)")
      try assertRefused(try workspace.trueup("apply", "--yes"), resource)
    }
    var better: [String: String] = [:]
    for (word, value) in [
      ("INGRESS", Self.rule + "," + Self.rule.replacingOccurrences(of: "443", with: "80")),
      ("DAYS", "60"), ("EXPIRY", "60"),
    ] {
      better[word] = value
      try rewrite(workspace, kept(better))
      XCTAssertNotEqual(
        try workspace.trueup("apply", "--yes").code, 3, "\(word) takes nothing away")
    }
    try rewrite(workspace, kept(better.merging(["INGRESS": "", "DAYS": "1"]) { $1 }))
    try report(workspace, "apply", "--yes", "--allow-deletes", "2", exits: 0)
    try assertInSync(workspace)
  }

  func testARuleThatSomebodyElseLetInIsNoLoss() throws {
    let workspace = try limited(kept(), deletes: 0)
    try converge(workspace)
    try endpoint.aws(
      "ec2", "authorize_security_group_ingress",
      [
        "GroupId": physicalID("Group"),
        "IpPermissions": [
          [
            "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
            "IpRanges": [["CidrIp": "0.0.0.0/0"]],
          ]
        ],
      ])
    try report(workspace, "apply", "--yes", exits: 0)
    try assertInSync(workspace)
  }

  // MARK: Data

  func testDataIsNotLostWithoutConsent() throws {
    func logs(_ members: String, _ more: String = "") -> String {
      "\"Logs\": { \"Type\": \"AWS::Logs::LogGroup\", \(more) \"Properties\": { \(members) } }, "
        + role("Role")
    }
    let workspace = try roomy(logs("\"LogGroupClass\": \"STANDARD\""))
    try converge(workspace)
    let old = try physicalID("Logs")
    // A DeletionPolicy consents to deletions, and not to replacements.
    for more in ["", "\"DeletionPolicy\": \"Delete\","] {
      try rewrite(workspace, logs("\"LogGroupClass\": \"INFREQUENT_ACCESS\"", more))
      try endpoint.forgetCalls()
      let planned = try report(workspace, "plan", exits: 2)
      XCTAssertEqual(planned.change("Logs")?.json["losesData"].bool, true)
      try assertRefused(
        try workspace.trueup("apply", "--yes"), "--allow-data-loss acme-prod/Logs")
      try assertRefused(
        try workspace.trueup("apply", "--yes", "--allow-data-loss", "acme-prod/Role"),
        "--allow-data-loss acme-prod/Logs")
    }
    let unknown = try workspace.trueup("apply", "--yes", "--allow-data-loss", "acme-prd/Logs")
    XCTAssertEqual(unknown.code, 1)
    XCTAssert(unknown.errors.contains("did you mean \"acme-prod\""), unknown.errors)
    try report(workspace, "apply", "--yes", "--allow-data-loss", "acme-prod/Logs", exits: 0)
    try assertInSync(workspace)
    XCTAssertNotEqual(try physicalID("Logs"), old)
    // Removed: the policy that it was applied with consents, with the journal and without it.
    for hasJournal in [true, false] {
      if !hasJournal { try forgetJournal(workspace) }
      try rewrite(workspace, role("Role"))
      let gone = try workspace.trueup("apply", "--yes")
      XCTAssertEqual(gone.code, 0, gone.everything)
      try rewrite(workspace, logs("", "\"DeletionPolicy\": \"Delete\","))
      try report(workspace, "apply", "--yes", exits: 0)
    }
    // Without one, it does not.
    try rewrite(workspace, logs(""))
    try report(workspace, "apply", "--yes", exits: 0)
    try rewrite(workspace, role("Role"))
    try endpoint.forgetCalls()
    try assertRefused(try workspace.trueup("apply", "--yes"), "--allow-data-loss acme-prod/Logs")
    try manifest(workspace, #""destroy": { "data": "delete" }"#)
    try report(workspace, "apply", "--yes", exits: 0)
  }
}
