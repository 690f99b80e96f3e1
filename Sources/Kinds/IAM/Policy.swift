import Document
import TrueupCore

/// An inline policy that is the same in some roles, users and groups. Its id is `policy|Role/holder`.
public struct Policy: SequencedKind, AnchoredPolicy {
  public init() {}

  public let type = "AWS::IAM::Policy"

  public let facts = TypeFacts(
    Identity(ref: "Id", unique: [UniqueKey("PolicyName", "Anchor")]),
    placement: .global,
    ownership: .inside([Parent("Roles", "AWS::IAM::Role")]),
    properties: [
      "/Roles": .set.losing(.members).security,
      "/Users": .set.losing(.members).security,
      "/Groups": .set.losing(.members).security,
      "/PolicyDocument": .normal(.policyDocument).losing(.policy),
    ],
    canonical: { Policy.anchored($0) })

  static let holderLists = PolicyHolder.allCases.map(\.property)

  static func anchor(_ properties: Document) -> String? {
    for holder in PolicyHolder.allCases {
      let names = properties.elements(holder.property)
      let known = names.compactMap(\.string)
      guard known.count == names.count else { return nil }
      if let first = known.min() { return "\(holder.rawValue)/\(first)" }
    }
    return nil
  }

  private static func id(_ properties: Document) -> String {
    let anchor = properties["Anchor"]?.string ?? anchor(properties)
    return "\(properties["PolicyName"]?.string ?? "")|\(anchor ?? "")"
  }

  private static func id(_ policy: InlinePolicy) -> String {
    id(policy.content.merging(["Anchor": .string(policy.anchor)]))
  }

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    holders(context).map(\.details)
  }

  private func holders(_ context: ReadContext) -> [PolicyHolder] {
    PolicyHolder.allCases.filter { $0 == .role || context.properties.contains($0.property) }
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    let holders = holders(context)
    let all = holders.flatMap { InlinePolicy.all(in: $0, replies) }
    return Dictionary(grouping: all, by: \.content).values.flatMap { equal in
      anchors(equal, of: \.owner) { context.candidates[Self.id($0)] != nil }.map { anchor in
        var observed = Observed(
          type: type, id: Self.id(anchor), scope: context.scope, properties: anchor.content)
        let together = anchor.together(equal)
        var members: [String: Document] = [
          "Id": .string(observed.id), "Anchor": .string(anchor.anchor),
        ]
        for holder in PolicyHolder.allCases {
          let names = together.filter { $0.holder == holder }.map(\.holderName)
          members[holder.property] = .list(names.sorted().map(Document.string))
          if !holders.contains(holder) {
            observed.mark([holder.property], notAskedFor)
          } else if case .unread(let reason) = replies.finding(holder.details) {
            observed.mark([holder.property], reason)
          }
        }
        observed.properties = observed.properties.merging(.object(members))
        return observed
      }
    }
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    guard step.desired["PolicyName"] != nil else {
      throw .failed("\(step.address) has no PolicyName")
    }
    try calls.make(PolicyHolder.calls(step.desired) { $0.put(step.desired, in: $1) })
    let id = Self.id(step.desired)
    return .done(id: id, attributes: step.desired.merging(["Id": .string(id)]))
  }

  /// Puts it wherever it is desired, and takes it away where it is no longer.
  func update(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let done = try create(step, &calls)
    let isRenamed = step.shown["PolicyName"] != step.desired["PolicyName"]
    for holder in PolicyHolder.allCases {
      let gone =
        isRenamed ? step.shown.elements(holder.property) : step.gone(from: holder.property)
      try calls.make(gone.map { holder.delete(step.shown, from: $0) })
    }
    return done
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let id = try step.existingID()
    let shown = step.observed?.properties ?? step.desired
    try calls.make(PolicyHolder.calls(shown) { $0.delete(shown, from: $1) })
    return .done(id: id, attributes: [:])
  }
}
