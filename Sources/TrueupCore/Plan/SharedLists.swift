import Document

/// What of the lists to which others add members of their own is ours.
struct SharedLists {
  let kind: any Kind

  /// The resource without the members that neither of these properties names; what is not declared at all
  /// is left as it is shown.
  ///
  /// - Parameter known: desired and last applied properties.
  func own(_ observed: Observed, _ known: [Document]) -> Observed {
    var observed = observed
    for property in kind.sharedLists {
      guard let shown = observed.properties[property]?.list,
        known.contains(where: { $0[property] != nil }), let members = observed.properties.object
      else { continue }
      let ours = Set(
        known.flatMap { known in
          (known[property]?.list ?? []).map { key(of: $0, property, in: known) }
        })
      var changed = members
      changed[property] = .list(
        shown.filter { ours.contains(key(of: $0, property, in: observed.properties)) })
      observed.properties = .object(changed)
    }
    return observed
  }

  /// - Parameter properties: those of the resource, of which the normal form of an element may depend: a
  ///   target without a port has that of its group.
  private func key(
    of element: Document, _ property: String, in properties: Document
  ) -> Document {
    let path = PropertyPath([property])
    let alone = properties.setting(property, .list([element]))
    let normal = kind.facts.normal(alone)[property]?[0] ?? element
    if case .keyed(let keys)? = kind.facts.properties[path]?.collection {
      return .string(Comparison.key(of: normal, keys))
    }
    return normal
  }
}
