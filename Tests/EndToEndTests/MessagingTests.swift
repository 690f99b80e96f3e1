import XCTest

/// Topics, subscriptions and queues: what their kinds have to live with in AWS.
final class MessagingTests: EndToEndTestCase {
  private static let document = """
    { "Version": "2012-10-17",
      "Statement": [
        { "Effect": "Allow", "Principal": { "Service": "events.amazonaws.com" },
          "Action": "*", "Resource": "*" }
      ] }
    """

  private func mutations() throws -> [String] {
    try endpoint.calls().filter { $0["mutating"].bool == true }
      .compactMap { $0["operation"].string }
  }

  private func rewrite(_ workspace: Workspace, _ resources: String) throws {
    try workspace.write("desired-state/blueprints/base.jsonc", Fixtures.blueprint(resources))
    try workspace.commit("Another desired state")
  }

  func testASubscriptionThatWaitsForItsConfirmationIsNotMadeAgain() throws {
    let workspace = try workspace(
      """
      "Alarms": {
        "Type": "AWS::SNS::Topic",
        "Properties": {
          "Subscription": [{ "Protocol": "email", "Endpoint": "operator@example.com" }]
        }
      },
      "Server": {
        "Type": "AWS::SNS::Subscription",
        "Properties": {
          "TopicArn": { "Ref": "Alarms" }, "Protocol": "https",
          "Endpoint": "https://me:secret@example.com", "RawMessageDelivery": true
        }
      }
      """)
    try converge(workspace)
    try endpoint.forgetCalls()
    let plan = try report(workspace, "plan", exits: 0)
    let notChecked = plan.json["stacks"][0]["notChecked"].array
    XCTAssertEqual(
      Set(notChecked.compactMap { $0["reason"].string }), ["waits for its confirmation"],
      "\(plan.json)")
    XCTAssertEqual(
      Set(notChecked.compactMap { $0["path"].string }),
      ["/Subscription/email,operator@example.com", "/RawMessageDelivery"], "\(plan.json)")
    try workspace.remove(".trueup")
    try report(workspace, "apply", "--yes", exits: 0)
    XCTAssertEqual(try mutations(), [], "nobody is asked to confirm again")
  }

  func testAnAddressThatNeverConfirmedMayBeReplaced() throws {
    func topic(_ address: String) -> String {
      """
      "Alarms": {
        "Type": "AWS::SNS::Topic",
        "Properties": { "Subscription": [{ "Protocol": "email", "Endpoint": "\(address)" }] }
      }
      """
    }
    let workspace = try workspace(topic("old@example.com"))
    try converge(workspace)
    try rewrite(workspace, topic("new@example.com"))
    try endpoint.forgetCalls()
    try converge(workspace)
    XCTAssertEqual(
      try mutations(), ["Subscribe", "TagResource"], "the old one goes by itself")
  }

  func testSubscriptionsInsideATopicAndBesideItLeaveEachOtherAlone() throws {
    let beside = """
      "Beside": {
        "Type": "AWS::SNS::Subscription",
        "Properties": {
          "TopicArn": { "Ref": "Topic" }, "Protocol": "sqs",
          "Endpoint": { "Fn::GetAtt": ["Queue", "Arn"] }
        }
      },
      """
    func resources(_ inside: String, _ beside: String) -> String {
      """
      "Queue": { "Type": "AWS::SQS::Queue" }, \(beside)
      "Topic": {
        "Type": "AWS::SNS::Topic",
        "Properties": {
          "Subscription": [
            { "Protocol": "lambda",
              "Endpoint": "arn:aws:lambda:us-east-1:123456789012:function:\(inside)" }
          ]
        }
      }
      """
    }
    func endpoints() throws -> Set<String> {
      Set(
        try endpoint.aws("sns", "list_subscriptions")["Subscriptions"].array
          .compactMap { $0["Protocol"].string })
    }
    let workspace = try workspace(resources("first", beside))
    try converge(workspace)
    XCTAssertEqual(try endpoints(), ["lambda", "sqs"])
    try rewrite(workspace, resources("second", beside))
    try converge(workspace)
    XCTAssertEqual(try endpoints(), ["lambda", "sqs"])
    try rewrite(workspace, resources("second", ""))
    try converge(workspace)
    XCTAssertEqual(try endpoints(), ["lambda"], "what was a resource of its own is ended")
  }

