import Document
import TrueupCore

/// A policy that is the same in several holders.
///
/// AWS knows no such thing: it shows a policy in each of them. So there is one observed resource per
/// holder, its anchor, which shows all holders of the same stack with an equal policy; and the one that a
/// desired policy is, is that of its first holder.
protocol AnchoredPolicy: Kind {
  /// The properties that list the holders: `Roles`.
  static var holderLists: [String] { get }

  /// The first holder; `nil` where that is not known yet.
  static func anchor(_ properties: Document) -> String?
}

extension AnchoredPolicy {
  /// What is desired shows no anchor.
  static func anchored(_ properties: Document) -> Document {
    guard properties["Anchor"] == nil, let anchor = anchor(properties) else { return properties }
    return properties.merging(["Anchor": .string(anchor)])
  }

  /// Others may have given the same policy to holders of their own.
  public var sharedLists: Set<String> { Set(Self.holderLists) }

  /// Those of equal policies that may be the first of a desired one: where the base knows one of a
  /// stack, it alone, so that no part of it stands for itself.
  func anchors<Held>(
    _ equal: [Held], of owner: (Held) -> String?, isKnown: (Held) -> Bool
  ) -> [Held] {
    Dictionary(grouping: equal, by: owner).values.flatMap { equal in
      let known = equal.filter(isKnown)
      return known.isEmpty ? equal : known
    }
  }

  /// The policy without the holders for which other resources of the type describe it.
  public func without(_ claims: [Claim], in observed: Observed) -> Observed {
    let own = observed.properties["Anchor"]?.string ?? Self.anchor(observed.properties)
    let others = claims.filter { claim in
      claim.type == type && claim.properties["PolicyName"] == observed.properties["PolicyName"]
        && Self.anchor(claim.properties).map { $0 != own } ?? false
        && claim.observed?.id != observed.id
    }
    return Self.holderLists.reduce(observed) { observed, list in
      let claimed = others.flatMap { $0.properties.elements(list) }
      return observed.without(claimed.contains, in: list)
    }
  }
}
