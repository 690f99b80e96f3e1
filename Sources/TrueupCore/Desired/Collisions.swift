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
    var key: UniqueKey
    var within: String?
    var fingerprint: String
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
    for resource in stacks.lazy.filter({ $0.destroy == nil }).flatMap(\.resources) {
      for key in keys(of: resource) { resources[key, default: []].append(resource) }
    }
    let groups = resources.filter { $0.value.count > 1 }.map { key, resources in
      Group(
        resources: resources.sorted { $0.address < $1.address },
        properties: ([key.within].compactMap(\.self) + key.key.properties).sorted())
    }
    return groups.sorted {
      ($0.resources[0].address, $0.properties.count) < (
        $1.resources[0].address, $1.properties.count
      )
    }
  }

  private mutating func keys(of resource: DesiredResource) -> [Key] {
    guard let facts = catalog[resource.type]?.facts, let declared = resource.properties.members
    else { return [] }
    let telling = facts.identity.telling.filter { key in
      // A name that nobody declares is made so that it is like no other.
      key != facts.identity.name?.key || key.properties.allSatisfy { declared[$0] != nil }
    }
    guard !telling.isEmpty else { return [] }
    let shown = facts.normal(.object(declared.mapValues { symbols.document($0) }))
    return telling.flatMap { key -> [Key] in
      let places: [String?] = key.within.isEmpty ? [nil] : key.within.map(Optional.some)
      return places.compactMap { within in
        key.fingerprint(shown, within: within).map {
          Key(type: resource.type, scope: resource.scope, key: key, within: within, fingerprint: $0)
        }
      }
    }
  }
}
