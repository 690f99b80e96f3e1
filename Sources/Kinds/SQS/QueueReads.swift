import Document
import TrueupCore

/// How queues are read: one list of them all, and each that may be ours by itself.
struct QueueReads {
  struct Queue {
    let url: String
    let name: String
    let arn: String
    let tags: TagSweep.KnownTags

    var attributes: Read { SQS.attributes(ofQueue: url) }
  }

  /// Those that the desired state or the base names, and those that are ours by the tag sweep.
  let queues: [Queue]

  init(_ context: ReadContext, _ replies: Replies) {
    let sweep = TagSweep(context, replies)
    // The base knows queues by their URLs, the desired state by their names.
    let candidates = Dictionary(
      context.candidates.keys.sorted().map { (SQS.name(ofQueue: $0), $0) },
      uniquingKeysWith: { first, _ in first })
    queues = SQS.listedQueues(replies).sorted().compactMap { url in
      let name = SQS.name(ofQueue: url)
      let arn = SQS.arn(ofQueue: url, context.partition, context.region, context.scope.account)
      guard candidates[name] != nil || context.owns(sweep.swept[arn] ?? [:]) else { return nil }
      let own = Read(
        Call("sqs", "ListQueueTags", ["QueueUrl": .string(url)], absentCodes: SQS.noQueue))
      let tags = sweep.tags(ofARN: arn, candidate: candidates[name] ?? name, own: own) { output in
        Tags.read(map: output["Tags"])
      }
      return Queue(url: url, name: name, arn: arn, tags: tags)
    }
  }
}
