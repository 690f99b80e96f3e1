import Document
import TrueupCore

/// An SNS topic. Its policy is a resource of its own, `AWS::SNS::TopicPolicy`.
public struct Topic: ComposedKind {
  public init() {}

  public let type = "AWS::SNS::Topic"

  /// What stands in the topic's attributes, save for how it logs deliveries, and what a new one has.
  /// Source: SNS API, CreateTopic and SetTopicAttributes.
  static let attributes = [
    TextAttribute("FifoTopic", .flag), TextAttribute("DisplayName"),
    TextAttribute("KmsMasterKeyId"),
    TextAttribute("ContentBasedDeduplication", .flag, initial: "false"),
    TextAttribute("FifoThroughputScope", initial: "Topic"),
    TextAttribute("SignatureVersion", initial: "1"),
    TextAttribute("TracingConfig", initial: "PassThrough"),
    TextAttribute("ArchivePolicy", .json, initial: "{}"),
  ]

  public let facts = TypeFacts(
    Identity(
      ref: "TopicArn",
      name: NameRule(
        property: "TopicName", maximumLength: 256, punctuation: "-_",
        suffixes: ["FifoTopic": ".fifo"]), arn: "sns",
      foretold: [
        "TopicArn": { "arn:\($0.partition):sns:\($0.region):\($0.account):\($0.name)" }
      ]),
    properties: [
      "/DeliveryStatusLogging": .keyed("Protocol"),
      "/ArchivePolicy": .losing(.change),
      "/KmsMasterKeyId": .security,
      "/Subscription": .keyed("Protocol", "Endpoint").losing(.members),
      "/DataProtectionPolicy": .normal(.json),
      "/ContentBasedDeduplication": .defaultsTo(false),
      "/FifoTopic": .defaultsTo(false),
      "/FifoThroughputScope": .defaultsTo("Topic"),
      "/SignatureVersion": .defaultsTo("1"),
      "/TracingConfig": .defaultsTo("PassThrough"),
    ],
    canonical: { properties in
      properties.changing("Subscription/*", Endpoint.shown)
        .changing("ArchivePolicy") { archive in
          // Days are written as a number or as a string.
          archive.parsedJSON.changing("MessageRetentionPeriod", \.jsonText)
        }
        .changing("DataProtectionPolicy") {
          $0.parsedJSON.withSets(DataProtectionPolicy.sets)
        }
    })

  /// Whoever may subscribes to a topic: people, other stacks, other accounts.
  public let sharedLists: Set = ["Subscription"]

  // MARK: Observing

  let listing = Listing(SNS.topics, "Topics", id: "TopicArn")
  /// Of others' topics nothing but their ARNs could be seen.
  let showsOthers = false
  let details = [
    Detail(attributes.properties + ["DeliveryStatusLogging"], isNeeded: true) { _, arn in
      SNS.attributes(ofTopic: arn)
    } values: { output in
      attributes.values(in: output["Attributes"])
        .merging(["DeliveryStatusLogging": DeliveryLogging.read(output["Attributes"])]) { $1 }
    },
    Detail(["DataProtectionPolicy"]) { _, arn in
      Read(
        Call(
          "sns", "GetDataProtectionPolicy", ["ResourceArn": .string(arn)],
          absentCodes: ["NotFound"]))
    } values: { output in
      let policy = output["DataProtectionPolicy"]
      return ["DataProtectionPolicy": policy == "" ? nil : policy?.parsedJSON]
    },
    Detail(["Subscription"]) { _, _ in
      SNS.subscriptions
    } values: { _ in
      [:]
    },
  ]
  let tagging = SweptTags(
    TagCalls(Topic.tagCall("TagResource"), Topic.tagCall("UntagResource")) { _, arn in
      ["ResourceArn": .string(arn)]
    }
  ) { item, _ in
    item["TopicArn"]?.string ?? ""
  } own: { _, arn in
    Read(
      Call(
        "sns", "ListTagsForResource", ["ResourceArn": .string(arn)],
        absentCodes: ["ResourceNotFound", "NotFound"]))
  }

  func name(in known: String) -> String { SNS.name(ofTopic: known) }

  func properties(of item: Document, _ context: ReadContext) -> [String: Document?] {
    ["TopicName": .string(SNS.name(ofTopic: item["TopicArn"]?.string ?? ""))]
  }

