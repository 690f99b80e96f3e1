import Document
import TrueupCore

/// Tags as most services write them, a list of `{"Key": …, "Value": …}`, and as we hold them.
enum Tags {
  /// The list for a call's input, sorted by key.
  static func list(
    _ tags: [String: String], key: String = "Key", value: String = "Value"
  ) -> Document {
    .list(
      tags.sorted { $0.key < $1.key }.map {
        .object([key: .string($0.key), value: .string($0.value)])
      })
  }

  /// The tags that a reply lists; none where it lists none.
  static func read(
    _ list: Document?, key: String = "Key", value: String = "Value"
  ) -> [String: String] {
    let pairs = (list?.list ?? []).compactMap { tag -> (String, String)? in
      tag[key]?.string.map { ($0, tag[value]?.string ?? "") }
    }
    return Dictionary(pairs, uniquingKeysWith: { _, last in last })
  }

  /// The map from key to value that the newer services take.
  static func map(_ tags: [String: String]) -> Document {
    .object(tags.mapValues(Document.string))
  }

  /// The tags of a map in a reply.
  static func read(map: Document?) -> [String: String] {
    (map?.object ?? [:]).compactMapValues(\.string)
  }

  /// The calls that bring a resource's tags to what the step says.
  ///
  /// Old ones are taken off first: a resource carries fifty tags at most, and where keys ignore case, the
  /// new one may be the old one in other letters. Nothing is open or shut in between but what both the
  /// old and the new tags together would open or shut. The revision that was applied is written last.
  /// Source: AWS Tagging Reference, "Tag naming limits and requirements".
  static func calls(_ step: Step, tag: Call, untag: Call) -> [Call] {
    guard step.changesTags else { return [] }
    return (step.removedTags.isEmpty ? [] : [untag]) + (step.newTags.isEmpty ? [] : [tag])
  }

  /// The keys, sorted, for calls that take tags off.
  static func keys(_ keys: Set<String>) -> Document { .list(keys.sorted().map(Document.string)) }
}
