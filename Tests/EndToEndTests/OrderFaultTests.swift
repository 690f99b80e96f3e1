import Foundation
import XCTest

/// What must come first although nothing refers to it, and what is no replacement.
final class OrderFaultTests: FaultTestCase {
  private let zone = """
    "Zone": { "Type": "AWS::Route53::HostedZone", "Properties": { "Name": "ex.org" } }
    """

  private func record(
    _ resource: String, _ type: String, _ value: String, _ more: String = "",
    zone: String = #"{ "Ref": "Zone" }"#
  ) -> String {
    """
    , "\(resource)": { "Type": "AWS::Route53::RecordSet", "Properties": {
      "HostedZoneId": \(zone), "Name": "www.ex.org", "Type": "\(type)", "TTL": "60", \(more)
      "ResourceRecords": ["\(value)"] } }
    """
  }

  private func records() throws -> [String] {
    let zones = try endpoint.aws("route53", "list_hosted_zones")["HostedZones"]
    let id = try XCTUnwrap(zones[0]["Id"].string)
    return try endpoint.aws("route53", "list_resource_record_sets", ["HostedZoneId": id])[
      "ResourceRecordSets"
    ].array.filter { $0["Name"].string == "www.ex.org." }.map {
      "\($0["Type"].string ?? "") \($0["SetIdentifier"].string ?? "-")"
    }.sorted()
  }

  func testTwoAddressesBecomeOneNameInOneBatch() throws {
    let workspace = try roomy(
      zone + record("A", "A", "192.0.2.1") + record("B", "AAAA", "2001:db8::1"))
    try converge(workspace)
    for cname in ["C", "A"] {
      try rewrite(workspace, zone + record(cname, "CNAME", "ex.com"))
      try endpoint.forgetCalls()
      try converge(workspace)
      XCTAssertEqual(try mutations(), ["ChangeResourceRecordSets"])
      XCTAssertEqual(try records(), ["CNAME -"])
      try rewrite(workspace, zone + record("A", "A", "192.0.2.1") + record("B", "AAAA", "::1"))
      try endpoint.forgetCalls()
      try converge(workspace)
      XCTAssertEqual(try mutations(), ["ChangeResourceRecordSets"])
      XCTAssertEqual(try records(), ["A -", "AAAA -"])
    }
    try assertSettled(workspace)
  }

