import Document
import TrueupCore

/// A kind composed of parts: the read that lists its resources, how their tags are kept, the calls that
/// create and delete. What a type does in its own way, it says in a function of its own in place of the one
/// here.
protocol ComposedKind: SequencedKind {
  associatedtype Tagger: Tagging

  var listing: Listing { get }
  var tagging: Tagger { get }
  var creation: Creation { get }
  var deletion: Deletion { get }

  /// The properties that the list shows under their own names.
  var shown: [String] { get }

  /// What the replies show, ours and others'.
  func items(_ context: ReadContext, _ replies: Replies) -> [Document]

  /// The physical id of a listed item; `nil` for what is none of the type, or gone.
  func id(of item: Document) -> String?

  /// The properties of a listed item, in registry terms.
  func properties(of item: Document, _ context: ReadContext) -> [String: Document?]

  /// What the resource is passing through (`Observed.transition`).
  func transition(of item: Document) -> String?

  /// The members of the create call besides those that it takes as they are.
  func created(_ step: Step) throws(Pause) -> [String: Document?]

  /// What the output of the create call tells besides the id, in registry terms.
  func told(by output: Document) -> [String: Document?]

  /// The calls that bring what changed, other than tags, to what the step desires.
  func changes(_ step: Step, _ id: String) throws(Pause) -> [Call]

  /// Brings what changed, other than tags, to what the step desires, where one call depends on what
  /// another answered.
  func change(_ step: Step, _ id: String, _ calls: inout CallSequence) throws(Pause)

  /// Brings what lies in the resource and has calls of its own to what the step desires: after the create
  /// call, among the changes of an update, and before the delete call, where nothing is desired.
  func fill(_ step: Step, _ id: String, _ calls: inout CallSequence) throws(Pause)

  /// Takes away what is in the way of a deletion: what lies in the resource.
  func clear(_ step: Step, _ id: String, _ calls: inout CallSequence) throws(Pause)

  /// What is said when a create or an update is done: what is desired is so, and what it left alone is as
  /// it was.
  func done(_ step: Step, _ id: String) -> Next
}

extension ComposedKind {
  var shown: [String] { [] }

  func items(_ context: ReadContext, _ replies: Replies) -> [Document] { listing.items(replies) }

  func id(of item: Document) -> String? {
    item[listing.id ?? facts.identity.ref]?.string
  }

  func properties(of item: Document, _ context: ReadContext) -> [String: Document?] {
    item.members(named: shown)
  }

  func transition(of item: Document) -> String? { nil }

  func created(_ step: Step) throws(Pause) -> [String: Document?] {
    tagging.input(step)
  }

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    listed(context, replies)
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    observed(context, replies)
  }

  /// The list, and what tells the tags of its items.
  func listed(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let sweep = TagSweep(context, replies)
    return [listing.read] + tagging.reads
      + items(context, replies).compactMap { item in
        id(of: item).flatMap { tagging.tags(of: item, id: $0, sweep).wanted }
      }
  }

  /// The resources as the list shows them, with their tags.
  func observed(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    let sweep = TagSweep(context, replies)
    return items(context, replies).compactMap { item in
      guard let id = id(of: item) else { return nil }
      let tags = tagging.tags(of: item, id: id, sweep)
      var members = properties(of: item, context)
      members[facts.identity.ref] = .string(id)
      var observed = self.observed(id, members, tags, context)
      observed.createdAt = listing.created.flatMap { item[$0]?.double }
      observed.transition = transition(of: item)
      return observed
    }
  }
}
