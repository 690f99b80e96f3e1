import Document
import TrueupCore

/// The tags of resources whose lists show none.
///
/// One sweep of the tagging API shows all resources of an account and region that carry our owner tag,
/// whatever their type, some minutes late. So a resource that we look for and that is not ours in the
/// sweep is asked for its tags itself, as are all that we look for where the sweep fails.
/// Source: Resource Groups Tagging API, GetResources.
final class TagSweep {
  /// Shared by all kinds, and with the engine.
  static let read = Read.tagSweep

  /// What is known of a resource's tags.
  struct KnownTags {
    var known: [String: String] = [:]
    /// The read that tells them, where the sweep does not.
    var wanted: Read?
    /// Why they are not known.
    var unread: String?
  }

  let context: ReadContext
  private let replies: Replies
  /// By ARN. Most kinds need none of it: their lists show tags.
  private(set) lazy var swept: [String: [String: String]] = Dictionary(
    (replies[Self.read]?.output?["ResourceTagMappingList"]?.list ?? []).compactMap { mapping in
      mapping["ResourceARN"]?.string.map { ($0, Tags.read(mapping["Tags"])) }
    }, uniquingKeysWith: { _, last in last })

  init(_ context: ReadContext, _ replies: Replies) {
    self.context = context
    self.replies = replies
  }

  /// The tags of one resource.
  ///
  /// - Parameters:
  ///   - candidate: the name or id under which the resource may stand in the context's candidates.
  ///   - own: the read that tells the tags of this resource alone.
  ///   - tags: the tags in that read's output.
  func tags(
    ofARN arn: String, candidate: String, own: Read, _ tags: (Document) -> [String: String]
  ) -> KnownTags {
    guard let sweep = replies[Self.read] else {
      return KnownTags(unread: "the tag sweep has not been made")
    }
    let swept = swept[arn] ?? [:]
    if context.candidates[candidate] == nil {
      if case .failure(let failure) = sweep { return KnownTags(unread: failure.message) }
      return KnownTags(
        known: swept, unread: swept.isEmpty ? "not read: it carries no owner tag" : nil)
    }
    if context.owns(swept) { return KnownTags(known: swept) }
    switch replies.finding(own) {
    case .found(let output): return KnownTags(known: tags(output), wanted: own)
    case .nothing: return KnownTags(wanted: own)
    case .unread(let reason): return KnownTags(wanted: own, unread: reason)
    }
  }
}

extension Kind {
  /// A resource with its tags as far as they are known.
  func observed(
    _ id: String, _ properties: [String: Document?], _ tags: TagSweep.KnownTags,
    _ context: ReadContext
  ) -> Observed {
    var observed = Observed(
      type: type, id: id, scope: context.scope, properties: .members(properties), tags: tags.known)
    if let reason = tags.unread { observed.unread["/Tags"] = reason }
    return observed
  }
}
