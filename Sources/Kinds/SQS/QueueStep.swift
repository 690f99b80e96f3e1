import Document
import TrueupCore

/// The calls of one step on a queue.
struct QueueStep: KindStep {
  private let step: Step

  init(_ step: Step) { self.step = step }

  // MARK: Create

  func create(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.name("QueueName")
    var attributes = Queue.attributes.texts(step.desired)
    // SQS knows these of FIFO queues alone, also where they are off.
    for flag in ["FifoQueue", "ContentBasedDeduplication"] where step.desired[flag] != true {
      attributes[flag] = nil
    }
    let created = try calls.make(
      Call(
        "sqs", "CreateQueue",
        .members([
          "QueueName": .string(name), "Attributes": attributes.isEmpty ? nil : .object(attributes),
          "tags": step.tags.isEmpty ? nil : Tags.map(step.tags),
        ]),
        // A name is free again a minute after its queue was deleted.
        transientCodes: SQS.noQueue.union([
          "QueueDeletedRecently", "AWS.SimpleQueueService.QueueDeletedRecently",
        ]), patience: 90))
    guard let url = created.output?["QueueUrl"]?.string else {
      throw .failed("CreateQueue answered without a QueueUrl")
    }
    return .done(id: url, attributes: step.desired.merging(identity(url)))
  }

  private func identity(_ url: String) -> Document {
    let arn = SQS.arn(ofQueue: url, step.partition, step.region, step.scope.account)
    return [
      "QueueUrl": .string(url), "QueueName": .string(SQS.name(ofQueue: url)), "Arn": .string(arn),
    ]
  }

  // MARK: Update

  func update(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let url = try step.existingID()
    let attributes = changedAttributes
    if !attributes.isEmpty {
      try calls.make(
        Call(
          "sqs", "SetQueueAttributes",
          ["QueueUrl": .string(url), "Attributes": .object(attributes)],
          transientCodes: SQS.noQueue))
      try waitUntilShown(attributes, url, &calls)
    }
    try calls.make(tagCalls(url))
    return .done(
      id: url, attributes: step.unchanged.merging(step.desired).merging(identity(url)))
  }

  /// What to set. A queue is encrypted in one way: with a key of KMS, by SQS itself, or not at all.
  private var changedAttributes: [String: Document] {
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

  private func tagCalls(_ url: String) -> [Call] {
    func call(_ operation: String, _ member: String, _ value: Document) -> Call {
      Call(
        "sqs", operation, ["QueueUrl": .string(url), member: value], transientCodes: SQS.noQueue)
    }
    return Tags.calls(
      step, tag: call("TagQueue", "Tags", Tags.map(step.newTags)),
      untag: call("UntagQueue", "TagKeys", Tags.keys(step.removedTags)))
  }

  // MARK: Delete

  func delete(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let url = try step.existingID()
    try calls.make(
      Call("sqs", "DeleteQueue", ["QueueUrl": .string(url)], absentCodes: SQS.noQueue))
    return .done(id: url, attributes: [:])
  }
}
