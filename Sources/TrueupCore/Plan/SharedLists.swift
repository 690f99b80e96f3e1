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
      let ours = Set(known.flatMap { $0[property]?.list ?? [] }.map { key(of: $0, property) })
      var changed = members
      changed[property] = .list(shown.filter { ours.contains(key(of: $0, property)) })
      observed.properties = .object(changed)
    }
    return observed
  }

  private func key(of element: Document, _ property: String) -> Document {
    let path = PropertyPath([property])
    let canonical = kind.annotations.canonical(.object([property: .list([element])]))
    let normal =
      Normaliser(annotations: kind.annotations)
      .normal(canonical, at: PropertyPath())[property]?[0] ?? element
    if case .keyed(let keys) = Comparison(annotations: kind.annotations).collection(at: path) {
      return .string(Comparison.key(of: normal, keys))
    }
    return normal
  }
}
