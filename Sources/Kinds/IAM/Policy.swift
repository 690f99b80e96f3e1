import Document
import TrueupCore

/// An inline policy that is the same in some roles, users and groups.
///
/// IAM knows no such thing: it shows an inline policy in each of them. So there is one observed resource
/// per holder, its anchor, which shows all holders of the same stack with an equal policy; and the one
/// that a desired policy is, is that of its first holder. Its id is `policy|Role/holder`.
public struct Policy: SequencedKind {
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
    canonical: { properties in
      guard properties["Anchor"] == nil, let anchor = Policy.anchor(properties) else {
        return properties
      }
      return properties.merging(["Anchor": .string(anchor)])
    })

  /// The first holder; `nil` where that is not known yet.
  static func anchor(_ properties: Document) -> String? {
    for holder in PolicyHolder.allCases {
      let names = properties[holder.property]?.list ?? []
      let known = names.compactMap(\.string)
      guard known.count == names.count else { return nil }
      if let first = known.min() { return "\(holder.rawValue)/\(first)" }
    }
    return nil
  }

  private static func id(_ properties: Document) -> String {
    "\(properties["PolicyName"]?.string ?? "")|\(properties["Anchor"]?.string ?? anchor(properties) ?? "")"
  }

  /// Others may have given the same policy to roles, users and groups of their own.
  public let sharedLists = Set(PolicyHolder.allCases.map(\.property))

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    holders(context).map(\.details)
  }

  private func holders(_ context: ReadContext) -> [PolicyHolder] {
    PolicyHolder.allCases.filter { $0 == .role || context.properties.contains($0.property) }
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    let holders = holders(context)
    let unread = PolicyHolder.allCases.compactMap { holder -> (PolicyHolder, String)? in
      guard holders.contains(holder) else { return (holder, notAskedFor) }
      guard case .unread(let reason) = replies.finding(holder.details) else { return nil }
      return (holder, reason)
    }
    let all = holders.flatMap { holder in
      holder.details(replies[holder.details]?.output).flatMap(InlinePolicy.all)
    }
    return Dictionary(grouping: all, by: \.content).values.flatMap { equal in
      anchors(equal, context).map { anchor in
        var observed = Observed(
          type: type, id: Self.id(anchor.properties), scope: context.scope,
          properties: anchor.properties(with: equal))
        for (holder, reason) in unread { observed.mark([holder.property], reason) }
        return observed
      }
    }
  }

  /// Those of equal policies that may be the first of a desired one: where the base knows one of a
  /// stack, it alone, so that no part of it stands for itself.
  private func anchors(_ equal: [InlinePolicy], _ context: ReadContext) -> [InlinePolicy] {
    Dictionary(grouping: equal, by: \.owner).values.flatMap { equal in
      let known = equal.filter { context.candidates[Self.id($0.properties)] != nil }
      return known.isEmpty ? equal : known
    }
  }

  /// The policy without the holders for which other resources of the type describe it.
  public func without(_ claims: [Claim], in observed: Observed) -> Observed {
    let own = observed.properties["Anchor"]?.string ?? Self.anchor(observed.properties)
    let others = claims.filter { claim in
      claim.type == type && claim.properties["PolicyName"] == observed.properties["PolicyName"]
        && Self.anchor(claim.properties).map { $0 != own }
          ?? false
        && claim.observed?.id != observed.id
    }
    var observed = observed
    for holder in PolicyHolder.allCases {
      let claimed = others.flatMap { $0.properties[holder.property]?.list ?? [] }
      guard !claimed.isEmpty, let shown = observed.properties[holder.property]?.list else {
        continue
      }
      observed.properties = observed.properties.merging([
        holder.property: .list(shown.filter { !claimed.contains($0) })
      ])
    }
    return observed
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try put(step, &calls)
  }

  /// Puts it wherever it is desired, and takes it away where it is no longer.
  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let done = try put(step, &calls)
    let shown = step.observed?.properties ?? [:]
    let name = shown["PolicyName"] ?? .null
    for holder in PolicyHolder.allCases {
      let desired =
        name == step.desired["PolicyName"]
        ? step.changed.contains(holder.property)
          ? step.desired[holder.property]?.list ?? [] : shown[holder.property]?.list ?? [] : []
      let gone = (shown[holder.property]?.list ?? []).filter { !desired.contains($0) }
      try calls.make(gone.map { holder.delete(name, from: $0) })
    }
    return done
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let shown = step.observed?.properties ?? step.desired
    for holder in PolicyHolder.allCases {
      let names = shown[holder.property]?.list ?? []
      try calls.make(names.map { holder.delete(shown["PolicyName"] ?? .null, from: $0) })
    }
    return .done(id: id, attributes: [:])
  }

  private func put(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    guard let name = step.desired["PolicyName"] else {
      throw .failed("\(step.address) has no PolicyName")
    }
    for holder in PolicyHolder.allCases {
      let names = step.desired[holder.property]?.list ?? []
      try calls.make(names.map { holder.put(name, step.desired["PolicyDocument"], in: $0) })
    }
    let id = Self.id(step.desired)
    return .done(id: id, attributes: step.desired.merging(["Id": .string(id)]))
  }
}
