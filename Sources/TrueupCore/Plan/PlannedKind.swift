/// A kind with what a plan asks of it for every resource, put together once.
final class PlannedKind: Sendable {
  let kind: any Kind
  let facts: TypeFacts
  let createOnly: CreateOnly
  let comparison: Comparison
  let schema: ResourceSchema?

  init(_ kind: any Kind) {
    self.kind = kind
    facts = kind.facts
    schema = ResourceSchema.embedded(kind.type)
    createOnly = CreateOnly(facts, schema)
    comparison = Comparison(table: facts.properties)
  }

  static func all(_ catalog: Catalog, types: Set<String>) -> [String: PlannedKind] {
    Dictionary(
      uniqueKeysWithValues: types.compactMap { type in
        catalog[type].map { (type, PlannedKind($0)) }
      })
  }
}

/// Which properties of a type cannot be changed once they are set.
struct CreateOnly: Sendable {
  /// All of them, sorted.
  let paths: [PropertyPath]
  private let table: PropertyTable
  private let declared: [PropertyPath]

  init(_ facts: TypeFacts, _ schema: ResourceSchema?) {
    table = facts.properties
    declared = schema?.createOnly ?? []
    let added = table.listing(\.isCreateOnly).filter(\.1).map(\.path)
    let corrected = declared.filter { facts.properties.covering($0, \.isCreateOnly) != false }
    paths = Set(added + corrected).sorted()
  }

  func contains(_ path: PropertyPath) -> Bool {
    if let own = table.covering(path, \.isCreateOnly) { return own }
    return declared.contains { $0.covers(path) }
  }
}
