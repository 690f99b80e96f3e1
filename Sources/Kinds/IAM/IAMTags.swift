import Document
import TrueupCore

/// Tags of what IAM tags by its name or ARN, with an operation for each type (`TagPolicy`).
struct IAMTags: WrittenTags {
  let reads = [TagSweep.read]
  private let list: String
  /// The member that says which one is meant.
  private let member: String
  let writing: TagCalls

  /// - Parameters:
  ///   - list: the operation that lists the tags of one.
  ///   - tag: the operation that sets tags.
  ///   - untag: the operation that takes tags away.
  init(list: String, tag: String, untag: String, by member: String) {
    self.list = list
    self.member = member
    writing = TagCalls(IAM.call(tag), IAM.call(untag)) { _, id in
      [member: .string(id)]
    }
  }

  func tags(
    of item: Document, id: String, name: String, _ sweep: TagSweep
  ) -> TagSweep.KnownTags {
    sweep.tags(
      ofARN: item["Arn"]?.string ?? "", candidate: name,
      own: IAM.own(list, [member: .string(id)], pageSize: 1000)
    ) { Tags.read($0["Tags"]) }
  }
}

/// Tags that IAM shows with the thing itself.
struct ShownIAMTags: WrittenTags {
  let reads: [Read] = []
  let writing: TagCalls

  func tags(
    of item: Document, id: String, name: String, _ sweep: TagSweep
  ) -> TagSweep.KnownTags {
    TagSweep.KnownTags(known: Tags.read(item["Tags"]))
  }
}
