import Document
import TrueupCore

/// How the tags of a type's resources are read and written.
protocol Tagging: Sendable {
  /// What is read once for all of them.
  var reads: [Read] { get }

  /// The tags of a listed item, as far as the replies tell.
  ///
  /// - Parameter name: what the desired state or the base calls it, where they do.
  func tags(
    of item: Document, id: String, name: String, _ sweep: TagSweep
  ) -> TagSweep.KnownTags

  /// The members of a create call that carry the step's tags.
  func input(_ step: Step) -> [String: Document?]

  /// The calls that bring the tags of an existing resource to what the step says.
  func calls(_ step: Step, _ id: String) -> [Call]
}

/// The tags of a type that carries none.
struct NoTags: Tagging {
  let reads: [Read] = []

  func tags(
    of item: Document, id: String, name: String, _ sweep: TagSweep
  ) -> TagSweep.KnownTags { TagSweep.KnownTags() }

  func input(_ step: Step) -> [String: Document?] { [:] }

  func calls(_ step: Step, _ id: String) -> [Call] { [] }
}
