import Document
import TrueupCore

/// The policy of one or more queues.
public struct QueuePolicy: HeldPolicy {
  public init() {}

  public let type = "AWS::SQS::QueuePolicy"
  public let facts = QueuePolicy.held

  static let holders = "Queues"
  static let holderType = "AWS::SQS::Queue"

  func lists(_ context: ReadContext) -> [Read] {
    names(context).isEmpty ? [] : [SQS.queues]
  }

  func found(_ context: ReadContext, _ replies: Replies) -> Set<String> {
    let names = names(context)
    return Set(SQS.listedQueues(replies).filter { names.contains(SQS.name(ofQueue: $0)) })
  }

  /// The names that queues of ours may have.
  private func names(_ context: ReadContext) -> Set<String> {
    Set((context.names["AWS::SQS::Queue"] ?? []).map(SQS.name))
  }

  func read(_ holder: String) -> Read { SQS.attributes(ofQueue: holder) }

  func arn(of holder: String, _ context: ReadContext) -> String {
    SQS.arn(ofQueue: holder, context.partition, context.region, context.scope.account)
  }

  func document(in output: Document, of holder: String) -> Document? {
    guard let text = output["Attributes"]?["Policy"]?.string, !text.isEmpty else { return nil }
    return Document.string(text).parsedJSON
  }

  /// An empty policy takes it away. SQS refuses principals that it does not know yet.
  func put(_ document: Document?, in holder: String, _ step: Step) -> Call {
    Call(
      "sqs", "SetQueueAttributes",
      ["QueueUrl": .string(holder), "Attributes": ["Policy": document ?? ""]],
      absentCodes: document == nil ? SQS.noQueue : [],
      transientCodes: document == nil ? [] : SQS.noQueue.union(["InvalidAttributeValue"]))
  }
}
