import Document

extension ResourcePlanner {
  /// What AWS put there by itself, where that is what is desired, or where the resource
  /// was something else before.
  func given(_ resource: DesiredResource, _ desired: Document) -> Int? {
    let place = Snapshot.Key(scope: resource.scope, type: resource.type)
    return (world.byPlace[place] ?? []).first { entry in
      guard world.entries[entry].observed.transition == Observed.given else { return false }
      let shown = world.entries[entry].normal
      return facts.identity.telling.contains { $0.conflict(desired, shown) == .same }
        && (base != nil || findings(desired, shown).isEmpty)
    }
  }
}