  func testFIFONamesEndAsTheyMust() throws {
    try converge(
      try workspace(
        """
        "Topic": { "Type": "AWS::SNS::Topic", "Properties": { "FifoTopic": true } },
        "Queue": { "Type": "AWS::SQS::Queue", "Properties": { "FifoQueue": true } },
        "Plain": { "Type": "AWS::SQS::Queue" }
        """))
    for resource in ["Topic", "Queue"] {
      let name = try physicalID(resource)
      XCTAssert(name.hasPrefix("acme-prod-\(resource)-") && name.hasSuffix(".fifo"), name)
    }
    XCTAssertFalse(try physicalID("Plain").hasSuffix(".fifo"))
  }

  func testAQueueThatBecomesFIFOIsReplaced() throws {
    let workspace = try workspace(#""Queue": { "Type": "AWS::SQS::Queue" }"#)
    try converge(workspace)
    try rewrite(
      workspace, #""Queue": { "Type": "AWS::SQS::Queue", "Properties": { "FifoQueue": true } }"#)
    try endpoint.forgetCalls()
    try converge(workspace)
    XCTAssertEqual(try mutations(), ["CreateQueue", "DeleteQueue"])
  }

  func testTheNameOfADeletedQueueIsWaitedFor() throws {
    let workspace = try workspace(
      #""Queue": { "Type": "AWS::SQS::Queue", "Properties": { "QueueName": "jobs" } }"#)
    try converge(workspace)
    // What a journal knows as just made would be looked for again.
    try workspace.remove(".trueup")
    try endpoint.configure(["deletedQueueSeconds": 2])
    try endpoint.aws(
      "sqs", "delete_queue",
      ["QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/jobs"])
    try endpoint.forgetCalls()
    try converge(workspace)
    let attempts = try endpoint.calls().filter { $0["operation"].string == "CreateQueue" }
    XCTAssertGreaterThan(attempts.count, 1)
    XCTAssertEqual(attempts.first?["code"].string, "QueueDeletedRecently")
    XCTAssertEqual(attempts.last?["status"].int, 200)
  }

  func testAPolicyThatIsRemovedLeavesWhatAWSGivesByDefault() throws {
    let holders = """
      "Topic": { "Type": "AWS::SNS::Topic" }, "Queue": { "Type": "AWS::SQS::Queue" }
      """
    let workspace = try workspace(holders)
    try converge(workspace)
    let topic = "arn:aws:sns:us-east-1:123456789012:" + (try physicalID("Topic"))
    let queue = "https://sqs.us-east-1.amazonaws.com/123456789012/" + (try physicalID("Queue"))
    func policies() throws -> [String?] {
      [
        try endpoint.aws("sns", "get_topic_attributes", ["TopicArn": topic])["Attributes"][
          "Policy"
        ].string,
        try endpoint.aws(
          "sqs", "get_queue_attributes", ["QueueUrl": queue, "AttributeNames": ["All"]])[
            "Attributes"][
            "Policy"
          ].string,
      ]
    }
    let given = try policies()
    XCTAssertNil(given[1])
    try rewrite(
      workspace,
      holders + """
        , "OfTopic": {
          "Type": "AWS::SNS::TopicPolicy",
          "Properties": { "Topics": [{ "Ref": "Topic" }], "PolicyDocument": \(Self.document) }
        },
        "OfQueue": {
          "Type": "AWS::SQS::QueuePolicy",
          "Properties": { "Queues": [{ "Ref": "Queue" }], "PolicyDocument": \(Self.document) }
        }
        """)
    try converge(workspace)
    XCTAssertNotEqual(try policies(), given)
    try rewrite(workspace, holders)
    try converge(workspace)
    let left = try policies()
    XCTAssertNil(left[1])
    let (before, after) = (try XCTUnwrap(given[0]), try XCTUnwrap(left[0]))
    XCTAssertEqual(
      try JSON(parsing: after).description, try JSON(parsing: before).description)
  }

  func testEqualPoliciesOfTwoResourcesAreKeptApart() throws {
    func resources(_ second: String) -> String {
      """
      "First": { "Type": "AWS::SQS::Queue" }, "Second": { "Type": "AWS::SQS::Queue" },
      "OfFirst": {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": { "Queues": [{ "Ref": "First" }], "PolicyDocument": \(Self.document) }
      }\(second)
      """
    }
    let second = """
      , "OfSecond": {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": { "Queues": [{ "Ref": "Second" }], "PolicyDocument": \(Self.document) }
      }
      """
    let workspace = try workspace(resources(second))
    try converge(workspace)
    try workspace.remove(".trueup")
    try assertInSync(workspace)
    try converge(workspace)
    try rewrite(workspace, resources(""))
    let removed = try report(workspace, "apply", "--yes", exits: 0)
    XCTAssertEqual(removed.changes.map(\.resource), ["OfSecond"], "\(removed.json)")
    try assertInSync(workspace)
  }

  func testAPolicyFollowsItsTopics() throws {
    func resources(_ topics: [String]) -> String {
      let references = topics.map { #"{ "Ref": "\#($0)" }"# }.joined(separator: ", ")
      return """
        "A": { "Type": "AWS::SNS::Topic" }, "B": { "Type": "AWS::SNS::Topic" },
        "Policy": {
          "Type": "AWS::SNS::TopicPolicy",
          "Properties": { "Topics": [\(references)], "PolicyDocument": \(Self.document) }
        }
        """
    }
    func holders() throws -> [Bool] {
      try ["A", "B"].map { resource in
        let arn = "arn:aws:sns:us-east-1:123456789012:" + (try physicalID(resource))
        let shown = try endpoint.aws("sns", "get_topic_attributes", ["TopicArn": arn])
        return shown["Attributes"]["Policy"].string?.contains("__default_policy_ID") == false
      }
    }
    let workspace = try workspace(resources(["B"]))
    try converge(workspace)
    XCTAssertEqual(try holders(), [false, true])
    for (topics, expected) in [
      (["A", "B"], [true, true]), (["A"], [true, false]), (["B"], [false, true]),
    ] {
      try rewrite(workspace, resources(topics))
      let applied = try converge(workspace)
      XCTAssertEqual(
        applied.changes.map { "\($0.resource) \($0.action)" }, ["Policy update"],
        "\(applied.json)")
      XCTAssertEqual(try holders(), expected, "\(topics)")
    }
  }

  func testATopicThatIsReplacedTakesItsPolicyAndSubscriptionsAlong() throws {
    func resources(_ name: String) -> String {
      """
      "Topic": { "Type": "AWS::SNS::Topic", "Properties": { "TopicName": "\(name)" } },
      "Policy": {
        "Type": "AWS::SNS::TopicPolicy",
        "Properties": { "Topics": [{ "Ref": "Topic" }], "PolicyDocument": \(Self.document) }
      },
      "Subscription": {
        "Type": "AWS::SNS::Subscription",
        "Properties": {
          "TopicArn": { "Ref": "Topic" }, "Protocol": "sqs",
          "Endpoint": "arn:aws:sqs:us-east-1:123456789012:jobs"
        }
      }
      """
    }
    let workspace = try workspace(resources("old"))
    try converge(workspace)
    try rewrite(workspace, resources("new"))
    try converge(workspace)
    XCTAssertEqual(
      try endpoint.aws("sns", "list_topics")["Topics"].array.compactMap { $0["TopicArn"].string },
      ["arn:aws:sns:us-east-1:123456789012:new"])
    XCTAssertEqual(
      try endpoint.aws("sns", "list_subscriptions")["Subscriptions"].array.count, 1)
  }

  func testASubscriptionLivesInTheRegionThatItNames() throws {
    let topic = try endpoint.aws("sns", "create_topic", ["Name": "alarms"], region: "eu-west-1")
    let arn = try XCTUnwrap(topic["TopicArn"].string)
    try converge(
      try workspace(
        """
        "Away": {
          "Type": "AWS::SNS::Subscription",
          "Properties": {
            "TopicArn": "\(arn)", "Region": "eu-west-1", "Protocol": "sqs",
            "Endpoint": "arn:aws:sqs:us-east-1:123456789012:alarms", "RawMessageDelivery": true
          }
        }
        """))
    let made = try endpoint.aws("sns", "list_subscriptions", region: "eu-west-1")
    XCTAssertEqual(made["Subscriptions"].array.count, 1)
  }

  func testAQueueThatSomebodyEncryptedOtherwiseIsEncryptedAsDeclared() throws {
    let workspace = try workspace(
      """
      "Queue": { "Type": "AWS::SQS::Queue", "Properties": { "SqsManagedSseEnabled": true } }
      """)
    try converge(workspace)
    try endpoint.aws(
      "sqs", "set_queue_attributes",
      [
        "QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/" + physicalID("Queue"),
        "Attributes": ["KmsMasterKeyId": "alias/by-hand"],
      ])
    let drift = try report(workspace, "drift", exits: 2)
    XCTAssertEqual(drift.change("Queue")?.paths, ["/SqsManagedSseEnabled"], "\(drift.json)")
    try converge(workspace)
  }

  func testEverythingGoesInAnOrderThatAWSAccepts() throws {
    let workspace = try workspace(
      try Conformance.resources(of: ["SQS::Queue", "SQS::QueuePolicy"]) + ","
        + Conformance.resources(of: ["SNS::Topic", "SNS::Subscription", "SNS::TopicPolicy"])
        .replacingOccurrences(of: #""Ordered""#, with: #""OrderedTopic""#)
        .replacingOccurrences(
          of: #""ArchivePolicy":{"MessageRetentionPeriod":30}"#, with: #""DisplayName":"ordered""#
        )
        .replacingOccurrences(of: #""ReplayPolicy""#, with: #""DeliveryPolicy""#))
    try converge(workspace)
    let manifest = Fixtures.manifest("acme")
    try workspace.write(
      "desired-state/clients/acme-prod.jsonc",
      manifest.replacingOccurrences(
        of: #""client""#, with: #""destroy": { "data": "delete" }, "client""#))
    try workspace.commit("Destroy it")
    try workspace.edit("desired-state/fleet.jsonc", #""deletes": 5"#, #""deletes": 20"#)
    try workspace.commit("Many at once")
    try endpoint.forgetCalls()
    let destroyed = try report(workspace, "apply", "--yes", "--allow-deletes", "20", exits: 0)
    XCTAssert(destroyed.changes.allSatisfy { $0.action == "delete" }, "\(destroyed.json)")
    let calls = try mutations()
    for (first, then) in [
      ("SetTopicAttributes", "DeleteTopic"), ("Unsubscribe", "DeleteTopic"),
      ("SetQueueAttributes", "DeleteQueue"),
    ] {
      let last = try XCTUnwrap(calls.lastIndex(of: first), "\(calls)")
      let begin = try XCTUnwrap(calls.lastIndex(of: then), "\(calls)")
      XCTAssertLessThan(last, begin, "\(first) comes before \(then): \(calls)")
    }
    XCTAssertEqual(try endpoint.aws("sqs", "list_queues")["QueueUrls"].array.count, 0)
    XCTAssertEqual(try endpoint.aws("sns", "list_topics")["Topics"].array.count, 0)
  }
}
