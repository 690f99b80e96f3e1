import Document

/// By which properties resources of a type are referred to, and to which types a property may refer.
/// Declared in facts and registry schemas, never guessed from how a property is called.
struct ReferenceRules: Sendable {
  /// A property whose value names a resource for others.
  struct Identifying: Hashable, Sendable {
    var property: String
    /// AWS makes the value, so that no other thing of the account has the same.
    var isGenerated: Bool
  }

  private struct Rules: Sendable {
    var identifying: [Identifying] = []
    /// What only AWS sets says nothing of what the resource refers to; nor does its own name.
    var ownFacts: Set<String> = []
    /// The types that a property names, by its path with `*` for elements.
    var targets: [PropertyPath: Set<String>] = [:]
  }

  private let rules: [String: Rules]

  /// - Parameter types: those that are concerned.
  init(_ catalog: Catalog, types: Set<String>) {
    rules = Dictionary(
      uniqueKeysWithValues: types.compactMap { type in
        catalog[type].map { (type, Self.rules(of: $0)) }
      })
  }

  func identifying(_ type: String) -> [Identifying] { rules[type]?.identifying ?? [] }

  /// Whether a top-level property may refer to anything.
  func mayRefer(_ type: String, _ property: String) -> Bool {
    rules[type]?.ownFacts.contains(property) != true
  }

  /// The types that the property at the path names; empty where nobody says.
  func targets(_ type: String, _ path: PropertyPath) -> Set<String> {
    guard let targets = rules[type]?.targets, !targets.isEmpty else { return [] }
    return targets.first { $0.key.matches(path) }?.value ?? []
  }

  private static func rules(of kind: any Kind) -> Rules {
    var rules = Rules()
    let facts = kind.facts
    let schema = ResourceSchema.embedded(kind.type)
    let readOnly = Set(
      (schema?.readOnly ?? []).filter { $0.components.count == 1 }.compactMap(\.property))
    rules.identifying = identifying(facts, schema: schema, readOnly: readOnly)
    rules.ownFacts = readOnly.union(
      [facts.identity.name?.property, "Arn"].compactMap(\.self))
    if facts.identity.name == nil, schema == nil { rules.ownFacts.insert(facts.identity.ref) }
    for (path, formats) in schema?.root.formatsByPath() ?? [:] {
      let types = Set(formats.compactMap(Self.type(ofFormat:)))
      if !types.isEmpty { rules.targets[path] = types }
    }
    for parent in facts.ownership.parents where parent.matching == nil {
      for path in [PropertyPath([parent.property]), PropertyPath([parent.property, "*"])] {
        rules.targets[path, default: []].insert(parent.type)
      }
    }
    for (path, known) in facts.properties.all where !known.referredTypes.isEmpty {
      rules.targets[path] = known.referredTypes
    }
    return rules
  }

  /// `Ref`, the ARN, the registry's primary identifier where that is one property, and what the kind
  /// names besides. What is composed of several, or lies in another resource, names nothing to others.
  private static func identifying(
    _ facts: TypeFacts, schema: ResourceSchema?, readOnly: Set<String>
  ) -> [Identifying] {
    let name = facts.identity.name.flatMap { $0.uniqueWithin == nil ? $0.property : nil }
    var candidates = [facts.identity.ref, "Arn"] + facts.identity.identifiers
    if let schema, schema.primaryIdentifier.count == 1,
      schema.primaryIdentifier[0].components.count == 1
    {
      candidates += schema.primaryIdentifier.compactMap(\.property)
    }
    var seen: Set<String> = []
    return candidates.filter { seen.insert($0).inserted }.compactMap { property in
      let isMade = schema.map { _ in readOnly.contains(property) } ?? (property != name)
      let isNamed = property == name || facts.identity.identifiers.contains(property)
      return isMade || isNamed ? Identifying(property: property, isGenerated: isMade) : nil
    }
  }

  /// `AWS::EC2::VPC` of `AWS::EC2::VPC.Id`; `nil` for formats that name no type.
  private static func type(ofFormat format: String) -> String? {
    guard format.hasPrefix("AWS::"), let dot = format.lastIndex(of: ".") else { return nil }
    return String(format[..<dot])
  }
}

extension PropertySchema {
  /// The formats of this schema and of all that lies below it, by path with `*` for elements.
  func formatsByPath(
    at path: PropertyPath = PropertyPath(), depth: Int = 0
  ) -> [PropertyPath: Set<String>] {
    var found: [PropertyPath: Set<String>] = [:]
    // Schemas may contain themselves.
    guard depth < 8 else { return found }
    if !formats.isEmpty { found[path] = formats }
    for (name, member) in members {
      found.merge(member.formatsByPath(at: path.appending(name), depth: depth + 1)) { $0.union($1) }
    }
    if let items {
      found.merge(items.formatsByPath(at: path.appending("*"), depth: depth + 1)) { $0.union($1) }
    }
    return found
  }
}
