import Document
import TrueupCore

/// An SQS queue. Its policy is a resource of its own, `AWS::SQS::QueuePolicy`.
public struct Queue: ComposedKind {
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
    properties.changing("RedrivePolicy") { policy in
      policy.parsedJSON.changing("maxReceiveCount") { count in
        count.string.flatMap { Int($0) }.map(Document.integer) ?? count
      }
    }.changing("RedriveAllowPolicy") { $0.parsedJSON.withSets(["sourceQueueArns"]) }
  }

  // MARK: Observing

  let listing = Listing(SQS.queues, "QueueUrls")
  /// Of others' queues nothing but their URLs could be seen.
  let showsOthers = false
  let details = [
    Detail(attributes.properties, isNeeded: true) { _, url in
      SQS.attributes(ofQueue: url)
    } values: {
      attributes.values(in: $0["Attributes"])
    }
  ]
  let tagging = SweptTags(
    TagCalls(
      Queue.changing("TagQueue"), Queue.changing("UntagQueue"), form: .map, created: "tags"
    ) { _, url in ["QueueUrl": .string(url)] }, in: "Tags"
  ) { item, context in
    SQS.arn(
      ofQueue: item.string ?? "", context.partition, context.region, context.scope.account)
  } own: { url, _ in
    Read(Call("sqs", "ListQueueTags", ["QueueUrl": .string(url)], absentCodes: SQS.noQueue))
  }

  func id(of item: Document) -> String? { item.string }

  /// The base knows queues by their URLs, the desired state by their names.
  func name(in known: String) -> String { SQS.name(ofQueue: known) }

  func properties(of item: Document, _ context: ReadContext) -> [String: Document?] {
    let url = item.string ?? ""
    let arn = SQS.arn(ofQueue: url, context.partition, context.region, context.scope.account)
    return ["QueueName": .string(SQS.name(ofQueue: url)), "Arn": .string(arn)]
  }

  func amended(_ observed: Observed, _ item: Document, _ replies: Replies) -> Observed? {
    var observed = observed
    let shown = replies[SQS.attributes(ofQueue: observed.id)]?.output?["Attributes"]
    observed.createdAt = shown?["CreatedTimestamp"]?.string.flatMap(Double.init)
    if shown != nil, observed.properties["KmsMasterKeyId"] == nil {
      observed.mark(
        ["KmsDataKeyReusePeriodSeconds"], "SQS shows it along with a KmsMasterKeyId only")
    }
    return observed
  }

  // MARK: Changing

  let creation = Creation(
    Call(
      "sqs", "CreateQueue", [:],
      // A name is free again a minute after its queue was deleted.
      transientCodes: SQS.noQueue.union([
        "QueueDeletedRecently", "AWS.SimpleQueueService.QueueDeletedRecently",
      ]), patience: 90), ["QueueName"], id: ["QueueUrl"])
  let deletion = Deletion(
    Call("sqs", "DeleteQueue", [:], absentCodes: SQS.noQueue), "QueueUrl")

  private static func changing(_ operation: String, _ input: Document = [:]) -> Call {
    Call("sqs", operation, input, transientCodes: SQS.noQueue)
  }

  func created(_ step: Step) throws(CallSequence.Pause) -> [String: Document?] {
    var attributes = Self.attributes.texts(step.desired)
    // SQS knows these of FIFO queues alone, also where they are off.
    for flag in ["FifoQueue", "ContentBasedDeduplication"] where step.desired[flag] != true {
      attributes[flag] = nil
    }
    return tagging.input(step).merging([
      "Attributes": Document.object(attributes).nonEmpty
    ]) { $1 }
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let url = try step.existingID()
    let attributes = changedAttributes(step)
    if !attributes.isEmpty {
      try calls.make(
        Self.changing(
          "SetQueueAttributes", ["QueueUrl": .string(url), "Attributes": .object(attributes)]))
      try waitUntilShown(attributes, url, &calls)
    }
    try calls.make(tagging.calls(step, url))
    return done(step, url)
  }

  /// What to set. A queue is encrypted in one way: with a key of KMS, by SQS itself, or not at all.
  private func changedAttributes(_ step: Step) -> [String: Document] {
    var attributes = Queue.attributes.named(step.changed).reduce(into: [String: Document]()) {
      $0[$1.property] = $1.text(step.desired[$1.property])
    }
    let hasKey = step.desired["KmsMasterKeyId"] != nil
    if step.changed.contains("KmsMasterKeyId") {
      if !hasKey, step.desired["SqsManagedSseEnabled"] == nil {
        attributes["SqsManagedSseEnabled"] = "true"
      }
      if let period = step.desired["KmsDataKeyReusePeriodSeconds"], hasKey {
        attributes["KmsDataKeyReusePeriodSeconds"] = period.jsonText
      }
    }
    if attributes["SqsManagedSseEnabled"] == "true" {
      if hasKey {
        attributes["SqsManagedSseEnabled"] = nil
      } else if step.observed?.properties["KmsMasterKeyId"] != nil {
        attributes["KmsMasterKeyId"] = ""
      }
    }
    if attributes["KmsMasterKeyId"] == "" { attributes["KmsDataKeyReusePeriodSeconds"] = nil }
    return attributes
  }

  /// SQS shows the old attributes for up to a minute. Documents are not waited for: it may write them
  /// in its own way. Source: SQS API, SetQueueAttributes.
  private func waitUntilShown(
    _ attributes: [String: Document], _ url: String, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    let expected = Queue.attributes.named(Set(attributes.keys)).filter { $0.form != .json }
    guard !expected.isEmpty else { return }
    _ = try calls.wait(
      SQS.attributes(ofQueue: url).call, every: 5, limit: 90,
      until: "queue \(SQS.name(ofQueue: url)) shows its new attributes"
    ) { output in
      let isShown = expected.allSatisfy { attribute in
        let wanted = attribute.value(in: .object(attributes))
        return attribute.value(in: output["Attributes"]) == wanted
      }
      return isShown ? .ready : .waiting
    }
  }
}
