import Document
import TrueupCore

/// How topics are read: one list of them all, and each that may be ours by itself.
struct TopicReads {
  struct Topic {
    let arn: String
    let name: String
    let tags: TagSweep.KnownTags
    /// The top-level properties worth a read.
    let declared: Set<String>

    var attributes: Read { SNS.attributes(ofTopic: arn) }

    var dataProtection: Read {
      Read(
        Call(
          "sns", "GetDataProtectionPolicy", ["ResourceArn": .string(arn)],
          absentCodes: ["NotFound"]))
    }
  }

  /// Those that the desired state or the base names, and those that are ours by the tag sweep.
  let topics: [Topic]

  init(_ context: ReadContext, _ replies: Replies) {
    let sweep = TagSweep(context, replies)
    topics = SNS.listedTopics(replies).sorted().compactMap { arn in
      let name = SNS.name(ofTopic: arn)
      let names = [name, arn].filter { context.candidates[$0] != nil }
      guard !names.isEmpty || context.owns(sweep.swept[arn] ?? [:]) else { return nil }
      let own = Read(
        Call(
          "sns", "ListTagsForResource", ["ResourceArn": .string(arn)],
          absentCodes: ["ResourceNotFound", "NotFound"]))
      let tags = sweep.tags(ofARN: arn, candidate: names.first ?? name, own: own) { output in
        Tags.read(output["Tags"])
      }
      let declared = names.map { context.declared(id: $0, tags: tags.known) }
      return Topic(
        arn: arn, name: name, tags: tags,
        declared: declared.reduce(context.declared(id: "", tags: tags.known)) { $0.union($1) })
    }
  }
}
