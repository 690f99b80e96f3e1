import XCTest

/// Rules of event buses.
extension EveryPropertyTests {
  func testRules() throws { try assertConverges(EveryProperty.rules) }
}

extension EveryPropertyResetTests {
  func testRules() throws {
    try assertReset(EveryProperty.rules, ["Rule"], essential: ["EventPattern"])
  }
}

extension EveryPropertyDriftTests {
  func testRules() throws {
    let workspace = try applied(EveryProperty.rules)
    func put(_ property: String, _ members: [String: Any]) -> Case {
      Case(
        property, "events", "put_rule",
        members.merging(["Name": "a-declared-rule", "State": "ENABLED"]) { old, _ in old })
    }
    let pattern = #"{"source":["aws.s3"]}"#
    try assertMended(
      workspace, "Rule", "AWS::Events::Rule",
      [
        put("Description", ["EventPattern": pattern]),
        put("EventPattern", ["EventPattern": pattern]),
        put("ScheduleExpression", ["EventPattern": pattern]),
        put("State", ["EventPattern": pattern]), put("RoleArn", ["EventPattern": pattern]),
        Case(
          "Targets", "events", "put_targets",
          [
            "Rule": "a-declared-rule",
            "Targets": [
              ["Id": "topic", "Arn": "arn:aws:sns:us-east-1:123456789012:others"],
              ["Id": "by-hand", "Arn": "arn:aws:sns:us-east-1:123456789012:by-hand"],
            ],
          ]),
        Case(
          "Tags", "events", "tag_resource",
          [
            "ResourceARN": "arn:aws:events:us-east-1:123456789012:rule/a-declared-rule",
            "Tags": [["Key": "Name", "Value": "by hand"]],
          ]),
      ])
    let targets = try endpoint.aws(
      "events", "list_targets_by_rule", ["Rule": "a-declared-rule"])["Targets"].array
    XCTAssertFalse(targets.contains { $0["Id"].string == "by-hand" })
  }

  /// A rule of a bus of one's own is another one than the rule of the same name of the account's bus.
  func testRulesOfABusOfOnesOwn() throws {
    try endpoint.aws("events", "create_event_bus", ["Name": "orders"])
    try endpoint.aws(
      "events", "put_rule",
      ["Name": "same", "EventPattern": #"{"source":["others"]}"#])
    let rule = { (targets: String) in
      """
      "Rule": {
        "Type": "AWS::Events::Rule",
        "Properties": {
          "Name": "same", "EventBusName": "orders",
          "EventPattern": { "source": ["shop"] }, "Targets": [\(targets)]
        }
      }
      """
    }
    let topic = #"{ "Id": "topic", "Arn": "arn:aws:sns:us-east-1:123456789012:orders" }"#
    let workspace = try applied(rule(topic))
    let targets = try endpoint.aws(
      "events", "list_targets_by_rule", ["Rule": "same", "EventBusName": "orders"])["Targets"]
    XCTAssertEqual(targets.array.compactMap { $0["Id"].string }, ["topic"])
    try report(workspace, "destroy", "acme-prod", "--yes", exits: 0)
    let left = try endpoint.aws("events", "list_rules")["Rules"].array
    XCTAssertEqual(left.compactMap { $0["Name"].string }, ["same"], "others' rule stays")
    XCTAssertEqual(
      try endpoint.aws("events", "list_rules", ["EventBusName": "orders"])["Rules"].array.count, 0)
  }
}
