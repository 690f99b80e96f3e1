import Document
import TrueupCore

/// What all kinds of SNS share.
enum SNS {
  /// SNS has one page size, a hundred.
  static let topics = Read(Call("sns", "ListTopics", [:]), isEssential: true)
  /// All subscriptions that the account made.
  static let subscriptions = Read(Call("sns", "ListSubscriptions", [:]), isEssential: true)

  static func attributes(ofTopic arn: String) -> Read {
    Read(
      Call("sns", "GetTopicAttributes", ["TopicArn": .string(arn)], absentCodes: ["NotFound"]))
  }

  /// Sets one attribute of a topic.
  static func set(
    _ attribute: String, _ value: Document, of arn: String, transientCodes: Set<String> = []
  ) -> Call {
    Call(
      "sns", "SetTopicAttributes",
      ["TopicArn": .string(arn), "AttributeName": .string(attribute), "AttributeValue": value],
      transientCodes: transientCodes.union(["NotFound"]))
  }

  /// SNS refuses roles and principals that it does not know yet.
  static let freshPrincipal: Set<String> = ["InvalidParameter"]

  /// The ARNs that ListTopics shows.
  static func listedTopics(_ replies: Replies) -> [String] {
    (replies[topics]?.output?["Topics"]?.list ?? []).compactMap { $0["TopicArn"]?.string }
  }

  /// The topic's name in its ARN.
  static func name(ofTopic arn: String) -> String {
    String(arn.split(separator: ":").last ?? "")
  }
}
