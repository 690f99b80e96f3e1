import Document
import TrueupCore

/// How keys are read: KMS has no bulk read, so that the keys are those that the tag sweep shows as ours
/// or that the base knows, and each is read by itself.
struct KeyReads {
  /// The tag that keeps how long a key waits for its deletion, which KMS is told only then.
  static let windowTag = "trueup:pending-window"

  struct Key {
    let id: String
    let tags: TagSweep.KnownTags
    /// The top-level properties worth a read.
    let declared: Set<String>

    var description: Read { Self.read("DescribeKey", id) }

    var aspects: [Read] {
      (declared.contains("KeyPolicy") ? [policy] : [])
        + (declared.isDisjoint(with: Self.rotating) ? [] : [rotation])
    }

    private static let rotating = ["EnableKeyRotation", "RotationPeriodInDays"]

    private var policy: Read { Self.read("GetKeyPolicy", id, ["PolicyName": "default"]) }

    /// Keys of most specifications cannot be rotated.
    private var rotation: Read {
      Self.read("GetKeyRotationStatus", id, absent: ["UnsupportedOperationException"])
    }

    /// What the key's other reads show.
    func addAspects(to observed: inout Observed, _ replies: Replies) {
      observed.properties = observed.properties.merging(
        .members([
          "PendingWindowInDays": tags.known[KeyReads.windowTag].flatMap { Int($0) }
            .map { .integer($0) }
        ]))
      if tags.unread != nil { observed.mark(["PendingWindowInDays"], "its tag is not read") }
      observed.add("KeyPolicy", replies.finding(policy)) { $0["Policy"]?.parsedJSON }
      let status = replies.finding(rotation)
      observed.add("EnableKeyRotation", status) { $0["KeyRotationEnabled"] }
      observed.add("RotationPeriodInDays", status) { $0["RotationPeriodInDays"] }
    }

    static func read(
      _ operation: String, _ id: String, _ input: Document = [:], absent: Set<String> = []
    ) -> Read {
      Read(
        Call(
          "kms", operation, input.merging(["KeyId": .string(id)]),
          absentCodes: absent.union(["NotFoundException"])))
    }
  }

  let keys: [Key]

  init(_ context: ReadContext, _ replies: Replies) {
    let sweep = TagSweep(context, replies)
    let prefix =
      "arn:\(context.partition):kms:\(context.region):\(context.scope.account):key/"
    let swept = sweep.swept.filter { $0.key.hasPrefix(prefix) && context.owns($0.value) }
      .map { String($0.key.dropFirst(prefix.count)) }
    keys = Set(swept).union(context.candidates.keys).sorted().map { id in
      let own = Read(
        Call(
          "kms", "ListResourceTags", ["KeyId": .string(id)], absentCodes: ["NotFoundException"]),
        pageSize: 50)
      let tags = sweep.tags(ofARN: prefix + id, candidate: id, own: own) { output in
        KeyTags.read(output["Tags"])
      }
      return Key(
        id: id, tags: tags,
        declared: (context.candidates[id] ?? []).union(context.properties))
    }
  }
}

/// Tags as KMS writes them.
enum KeyTags {
  static func list(_ tags: [String: String]) -> Document {
    .list(
      tags.sorted { $0.key < $1.key }.map {
        ["TagKey": .string($0.key), "TagValue": .string($0.value)]
      })
  }

  static func read(_ list: Document?) -> [String: String] {
    let pairs = (list?.list ?? []).compactMap { tag -> (String, String)? in
      tag["TagKey"]?.string.map { ($0, tag["TagValue"]?.string ?? "") }
    }
    return Dictionary(pairs, uniquingKeysWith: { _, last in last })
  }
}
