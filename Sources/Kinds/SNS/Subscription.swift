import Document
import TrueupCore

/// A subscription of a topic. Until its endpoint confirms it, SNS shows neither its ARN nor its
/// attributes, and changes nothing of it.
public struct Subscription: SequencedKind {
  public init() {}

  public let type = "AWS::SNS::Subscription"

  /// In the order in which they are set. Source: SNS API, SetSubscriptionAttributes.
  static let attributes = [
    TextAttribute("FilterPolicy", .json, initial: "{}"),
    TextAttribute("FilterPolicyScope", initial: "MessageAttributes"),
    TextAttribute("RawMessageDelivery", .flag, initial: "false"),
    TextAttribute("DeliveryPolicy", .json), TextAttribute("RedrivePolicy", .json),
    TextAttribute("ReplayPolicy", .json), TextAttribute("SubscriptionRoleArn"),
  ]

  public let facts = TypeFacts(
    Identity(ref: "Arn", unique: [UniqueKey("Protocol", "Endpoint", within: ["TopicArn"])]),
    placement: .byProperty("Region"),
    ownership: .inside([Parent("TopicArn", "AWS::SNS::Topic")]),
    properties: [
      "/DeliveryPolicy": .normal(.json),
      "/FilterPolicy": .normal(.json).losing(.narrowing),
      "/RedrivePolicy": .normal(.json).losing(.members),
      "/ReplayPolicy": .normal(.json),
      "/FilterPolicyScope": .defaultsTo("MessageAttributes"),
      "/RawMessageDelivery": .defaultsTo(false),
      "/Region": .createOnly,
    ],
    canonical: { properties in
      Endpoint.shown(properties).changing("FilterPolicy") { FilterPolicy.normal($0.parsedJSON) }
    })

