import Document
import TrueupCore

/// Values of resources as far as they are known before anything is observed, and what they refer to.
struct RelatedValues {
  struct Finding {
    var resource: DesiredResource
    /// Where it is wrong.
    var property: String
    var message: String
    /// With which it does not go together.
    var other: DesiredResource?
  }

  private let catalog: Catalog
  private let resources: [Address: DesiredResource]

  init(catalog: Catalog, _ resources: [DesiredResource]) {
    self.catalog = catalog
    self.resources = Dictionary(
      resources.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The property, with attributes of other resources that are declared there; `nil` while it is not known.
  func known(_ property: String, of resource: DesiredResource) -> Document? {
    guard let value = resource.properties[property] else { return nil }
    return known(value, depth: 0)
  }

  private func known(_ value: Value, depth: Int) -> Document? {
    guard depth < 8 else { return nil }
    let evaluated = try? value.evaluated { leaf in
      guard case .reference(let reference) = leaf, let attribute = reference.attribute,
        let declared = resources[reference.address]?.properties[attribute]
      else { return nil }
      return known(declared, depth: depth + 1)
    }
    return evaluated?.document
  }

  /// The resource of the fleet that a property refers to, by `Ref` or by the attribute that is the same.
  func target(_ property: String, of resource: DesiredResource) -> DesiredResource? {
    guard case .reference(let reference) = resource.properties[property] ?? .null,
      let target = resources[reference.address]
    else { return nil }
    let ref = catalog[target.type]?.facts.identity.ref
    return reference.attribute == nil || reference.attribute == ref ? target : nil
  }

  /// The networks that a property holds, one or a list of them; without what is not known.
  func networks(_ property: String, of resource: DesiredResource) -> [Network] {
    let value = known(property, of: resource)
    return (value?.list ?? [value].compactMap(\.self)).compactMap {
      $0.string.flatMap(Network.init)
    }
  }
}
