import Document

/// Says of resources that carry no tags whose they are, by noting owner tags on them as if they did: so
/// that everything else treats all resources alike.
///
/// What stands under the name or natural key of a desired resource is its own where the base knows it
/// there, where only Trueup can have made its name, or where it lives inside a resource of ours. What the
/// base alone knows is what was desired before. What lives inside a resource of ours that is owned whole,
/// and that nobody desires, belongs to that one's stack.
///
/// Tags that could not be read are no reason to take something for another's: such a resource is looked at
/// in the same way.
public struct UntaggedOwners: Sendable {
  /// Noted on what lives inside a resource of ours and is desired by nobody: the logical id of that one.
  public static let within = "trueup:within"

  let catalog: Catalog
  let desired: Desired
  let base: Base
  let snapshot: Snapshot
  private let values: ObservedValues
  /// The owner of what has an id or ARN.
  private let owners: [String: [String: String]]

  public init(catalog: Catalog, desired: Desired, base: Base, snapshot: Snapshot) {
    self.catalog = catalog
    self.desired = desired
    self.base = base
    self.snapshot = snapshot
    values = ObservedValues(
      snapshot, catalog: catalog, project: desired.project, renamed: desired.renamed)
    var owners: [String: [String: String]] = [:]
    for observed in snapshot.resources.values.joined()
    where observed.tags[OwnershipTags.stack]?.hasPrefix(desired.project + "/") == true {
      let annotations = catalog[observed.type]?.annotations
      for identifier in observed.identifiers(annotations) { owners[identifier] = observed.tags }
    }
    self.owners = owners
  }

  /// The observed world, with owner tags noted on what carries none, or none that could be read.
  public func noted() -> Snapshot {
    var result = snapshot
    for (key, resources) in snapshot.resources {
      guard let kind = catalog[key.type],
        resources.contains(where: { Self.isOpen($0, kind.annotations) })
      else { continue }
      result.resources[key] = noted(resources, kind, key)
    }
    return result
  }

  /// Whether tags do not tell whose a resource is.
  private static func isOpen(_ observed: Observed, _ annotations: Annotations) -> Bool {
    observed.tags[OwnershipTags.stack] == nil
      && (!annotations.isTaggable || observed.unread["/Tags"] != nil)
  }

  private func noted(_ resources: [Observed], _ kind: any Kind, _ key: Snapshot.Key)
    -> [Observed]
  {
    var resources = resources
    let identity = Identity(kind)
    let open = resources.indices.filter { Self.isOpen(resources[$0], kind.annotations) }
    var free = Set(open)
    var shown: [Int: Document] = [:]
    for index in open { shown[index] = identity.normal(resources[index].properties) }
    func note(_ index: Int, _ stack: StackID, _ resource: String, _ policy: RemovalPolicy?) {
      resources[index].tags.merge(OwnershipTags.owner(stack, resource: resource)) { $1 }
      if let policy, policy != .delete {
        resources[index].tags[OwnershipTags.deletionPolicy] = policy.rawValue
      }
      free.remove(index)
    }

    for stack in desired.stacks {
      for wanted in stack.resources where wanted.type == key.type && wanted.scope == key.scope {
        let last = base(of: wanted.address)
        let names = self.names(of: wanted, identity.rule, stack.id)
        let properties = identity.normal(values.evaluated(wanted.properties).redacted)
        let found = open.first { index in
          guard free.contains(index), let shown = shown[index] else { return false }
          let isSame =
            identity.hasName(shown, among: names.all, properties)
            || identity.isSame(properties, shown)
          guard isSame else { return false }
          return isKnown(resources[index], shown, last, identity)
            || identity.hasName(shown, among: names.generated, properties)
            || owner(of: resources[index], kind) != nil
        }
        if let found {
          note(found, stack.id, wanted.address.resource, wanted.deletionPolicy)
        }
      }
    }
    for (address, last) in base.resources.sorted(by: { $0.key < $1.key })
    where last.type == key.type && last.scope == key.scope {
      guard let stack = desired.stacks.first(where: { $0.id.name == address.stack }) else {
        continue
      }
      let found = open.first { index in
        free.contains(index)
          && shown[index].map { isKnown(resources[index], $0, last, identity) } == true
      }
      if let found { note(found, stack.id, address.resource, last.deletionPolicy) }
    }
    guard kind.annotations.isOwnedWithParent else { return resources }
    let live = Set(desired.stacks.flatMap(\.resources).map(\.address))
    for index in open where free.contains(index) {
      guard let owner = owner(of: resources[index], kind),
        let parent = owner[OwnershipTags.resource],
        let stack = desired.stacks.first(where: { $0.id.owner == owner[OwnershipTags.stack] }),
        live.contains(Address(stack: stack.id.name, resource: parent))
      else { continue }
      note(index, stack.id, resources[index].id, nil)
      resources[index].tags[Self.within] = parent
    }
    return resources
  }

