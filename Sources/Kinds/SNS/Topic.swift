import Document
import TrueupCore

/// An SNS topic. Its policy is a resource of its own, `AWS::SNS::TopicPolicy`.
public struct Topic: SteppedKind {
  typealias Work = TopicStep

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
      var members: [String: Document?] = [:]
      members["Subscription"] = properties["Subscription"]?.list.map {
        .list($0.map(Endpoint.shown))
      }
      // Days are written as a number or as a string.
      if let archive = properties["ArchivePolicy"]?.parsedJSON {
        members["ArchivePolicy"] = archive.merging(
          .members(["MessageRetentionPeriod": archive["MessageRetentionPeriod"]?.jsonText]))
      }
      members["DataProtectionPolicy"] = properties["DataProtectionPolicy"].map {
        $0.parsedJSON.withSets(DataProtectionPolicy.sets)
      }
      return properties.merging(.members(members))
    })

  /// Whoever may subscribes to a topic: people, other stacks, other accounts.
  public let sharedLists: Set = ["Subscription"]

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    [SNS.topics, TagSweep.read]
      + TopicReads(context, replies).topics.flatMap { topic in
        [topic.attributes] + [topic.tags.wanted].compactMap(\.self)
          + (topic.declared.contains("Subscription") ? [SNS.subscriptions] : [])
          + (topic.declared.contains("DataProtectionPolicy") ? [topic.dataProtection] : [])
      }
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    TopicReads(context, replies).topics.compactMap { topic in
      var observed = Observed(
        type: type, id: topic.arn, scope: context.scope,
        properties: ["TopicArn": .string(topic.arn), "TopicName": .string(topic.name)],
        tags: topic.tags.known)
      if let reason = topic.tags.unread { observed.unread["/Tags"] = reason }
      switch replies.finding(topic.attributes) {
      case .nothing: return nil
      case .unread(let reason):
        observed.mark(Self.attributes.properties + ["DeliveryStatusLogging"], reason)
      case .found(let output):
        let attributes = output["Attributes"]
        observed.properties = observed.properties
          .merging(.members(Self.attributes.values(in: attributes)))
          .merging(.members(["DeliveryStatusLogging": DeliveryLogging.read(attributes)]))
      }
      observed.add("DataProtectionPolicy", replies.finding(topic.dataProtection)) { output in
        output["DataProtectionPolicy"]?.string == ""
          ? nil : output["DataProtectionPolicy"]?.parsedJSON
      }
      addSubscriptions(to: &observed, replies)
      return observed
    }
  }

  /// Those that wait for their confirmation are there as well, but nothing can be done with them.
  private func addSubscriptions(to observed: inout Observed, _ replies: Replies) {
    let own = Subscription.listed(replies[SNS.subscriptions]?.output).filter {
      $0["TopicArn"] == observed.properties["TopicArn"]
    }
    observed.add("Subscription", replies.finding(SNS.subscriptions)) { _ in
      let list = own.map { Document.members($0.members(named: ["Protocol", "Endpoint"])) }
      return list.isEmpty ? nil : .list(list)
    }
    for subscription in own where Subscription.isPending(subscription) {
      let key = ["Protocol", "Endpoint"].map { subscription[$0]?.string ?? "" }
      observed.unread[PropertyPath(["Subscription", key.joined(separator: ",")])] =
        Subscription.pending
    }
  }

  /// The topic without the subscriptions that are resources of their own.
  public func without(_ claims: [Claim], in observed: Observed) -> Observed {
    let claimed = Set(
      claims.filter { $0.type == "AWS::SNS::Subscription" }.map { Endpoint.key($0.properties) })
    guard let list = observed.properties["Subscription"]?.list, !claimed.isEmpty else {
      return observed
    }
    var observed = observed
    observed.properties = observed.properties.merging([
      "Subscription": .list(list.filter { !claimed.contains(Endpoint.key($0)) })
    ])
    return observed
  }
}
