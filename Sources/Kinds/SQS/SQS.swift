import Document
import TrueupCore

/// What all kinds of SQS share. Queues are known by their URLs, which are told to SQS as it gave them;
/// where calls go does not depend on them.
enum SQS {
  /// Without a page size SQS would list no more than a thousand.
  static let queues = Read(Call("sqs", "ListQueues", [:]), pageSize: 1000, isEssential: true)

  /// SQS speaks JSON and names errors by the codes of its query protocol as well.
  static let noQueue: Set<String> = [
    "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue",
  ]

  static func attributes(ofQueue url: String) -> Read {
    Read(
      Call(
        "sqs", "GetQueueAttributes", ["QueueUrl": .string(url), "AttributeNames": ["All"]],
        absentCodes: noQueue))
  }

  /// The URLs that ListQueues shows.
  static func listedQueues(_ replies: Replies) -> [String] {
    (replies[queues]?.output?["QueueUrls"]?.list ?? []).compactMap(\.string)
  }

  /// The queue's name: of a URL the last component, of a name itself.
  static func name(ofQueue url: String) -> String {
    String(url.split(separator: "/").last ?? "")
  }

  static func arn(ofQueue url: String, _ partition: String, _ region: String, _ account: String)
    -> String
  {
    "arn:\(partition):sqs:\(region):\(account):\(name(ofQueue: url))"
  }
}
