import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::SQS::Queue`.
final class SQSQueueTests: XCTestCase {
  private let queue = Queue()
  private static let everything: Document = [
    "QueueName": "acme.fifo", "FifoQueue": true, "ContentBasedDeduplication": true,
    "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId",
    "DelaySeconds": 5, "MaximumMessageSize": 2048, "MessageRetentionPeriod": 3600,
    "ReceiveMessageWaitTimeSeconds": 10, "VisibilityTimeout": 60, "KmsMasterKeyId": "alias/acme",
    "KmsDataKeyReusePeriodSeconds": 600, "SqsManagedSseEnabled": false,
    "RedrivePolicy": ["deadLetterTargetArn": "arn:dead", "maxReceiveCount": 3],
    "RedriveAllowPolicy": ["redrivePermission": "denyAll"],
  ]

  private static func url(_ name: String) -> String {
    "https://sqs.eu-west-1.amazonaws.com/111122223333/\(name)"
  }

  private static func arn(_ name: String) -> String {
    "arn:aws:sqs:eu-west-1:111122223333:\(name)"
  }

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "ListQueues":
      return .success([
        "QueueUrls": .list(
          ["acme.fifo", "swept", "base", "foreign"].map { .string(url($0)) })
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
    case "GetQueueAttributes":
      return .success([
        "Attributes": [
          "QueueArn": .string(arn("acme.fifo")), "CreatedTimestamp": "1700000000",
          "ApproximateNumberOfMessages": "7", "FifoQueue": "true",
          "ContentBasedDeduplication": "true", "DeduplicationScope": "messageGroup",
          "FifoThroughputLimit": "perMessageGroupId", "DelaySeconds": "5",
          "MaximumMessageSize": "2048", "MessageRetentionPeriod": "3600",
          "ReceiveMessageWaitTimeSeconds": "10", "VisibilityTimeout": "60",
          "KmsMasterKeyId": "alias/acme", "KmsDataKeyReusePeriodSeconds": "600",
          "SqsManagedSseEnabled": "false",
          "RedrivePolicy": #"{"deadLetterTargetArn":"arn:dead","maxReceiveCount":3}"#,
          "RedriveAllowPolicy": #"{"redrivePermission":"denyAll"}"#, "Policy": "{}",
        ]
      ])
    case "ListQueueTags":
      return .success([
        "Tags": ["trueup:stack": "cosyworld/acme-prod", "trueup:resource": "Thing"]
      ])
    default: return .success([:])
    }
  }

  // MARK: Observing

  func testReadsOnlyQueuesThatMayBeOurs() {
    let observation = ObservationRehearsal(
      queue, .rehearsal(candidates: ["acme.fifo": [], Self.url("base"): []]), answer: Self.answer)
    func urls(_ operation: String) -> [String] {
      observation.reads.filter { $0.call.operation == operation }
        .compactMap { $0.call.input["QueueUrl"]?.string }.sorted()
    }
    XCTAssertEqual(urls("GetQueueAttributes"), ["acme.fifo", "base", "swept"].map(Self.url))
    XCTAssertEqual(
      urls("ListQueueTags"), ["acme.fifo", "base"].map(Self.url),
      "the sweep tells the tags of the others")
    XCTAssertEqual(observation.reads.first?.pageSize, 1000)
  }

  func testAQueueIsKnownByItsNameWhateverHostItsURLNames() {
    let observation = ObservationRehearsal(
      queue,
      .rehearsal(candidates: ["https://queue.amazonaws.com/111122223333/base": ["DelaySeconds"]]),
      answer: Self.answer)
    XCTAssertEqual(observation[Self.url("base")]?.tags, Step.ourTags)
  }

  func testDecodesAQueueInRegistryTerms() throws {
    let observation = ObservationRehearsal(
      queue, .rehearsal(candidates: ["acme.fifo": []]), answer: Self.answer)
    let observed = try XCTUnwrap(observation[Self.url("acme.fifo")])
    XCTAssertEqual(
      observed.properties,
      Self.everything.with([
        "QueueUrl": .string(Self.url("acme.fifo")), "Arn": .string(Self.arn("acme.fifo")),
      ]))
    XCTAssertEqual(observed.unread, [:])
    XCTAssertEqual(observed.createdAt, 1_700_000_000)
    XCTAssertEqual(try uncovered(queue, shown: [observed]), [])
  }

  func testWhatMayNotBeReadIsUnreadAndWhatIsGoneIsAbsent() {
    let context = ReadContext.rehearsal(candidates: ["acme.fifo": []])
    let refused = ObservationRehearsal(queue, context) { call in
      ["GetQueueAttributes", "ListQueueTags"].contains(call.operation)
        ? denied(call) : Self.answer(call)
    }
    let unread = refused[Self.url("acme.fifo")]?.unread ?? [:]
    XCTAssertEqual(unread["/DelaySeconds"], "GetQueueAttributes is not allowed")
    XCTAssertEqual(unread["/Tags"], "ListQueueTags is not allowed")
    let gone = ObservationRehearsal(queue, context) { call in
      call.operation == "GetQueueAttributes" ? .absent : Self.answer(call)
    }
    XCTAssertNil(gone[Self.url("acme.fifo")], "the list shows a deleted queue for a while")
  }

  func testThatAllMayUseAQueueIsWhatAQueueHasWithoutSayingIt() {
    func changes(_ permission: String, shown: Document) -> [String] {
      plannedChanges(
        queue,
        ["QueueName": "acme", "RedriveAllowPolicy": ["redrivePermission": .string(permission)]],
        shown: [
          Observed(
            type: queue.type, id: Self.url("acme"), scope: .rehearsal,
            properties: shown.with([
              "QueueName": "acme", "QueueUrl": .string(Self.url("acme")),
            ]), tags: Step.ourTags)
        ])
    }
    XCTAssertEqual(changes("allowAll", shown: [:]), [])
    XCTAssertEqual(
      changes("denyAll", shown: [:]), ["update /RedriveAllowPolicy/redrivePermission (update)"])
    XCTAssertEqual(
      changes("allowAll", shown: ["RedriveAllowPolicy": ["redrivePermission": "denyAll"]]),
      ["update /RedriveAllowPolicy/redrivePermission (update)"])
  }

  func testComparesAsSQSShows() {
    let shown = [
      Observed(
        type: queue.type, id: Self.url("acme"), scope: .rehearsal,
        properties: [
          "QueueName": "acme", "QueueUrl": .string(Self.url("acme")), "DelaySeconds": 0,
          "SqsManagedSseEnabled": true,
          "RedrivePolicy": ["deadLetterTargetArn": "arn:dead", "maxReceiveCount": "3"],
          "RedriveAllowPolicy": ["redrivePermission": "byQueue", "sourceQueueArns": ["b", "a"]],
        ], tags: Step.ourTags)
    ]
    let redrive: Document = ["deadLetterTargetArn": "arn:dead", "maxReceiveCount": 3]
    let cases: [(desired: Document, changes: [String], reason: String)] = [
      (["RedrivePolicy": redrive], [], "a count is a number or a string"),
      (["RedrivePolicy": .string(redrive.json())], [], "a document may be a string"),
      (
        [
          "RedriveAllowPolicy": ["redrivePermission": "byQueue", "sourceQueueArns": ["a", "b"]]
        ], [], "sources have no order"
      ),
      (["FifoQueue": false, "KmsDataKeyReusePeriodSeconds": 300], [], "defaults not shown"),
      (["FifoQueue": true], ["blocked /FifoQueue (replace)"], "none becomes FIFO"),
      (
        ["RedrivePolicy": redrive.with(["maxReceiveCount": 4])],
        ["update /RedrivePolicy/maxReceiveCount (update)"], "another count"
      ),
    ]
    for (desired, changes, reason) in cases {
      XCTAssertEqual(
        plannedChanges(queue, desired.with(["QueueName": "acme"]), shown: shown), changes, reason)
    }
  }

  // MARK: Changing

  func testCreatesInOneCallWithTextAttributesAndTags() throws {
    let rehearsal = Rehearsal(queue, .creating(Self.everything)) { _ in
      .success(["QueueUrl": .string(Self.url("acme.fifo"))])
    }
    XCTAssertEqual(rehearsal.calls.map(\.operation), ["CreateQueue"])
    let call = try XCTUnwrap(rehearsal.calls.first)
    XCTAssertEqual(call.input["tags"], .object(Step.ourTags.mapValues(Document.string)))
    XCTAssertEqual(
      call.input["Attributes"],
      [
        "FifoQueue": "true", "ContentBasedDeduplication": "true",
        "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId",
        "DelaySeconds": "5", "MaximumMessageSize": "2048", "MessageRetentionPeriod": "3600",
        "ReceiveMessageWaitTimeSeconds": "10", "VisibilityTimeout": "60",
        "KmsMasterKeyId": "alias/acme", "KmsDataKeyReusePeriodSeconds": "600",
        "SqsManagedSseEnabled": "false",
        "RedrivePolicy": #"{"deadLetterTargetArn":"arn:dead","maxReceiveCount":3}"#,
        "RedriveAllowPolicy": #"{"redrivePermission":"denyAll"}"#,
      ])
    XCTAssertTrue(
      call.transientCodes.contains("AWS.SimpleQueueService.QueueDeletedRecently")
        && call.patience > 60, "a name is free again after a minute")
    XCTAssertEqual(rehearsal.id, Self.url("acme.fifo"))
    XCTAssertEqual(rehearsal.attributes?["Arn"], .string(Self.arn("acme.fifo")))
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testAStandardQueueIsToldNothingOfFIFO() {
    let rehearsal = Rehearsal(
      queue,
      .creating(
        ["QueueName": "acme", "FifoQueue": false, "ContentBasedDeduplication": false], tags: [:])
    ) { _ in .success(["QueueUrl": "u"]) }
    XCTAssertEqual(rehearsal.lines, [#"CreateQueue {"QueueName":"acme"}"#])
  }

  func testChangesAllInOneCallAndResetsWhatIsGone() throws {
    let key: Document = ["KmsMasterKeyId": "alias/acme"]
    let cases:
      [(from: Document, to: Document, changed: Set<String>, sent: Document, reason: String)] = [
        (
          [:], ["DelaySeconds": 7], ["DelaySeconds", "VisibilityTimeout", "RedrivePolicy"],
          ["DelaySeconds": "7", "VisibilityTimeout": "30", "RedrivePolicy": ""],
          "what is not desired is reset"
        ),
        (
          key, [:], ["KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds"],
          ["KmsMasterKeyId": "", "SqsManagedSseEnabled": "true"],
          "without a key SQS encrypts by itself, as it does a new queue"
        ),
        (
          key, ["SqsManagedSseEnabled": false], ["KmsMasterKeyId"], ["KmsMasterKeyId": ""],
          "unless that is not wanted"
        ),
        (
          key, ["SqsManagedSseEnabled": true], ["SqsManagedSseEnabled"],
          ["KmsMasterKeyId": "", "SqsManagedSseEnabled": "true"], "one way of encryption"
        ),
        (
          [:], key.with(["KmsDataKeyReusePeriodSeconds": 600]), ["KmsMasterKeyId"],
          ["KmsMasterKeyId": "alias/acme", "KmsDataKeyReusePeriodSeconds": "600"],
          "the period goes along with its key"
        ),
        (key, key, ["SqsManagedSseEnabled"], [:], "a key stays where it is declared"),
      ]
    for (from, to, changed, sent, reason) in cases {
      var attributes: Document = [:]
      let rehearsal = Rehearsal(queue, .updating("u", from: from, to: to, changed: changed)) {
        attributes = $0.input["Attributes"] ?? attributes
        return .success(["Attributes": attributes])
      }
      XCTAssertEqual(
        rehearsal.calls.first { $0.operation == "SetQueueAttributes" }?.input["Attributes"] ?? [:],
        sent, reason)
      XCTAssertNil(rehearsal.failure, reason)
      XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    }
  }

  func testWaitsUntilSQSShowsTheNewAttributes() throws {
    var reads = 0
    let rehearsal = Rehearsal(
      queue, .updating("u", to: ["DelaySeconds": 7], changed: ["DelaySeconds", "RedrivePolicy"])
    ) { call in
      guard call.operation == "GetQueueAttributes" else { return .success([:]) }
      reads += 1
      return .success(["Attributes": ["DelaySeconds": reads < 3 ? "0" : "7"]])
    }
    XCTAssertEqual(reads, 3)
    XCTAssertEqual(Set(rehearsal.waits), ["queue u shows its new attributes"])
    XCTAssertEqual(rehearsal.id, "u")
    let documents = Rehearsal(
      queue, .updating("u", to: Self.everything, changed: ["RedrivePolicy"]))
    XCTAssertEqual(
      documents.calls.map(\.operation), ["SetQueueAttributes"],
      "SQS may write documents in its own way: they are not waited for")
  }

  func testTagsAndDeletes() throws {
    let tagged = Rehearsal(
      queue, .updating("u", changed: [], tags: ["A": "1"], removedTags: ["B"], changesTags: true))
    XCTAssertEqual(
      tagged.lines,
      [
        #"UntagQueue {"QueueUrl":"u","TagKeys":["B"]}"#,
        #"TagQueue {"QueueUrl":"u","Tags":{"A":"1"}}"#,
      ])
    let deleted = Rehearsal(queue, .deleting("u"))
    XCTAssertEqual(deleted.lines, [#"DeleteQueue {"QueueUrl":"u"}"#])
    XCTAssertTrue(
      deleted.calls[0].absentCodes.contains("AWS.SimpleQueueService.NonExistentQueue"))
    XCTAssertEqual(try modelProblems(tagged.calls + deleted.calls), [])
  }
}