  func testTheyDoSoAcrossStacks() throws {
    let made = try endpoint.aws(
      "route53", "create_hosted_zone", ["Name": "ex.org", "CallerReference": "by hand"])
    let path = try XCTUnwrap(made["HostedZone"]["Id"].string)
    let id = "\"\(path.split(separator: "/").last ?? "")\""
    func with(_ records: String) -> String { String(records.dropFirst(2)) }
    let workspace = try roomy(with(record("A", "A", "192.0.2.1", zone: id)))
    try addBeta(
      workspace,
      with(record("B", "AAAA", "2001:db8::1", zone: id))
        + #", "Queue": { "Type": "AWS::SQS::Queue" }"#)
    try converge(workspace)
    try workspace.write(
      blueprint, Fixtures.blueprint(with(record("C", "CNAME", "ex.com", zone: id))))
    try rewrite(
      workspace, #""Queue": { "Type": "AWS::SQS::Queue" }"#,
      "desired-state/blueprints/beta.jsonc")
    try endpoint.forgetCalls()
    try converge(workspace)
    XCTAssertEqual(try mutations(), ["ChangeResourceRecordSets"])
    XCTAssertEqual(try records(), ["CNAME -"])
  }

  func testASimpleRecordBecomesWeightedInOneBatch() throws {
    func weighted(_ resource: String, _ set: String) -> String {
      record(resource, "A", "192.0.2.\(set)", "\"SetIdentifier\": \"\(set)\", \"Weight\": 1,")
    }
    let workspace = try roomy(zone + record("A", "A", "192.0.2.1"))
    try converge(workspace)
    for (after, expected) in [
      (weighted("A", "1") + weighted("B", "2"), ["A 1", "A 2"]),
      (record("A", "A", "192.0.2.1"), ["A -"]),
      (weighted("C", "1") + weighted("D", "2"), ["A 1", "A 2"]),
      (record("E", "A", "192.0.2.1"), ["A -"]),
    ] {
      try rewrite(workspace, zone + after)
      try endpoint.forgetCalls()
      try converge(workspace)
      XCTAssertEqual(try mutations(), ["ChangeResourceRecordSets"])
      XCTAssertEqual(try records(), expected)
    }
  }

  func testARecordMovesToAnotherStackInOneBatch() throws {
    let made = try endpoint.aws(
      "route53", "create_hosted_zone", ["Name": "ex.org", "CallerReference": "by hand"])
    let path = try XCTUnwrap(made["HostedZone"]["Id"].string)
    let id = "\"\(path.split(separator: "/").last ?? "")\""
    let queue = #""Queue": { "Type": "AWS::SQS::Queue" }"#
    let workspace = try roomy(queue + record("A", "A", "192.0.2.1", zone: id))
    try addBeta(workspace, queue)
    try converge(workspace)
    try workspace.write(blueprint, Fixtures.blueprint(queue))
    try rewrite(
      workspace, queue + record("B", "CNAME", "ex.com", zone: id),
      "desired-state/blueprints/beta.jsonc")
    try endpoint.forgetCalls()
    try converge(workspace)
    XCTAssertEqual(try mutations(), ["ChangeResourceRecordSets"])
    XCTAssertEqual(try records(), ["CNAME -"])
  }

  func testTwoRecordsTradeTheirNames() throws {
    func resources(_ first: String, _ second: String) -> String {
      zone + record("A", "A", "192.0.2.1").replacingOccurrences(of: "www", with: first)
        + record("B", "A", "192.0.2.2").replacingOccurrences(of: "www", with: second)
    }
    let workspace = try roomy(resources("www", "api"))
    try converge(workspace)
    try rewrite(workspace, resources("api", "www"))
    try converge(workspace)
    try assertSettled(workspace)
    XCTAssertEqual(try records(), ["A -"])
  }

  func testABatchThatIsRefusedFailsAllItsMembersAndLeavesTheOldOnes() throws {
    let workspace = try roomy(
      zone + record("A", "A", "192.0.2.1") + record("B", "AAAA", "2001:db8::1"))
    try converge(workspace)
    try rewrite(workspace, zone + record("C", "CNAME", "ex.com"))
    try endpoint.configure(["deny": [["operation": "ChangeResourceRecordSets"]]])
    let failed = try report(workspace, "apply", "--yes", exits: 1)
    XCTAssertEqual(Set(failed.changes.map(\.outcome)), ["failed"], "\(failed.json)")
    XCTAssertEqual(failed.changes.count, 3)
    XCTAssertEqual(try records(), ["A -", "AAAA -"])
    try endpoint.configure(["deny": [[String: Any]]()])
    try converge(workspace)
  }

  private func flow(_ interval: Int) -> String {
    """
    "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } },
    "Group": { "Type": "AWS::Logs::LogGroup" },
    """ + role("Role") + """
      , "Flow": { "Type": "AWS::EC2::FlowLog", "Properties": {
        "ResourceId": { "Ref": "Vpc" }, "ResourceType": "VPC", "TrafficType": "ALL",
        "LogGroupName": { "Ref": "Group" }, "MaxAggregationInterval": \(interval),
        "DeliverLogsPermissionArn": { "Fn::GetAtt": ["Role", "Arn"] } } }
      """
  }

  func testAFlowLogIsReplacedOldFirst() throws {
    let workspace = try roomy(flow(600))
    try converge(workspace)
    try rewrite(workspace, flow(60))
    try endpoint.forgetCalls()
    try converge(workspace)
    XCTAssertEqual(try mutations(), ["DeleteFlowLogs", "CreateFlowLogs"])
    try assertSettled(workspace)
  }

  func testALostRoleLeavesItsFlowLogAlone() throws {
    let workspace = try roomy(flow(600))
    try converge(workspace)
    let name = try roleName("Role")
    try endpoint.aws("iam", "delete_role", ["RoleName": name])
    for command in ["plan", "drift"] {
      let planned = try report(workspace, command, exits: 2)
      XCTAssertEqual(planned.actions.filter { $0.hasPrefix("replace") }, [], "\(planned.json)")
      XCTAssertEqual(planned.change("Role")?.cause, "drift", "\(planned.json)")
    }
    try endpoint.forgetCalls()
    try converge(workspace)
    XCTAssertEqual(try mutations(), ["CreateRole"])
    XCTAssertEqual(try roleName("Role"), name)
    try assertSettled(workspace)
  }

  func testALostQueueKeepsItsSubscription() throws {
    for hasJournal in [true, false] {
      try endpoint.control("POST reset")
      let workspace = try roomy(
        """
        "Topic": { "Type": "AWS::SNS::Topic" },
        "Queue": { "Type": "AWS::SQS::Queue" },
        "Subscription": { "Type": "AWS::SNS::Subscription", "Properties": {
          "TopicArn": { "Ref": "Topic" }, "Protocol": "sqs",
          "Endpoint": { "Fn::GetAtt": ["Queue", "Arn"] } } }
        """)
      try endpoint.configure(["deletedQueueSeconds": 0])
      try converge(workspace)
      let name = try physicalID("Queue")
      func subscriptions() throws -> [String] {
        try endpoint.aws("sns", "list_subscriptions")["Subscriptions"].array
          .compactMap { $0["SubscriptionArn"].string }
      }
      let before = try subscriptions()
      XCTAssertEqual(before.count, 1)
      try endpoint.aws(
        "sqs", "delete_queue",
        ["QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/\(name)"])
      if !hasJournal { try forgetJournal(workspace) }
      let planned = try report(workspace, "plan", exits: 2)
      // Without a journal nobody knows that there was one.
      XCTAssertEqual(
        planned.change("Queue")?.cause, hasJournal ? "drift" : "new", "\(planned.json)")
      XCTAssertEqual(planned.actions, ["create acme-prod/Queue"], "\(planned.json)")
      try endpoint.forgetCalls()
      try converge(workspace)
      XCTAssertEqual(try mutations(), ["CreateQueue"])
      XCTAssertEqual(try subscriptions(), before)
      XCTAssertEqual(try physicalID("Queue"), name)
    }
  }

  /// A value that nobody can foretell comes back as it was: what was made of it for good stays.
  func testALostParameterKeepsWhatWasMadeOfItsValue() throws {
    let workspace = try roomy(
      """
      "Topic": { "Type": "AWS::SNS::Topic" },
      "Where": { "Type": "AWS::SSM::Parameter", "Properties": {
        "Name": "/acme/where", "Type": "String", "Value": "someone@acme.example" } },
      "Feed": { "Type": "AWS::SNS::Subscription", "Properties": {
        "TopicArn": { "Ref": "Topic" }, "Protocol": "email",
        "Endpoint": { "Fn::GetAtt": ["Where", "Value"] } } }
      """)
    try converge(workspace)
    try endpoint.aws("ssm", "delete_parameter", ["Name": "/acme/where"])
    let planned = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(planned.change("Where")?.cause, "drift", "\(planned.json)")
    try endpoint.forgetCalls()
    try converge(workspace)
    XCTAssertEqual(try mutations(), ["PutParameter"])
  }
}
