import Document
import TrueupCore

/// An SQS queue. Its policy is a resource of its own, `AWS::SQS::QueuePolicy`.
public struct Queue: SteppedKind {
  typealias Work = QueueStep

  public init() {}

  public let type = "AWS::SQS::Queue"

  /// All properties, and what a new queue has. Source: SQS API, CreateQueue and SetQueueAttributes.
  static let attributes = [
    TextAttribute("FifoQueue", .flag),
    TextAttribute("ContentBasedDeduplication", .flag, initial: "false"),
    TextAttribute("DeduplicationScope", initial: "queue"),
    TextAttribute("FifoThroughputLimit", initial: "perQueue"),
    TextAttribute("DelaySeconds", .number, initial: "0"),
    TextAttribute("MaximumMessageSize", .number, initial: "1048576"),
    TextAttribute("MessageRetentionPeriod", .number, initial: "345600"),
    TextAttribute("ReceiveMessageWaitTimeSeconds", .number, initial: "0"),
    TextAttribute("VisibilityTimeout", .number, initial: "30"),
    TextAttribute("KmsMasterKeyId"),
    TextAttribute("KmsDataKeyReusePeriodSeconds", .number, initial: "300"),
    TextAttribute("SqsManagedSseEnabled", .flag, initial: "true"),
    TextAttribute("RedrivePolicy", .json), TextAttribute("RedriveAllowPolicy", .json),
  ]

  public let facts = TypeFacts(
    Identity(
      ref: "QueueUrl",
      name: NameRule(
        property: "QueueName", maximumLength: 80, punctuation: "-_",
        suffixes: ["FifoQueue": ".fifo"]), arn: "sqs",
      foretold: [
        "Arn": { "arn:\($0.partition):sqs:\($0.region):\($0.account):\($0.name)" },
        "QueueUrl": { "https://sqs.\($0.region).\($0.urlSuffix)/\($0.account)/\($0.name)" },
      ]),
    properties: [
      "/ContentBasedDeduplication": .defaultsTo(false),
      "/DeduplicationScope": .defaultsTo("queue"),
      "/DelaySeconds": .defaultsTo(0),
      "/FifoQueue": .defaultsTo(false),
      "/FifoThroughputLimit": .defaultsTo("perQueue"),
      "/KmsDataKeyReusePeriodSeconds": .defaultsTo(300),
      "/MaximumMessageSize": .defaultsTo(1_048_576),
      "/KmsMasterKeyId": .security,
      "/MessageRetentionPeriod": .defaultsTo(345600).losing(.less(absent: 345600)),
      "/RedrivePolicy": .losing(.members),
      "/ReceiveMessageWaitTimeSeconds": .defaultsTo(0),
      "/RedriveAllowPolicy/redrivePermission": .defaultsTo("allowAll"),
      "/SqsManagedSseEnabled": .defaultsTo(true).security,
      "/VisibilityTimeout": .defaultsTo(30),
    ],
    canonical: Queue.comparable)

  /// SQS writes the count of receives as a number or as a string, and the sources in any order.
  private static func comparable(_ properties: Document) -> Document {
    var members: [String: Document?] = [:]
    if let policy = properties["RedrivePolicy"]?.parsedJSON {
      let count = policy["maxReceiveCount"]?.string.flatMap { Int($0) }
      members["RedrivePolicy"] = policy.merging(
        .members(["maxReceiveCount": count.map { .integer($0) }]))
    }
    if let policy = properties["RedriveAllowPolicy"]?.parsedJSON {
      members["RedriveAllowPolicy"] = policy.withSets(["sourceQueueArns"])
    }
    return properties.merging(.members(members))
  }

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    [SQS.queues, TagSweep.read]
      + QueueReads(context, replies).queues.flatMap { queue in
        [queue.attributes] + [queue.tags.wanted].compactMap(\.self)
      }
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    QueueReads(context, replies).queues.compactMap { queue in
      var observed = Observed(
        type: type, id: queue.url, scope: context.scope,
        properties: [
          "QueueUrl": .string(queue.url), "QueueName": .string(queue.name),
          "Arn": .string(queue.arn),
        ], tags: queue.tags.known)
      if let reason = queue.tags.unread { observed.unread["/Tags"] = reason }
      switch replies.finding(queue.attributes) {
      // Of deleted queues the list shows the URL for a while.
      case .nothing: return nil
      case .unread(let reason): observed.mark(Self.attributes.properties, reason)
      case .found(let output):
        let shown = output["Attributes"]
        observed.createdAt = shown?["CreatedTimestamp"]?.string.flatMap(Double.init)
        observed.properties = observed.properties.merging(
          .members(Self.attributes.values(in: shown)))
        if observed.properties["KmsMasterKeyId"] == nil {
          observed.mark(
            ["KmsDataKeyReusePeriodSeconds"], "SQS shows it along with a KmsMasterKeyId only")
        }
      }
      return observed
    }
  }
}