  /// The reason for what is not known of a subscription until its endpoint confirms it.
  static let pending = "waits for its confirmation"

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let concerned = Self.listed(replies[SNS.subscriptions]?.output)
      .filter { !Self.isPending($0) && concerns($0, context) }
    return [SNS.subscriptions] + concerned.map(attributes)
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    Self.listed(replies[SNS.subscriptions]?.output).compactMap { subscription in
      var observed = Observed(
        type: type, id: Self.id(subscription), scope: context.scope,
        properties: properties(subscription))
      let finding = replies.finding(attributes(subscription))
      switch finding {
      case _ where Self.isPending(subscription):
        observed.mark(Self.attributes.properties, Self.pending)
      case .nothing: return nil
      case .unread(let reason): observed.mark(Self.attributes.properties, reason)
      case .found(let output):
        observed.properties = observed.properties.merging(
          .members(Self.attributes.values(in: output["Attributes"])))
        if observed.properties["FilterPolicy"] == nil {
          observed.mark(["FilterPolicyScope"], "SNS shows it along with a FilterPolicy only")
        }
      }
      return observed
    }
  }

  private func properties(_ subscription: Document) -> Document {
    var members = subscription.members(named: ["TopicArn", "Protocol", "Endpoint"])
    if !Self.isPending(subscription) { members["Arn"] = subscription["SubscriptionArn"] }
    let parts = subscription["TopicArn"]?.string?.split(separator: ":") ?? []
    if parts.count > 3 { members["Region"] = .string(String(parts[3])) }
    return .members(members)
  }

  /// Whether something that is compared stands in the attributes of one of ours: known to the base, or
  /// of a topic that somebody names.
  private func concerns(_ subscription: Document, _ context: ReadContext) -> Bool {
    guard !context.properties.isDisjoint(with: Self.attributes.properties) else { return false }
    let topic = subscription["TopicArn"]?.string ?? ""
    let topics = context.names["AWS::SNS::Topic"] ?? []
    return context.candidates[Self.id(subscription)] != nil
      || context.values["TopicArn"]?.contains(topic) == true
      || topics.contains(topic) || topics.contains(SNS.name(ofTopic: topic))
  }

  private func attributes(_ subscription: Document) -> Read {
    Read(
      Call(
        "sns", "GetSubscriptionAttributes",
        .members(["SubscriptionArn": subscription["SubscriptionArn"]]), absentCodes: ["NotFound"]))
  }

  /// The subscriptions of a list, without those that it still shows as deleted.
  static func listed(_ output: Document?) -> [Document] {
    (output?["Subscriptions"]?.list ?? []).filter {
      $0["SubscriptionArn"] != nil && $0["SubscriptionArn"] != "Deleted"
    }
  }

  /// SNS shows a word in place of the ARN until the endpoint confirms.
  static func isPending(_ subscription: Document) -> Bool {
    subscription["SubscriptionArn"]?.string?.hasPrefix("arn:") != true
  }

  /// The ARN; until there is one, what tells the subscription apart.
  private static func id(_ subscription: Document) -> String {
    guard isPending(subscription) else { return subscription["SubscriptionArn"]?.string ?? "" }
    let endpoint = Endpoint.told(subscription["Endpoint"]?.string ?? "")
    return (["TopicArn", "Protocol"].map { subscription[$0]?.string ?? "" } + [endpoint])
      .joined(separator: "|")
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    var input = step.desired.members(named: ["TopicArn", "Protocol", "Endpoint"])
    input["Attributes"] = Document.object(Self.attributes.texts(step.desired)).nonEmpty
    // The ARN is not asked for: without it SNS tells whether the endpoint has yet to confirm.
    let made = try calls.make(
      Call("sns", "Subscribe", .members(input), transientCodes: ["NotFound"]))
    guard let arn = made.output?["SubscriptionArn"] else {
      throw .failed("Subscribe answered without a SubscriptionArn")
    }
    let shown = Endpoint.shown(step.desired).merging(["SubscriptionArn": arn])
    return .done(
      id: Self.id(shown), attributes: properties(shown).merging(step.desired))
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    guard isConfirmed(id) else { throw .failed("\(step.address) \(Self.pending)") }
    for attribute in changes(step) {
      let value = step.desired[attribute.property]
      // SNS takes no empty redrive policy: without a value it is taken away.
      let text =
        value == nil && attribute.property == "RedrivePolicy" ? nil : attribute.text(value)
      try calls.make(
        Call(
          "sns", "SetSubscriptionAttributes",
          .members([
            "SubscriptionArn": .string(id), "AttributeName": .string(attribute.property),
            "AttributeValue": text,
          ]), transientCodes: ["NotFound"]))
    }
    return .done(id: id, attributes: step.unchanged.merging(step.desired))
  }

  /// The attributes to set. A scope goes along with its policy, of which SNS keeps it; that of message
  /// bodies comes first, because only then policies may be nested.
  private func changes(_ step: Step) -> [TextAttribute] {
    var changed = step.changed
    if changed.contains("FilterPolicy"), step.desired["FilterPolicyScope"] != nil {
      changed.insert("FilterPolicyScope")
    }
    let attributes = Self.attributes.named(changed)
    guard step.desired["FilterPolicyScope"] == "MessageBody" else { return attributes }
    return attributes.filter { $0.property == "FilterPolicyScope" }
      + attributes.filter { $0.property != "FilterPolicyScope" }
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    // What was never confirmed SNS takes away by itself after two days, and by no call.
    guard isConfirmed(id), try calls.make(Self.unsubscription(id)) == .absent,
      let shown = step.observed?.properties, let topic = shown["TopicArn"]?.string
    else { return .done(id: id, attributes: [:]) }
    // Somebody may have subscribed the same endpoint anew, under another ARN.
    let again = try Self.all(of: topic, &calls).filter {
      Endpoint.key($0) == Endpoint.key(shown) && !Self.isPending($0)
    }
    try calls.make(again.compactMap { $0["SubscriptionArn"]?.string }.map(Self.unsubscription))
    return .done(id: id, attributes: [:])
  }

  /// The subscriptions of a topic.
  static func all(
    of topic: String, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> [Document] {
    let list = Call(
      "sns", "ListSubscriptionsByTopic", ["TopicArn": .string(topic)], absentCodes: ["NotFound"])
    return try calls.pages(list, by: "NextToken").flatMap(listed)
  }

  private func isConfirmed(_ id: String) -> Bool { !id.contains("|") }

  static func unsubscription(_ arn: String) -> Call {
    Call(
      "sns", "Unsubscribe", ["SubscriptionArn": .string(arn)], absentCodes: ["NotFound"])
  }
}