  /// Subscriptions that wait for their confirmation are there as well, but nothing can be done with them.
  func amended(_ observed: Observed, _ item: Document, _ replies: Replies) -> Observed? {
    guard let output = replies[SNS.subscriptions]?.output else { return observed }
    var observed = observed
    let own = Subscription.listed(output).filter { $0["TopicArn"] == item["TopicArn"] }
    if !own.isEmpty {
      let list = own.map { Document.members($0.members(named: ["Protocol", "Endpoint"])) }
      observed.properties = observed.properties.merging(["Subscription": .list(list)])
    }
    for subscription in own where Subscription.isPending(subscription) {
      let key = ["Protocol", "Endpoint"].map { subscription[$0]?.string ?? "" }
      observed.unread[PropertyPath(["Subscription", key.joined(separator: ",")])] =
        Subscription.pending
    }
    return observed
  }

  /// The topic without the subscriptions that are resources of their own.
  public func without(_ claims: [Claim], in observed: Observed) -> Observed {
    let claimed = Set(
      claims.filter { $0.type == "AWS::SNS::Subscription" }.map { Endpoint.key($0.properties) })
    return observed.without({ claimed.contains(Endpoint.key($0)) }, in: "Subscription")
  }

  // MARK: Changing

  private static let busy: Set<String> = ["ConcurrentAccess", "StaleTag"]

  let creation = Creation(
    Call("sns", "CreateTopic", [:], transientCodes: busy), id: ["TopicArn"])
  /// Its subscriptions go with it. SNS deletes no topic whose archive is active.
  let deletion = Deletion(
    Call("sns", "DeleteTopic", [:], absentCodes: ["NotFound"], transientCodes: busy), "TopicArn")

  private static func tagCall(_ operation: String) -> Call {
    Call("sns", operation, [:], transientCodes: busy.union(["ResourceNotFound"]))
  }

  func created(_ step: Step) throws(CallSequence.Pause) -> [String: Document?] {
    var attributes = Self.attributes.texts(step.desired)
    // SNS knows these of FIFO topics alone, also where they are off.
    for flag in ["FifoTopic", "ContentBasedDeduplication"] where step.desired[flag] != true {
      attributes[flag] = nil
    }
    return tagging.input(step).merging([
      "Name": .string(try step.name("TopicName")),
      "Attributes": Document.object(attributes).nonEmpty,
      "DataProtectionPolicy": step.desired["DataProtectionPolicy"]?.jsonText,
    ]) { $1 }
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let arn = try creation.id(in: try creation.make(step, try created(step), &calls))
    try calls.make(logging(step, of: arn))
    try subscribe(step, to: arn, &calls)
    return done(step, arn)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let arn = try step.existingID()
    try calls.make(
      Self.attributes.named(step.changed).map {
        SNS.set($0.property, $0.text(step.desired[$0.property]), of: arn)
      })
    if step.changed.contains("DeliveryStatusLogging") { try calls.make(logging(step, of: arn)) }
    if step.changed.contains("DataProtectionPolicy") {
      // An empty one takes it away. Source: SNS Developer Guide, "Deleting data protection policies".
      try calls.make(
        Call(
          "sns", "PutDataProtectionPolicy",
          [
            "ResourceArn": .string(arn),
            "DataProtectionPolicy": step.desired["DataProtectionPolicy"]?.jsonText ?? "",
          ]))
    }
    if step.changed.contains("Subscription") { try subscribe(step, to: arn, &calls) }
    try calls.make(tagging.calls(step, arn))
    return done(step, arn)
  }

  private func logging(_ step: Step, of arn: String) -> [Call] {
    DeliveryLogging.changes(
      from: step.shown["DeliveryStatusLogging"], to: step.desired["DeliveryStatusLogging"]
    ).map { attribute, value in
      SNS.set(attribute, value, of: arn, transientCodes: value == "" ? [] : SNS.freshPrincipal)
    }
  }

  /// Subscribes what is not subscribed yet, then ends what is no longer desired.
  private func subscribe(
    _ step: Step, to arn: String, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    let shown = Set(step.shown.elements("Subscription").map(Endpoint.key))
    let desired = step.desired.elements("Subscription")
    try calls.make(
      desired.filter { !shown.contains(Endpoint.key($0)) }.map { element in
        Call("sns", "Subscribe", ["TopicArn": .string(arn)], transientCodes: ["NotFound"])
          .with(element.members(named: ["Protocol", "Endpoint"]))
      })
    let gone = shown.subtracting(desired.map(Endpoint.key))
    guard !gone.isEmpty else { return }
    let present = try Subscription.all(of: arn, &calls)
    // What waits for its confirmation SNS takes away by itself after two days, and by no call.
    try calls.make(
      present.filter { gone.contains(Endpoint.key($0)) && !Subscription.isPending($0) }
        .compactMap { $0["SubscriptionArn"]?.string }.map(Subscription.unsubscription))
  }
}