  private func base(of address: Address) -> Base.Resource? {
    base.resources[address]
      ?? desired.renamed[address].flatMap {
        base.resources[Address(stack: address.stack, resource: $0)]
      }
  }

  private func isKnown(
    _ observed: Observed, _ shown: Document, _ last: Base.Resource?, _ identity: Identity
  ) -> Bool {
    guard let last, last.type == observed.type, last.scope == observed.scope else { return false }
    if last.id == observed.id { return true }
    let applied = identity.normal(last.properties)
    return identity.isSame(applied, shown)
      || identity.rule.map { rule in
        applied[rule.property] != nil && applied[rule.property] == shown[rule.property]
          && rule.uniqueWithin.map { applied[$0] == shown[$0] } ?? true
      } ?? false
  }

  /// The tags of the resource of ours inside which this one lives.
  private func owner(of observed: Observed, _ kind: any Kind) -> [String: String]? {
    guard let parent = kind.annotations.parent, let value = observed.properties[parent] else {
      return nil
    }
    return (value.list ?? [value]).lazy.compactMap(\.string).compactMap { owners[$0] }.first
  }

  private func names(of wanted: DesiredResource, _ rule: NameRule?, _ stack: StackID) -> (
    all: Set<String>, generated: Set<String>
  ) {
    guard let rule else { return ([], []) }
    if let declared = wanted.properties[rule.property] {
      let name = values.evaluated(declared).document?.string
      return (Set([name].compactMap(\.self)), [])
    }
    let generated = Set(PhysicalName.generated(for: wanted, of: stack, rule: rule))
    return (generated, generated)
  }

  /// How resources of a type are told apart.
  private struct Identity {
    let annotations: Annotations
    let normaliser: Normaliser
    var rule: NameRule? { annotations.nameRule }

    init(_ kind: any Kind) {
      annotations = kind.annotations
      normaliser = Normaliser(annotations: kind.annotations)
    }

    func normal(_ properties: Document) -> Document {
      normaliser.normal(annotations.canonical(properties), at: PropertyPath())
    }

    func isSame(_ wanted: Document, _ shown: Document) -> Bool {
      annotations.hasNaturalKey(wanted, shown)
    }

    func hasName(_ shown: Document, among names: Set<String>, _ wanted: Document) -> Bool {
      guard let rule, let name = shown[rule.property]?.string, names.contains(name) else {
        return false
      }
      return rule.uniqueWithin.map { wanted[$0] == shown[$0] } ?? true
    }
  }
}

extension Annotations {
  /// Whether both have the same natural key. A type without tags may be told apart by properties of
  /// which each has only some (a route's destination): absent on both sides is the same.
  func hasNaturalKey(_ wanted: Document, _ shown: Document) -> Bool {
    guard !naturalKey.isEmpty else { return false }
    if isTaggable {
      return naturalKey.allSatisfy { wanted[$0] != nil && wanted[$0] == shown[$0] }
    }
    if !otherParents.isEmpty {
      let parents = [parent].compactMap(\.self) + otherParents
      guard parents.contains(where: { wanted[$0] != nil && wanted[$0] == shown[$0] }) else {
        return false
      }
    }
    let own = naturalKey.filter { $0 != parent }
    return naturalKey.allSatisfy { wanted[$0] == shown[$0] }
      && (own.isEmpty ? naturalKey : own).contains { wanted[$0] != nil }
  }
}

extension Observed {
  /// The ids and ARNs by which others refer to the resource.
  func identifiers(_ annotations: Annotations?) -> Set<String> {
    var identifiers: Set<String> = [id]
    if let ref = annotations.flatMap({ properties[$0.ref]?.string }) { identifiers.insert(ref) }
    for path in ResourceSchema.embedded(type)?.readOnly ?? [] {
      guard let property = path.property, path.components.count == 1,
        property.hasSuffix("Id") || property.hasSuffix("Arn") || property.hasSuffix("ARN"),
        property != "OwnerId", let value = properties[property]?.string
      else { continue }
      identifiers.insert(value)
    }
    if let arn = properties["Arn"]?.string { identifiers.insert(arn) }
    return identifiers
  }
}
