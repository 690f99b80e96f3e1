import Document
import TrueupCore

/// The policy of one or more topics. SNS gives each topic a default one, which is nobody's resource.
public struct TopicPolicy: HeldPolicy {
  public init() {}

  public let type = "AWS::SNS::TopicPolicy"
  public let facts = TopicPolicy.held

  static let holders = "Topics"
  static let holderType = "AWS::SNS::Topic"

  func lists(_ context: ReadContext) -> [Read] {
    names(context).isEmpty ? [] : [SNS.topics]
  }

  func found(_ context: ReadContext, _ replies: Replies) -> Set<String> {
    let names = names(context)
    return Set(
      SNS.listedTopics(replies).filter {
        names.contains($0) || names.contains(SNS.name(ofTopic: $0))
      })
  }

  /// The names and ARNs that topics of ours may have.
  private func names(_ context: ReadContext) -> Set<String> {
    context.names["AWS::SNS::Topic"] ?? []
  }

  func read(_ holder: String) -> Read { SNS.attributes(ofTopic: holder) }

  func arn(of holder: String, _ context: ReadContext) -> String { holder }

  func document(in output: Document, of holder: String) -> Document? {
    guard let document = output["Attributes"]?["Policy"]?.parsedJSON, document.object != nil
    else { return nil }
    // The actions that SNS allows by default were others over the years.
    let statement = Self.default(of: holder)["Statement"]?[0] ?? [:]
    let isDefault =
      document["Id"] == "__default_policy_ID" && document["Statement"]?.list?.count == 1
      && ["Sid", "Effect", "Principal", "Resource", "Condition"].allSatisfy {
        document["Statement"]?[0]?[$0] == statement[$0]
      }
    return isDefault ? nil : document
  }

  func put(_ document: Document?, in holder: String, _ step: Step) -> Call {
    guard let document else {
      // A topic is never without a policy: it gets back what SNS gives a new one.
      var call = SNS.set("Policy", Self.default(of: holder).jsonText, of: holder)
      call.absentCodes = ["NotFound"]
      call.transientCodes = []
      return call
    }
    return SNS.set("Policy", document, of: holder, transientCodes: SNS.freshPrincipal)
  }

  /// What SNS gives a new topic: the account that owns it may do everything.
  /// Source: SNS Developer Guide, "Example cases for Amazon SNS access control".
  private static func `default`(of topic: String) -> Document {
    let parts = topic.split(separator: ":", omittingEmptySubsequences: false)
    let account = parts.count > 4 ? String(parts[4]) : ""
    let actions = [
      "SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission",
      "SNS:RemovePermission", "SNS:DeleteTopic", "SNS:Subscribe", "SNS:ListSubscriptionsByTopic",
      "SNS:Publish",
    ]
    return [
      "Version": "2008-10-17", "Id": "__default_policy_ID",
      "Statement": [
        [
          "Sid": "__default_statement_ID", "Effect": "Allow", "Principal": ["AWS": "*"],
          "Action": .list(actions.map(Document.string)), "Resource": .string(topic),
          "Condition": ["StringEquals": ["AWS:SourceOwner": .string(account)]],
        ]
      ],
    ]
  }
}
