extension Catalog {
  /// The kinds of which everything inside a resource of this type is ours, declared or not (routes of a
  /// route table): where the one is looked at, the others are too.
  public func kinds(ownedInside type: String) -> [any Kind] {
    kinds.filter { kind in
      kind.facts.ownership.isWhole && kind.facts.ownership.parents.contains { $0.type == type }
    }
  }
}
