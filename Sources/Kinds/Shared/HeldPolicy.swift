import Document
import TrueupCore

/// A policy that is the same in some topics or queues, each of which holds at most one. Its id is
/// `policy|holder`.
protocol HeldPolicy: SequencedKind, AnchoredPolicy {
  /// The property that lists the holders: `Topics`.
  static var holders: String { get }
  /// Their type.
  static var holderType: String { get }

  /// The reads that find the holders.
  func lists(_ context: ReadContext) -> [Read]

  /// The holders that concern us, of those that the replies show.
  func found(_ context: ReadContext, _ replies: Replies) -> Set<String>

  /// The read that shows a holder's policy.
  func read(_ holder: String) -> Read

  /// The policy in the read's output; `nil` where the holder has none that anybody put there.
  func document(in output: Document, of holder: String) -> Document?

  /// As the tag sweep calls the holder.
  func arn(of holder: String, _ context: ReadContext) -> String

  /// The call that gives the holder a policy; without one, what a new holder has.
  func put(_ document: Document?, in holder: String, _ step: Step) -> Call
}

/// A policy as it stands in one holder.
private struct Held {
  let holder: String
  let document: Document
  /// The stack that owns the holder, where the tag sweep tells.
  let owner: String?
}

extension HeldPolicy {
  /// The facts of a policy of this sort.
  static var held: TypeFacts {
    TypeFacts(
      Identity(ref: "Id", unique: [UniqueKey("Anchor")]),
      ownership: .inside([Parent(holders, holderType)]),
      properties: [
        PropertyPath([holders]): .set.losing(.members).security,
        "/PolicyDocument": .normal(.policyDocument).losing(.policy),
      ],
      canonical: { anchored($0) })
  }

  static var holderLists: [String] { [holders] }

  static func anchor(_ properties: Document) -> String? {
    let all = properties.elements(holders)
    let known = all.compactMap(\.string)
    return known.count == all.count ? known.min() : nil
  }

  private static var prefix: String { "policy|" }

  private static func id(_ anchor: String) -> String { prefix + anchor }

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    lists(context) + [TagSweep.read] + concerned(context, replies).map(read)
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    let sweep = TagSweep(context, replies)
    var all: [Held] = []
    var unread: [(holder: String, reason: String)] = []
    for holder in concerned(context, replies) {
      switch replies.finding(read(holder)) {
      case .nothing: continue
      case .unread(let reason): unread.append((holder, reason))
      case .found(let output):
        guard let document = document(in: output, of: holder) else { continue }
        let tags = sweep.swept[arn(of: holder, context)]
        all.append(
          Held(holder: holder, document: document, owner: tags?[OwnershipTags.stack]))
      }
    }
    let shown = Dictionary(grouping: all, by: \.document).values.flatMap { equal in
      anchors(equal, of: \.owner) { context.candidates[Self.id($0.holder)] != nil }.map { anchor in
        var observed = self.observed(
          anchor.holder, among: together(anchor, equal, context), anchor.document, context)
        if let (_, reason) = unread.first { observed.mark([Self.holders], reason) }
        return observed
      }
    }
    return shown
      + unread.map { holder, reason in
        var observed = self.observed(holder, among: [holder], nil, context)
        observed.mark(["PolicyDocument", Self.holders], reason)
        return observed
      }
  }

  /// Those that are declared or known, and those found.
  private func concerned(_ context: ReadContext, _ replies: Replies) -> [String] {
    let known = context.candidates.keys.filter { $0.hasPrefix(Self.prefix) }
      .map { String($0.dropFirst(Self.prefix.count)) }
    return (context.values[Self.holders] ?? []).union(known).union(found(context, replies))
      .sorted()
  }

  /// The holders of equal policies that are of the same stack or of none, without those that the base
  /// knows as the first ones of other policies.
  private func together(_ anchor: Held, _ equal: [Held], _ context: ReadContext) -> [String] {
    equal.filter { other in
      let isOfStack =
        anchor.owner == nil || other.owner == nil || other.owner == anchor.owner
      return other.holder == anchor.holder
        || isOfStack && context.candidates[Self.id(other.holder)] == nil
    }.map(\.holder)
  }

  private func observed(
    _ anchor: String, among holders: [String], _ document: Document?, _ context: ReadContext
  ) -> Observed {
    Observed(
      type: type, id: Self.id(anchor), scope: context.scope,
      properties: .members([
        "Id": .string(Self.id(anchor)), "Anchor": .string(anchor), "PolicyDocument": document,
        Self.holders: .list(holders.sorted().map(Document.string)),
      ]))
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try putEverywhere(step, &calls)
  }

  /// Puts it wherever it is desired, and takes it away where it is no longer.
  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let done = try putEverywhere(step, &calls)
    let desired = step.desired[Self.holders]?.list ?? []
    let shown = step.observed?.properties[Self.holders]?.list ?? []
    try calls.make(shown.filter { !desired.contains($0) }.compactMap { removal(from: $0, step) })
    return done
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let holders = (step.observed?.properties ?? step.desired)[Self.holders]?.list ?? []
    try calls.make(holders.compactMap { removal(from: $0, step) })
    return .done(id: id, attributes: [:])
  }

  private func putEverywhere(
    _ step: Step, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> Next {
    guard let anchor = Self.anchor(step.desired), let document = step.desired["PolicyDocument"]
    else {
      throw .failed("\(step.address) needs a PolicyDocument and \(Self.holders)")
    }
    let holders = (step.desired[Self.holders]?.list ?? []).compactMap(\.string)
    try calls.make(holders.map { put(document.parsedJSON.jsonText, in: $0, step) })
    return .done(
      id: Self.id(anchor), attributes: step.desired.merging(["Id": .string(Self.id(anchor))]))
  }

  private func removal(from holder: Document, _ step: Step) -> Call? {
    holder.string.map { put(nil, in: $0, step) }
  }
}
