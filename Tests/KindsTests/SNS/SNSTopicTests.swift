import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::SNS::Topic`.
final class SNSTopicTests: XCTestCase {
  private let topic = Topic()
  private static let role = Document.string("arn:aws:iam::111122223333:role/logs")
  private static let lambda: Document = [
    "Protocol": "lambda", "Endpoint": "arn:aws:lambda:eu-west-1:111122223333:function:f",
  ]
  private static let everything: Document = [
    "TopicName": "acme.fifo", "DisplayName": "Orders", "KmsMasterKeyId": "alias/acme",
    "FifoTopic": true, "ContentBasedDeduplication": true, "FifoThroughputScope": "MessageGroup",
    "SignatureVersion": "2", "TracingConfig": "Active",
    "ArchivePolicy": ["MessageRetentionPeriod": "30"], "DataProtectionPolicy": ["Name": "deny"],
    "DeliveryStatusLogging": [
      ["Protocol": "http/s", "SuccessFeedbackRoleArn": role, "SuccessFeedbackSampleRate": "50"]
    ],
    "Subscription": [lambda],
  ]

  private static func arn(_ name: String) -> String {
    "arn:aws:sns:eu-west-1:111122223333:\(name)"
  }

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "ListTopics":
      return .success([
        "Topics": .list(
          ["acme.fifo", "swept", "base", "foreign"].map { ["TopicArn": .string(arn($0))] })
      ])
    case "GetResources":
      return .success([
        "ResourceTagMappingList": [
          ["ResourceARN": .string(arn("swept")), "Tags": .ourTagList],
          [
            "ResourceARN": .string(arn("foreign")),
            "Tags": [["Key": "trueup:stack", "Value": "other/acme-prod"]],
          ],
        ]
      ])
    case "GetTopicAttributes":
      return .success([
        "Attributes": [
          "TopicArn": call.input["TopicArn"] ?? "", "DisplayName": "Orders",
          "KmsMasterKeyId": "alias/acme", "FifoTopic": "true",
          "ContentBasedDeduplication": "true", "FifoThroughputScope": "MessageGroup",
          "SignatureVersion": "2", "TracingConfig": "Active",
          "ArchivePolicy": #"{"MessageRetentionPeriod":"30"}"#,
          "HTTPSuccessFeedbackRoleArn": role, "HTTPSuccessFeedbackSampleRate": "50",
          "SQSSuccessFeedbackSampleRate": "10", "LambdaFailureFeedbackRoleArn": "",
        ]
      ])
    case "GetDataProtectionPolicy":
      return .success(["DataProtectionPolicy": #"{"Name":"deny"}"#])
    case "ListSubscriptions":
      return .success([
        "Subscriptions": [
          subscription(lambda, "acme.fifo", id: "1"),
          subscription(
            ["Protocol": "email", "Endpoint": "a@example.com"], "acme.fifo", id: nil),
          subscription(lambda, "foreign", id: "2"),
        ]
      ])
    case "ListTagsForResource": return .success(["Tags": .ourTagList])
    default: return .success([:])
    }
  }

  private static func subscription(_ what: Document, _ topic: String, id: String?) -> Document {
    what.with([
      "TopicArn": .string(arn(topic)),
      "SubscriptionArn": .string(id.map { arn(topic) + ":" + $0 } ?? "PendingConfirmation"),
    ])
  }

  // MARK: Observing

  func testReadsOnlyTopicsThatMayBeOurs() {
    let observation = ObservationRehearsal(
      topic,
      .rehearsal(
        candidates: ["acme.fifo": ["DisplayName"], Self.arn("base"): []],
        properties: ["DisplayName"]), answer: Self.answer)
    func arns(_ operation: String, _ member: String) -> [String] {
      observation.reads.filter { $0.call.operation == operation }
        .compactMap { $0.call.input[member]?.string }.sorted()
    }
    XCTAssertEqual(
      arns("GetTopicAttributes", "TopicArn"), ["acme.fifo", "base", "swept"].map(Self.arn),
      "what nobody names and what others own is left alone")
    XCTAssertEqual(
      arns("ListTagsForResource", "ResourceArn"), ["acme.fifo", "base"].map(Self.arn),
      "the sweep tells the tags of the others")
    XCTAssertEqual(
      observation.reads.count, 7, "neither subscriptions nor data protection are declared")
    XCTAssertEqual(
      observation.observed.map(\.id).sorted(), ["acme.fifo", "base", "swept"].map(Self.arn))
  }

  func testDecodesATopicInRegistryTerms() throws {
    let declared = Set((Self.everything.object ?? [:]).keys)
    let observation = ObservationRehearsal(
      topic, .rehearsal(candidates: ["acme.fifo": declared]), answer: Self.answer)
    let observed = try XCTUnwrap(observation[Self.arn("acme.fifo")])
    XCTAssertEqual(
      observed.properties,
      Self.everything.with([
        "TopicArn": .string(Self.arn("acme.fifo")),
        "Subscription": [Self.lambda, ["Protocol": "email", "Endpoint": "a@example.com"]],
      ]), "a protocol without a role is not logged, whatever its sample rate")
    XCTAssertEqual(
      observed.unread, ["/Subscription/email,a@example.com": "waits for its confirmation"])
    XCTAssertEqual(observed.tags, Step.ourTags)
    XCTAssertEqual(try uncovered(topic, shown: [observed]), [])
  }

  func testWhatMayNotBeReadIsUnreadAndWhatIsGoneIsAbsent() {
    let context = ReadContext.rehearsal(
      candidates: ["acme.fifo": ["DisplayName", "DataProtectionPolicy"]])
    let refused = ObservationRehearsal(topic, context) { call in
      call.operation.hasPrefix("Get") && call.service == "sns" ? denied(call) : Self.answer(call)
    }
    let unread = refused[Self.arn("acme.fifo")]?.unread ?? [:]
    XCTAssertEqual(unread["/DisplayName"], "GetTopicAttributes is not allowed")
    XCTAssertEqual(unread["/DeliveryStatusLogging"], "GetTopicAttributes is not allowed")
    XCTAssertEqual(unread["/DataProtectionPolicy"], "GetDataProtectionPolicy is not allowed")
    let gone = ObservationRehearsal(topic, context) { call in
      call.operation == "GetTopicAttributes" ? .absent : Self.answer(call)
    }
    XCTAssertNil(gone[Self.arn("acme.fifo")], "the list shows a deleted topic for a while")
  }

  func testLeavesOutSubscriptionsThatAreResourcesOfTheirOwn() throws {
    let observed = Observed(
      type: topic.type, id: "t", scope: .rehearsal,
      properties: [
        "Subscription": [
          Self.lambda, ["Protocol": "https", "Endpoint": "https://me:****@example.com"],
        ]
      ])
    let claim = Claim(
      type: "AWS::SNS::Subscription",
      properties: [
        "TopicArn": "t", "Protocol": "https", "Endpoint": "https://me:secret@example.com",
      ])
    XCTAssertEqual(
      topic.without([claim], in: observed).properties["Subscription"], [Self.lambda],
      "SNS hides the password in the endpoint")
    XCTAssertEqual(topic.without([], in: observed), observed)
  }

  func testComparesAsSNSShows() {
    let shown = [
      Observed(
        type: topic.type, id: Self.arn("acme"), scope: .rehearsal,
        properties: [
          "TopicName": "acme", "TopicArn": .string(Self.arn("acme")),
          "ArchivePolicy": ["MessageRetentionPeriod": "30"],
          "Subscription": [
            ["Protocol": "email", "Endpoint": "old@example.com"], Self.lambda,
          ],
        ], tags: Step.ourTags,
        unread: ["/Subscription/email,old@example.com": "waits for its confirmation"])
    ]
    let cases: [(desired: Document, changes: [String], reason: String)] = [
      (["ArchivePolicy": ["MessageRetentionPeriod": 30]], [], "days are a number or a string"),
      (["ArchivePolicy": #"{"MessageRetentionPeriod":30}"#], [], "a document may be a string"),
      (
        ["SignatureVersion": "1", "TracingConfig": "PassThrough", "FifoTopic": false], [],
        "defaults that SNS does not show"
      ),
      (
        ["Subscription": [Self.lambda]], [],
        "what waits for its confirmation cannot be taken away, and goes by itself"
      ),
      (["Subscription": []], [], "what others subscribed stays"),
      (["FifoTopic": true], ["blocked /FifoTopic (replace)"], "none becomes FIFO"),
    ]
    for (desired, changes, reason) in cases {
      XCTAssertEqual(
        plannedChanges(topic, desired.with(["TopicName": "acme"]), shown: shown), changes, reason)
    }
    XCTAssertEqual(
      plannedChanges(
        topic, ["TopicName": "acme", "Subscription": []], shown: shown,
        base: ["TopicName": "acme", "Subscription": [Self.lambda]]),
      ["update /Subscription/lambda,\(Self.lambda["Endpoint"]?.string ?? "") (update)"],
      "what is no longer desired is ended")
  }

  // MARK: Changing

  func testCreatesWithAttributesAndTagsThenLogsAndSubscribes() throws {
    let arn = Document.string(Self.arn("acme.fifo"))
    let rehearsal = Rehearsal(topic, .creating(Self.everything)) { call in
      call.operation == "CreateTopic" ? .success(["TopicArn": arn]) : .success([:])
    }
    XCTAssertEqual(
      rehearsal.calls.map(\.operation),
      ["CreateTopic", "SetTopicAttributes", "SetTopicAttributes", "Subscribe"])
    XCTAssertEqual(
      rehearsal.calls[0].input["Attributes"],
      [
        "FifoTopic": "true", "DisplayName": "Orders", "KmsMasterKeyId": "alias/acme",
        "ContentBasedDeduplication": "true", "FifoThroughputScope": "MessageGroup",
        "SignatureVersion": "2", "TracingConfig": "Active",
        "ArchivePolicy": #"{"MessageRetentionPeriod":"30"}"#,
      ])
    XCTAssertEqual(
      rehearsal.calls[0].input["Tags"],
      [
        ["Key": "trueup:resource", "Value": "Thing"],
        ["Key": "trueup:stack", "Value": "cosyworld/acme-prod"],
      ])
    XCTAssertEqual(
      rehearsal.calls[1].input,
      ["TopicArn": arn, "AttributeName": "HTTPSuccessFeedbackRoleArn", "AttributeValue": Self.role])
    XCTAssertEqual(
      rehearsal.calls[3].input,
      Self.lambda.with(["TopicArn": arn]))
    XCTAssertEqual(rehearsal.id, arn.string)
    XCTAssertEqual(rehearsal.attributes?["TopicName"], "acme.fifo")
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testAStandardTopicIsToldNothingOfFIFO() {
    let rehearsal = Rehearsal(
      topic,
      .creating(
        [
          "TopicName": "acme", "FifoTopic": false, "ContentBasedDeduplication": false,
        ], tags: [:])
    ) { _ in .success(["TopicArn": "t"]) }
    XCTAssertEqual(rehearsal.lines, [#"CreateTopic {"Name":"acme"}"#])
  }

  func testChangesOneAttributePerCallAndResetsWhatIsGone() throws {
    let cases: [(property: String, value: Document?, line: String)] = [
      ("DisplayName", "New", #""DisplayName","AttributeValue":"New""#),
      ("DisplayName", nil, #""DisplayName","AttributeValue":"""#),
      ("KmsMasterKeyId", nil, #""KmsMasterKeyId","AttributeValue":"""#),
      ("ContentBasedDeduplication", nil, #""ContentBasedDeduplication","AttributeValue":"false""#),
      ("FifoThroughputScope", nil, #""FifoThroughputScope","AttributeValue":"Topic""#),
      ("SignatureVersion", nil, #""SignatureVersion","AttributeValue":"1""#),
      ("TracingConfig", nil, #""TracingConfig","AttributeValue":"PassThrough""#),
      ("ArchivePolicy", nil, #""ArchivePolicy","AttributeValue":"{}""#),
    ]
    for (property, value, line) in cases {
      let rehearsal = Rehearsal(
        topic,
        .updating(
          "t", from: Self.everything, to: .object([property: value].compactMapValues { $0 }),
          changed: [property]))
      XCTAssertEqual(
        rehearsal.lines, [#"SetTopicAttributes {"AttributeName":\#(line),"TopicArn":"t"}"#])
      XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    }
    let rehearsal = Rehearsal(
      topic, .updating("t", from: Self.everything, changed: ["DataProtectionPolicy"]))
    XCTAssertEqual(
      rehearsal.lines,
      [#"PutDataProtectionPolicy {"DataProtectionPolicy":"","ResourceArn":"t"}"#])
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testChangesOnlyWhatDiffersOfItsLogging() throws {
    let rehearsal = Rehearsal(
      topic,
      .updating(
        "t", from: Self.everything,
        to: [
          "DeliveryStatusLogging": [["Protocol": "sqs", "FailureFeedbackRoleArn": Self.role]]
        ], changed: ["DeliveryStatusLogging"]))
    XCTAssertEqual(
      rehearsal.calls.map { $0.input["AttributeName"] },
      ["HTTPSuccessFeedbackRoleArn", "SQSFailureFeedbackRoleArn"],
      "a protocol that is logged no more loses its roles")
    XCTAssertEqual(
      rehearsal.calls.map { $0.input["AttributeValue"] }, ["", Self.role])
    XCTAssertFalse(rehearsal.calls[0].transientCodes.contains("InvalidParameter"))
    XCTAssertTrue(
      rehearsal.calls[1].transientCodes.contains("InvalidParameter"),
      "SNS does not know a new role at once")
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testSubscribesWhatIsNewAndEndsWhatIsGoneButNotWhatWaits() throws {
    let old: Document = ["Protocol": "sqs", "Endpoint": "q"]
    let waiting: Document = ["Protocol": "email", "Endpoint": "a@example.com"]
    let pages: [Document: Document] = [
      ["TopicArn": "t"]: [
        "Subscriptions": [
          Self.lambda.with(["SubscriptionArn": "arn:t:2"]),
          waiting.with(["SubscriptionArn": "PendingConfirmation"]),
        ], "NextToken": "more",
      ],
      ["TopicArn": "t", "NextToken": "more"]: [
        "Subscriptions": [old.with(["SubscriptionArn": "arn:t:1"])]
      ],
    ]
    let rehearsal = Rehearsal(
      topic,
      .updating(
        "t", from: ["Subscription": [old, waiting]], to: ["Subscription": [Self.lambda]],
        changed: ["Subscription"])
    ) { .success(pages[$0.input] ?? [:]) }
    XCTAssertEqual(
      rehearsal.calls.map(\.operation),
      ["Subscribe", "ListSubscriptionsByTopic", "ListSubscriptionsByTopic", "Unsubscribe"],
      "SNS takes away itself what nobody confirms")
    XCTAssertEqual(rehearsal.calls.last?.input, ["SubscriptionArn": "arn:t:1"])
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testTagsAndDeletes() throws {
    let tagged = Rehearsal(
      topic,
      .updating("t", changed: [], tags: ["A": "1"], removedTags: ["B"], changesTags: true))
    XCTAssertEqual(
      tagged.lines,
      [
        #"UntagResource {"ResourceArn":"t","TagKeys":["B"]}"#,
        #"TagResource {"ResourceArn":"t","Tags":[{"Key":"A","Value":"1"}]}"#,
      ])
    let deleted = Rehearsal(topic, .deleting("t"))
    XCTAssertEqual(deleted.lines, [#"DeleteTopic {"TopicArn":"t"}"#])
    XCTAssertEqual(deleted.calls[0].absentCodes, ["NotFound"])
    XCTAssertEqual(try modelProblems(tagged.calls + deleted.calls), [])
  }
}
