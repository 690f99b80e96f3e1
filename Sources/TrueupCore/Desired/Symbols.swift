import Document

/// Desired values as documents, before anything is observed: in place of each part that is not known
/// stands a text of its own, the same for parts that will be the same.
struct Symbols {
  private let catalog: Catalog
  private let resources: [Address: DesiredResource]
  private var texts: [Value: Document] = [:]

  init(catalog: Catalog, _ resources: [DesiredResource]) {
    self.catalog = catalog
    self.resources = Dictionary(
      resources.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
  }

  mutating func document(_ value: Value) -> Document { document(value, depth: 0) }

  private mutating func document(_ value: Value, depth: Int) -> Document {
    switch value {
    case .known(let document): return document
    case .list(let elements): return .list(elements.map { document($0, depth: depth) })
    case .object(let members): return .object(members.mapValues { document($0, depth: depth) })
    case .reference(let reference):
      let full = withAttribute(reference)
      // What a resource declares is what its attribute of that name gives.
      if depth < 10, let attribute = full.attribute,
        let declared = resources[full.address]?.properties[attribute]
      {
        return document(declared, depth: depth + 1)
      }
      return text(.reference(full))
    case .secret, .fact, .call: return text(value)
    }
  }

  private mutating func text(_ value: Value) -> Document {
    if let text = texts[value] { return text }
    let text = Document.string("\u{1}\(texts.count)")
    texts[value] = text
    return text
  }

  /// With the attribute that `Ref` gives by its name. A type whose id is called `Id` may give it by a
  /// longer name as well: `GroupId` of a security group.
  private func withAttribute(_ reference: Reference) -> Reference {
    guard let type = resources[reference.address]?.type, let ref = catalog[type]?.facts.identity.ref
    else { return reference }
    guard let attribute = reference.attribute else {
      return Reference(reference.address, attribute: ref)
    }
    guard ref == "Id", attribute != "Id", (type + "Id").hasSuffix(attribute) else {
      return reference
    }
    return Reference(reference.address, attribute: ref)
  }
}
