import Document

/// How a topic logs the deliveries over one protocol: three attributes whose names begin with it.
/// Source: SNS API, SetTopicAttributes.
struct DeliveryLogging {
  /// The protocol, as the registry calls it.
  let name: String
  /// How the attributes' names begin.
  private let prefix: String

  private static let all = [
    DeliveryLogging(name: "http/s", prefix: "HTTP"),
    DeliveryLogging(name: "sqs", prefix: "SQS"),
    DeliveryLogging(name: "lambda", prefix: "Lambda"),
    DeliveryLogging(name: "firehose", prefix: "Firehose"),
    DeliveryLogging(name: "application", prefix: "Application"),
  ]

  private static let roles = ["SuccessFeedbackRoleArn", "FailureFeedbackRoleArn"]
  private static let members = roles + ["SuccessFeedbackSampleRate"]

  /// The registry's list; without the protocols that have no role, because nothing is logged of them.
  static func read(_ attributes: Document?) -> Document? {
    Document.list(all.compactMap { $0.entry(attributes) }).nonEmpty
  }

  private func entry(_ attributes: Document?) -> Document? {
    var entry: [String: Document] = [:]
    for member in Self.members {
      guard let text = attributes?[prefix + member]?.string, !text.isEmpty else { continue }
      entry[member] = .string(text)
    }
    guard Self.roles.contains(where: { entry[$0] != nil }) else { return nil }
    return .object(entry).merging(["Protocol": .string(name)])
  }

  /// The attributes that lead from one list to another: what entries declare is set, and where there is
  /// no entry any more, the roles are taken off.
  static func changes(from observed: Document?, to desired: Document?) -> [(String, Document)] {
    all.flatMap { logging -> [(String, Document)] in
      let old = logging.entry(in: observed)
      guard let new = logging.entry(in: desired) else {
        return roles.filter { old?[$0] != nil }.map { (logging.prefix + $0, "") }
      }
      return members.compactMap { member in
        guard let value = new[member]?.jsonText, value != old?[member] else { return nil }
        return (logging.prefix + member, value)
      }
    }
  }

  private func entry(in list: Document?) -> Document? {
    list?.list?.first { $0["Protocol"]?.string == name }
  }
}
