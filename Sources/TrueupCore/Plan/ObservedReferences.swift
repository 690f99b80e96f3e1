import Document

/// Which observed resources really refer to which: by the ids and ARNs in their properties.
struct ObservedReferences {
  struct Holder {
    var observed: Observed
    /// The reference stands only in properties that may be emptied before a deletion.
    var isReleasable: Bool
  }

  private let holders: [String: [Holder]]
  private let catalog: Catalog

  init(snapshot: Snapshot, catalog: Catalog) {
    let owned = snapshot.resources.values.joined().filter {
      $0.tags[OwnershipTags.stack] != nil
    }
    self.catalog = catalog
    func ids(of observed: Observed) -> Set<String> {
      observed.identifiers(catalog[observed.type]?.annotations)
    }
    let identifiers = Set(owned.flatMap(ids))
    var holders: [String: [Holder]] = [:]
    for observed in owned {
      let annotations = catalog[observed.type]?.annotations
      let releasable = annotations?.releasable ?? []
      // What it is called, and what AWS alone tells of it, refers to nothing.
      var facts = Set(
        (ResourceSchema.embedded(observed.type)?.readOnly ?? []).compactMap { path in
          path.components.count == 1 ? path.property : nil
        })
      facts.formUnion([annotations?.nameRule?.property, "Arn"].compactMap(\.self))
      var found: [String: Bool] = [:]
      for (property, value) in observed.properties.object ?? [:] where !facts.contains(property) {
        for text in Self.strings(in: value) where identifiers.contains(text) {
          found[text] = (found[text] ?? true) && releasable.contains(property)
        }
      }
      for (identifier, isReleasable) in found {
        holders[identifier, default: []].append(
          Holder(observed: observed, isReleasable: isReleasable))
      }
    }
    self.holders = holders
  }

  /// The resources that refer to the target, sorted by id.
  func holders(of target: Observed) -> [Holder] {
    target.identifiers(catalog[target.type]?.annotations).flatMap { holders[$0] ?? [] }.sorted {
      $0.observed.id < $1.observed.id
    }
  }

  private static func strings(in value: Document) -> [String] {
    switch value {
    case .string(let text): [text]
    case .list(let elements): elements.flatMap(strings)
    case .object(let members): members.values.flatMap(strings)
    default: []
    }
  }
}
