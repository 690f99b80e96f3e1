import Document

/// Finds resources of the desired state that would be one and the same in AWS: with the same name, or
/// alike in what AWS allows once. Each would undo what the other does.
public struct Collisions {
  /// Resources that are one in AWS, by address.
  public struct Group {
    public var resources: [DesiredResource]
    /// The declared properties that they have in common and that say which one it is.
    public var properties: [String]
  }

  private struct Key: Hashable {
    var type: String
    var scope: Scope
    var properties: [String]
    var values: [Document]
  }

  private let catalog: Catalog
  private var symbols: Symbols

  public init(catalog: Catalog) {
    self.catalog = catalog
    symbols = Symbols(catalog: catalog, [])
  }

  /// - Returns: the groups of two or more, in the order of their first addresses. What a stack that is to
  ///   be removed declares is not among them.
  public mutating func groups(in stacks: [DesiredStack]) -> [Group] {
    symbols = Symbols(catalog: catalog, stacks.flatMap(\.resources))
    var resources: [Key: [DesiredResource]] = [:]
    for resource in stacks.filter({ $0.destroy == nil }).flatMap(\.resources) {
      for key in keys(of: resource) { resources[key, default: []].append(resource) }
    }
    let groups = resources.filter { $0.value.count > 1 }.map { key, resources in
      Group(
        resources: resources.sorted { $0.address < $1.address }, properties: key.properties)
    }
    return groups.sorted {
      ($0.resources[0].address, $0.properties.count) < (
        $1.resources[0].address, $1.properties.count
      )
    }
  }

  private mutating func keys(of resource: DesiredResource) -> [Key] {
    guard let annotations = catalog[resource.type]?.annotations,
      annotations.nameRule != nil || !annotations.naturalKey.isEmpty,
      let declared = resource.properties.members
    else { return [] }
    func key(_ properties: [String], _ shown: [String: Document]) -> Key {
      Key(
        type: resource.type, scope: resource.scope, properties: properties.sorted(),
        values: properties.sorted().map { shown[$0] ?? .null })
    }
    if let rule = annotations.nameRule, declared[rule.property] != nil {
      let properties = [rule.property] + [rule.uniqueWithin].compactMap(\.self)
      let named = declared.filter { properties.contains($0.key) }
      return [key(properties, named.mapValues { symbols.document($0) })]
    }
    guard !annotations.naturalKey.isEmpty else { return [] }
    let properties = Document.object(declared.mapValues { symbols.document($0) })
    let normal = Normaliser(annotations: annotations)
      .normal(annotations.canonical(properties), at: PropertyPath())
    let shown = normal.object ?? [:]
    let parents =
      annotations.otherParents.isEmpty
      ? [] : ([annotations.parent].compactMap(\.self) + annotations.otherParents)
    let keys =
      parents.isEmpty
      ? [annotations.naturalKey]
      : parents.filter { shown[$0] != nil }.map { annotations.naturalKey + [$0] }
    return keys.filter { isTelling($0, shown, annotations) }.map { key($0, shown) }
  }

  /// Whether the properties say which resource it is.
  private func isTelling(
    _ properties: [String], _ shown: [String: Document], _ annotations: Annotations
  ) -> Bool {
    if annotations.isTaggable { return properties.allSatisfy { shown[$0] != nil } }
    let own = annotations.naturalKey.filter { $0 != annotations.parent }
    return (own.isEmpty ? properties : own).contains { shown[$0] != nil }
  }
}
