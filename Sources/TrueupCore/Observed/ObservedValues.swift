import Document

/// What references come to, by the owner tags of what is observed alone: before anything is decided.
/// A resource that is about to be replaced still has its old values here.
public struct ObservedValues: Sendable {
  private let catalog: Catalog
  private let facts: [Fact: Document]
  private let owned: [Address: [Observed]]
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
    self.renamed = renamed
    self.places = places
    facts = snapshot.facts
    let projects = [desired.project, desired.formerProject].compactMap(\.self).map { $0 + "/" }
    var owned: [Address: [Observed]] = [:]
    for observed in snapshot.resources.values.joined() where observed.transition == nil {
      guard let owner = observed.tags[OwnershipTags.stack],
        let resource = observed.tags[OwnershipTags.resource],
        let project = projects.first(where: owner.hasPrefix)
      else { continue }
      let stack = String(owner.dropFirst(project.count))
      owned[Address(stack: stack, resource: resource), default: []].append(observed)
    }
    self.owned = owned
  }

  /// The resource that carries the address's owner tags; `nil` where none does. Of two, the newest: what
  /// a crash in a replacement left over is the older one.
  public func observed(at address: Address) -> Observed? {
    all(at: address).max { ($0.createdAt ?? 0, $1.id) < ($1.createdAt ?? 0, $0.id) }
  }

  /// All resources that carry the address's owner tags, in no order.
  func all(at address: Address) -> [Observed] {
    let own = placed(owned[address] ?? [], at: address)
    guard own.isEmpty, let name = renamed[address] else { return own }
    return placed(owned[Address(stack: address.stack, resource: name)] ?? [], at: address)
  }

  private func placed(_ found: [Observed], at address: Address) -> [Observed] {
    guard let place = places[address] else { return found }
    return found.filter { $0.type == place.type && $0.scope == place.scope }
  }

  /// The value of a reference or a fact; `nil` where it is not known.
  ///
  /// - Parameter choice: which of several with the address's owner tags is meant; the newest where it
  ///   says nothing.
  public func value(of leaf: Value, choice: [Address: Observed] = [:]) -> Document? {
    switch leaf {
    case .fact(let fact): return facts[fact]
    case .reference(let reference):
      guard let observed = choice[reference.address] ?? observed(at: reference.address),
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
