import Document

/// Makes one of what the desired state declares more than once and AWS has once: elements of a list
/// without order, rules of a security group that are resources of their own, and those that stand in the
/// group as well. In whatever words they are written, as far as that shows before anything is observed.
public struct Duplicates {
  /// What was declared more than once, for people.
  public struct Finding: Hashable, Sendable {
    public var resource: DesiredResource
    public var message: String
  }

  public private(set) var findings: [Finding] = []
  private let catalog: Catalog
  private var symbols: Symbols

  public init(catalog: Catalog) {
    self.catalog = catalog
    symbols = Symbols(catalog: catalog, [])
  }

  /// The stacks with everything declared once. What a stack that is to be removed declares stays as it is.
  public mutating func removed(from stacks: [DesiredStack]) -> [DesiredStack] {
    var stacks = stacks
    let active = stacks.indices.filter { stacks[$0].destroy == nil }
    symbols = Symbols(catalog: catalog, active.flatMap { stacks[$0].resources })
    for index in active {
      stacks[index].resources = stacks[index].resources.map { withoutRepetitions($0) }
    }
    let others = same(active.flatMap { stacks[$0].resources })
    if !others.isEmpty {
      for index in stacks.indices { stacks[index] = stacks[index].redirected(others) }
    }
    let claims = claims(active.flatMap { stacks[$0].resources })
    for index in active {
      stacks[index].resources = stacks[index].resources.map { resource in
        claims[resource.address].map { withoutParts(resource, $0) } ?? resource
      }
    }
    return stacks
  }

  // MARK: Elements

  private mutating func withoutRepetitions(_ resource: DesiredResource) -> DesiredResource {
    guard let kind = catalog[resource.type] else { return resource }
    let collections = kind.facts.properties.collections
    guard !collections.isEmpty else {
      return resource
    }
    var resource = resource
    for (pattern, collection) in collections
    where collection != .ordered {
      for path in resource.properties.paths(matching: pattern) {
        guard let elements = resource.properties.value(at: path[...])?.elements, elements.count > 1
        else { continue }
        let scalars = (symbols.document(resource.properties).object ?? [:]).filter {
          $0.value.list == nil
        }
        var seen: [Document: Int] = [:]
        var kept: [Value] = []
        for (index, element) in elements.enumerated() {
          let identity = identity(of: element, at: path, beside: scalars, kind)
          if let first = seen[identity] {
            add(
              resource,
              "elements \(first + 1) and \(index + 1) of \(PropertyPath(path)) are the same to AWS: they "
                + "count as one")
          } else {
            seen[identity] = index
            kept.append(element)
          }
        }
        guard kept.count < elements.count else { continue }
        resource.properties = resource.properties.replacing(path[...], with: .list(of: kept))
      }
    }
    return resource
  }

  /// The element in the form in which it is compared, which may depend on properties that are no lists.
  private mutating func identity(
    of element: Value, at path: [String], beside properties: [String: Document], _ kind: any Kind
  ) -> Document {
    var shown = symbols.document(element)
    if path.count == 1 {
      var all = properties
      all[path[0]] = .list([shown])
      shown = kind.facts.canonical(.object(all))[path[0]]?[0] ?? shown
    }
    return kind.identity(
      of: kind.facts.properties.normal(shown, at: PropertyPath(path + ["*"])), in: path[0])
  }

  // MARK: Resources

