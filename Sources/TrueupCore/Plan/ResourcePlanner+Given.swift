import Document

extension ResourcePlanner {
  /// What AWS put there by itself, where that is what is desired, or where the resource
  /// was something else before.
  func given(_ resource: DesiredResource, _ desired: Document) -> Observed? {
    let found = matching.snapshot.resources(ofType: resource.type, in: resource.scope).first {
      guard $0.transition == Observed.given else { return false }
      let shown = normal($0.properties)
      return annotations.hasNaturalKey(desired, shown)
        && (base != nil || findings(desired, shown).isEmpty)
    }
    guard var given = found else { return nil }
    given.transition = nil
    return given
  }
}
