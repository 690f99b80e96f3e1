import XCTest

/// Rules of event buses.
final class EventTests: EndToEndTestCase {
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
    let workspace = try workspace(rule(topic))
    try converge(workspace)
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