  /// Those that are another one, by address, with that other one: the first by its address.
  private mutating func same(_ resources: [DesiredResource]) -> [Address: Address] {
    struct Key: Hashable {
      var type: String
      var scope: Scope
      var sameness: Document
    }
    var groups: [Key: [DesiredResource]] = [:]
    for resource in resources {
      guard let kind = catalog[resource.type], !kind.facts.ownership.parents.isEmpty,
        let sameness = kind.sameness(of: normal(resource, kind))
      else { continue }
      let key = Key(type: resource.type, scope: resource.scope, sameness: sameness)
      groups[key, default: []].append(resource)
    }
    let repeated = groups.values.filter { $0.count > 1 }.flatMap { group in
      let sorted = group.sorted { $0.address < $1.address }
      return sorted.dropFirst().map { (resource: $0, one: sorted[0]) }
    }
    var others: [Address: Address] = [:]
    for (resource, one) in repeated.sorted(by: { $0.resource.address < $1.resource.address }) {
      others[resource.address] = one.address
      add(
        resource,
        "\(name(resource, beside: one)) and \(name(one, beside: resource)) are one \(resource.type) to "
          + "AWS: it is created once, as \(name(one, beside: resource))")
    }
    return others
  }

  private mutating func normal(_ resource: DesiredResource, _ kind: any Kind) -> Document {
    kind.facts.normal(symbols.document(resource.properties))
  }

  // MARK: Parts

  private struct Part {
    let claim: Claim
    let resource: DesiredResource
  }

  /// What resources describe of others, by the address of those.
  private mutating func claims(_ resources: [DesiredResource]) -> [Address: [Part]] {
    var byIdentifier: [Document: [DesiredResource]] = [:]
    let parentTypes = Set(catalog.kinds.flatMap(\.facts.ownership.parents).map(\.type))
    for resource in resources where parentTypes.contains(resource.type) {
      let identifier = symbols.document(.reference(Reference(resource.address)))
      byIdentifier[identifier, default: []].append(resource)
    }
    var parts: [Address: [Part]] = [:]
    for resource in resources {
      guard let parent = catalog[resource.type]?.facts.ownership.parent,
        let value = resource.properties[parent]
      else { continue }
      let parents = symbols.document(value)
      let holders = (parents.list ?? [parents]).flatMap { byIdentifier[$0] ?? [] }.filter {
        $0.type != resource.type && $0.scope.account == resource.scope.account
      }
      guard !holders.isEmpty else { continue }
      let claim = Claim(
        type: resource.type, properties: symbols.document(resource.properties))
      for holder in holders {
        parts[holder.address, default: []].append(Part(claim: claim, resource: resource))
      }
    }
    return parts
  }

  private mutating func withoutParts(
    _ holder: DesiredResource, _ parts: [Part]
  ) -> DesiredResource {
    guard let kind = catalog[holder.type] else { return holder }
    var holder = holder
    let declared = symbols.document(holder.properties)
    for part in parts {
      if let property = kind.property(that: part.claim, repeats: declared) {
        add(
          holder,
          "/\(property) of \(holder.address.resource) declares what is "
            + "\(name(part.resource, beside: holder)) as well: it counts once")
      }
      let left = kind.without(
        [part.claim],
        in: Observed(type: holder.type, id: "", scope: holder.scope, properties: declared)
      ).properties
      for (property, value) in declared.object ?? [:] {
        guard let before = value.list, let after = left[property]?.list, before != after,
          let elements = holder.properties[property]?.elements
        else { continue }
        let kept = elements.filter { after.contains(symbols.document($0)) }
        guard kept.count < elements.count else { continue }
        holder.properties = holder.properties.replacing([property], with: .list(of: kept))
        add(
          holder,
          "/\(property) of \(holder.address.resource) declares what is "
            + "\(name(part.resource, beside: holder)) as well: it counts once, as "
            + name(part.resource, beside: holder))
      }
    }
    for (property, value) in kind.undeclared(beside: parts.map(\.claim))
    where holder.properties[property] == nil {
      holder.properties = holder.properties.replacing([property], with: .known(value))
    }
    return holder
  }

  // MARK: Findings

  private mutating func add(_ resource: DesiredResource, _ message: String) {
    findings.append(Finding(resource: resource, message: message))
  }

  private func name(_ resource: DesiredResource, beside other: DesiredResource) -> String {
    resource.address.stack == other.address.stack
      ? resource.address.resource : resource.address.description
  }
}
