import Document

/// What references come to, by the owner tags of what is observed alone: before anything is decided.
/// A resource that is about to be replaced still has its old values here.
public struct ObservedValues: Sendable {
  private struct Key: Hashable {
    var owner: String
    var resource: String
  }

  private let catalog: Catalog
  private let projects: [String]
  private let facts: [Fact: Document]
  private let owned: [Key: [Observed]]
  /// Logical ids by which resources were known before.
  private let renamed: [Address: String]
  /// The types and scopes of desired resources: under one logical id another type is another thing.
  private let places: [Address: Snapshot.Key]

  /// - Parameters:
  ///   - renamed: the earlier logical ids of renamed resources, `Metadata.Trueup.Was`.
  ///   - places: the types and scopes of the resources that are referred to, where they are known.
  public init(
    _ snapshot: Snapshot, catalog: Catalog, desired: Desired, renamed: [Address: String] = [:],
    places: [Address: Snapshot.Key] = [:]
  ) {
    self.catalog = catalog
    projects = [desired.project, desired.formerProject].compactMap(\.self)
    self.renamed = renamed
    self.places = places
    facts = snapshot.facts
    var owned: [Key: [Observed]] = [:]
    for observed in snapshot.resources.values.joined() where observed.transition == nil {
      guard let owner = observed.tags[OwnershipTags.stack],
        let resource = observed.tags[OwnershipTags.resource]
      else { continue }
      owned[Key(owner: owner, resource: resource), default: []].append(observed)
    }
    self.owned = owned
  }

  /// The resource that carries the address's owner tags; `nil` where none does. Of two, the newest: what
  /// a crash in a replacement left over is the older one.
  public func observed(at address: Address) -> Observed? {
    let names = [address.resource, renamed[address]].compactMap(\.self)
    for name in names {
      let found = projects.flatMap { project in
        owned[Key(owner: "\(project)/\(address.stack)", resource: name)] ?? []
      }.filter { observed in
        places[address].map { $0 == Snapshot.Key(scope: observed.scope, type: observed.type) }
          ?? true
      }
      let newest = found.max { ($0.createdAt ?? 0, $1.id) < ($1.createdAt ?? 0, $0.id) }
      if let newest { return newest }
    }
    return nil
  }

  /// The value of a reference or a fact; `nil` where it is not known.
  public func value(of leaf: Value) -> Document? {
    switch leaf {
    case .fact(let fact): return facts[fact]
    case .reference(let reference):
      guard let observed = observed(at: reference.address),
        let ref = catalog[observed.type]?.facts.identity.ref
      else { return nil }
      guard let attribute = reference.attribute else {
        return observed.properties[ref] ?? .string(observed.id)
      }
      return attribute.split(separator: ".").reduce(Optional(observed.properties)) {
        $0?[String($1)]
      }
    default: return nil
    }
  }

  /// A value with everything in it that is known.
  public func evaluated(_ value: Value) -> Value {
    (try? value.evaluated { self.value(of: $0) }) ?? value
  }
}
