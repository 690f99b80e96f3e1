import Document
import TrueupCore

/// What a list shows of one resource, and what is known of it besides.
struct ListedItem {
  let item: Document
  let id: String
  let tags: TagSweep.KnownTags
  /// Whether the desired state or the base names it, or its tags say that it is ours.
  let isNamed: Bool
  /// The properties worth a read of their own.
  var declared: Set<String>
}
