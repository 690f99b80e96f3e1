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

  /// The reads of single resources that show more of them.
  var details: [Detail] { get }

  /// Whether resources are observed that nothing names and that are not ours by the sweep.
  var showsOthers: Bool { get }

  /// The reads that list the type's resources: one, unless they are listed by what they live in.
  func lists(_ context: ReadContext) -> [Read]

  /// What the lists show, ours and others'.
  func items(_ context: ReadContext, _ replies: Replies) -> [Document]

  /// The physical id of a listed item; `nil` for what is none of the type, or gone.
  func id(of item: Document) -> String?

  /// What is the same in all that desired state and base may call a resource by: of a URL or an ARN, the
  /// name in it.
  func name(in known: String) -> String

  /// The properties of a listed item, in registry terms.
  func properties(of item: Document, _ context: ReadContext) -> [String: Document?]

  /// What the resource is passing through (`Observed.transition`).
  func transition(of item: Document) -> String?

  /// A resource as list and details show it, with what its kind knows besides; `nil` where it is none after
  /// all.
  func amended(_ observed: Observed, _ item: Document, _ replies: Replies) -> Observed?

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
}

extension ComposedKind {
  var shown: [String] { [] }
  var details: [Detail] { [] }
  var showsOthers: Bool { true }

  func lists(_ context: ReadContext) -> [Read] { [listing.read] }

  func items(_ context: ReadContext, _ replies: Replies) -> [Document] { listing.items(replies) }

  func id(of item: Document) -> String? {
    item[listing.id ?? facts.identity.ref]?.string
  }

  func name(in known: String) -> String { known }

  func properties(of item: Document, _ context: ReadContext) -> [String: Document?] {
    item.members(named: shown)
  }

  func transition(of item: Document) -> String? { nil }

  func amended(_ observed: Observed, _ item: Document, _ replies: Replies) -> Observed? { observed }

  func created(_ step: Step) throws(Pause) -> [String: Document?] {
    tagging.input(step)
  }

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    listedReads(context, replies)
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    observed(context, replies)
  }

  /// The list, and what more the parts want to know of its items.
  func listedReads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    lists(context) + tagging.reads
      + listed(context, replies).flatMap { entry in
        [entry.tags.wanted]
          .compactMap(\.self)
          + details.compactMap { $0.wanted(of: entry) }
      }
  }

  /// The resources as list and details show them, with their tags.
  func observed(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    listed(context, replies).compactMap { entry in
      var members = properties(of: entry.item, context)
      members[facts.identity.ref] = members[facts.identity.ref] ?? .string(entry.id)
      var observed = self.observed(entry.id, members, entry.tags, context)
      observed.createdAt = listing.created(entry.item)
      observed.transition = transition(of: entry.item)
      for detail in details where !detail.add(to: &observed, entry.item, replies) { return nil }
      return amended(observed, entry.item, replies)
    }
  }

  /// What the list shows, with what is known of the tags of each.
  func listed(_ context: ReadContext, _ replies: Replies) -> [ListedItem] {
    let sweep = TagSweep(context, replies)
    let known = Dictionary(grouping: context.candidates.keys.sorted(), by: name)
    return items(context, replies).compactMap { item in
      guard let id = id(of: item) else { return nil }
      let names = known[name(in: id)] ?? []
      let tags = tagging.tags(of: item, id: id, name: names.first ?? id, sweep)
      let isNamed = !names.isEmpty || context.owns(tags.known)
      guard isNamed || showsOthers else { return nil }
      let declared = (names + [id]).reduce(into: Set()) { declared, name in
        declared.formUnion(context.declared(id: name, tags: tags.known))
      }
      return ListedItem(item: item, id: id, tags: tags, isNamed: isNamed, declared: declared)
    }
  }
}
