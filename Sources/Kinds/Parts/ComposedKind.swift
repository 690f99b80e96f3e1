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
  func created(_ step: Step) throws(CallSequence.Pause) -> [String: Document?]

  /// The calls that bring what changed, other than tags, to what the step desires.
  func changes(_ step: Step, _ id: String) throws(CallSequence.Pause) -> [Call]

  /// What is said when a create or an update is done: what is desired is so, and what it left alone is as
  /// it was.
  func done(_ step: Step, _ id: String) -> Next
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

  func created(_ step: Step) throws(CallSequence.Pause) -> [String: Document?] {
    tagging.input(step)
  }

  func changes(_ step: Step, _ id: String) throws(CallSequence.Pause) -> [Call] { [] }

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    lists(context) + tagging.reads
      + listed(context, replies).flatMap { entry in
        [entry.tags.wanted]
          .compactMap(\.self)
          + details.compactMap { $0.wanted(of: entry) }
      }
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    listed(context, replies).compactMap { entry in
      var members = properties(of: entry.item, context)
      members[facts.identity.ref] = members[facts.identity.ref] ?? .string(entry.id)
      var observed = Observed(
        type: type, id: entry.id, scope: context.scope, properties: .members(members),
        tags: entry.tags.known, createdAt: listing.created(entry.item),
        transition: transition(of: entry.item))
      if let reason = entry.tags.unread { observed.unread["/Tags"] = reason }
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

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let output = try creation.make(step, try created(step), &calls)
    return done(
      step,
      creation.id.isEmpty ? try step.name(facts.identity.ref) : try creation.id(in: output))
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    try calls.make(try changes(step, id) + tagging.calls(step, id))
    return done(step, id)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    try calls.make(deletion.call(id))
    return .done(id: id, attributes: [:])
  }

  func done(_ step: Step, _ id: String) -> Next {
    var known = facts.identity.foretold.mapValues { foretold in
      Document.string(
        foretold(
          NamedResource(
            name: name(in: id), path: step.desired["Path"]?.string ?? "/",
            account: step.scope.account, region: step.region, partition: step.partition,
            urlSuffix: Partition.urlSuffix(ofRegion: step.region))))
    }
    known[facts.identity.ref] = .string(id)
    return .done(
      id: id, attributes: step.unchanged.merging(step.desired).merging(.object(known)))
  }
}

/// What a list shows of one resource, and what is known of it besides.
struct ListedItem {
  let item: Document
  let id: String
  let tags: TagSweep.KnownTags
  /// Whether the desired state or the base names it, or its tags say that it is ours.
  let isNamed: Bool
  /// The properties worth a read of their own.
  let declared: Set<String>
}
