import Document
import TrueupCore

/// The calls of one step on a topic.
struct TopicStep: KindStep {
  private let step: Step

  init(_ step: Step) { self.step = step }

  // MARK: Create

  func create(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.name("TopicName")
    var attributes = Topic.attributes.texts(step.desired)
    // SNS knows these of FIFO topics alone, also where they are off.
    for flag in ["FifoTopic", "ContentBasedDeduplication"] where step.desired[flag] != true {
      attributes[flag] = nil
    }
    let created = try calls.make(
      Call(
        "sns", "CreateTopic",
        .members([
          "Name": .string(name), "Attributes": attributes.isEmpty ? nil : .object(attributes),
          "Tags": step.tags.isEmpty ? nil : Tags.list(step.tags),
          "DataProtectionPolicy": step.desired["DataProtectionPolicy"]?.jsonText,
        ]), transientCodes: ["ConcurrentAccess", "StaleTag"]))
    guard let arn = created.output?["TopicArn"]?.string else {
      throw .failed("CreateTopic answered without a TopicArn")
    }
    try changeLogging(of: arn, &calls)
    try subscribe(to: arn, &calls)
    return .done(
      id: arn,
      attributes: step.desired.merging([
        "TopicArn": .string(arn), "TopicName": .string(name),
      ]))
  }

  // MARK: Update

  func update(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let arn = try step.existingID()
    for attribute in Topic.attributes.named(step.changed) {
      try calls.make(
        SNS.set(attribute.property, attribute.text(step.desired[attribute.property]), of: arn))
    }
    if step.changed.contains("DeliveryStatusLogging") { try changeLogging(of: arn, &calls) }
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
    if step.changed.contains("Subscription") { try subscribe(to: arn, &calls) }
    try calls.make(tagCalls(arn))
    return .done(id: arn, attributes: step.unchanged.merging(step.desired))
  }

  // MARK: Parts

  private func changeLogging(
    of arn: String, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    let changes = DeliveryLogging.changes(
      from: step.observed?.properties["DeliveryStatusLogging"],
      to: step.desired["DeliveryStatusLogging"])
    for (attribute, value) in changes {
      try calls.make(
        SNS.set(attribute, value, of: arn, transientCodes: value == "" ? [] : SNS.freshPrincipal))
    }
  }

  /// Subscribes what is not subscribed yet, then ends what is no longer desired.
  private func subscribe(
    to arn: String, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    let shown = Set((step.observed?.properties["Subscription"]?.list ?? []).map(Endpoint.key))
    let desired = step.desired["Subscription"]?.list ?? []
    try calls.make(
      desired.filter { !shown.contains(Endpoint.key($0)) }.map { element in
        Call(
          "sns", "Subscribe",
          .members([
            "TopicArn": .string(arn), "Protocol": element["Protocol"],
            "Endpoint": element["Endpoint"],
          ]), transientCodes: ["NotFound"])
      })
    let gone = shown.subtracting(desired.map(Endpoint.key))
    guard !gone.isEmpty else { return }
    let present = try Subscription.all(of: arn, &calls)
    // What waits for its confirmation SNS takes away by itself after two days, and by no call.
    try calls.make(
      present.filter { gone.contains(Endpoint.key($0)) && !Subscription.isPending($0) }
        .compactMap { $0["SubscriptionArn"]?.string }.map(Subscription.unsubscription))
  }

  private func tagCalls(_ arn: String) -> [Call] {
    func call(_ operation: String, _ member: String, _ value: Document) -> Call {
      Call(
        "sns", operation, ["ResourceArn": .string(arn), member: value],
        transientCodes: ["ConcurrentAccess", "StaleTag", "ResourceNotFound"])
    }
    return Tags.calls(
      step, tag: call("TagResource", "Tags", Tags.list(step.newTags)),
      untag: call("UntagResource", "TagKeys", Tags.keys(step.removedTags)))
  }

  // MARK: Delete

  /// Its subscriptions go with it. SNS deletes no topic whose archive is active.
  func delete(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let arn = try step.existingID()
    try calls.make(
      Call(
        "sns", "DeleteTopic", ["TopicArn": .string(arn)], absentCodes: ["NotFound"],
        transientCodes: ["ConcurrentAccess", "StaleTag"]))
    return .done(id: arn, attributes: [:])
  }
}
