import Document

/// What references come to, by the owner tags of what is observed alone: before anything is decided.
/// A resource that is about to be replaced still has its old values here.
public struct ObservedValues: Sendable {
  private struct Key: Hashable {
    var owner: String
    var resource: String
  }

  private let catalog: Catalog
  private let project: String
  private let facts: [Fact: Document]
  private let owned: [Key: Observed]
  /// Logical ids by which resources were known before.
  private let renamed: [Address: String]

  /// - Parameter renamed: the earlier logical ids of renamed resources, `Metadata.Trueup.Was`.
  public init(
    _ snapshot: Snapshot, catalog: Catalog, project: String, renamed: [Address: String] = [:]
  ) {
    self.catalog = catalog
    self.project = project
    self.renamed = renamed
    facts = snapshot.facts
    var owned: [Key: Observed] = [:]
    for observed in snapshot.resources.values.joined() where observed.transition == nil {
      guard let owner = observed.tags[OwnershipTags.stack],
        let resource = observed.tags[OwnershipTags.resource]
      else { continue }
      let key = Key(owner: owner, resource: resource)
      // Of two, the newest: what a crash in a replacement left over is the older one.
      if let other = owned[key],
        (other.createdAt ?? 0, observed.id) > (observed.createdAt ?? 0, other.id)
      {
        continue
      }
      owned[key] = observed
    }
    self.owned = owned
  }

  /// The resource that carries the address's owner tags; `nil` where none does.
  public func observed(at address: Address) -> Observed? {
    let owner = "\(project)/\(address.stack)"
    return owned[Key(owner: owner, resource: address.resource)]
      ?? renamed[address].flatMap { owned[Key(owner: owner, resource: $0)] }
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
