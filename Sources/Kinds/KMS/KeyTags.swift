import Document
import TrueupCore

/// Tags as KMS writes them. What stands in no property of a key in AWS stands in one of them.
struct KeyTags: Tagging {
  /// Keeps how long a key waits for its deletion, which KMS is told only then.
  static let window = "trueup:pending-window"

  let reads: [Read] = []

  /// What the ARN of a key begins with; its id follows.
  static func prefix(_ context: ReadContext) -> String {
    "arn:\(context.partition):kms:\(context.region):\(context.scope.account):key/"
  }

  func tags(
    of item: Document, id: String, name: String, _ sweep: TagSweep
  ) -> TagSweep.KnownTags {
    var own = Key.read("ListResourceTags", id)
    own.pageSize = 50
    return sweep.tags(ofARN: Self.prefix(sweep.context) + id, candidate: id, own: own) { output in
      let pairs = output.elements("Tags").compactMap { tag in
        tag["TagKey"]?.string.map { ($0, tag["TagValue"]?.string ?? "") }
      }
      return Dictionary(pairs, uniquingKeysWith: { _, last in last })
    }
  }

  func input(_ step: Step) -> [String: Document?] {
    var tags = step.tags
    tags[Self.window] = window(step)
    return tags.isEmpty ? [:] : list(tags)
  }

  func calls(_ step: Step, _ id: String) -> [Call] {
    var new = step.newTags
    var removed = step.changesTags ? step.removedTags : []
    if step.changes("PendingWindowInDays") {
      new[Self.window] = window(step)
      if window(step) == nil { removed.insert(Self.window) }
    }
    // In the order of `Tags.calls`.
    let untag = Key.call("UntagResource", id, ["TagKeys": Tags.keys(removed)])
    return (removed.isEmpty ? [] : [untag]) + adding(new, id)
  }

  func adding(_ tags: [String: String], _ id: String) -> [Call] {
    tags.isEmpty ? [] : [Key.call("TagResource", id, list(tags))]
  }

  private func list(_ tags: [String: String]) -> [String: Document?] {
    let list = tags.sorted { $0.key < $1.key }.map { key, value -> Document in
      ["TagKey": .string(key), "TagValue": .string(value)]
    }
    return ["Tags": .list(list)]
  }

  private func window(_ step: Step) -> String? { step.desired["PendingWindowInDays"]?.json() }
}
