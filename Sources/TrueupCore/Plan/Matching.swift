import Document

/// Finds the observed resource that a desired one is: by its ownership tags, else by its name, else by
/// its natural key. Only the first makes it ours.
struct Matching {
  /// What was found.
  enum Match {
    case none
    /// Ours by its tags; others with the same tags are left over from a replacement.
    case ours(Observed, leftovers: [Observed])
    /// Stands under our name, id or natural key without our tags.
    case unowned(Observed, reason: String)
    /// Another desired resource is this one already.
    case taken(Observed, reason: String)
  }

  let snapshot: Snapshot
  private let owned: [Key: [Observed]]

  private struct Key: Hashable {
    var scope: Scope
    var type: String
    var owner: String
    var resource: String
  }

  init(snapshot: Snapshot) {
    self.snapshot = snapshot
    var owned: [Key: [Observed]] = [:]
    for (key, resources) in snapshot.resources {
      for resource in resources where resource.transition == nil {
        guard let owner = resource.tags[OwnershipTags.stack],
          let logical = resource.tags[OwnershipTags.resource]
        else { continue }
        owned[
          Key(scope: key.scope, type: key.type, owner: owner, resource: logical), default: []
        ].append(resource)
      }
    }
    self.owned = owned
  }

  /// - Parameters:
  ///   - names: the names that the resource may have, declared or generated.
  ///   - desired: its properties in normal form, as far as they are known.
  ///   - known: the physical id of the base, where there is one.
  ///   - normal: brings properties into normal form.
  ///   - fits: whether an observed resource has the desired create-only properties.
  func match(
    _ resource: DesiredResource, owner: String, names: [String], desired: Document,
    known: String?, annotations: Annotations, normal: (Document) -> Document,
    fits: (Observed) -> Bool
  ) -> Match {
    func ours(_ logical: String) -> [Observed] {
      owned[
        Key(scope: resource.scope, type: resource.type, owner: owner, resource: logical)] ?? []
    }
    let own = ours(resource.address.resource)
    let candidates = own.isEmpty ? resource.was.map(ours) ?? [] : own
    if !candidates.isEmpty {
      // Of two with the same tags, the one that fits is live, then the newest.
      let ranked = candidates.sorted { left, right in
        let (leftFits, rightFits) = (fits(left), fits(right))
        if leftFits != rightFits { return leftFits }
        if left.createdAt != right.createdAt {
          return (left.createdAt ?? 0) > (right.createdAt ?? 0)
        }
        if (left.id == known) != (right.id == known) { return left.id == known }
        return left.id < right.id
      }
      return .ours(ranked[0], leftovers: Array(ranked.dropFirst()))
    }
    let present = snapshot.resources(ofType: resource.type, in: resource.scope)
      .filter { $0.transition == nil }
    if let known, let found = present.first(where: { $0.id == known }) {
      return .unowned(
        found, reason: "the ownership tags of \(found.id) were changed or taken off")
    }
    if !annotations.isTaggable,
      let found = present.first(where: {
        belongsElsewhere($0) && annotations.hasNaturalKey(desired, normal($0.properties))
      })
    {
      let other =
        "\(found.tags[OwnershipTags.stack] ?? "")/\(found.tags[OwnershipTags.resource] ?? "")"
      return .taken(found, reason: "\(found.id) is \(other) already")
    }
    let shown = present.filter { !belongsElsewhere($0) }
    if let rule = annotations.nameRule,
      let found = shown.first(where: { observed in
        observed.properties[rule.property]?.string.map(names.contains) == true
          && rule.uniqueWithin.map { observed.properties[$0] == desired[$0] } ?? true
      })
    {
      let name = found.properties[rule.property]?.string ?? found.id
      return .unowned(found, reason: "\(name) exists without our tags")
    }
    if let found = shown.first(where: {
      annotations.hasNaturalKey(
        desired, annotations.isTaggable ? $0.properties : normal($0.properties))
    }) {
      let key = annotations.naturalKey.compactMap { property in
        desired[property]?.string.map { "\(property) \($0)" }
      }
      return .unowned(
        found, reason: "\(found.id) exists without our tags (\(key.joined(separator: ", ")))")
    }
    if let found = shown.first(where: { looksLikeOurs($0, resource, owner: owner, fits: fits) }) {
      return .unowned(found, reason: "\(found.id) has lost ownership tags")
    }
    return .none
  }

  /// One of the two ownership tags is left, or all of the stack's other tags on something alike.
  private func looksLikeOurs(
    _ observed: Observed, _ resource: DesiredResource, owner: String, fits: (Observed) -> Bool
  ) -> Bool {
    let stack = observed.tags[OwnershipTags.stack]
    let logical = observed.tags[OwnershipTags.resource]
    let declared = resource.tags.compactMapValues { $0.document?.string }
    let carriesDeclared = declared.allSatisfy { observed.tags[$0.key] == $0.value }
    if stack == owner { return logical == nil }
    guard stack == nil, carriesDeclared else { return false }
    return logical == resource.address.resource
      || logical == nil && !declared.isEmpty && fits(observed)
  }

  /// Owned by another stack or under another logical id: not a stripped tag.
  private func belongsElsewhere(_ observed: Observed) -> Bool {
    observed.tags[OwnershipTags.stack] != nil && observed.tags[OwnershipTags.resource] != nil
  }
}
