import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::SNS::Subscription`.
final class SNSSubscriptionTests: XCTestCase {
  private let subscription = Subscription()
  private static let topic = "arn:aws:sns:eu-west-1:111122223333:acme"
  private static let arn = topic + ":1"
  private static let everything: Document = [
    "TopicArn": .string(topic), "Protocol": "sqs", "Endpoint": "arn:q", "Region": "eu-west-1",
    "RawMessageDelivery": true, "FilterPolicy": ["store": ["first"]],
    "FilterPolicyScope": "MessageBody", "DeliveryPolicy": ["healthyRetryPolicy": [:]],
    "RedrivePolicy": ["deadLetterTargetArn": "arn:dead"],
    "ReplayPolicy": ["PointType": "Timestamp"], "SubscriptionRoleArn": "arn:role",
  ]

  private static func answer(_ call: Call) -> Reply {
    guard call.operation == "ListSubscriptions" else {
      return .success([
        "Attributes": [
          "SubscriptionArn": .string(arn), "PendingConfirmation": "false",
          "RawMessageDelivery": "true", "FilterPolicy": #"{"store":["first"]}"#,
          "FilterPolicyScope": "MessageBody", "DeliveryPolicy": #"{"healthyRetryPolicy":{}}"#,
          "RedrivePolicy": #"{"deadLetterTargetArn":"arn:dead"}"#,
          "ReplayPolicy": #"{"PointType":"Timestamp"}"#, "SubscriptionRoleArn": "arn:role",
        ]
      ])
    }
    func shown(_ arn: String, _ protocol: String, _ endpoint: String, of topic: String = topic)
      -> Document
    {
      [
        "SubscriptionArn": .string(arn), "TopicArn": .string(topic),
        "Protocol": .string(`protocol`), "Endpoint": .string(endpoint),
      ]
    }
    return .success([
      "Subscriptions": [
        shown(arn, "sqs", "arn:q"), shown("PendingConfirmation", "email", "a@example.com"),
        shown("Deleted", "email", "gone@example.com"),
        shown(topic + "2:1", "sqs", "arn:q", of: topic + "2"),
      ]
    ])
  }

  private func context(_ change: (inout ReadContext) -> Void = { _ in }) -> ReadContext {
    var context = ReadContext.rehearsal(properties: ["RawMessageDelivery"])
    change(&context)
    return context
  }

  // MARK: Observing

  func testReadsAttributesOnlyOfThoseThatConcernUs() {
    let cases: [(context: ReadContext, reads: Int, reason: String)] = [
      (context { $0.values["TopicArn"] = [Self.topic] }, 2, "a topic that is named by its ARN"),
      (context { $0.names["AWS::SNS::Topic"] = ["acme"] }, 2, "a topic that may be ours"),
      (context { $0.candidates[Self.arn] = [] }, 2, "one that the base knows"),
      (context(), 1, "nobody names its topic"),
      (
        context {
          $0.properties = ["TopicArn"]
          $0.names["AWS::SNS::Topic"] = ["acme"]
        }, 1, "nothing that stands in the attributes is declared"
      ),
    ]
    for (context, reads, reason) in cases {
      let observation = ObservationRehearsal(subscription, context, answer: Self.answer)
      XCTAssertEqual(observation.reads.count, reads, reason)
    }
  }

  func testDecodesASubscriptionInRegistryTerms() throws {
    let observation = ObservationRehearsal(
      subscription, context { $0.names["AWS::SNS::Topic"] = ["acme"] }, answer: Self.answer)
    let observed = try XCTUnwrap(observation[Self.arn])
    XCTAssertEqual(observed.properties, Self.everything.with(["Arn": .string(Self.arn)]))
    XCTAssertEqual(observed.unread, [:])
    XCTAssertEqual(try uncovered(subscription, shown: [observed]), [])
    XCTAssertEqual(observation.observed.count, 3, "what is deleted is gone")
  }

  func testWhatWaitsForItsConfirmationIsThereAndNotCompared() throws {
    let observation = ObservationRehearsal(
      subscription, context { $0.names["AWS::SNS::Topic"] = ["acme"] }, answer: Self.answer)
    let id = Self.topic + "|email|a@example.com"
    let observed = try XCTUnwrap(observation[id])
    XCTAssertEqual(
      observed.properties,
      [
        "TopicArn": .string(Self.topic), "Protocol": "email", "Endpoint": "a@example.com",
        "Region": "eu-west-1",
      ])
    XCTAssertEqual(observed.unread["/RawMessageDelivery"], "waits for its confirmation")
    let deleted = Rehearsal(subscription, .deleting(id))
    XCTAssertEqual(deleted.lines, [], "no call ends it")
    XCTAssertEqual(deleted.id, id)
    let updated = Rehearsal(
      subscription, .updating(id, to: Self.everything, changed: ["RawMessageDelivery"]))
    XCTAssertEqual(updated.failure, "acme-prod/Thing waits for its confirmation")
  }

  func testWhatMayNotBeReadIsUnread() {
    let refused = ObservationRehearsal(
      subscription, context { $0.names["AWS::SNS::Topic"] = ["acme"] }
    ) { $0.operation.hasPrefix("Get") ? denied($0) : Self.answer($0) }
    XCTAssertEqual(
      refused[Self.arn]?.unread["/FilterPolicy"], "GetSubscriptionAttributes is not allowed")
  }

  func testAnEndpointIsComparedWithoutItsPassword() {
    let canonical = subscription.facts.canonical
    for (declared, shown) in [
      ("https://me:secret@example.com/a", "https://me:****@example.com/a"),
      ("http://me:s@example.com", "http://me:****@example.com"),
      ("https://example.com:8080/a", "https://example.com:8080/a"),
      ("a@example.com", "a@example.com"), ("arn:aws:sqs:a:b:c", "arn:aws:sqs:a:b:c"),
    ] {
      XCTAssertEqual(
        canonical(["Endpoint": .string(declared)]), ["Endpoint": .string(shown)])
    }
    let unknown: Document = ["Endpoint": .unknown("acme-prod/Queue.Arn")]
    XCTAssertEqual(canonical(unknown), unknown)
  }

  // MARK: Changing

  func testSubscribesWithItsAttributesInOneCall() throws {
    let rehearsal = Rehearsal(subscription, .creating(Self.everything, tags: [:])) { _ in
      .success(["SubscriptionArn": .string(Self.arn)])
    }
    XCTAssertEqual(
      rehearsal.calls.map(\.input),
      [
        [
          "TopicArn": .string(Self.topic), "Protocol": "sqs", "Endpoint": "arn:q",
          "Attributes": [
            "RawMessageDelivery": "true", "FilterPolicy": #"{"store":["first"]}"#,
            "FilterPolicyScope": "MessageBody", "DeliveryPolicy": #"{"healthyRetryPolicy":{}}"#,
            "RedrivePolicy": #"{"deadLetterTargetArn":"arn:dead"}"#,
            "ReplayPolicy": #"{"PointType":"Timestamp"}"#, "SubscriptionRoleArn": "arn:role",
          ],
        ]
      ])
    XCTAssertEqual(rehearsal.id, Self.arn)
    XCTAssertEqual(rehearsal.attributes?["Arn"], .string(Self.arn))
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testANewOneThatWaitsIsCalledAsItWillBeShown() {
    let rehearsal = Rehearsal(
      subscription,
      .creating(
        [
          "TopicArn": .string(Self.topic), "Protocol": "https",
          "Endpoint": "https://me:secret@example.com",
        ], tags: [:])
    ) { _ in .success(["SubscriptionArn": "pending confirmation"]) }
    XCTAssertEqual(rehearsal.id, Self.topic + "|https|https://me:****@example.com")
    XCTAssertNil(rehearsal.attributes?["Arn"])
  }

  func testThePathOfAnAddressIsNotInTheId() throws {
    func id(_ endpoint: String) -> String? {
      Rehearsal(
        subscription,
        .creating(
          [
            "TopicArn": .string(Self.topic), "Protocol": "https", "Endpoint": .string(endpoint),
          ], tags: [:])
      ) { _ in .success(["SubscriptionArn": "pending confirmation"]) }.id
    }
    let one = try XCTUnwrap(id("https://example.com/key/one"))
    XCTAssert(one.hasPrefix(Self.topic + "|https|https://example.com/#"), one)
    XCTAssertFalse(one.contains("key"), "it may be a secret")
    XCTAssertNotEqual(one, id("https://example.com/key/two"))
    XCTAssertEqual(id("https://example.com/"), Self.topic + "|https|https://example.com/")
  }

  func testSetsAScopeBeforeItsPolicyWhereThatMayBeNested() throws {
    let cases: [(desired: Document, changed: Set<String>, attributes: [String])] = [
      (
        ["FilterPolicy": [:], "FilterPolicyScope": "MessageBody"], ["FilterPolicy"],
        ["FilterPolicyScope", "FilterPolicy"]
      ),
      (
        ["FilterPolicy": [:], "FilterPolicyScope": "MessageAttributes"],
        ["FilterPolicy", "FilterPolicyScope"], ["FilterPolicy", "FilterPolicyScope"]
      ),
      (["RawMessageDelivery": true], ["RawMessageDelivery"], ["RawMessageDelivery"]),
    ]
    for (desired, changed, attributes) in cases {
      let rehearsal = Rehearsal(
        subscription, .updating(Self.arn, to: desired, changed: changed))
      XCTAssertEqual(
        rehearsal.calls.compactMap { $0.input["AttributeName"]?.string }, attributes)
      XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    }
  }

  func testResetsEachAttributeInSNSsOwnWay() throws {
    let cases: [(property: String, value: Document?)] = [
      ("FilterPolicy", "{}"), ("FilterPolicyScope", "MessageAttributes"),
      ("RawMessageDelivery", "false"), ("DeliveryPolicy", ""), ("RedrivePolicy", nil),
      ("ReplayPolicy", ""), ("SubscriptionRoleArn", ""),
    ]
    for (property, value) in cases {
      let rehearsal = Rehearsal(
        subscription, .updating(Self.arn, from: Self.everything, changed: [property]))
      XCTAssertEqual(rehearsal.calls.map { $0.input["AttributeName"] }, [.string(property)])
      XCTAssertEqual(rehearsal.calls.first?.input["AttributeValue"], value, property)
      XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    }
  }

  func testEndsASubscription() throws {
    let rehearsal = Rehearsal(subscription, .deleting(Self.arn))
    XCTAssertEqual(rehearsal.lines, [#"Unsubscribe {"SubscriptionArn":"\#(Self.arn)"}"#])
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testValuesOfAFilterAreASet() {
    let canonical = subscription.facts.canonical
    func normal(_ policy: Document) -> Document? {
      canonical(["FilterPolicy": policy])["FilterPolicy"]
    }
    let alike: [(left: Document, right: Document, reason: String)] = [
      (["store": ["a", "b"]], ["store": ["b", "a", "a"]], "alternatives"),
      (["store": ["a"]], #"{"store":["a"]}"#, "a document may be a string"),
      (
        ["$or": [["a": ["x"]], ["b": ["y"]]]], ["$or": [["b": ["y"]], ["a": ["x"]]]],
        "policies of which one must match"
      ),
      (["a": ["b": ["x", "y"]]], ["a": ["b": ["y", "x"]]], "keys of a body"),
      (["a": [["anything-but": "x"]]], ["a": [["anything-but": ["x"]]]], "one exception"),
      (["a": [1]], ["a": [1.0]], "a number"),
    ]
    for (left, right, reason) in alike { XCTAssertEqual(normal(left), normal(right), reason) }
    XCTAssertNotEqual(
      normal(["a": [["numeric": [">", 1, "<=", 5]]]]),
      normal(["a": [["numeric": [">", 5, "<=", 1]]]]), "a range has its order")
  }

  func testWhatSomebodySubscribedAnewIsUnsubscribedAsWell() throws {
    let shown: Document = [
      "TopicArn": "arn:aws:sns:eu-west-1:111122223333:t", "Protocol": "sqs", "Endpoint": "arn:q",
    ]
    let rehearsal = Rehearsal(subscription, .deleting("arn:old", shown)) { call in
      switch call.operation {
      case "Unsubscribe" where call.input["SubscriptionArn"] == "arn:old": .absent
      case "ListSubscriptionsByTopic":
        .success([
          "Subscriptions": [
            shown.with(["SubscriptionArn": "arn:new"]),
            shown.with(["SubscriptionArn": "arn:other", "Endpoint": "arn:p"]),
          ]
        ])
      default: .success([:])
      }
    }
    XCTAssertEqual(
      rehearsal.changes,
      [
        #"Unsubscribe {"SubscriptionArn":"arn:old"}"#,
        #"Unsubscribe {"SubscriptionArn":"arn:new"}"#,
      ])
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }
}
