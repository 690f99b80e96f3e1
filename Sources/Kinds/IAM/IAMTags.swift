import Document
import TrueupCore

/// Tags of what IAM tags by its name or ARN, with an operation for each type (`TagPolicy`).
struct IAMTags: WrittenTags {
  let reads = [TagSweep.read]
  private let thing: String
  /// The member that says which one is meant.
  private let member: String
  let writing: TagCalls

  init(_ thing: String, by member: String) {
    self.thing = thing
    self.member = member
    writing = TagCalls(IAM.call("Tag" + thing), IAM.call("Untag" + thing)) { _, id in
      [member: .string(id)]
    }
  }

  func tags(
    of item: Document, id: String, name: String, _ sweep: TagSweep
  ) -> TagSweep.KnownTags {
    sweep.tags(
      ofARN: item["Arn"]?.string ?? "", candidate: name,
      own: IAM.own("List\(thing)Tags", [member: .string(id)], pageSize: 1000)
    ) { Tags.read($0["Tags"]) }
  }
}
