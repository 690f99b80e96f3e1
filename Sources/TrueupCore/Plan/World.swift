import Document

/// The observed world of a plan: every thing that AWS shows with its owner beside it, indexed once.
final class World {
  struct Entry: Sendable {
    let observed: Observed
    var owner: Owner
    /// The properties in the form in which they are compared.
    let normal: Document
    /// What it was applied with, where its tags do not say it.
    var policy: RemovalPolicy?
  }

  let snapshot: Snapshot
  let catalog: Catalog
  let rules: ReferenceRules
  private(set) var entries: [Entry] = []
  let byPlace: [Snapshot.Key: [Int]]
  private let byID: [Snapshot.Key: [String: Int]]
  /// What lacks one of the two ownership tags, by its place.
  let incomplete: [Snapshot.Key: [Int]]
  /// By place, then by the owner's full name with the logical id.
  private var byOwner: [Snapshot.Key: [Address: [Int]]] = [:]
  private var byIdentifier: [String: [(entry: Int, isGenerated: Bool)]] = [:]
  /// By what AWS allows only once: see `Uniqueness`.
  private let uniqueness: [Snapshot.Key: Uniqueness]

  /// - Parameters:
  ///   - places: the types and scopes in which something is desired or was applied: only there is it
  ///     asked what stands in the way.
  ///   - owners: the owner that stands in a tag by the one that it means now: the project was renamed.
  init(
    _ snapshot: Snapshot, catalog: Catalog, rules: ReferenceRules, places: Set<Snapshot.Key>,
    owners: [String: String] = [:]
  ) {
    self.snapshot = snapshot
    self.catalog = catalog
    self.rules = rules
    var byPlace: [Snapshot.Key: [Int]] = [:]
    var uniqueness: [Snapshot.Key: Uniqueness] = [:]
    var byID: [Snapshot.Key: [String: Int]] = [:]
    var incomplete: [Snapshot.Key: [Int]] = [:]
    entries.reserveCapacity(snapshot.resources.values.reduce(0) { $0 + $1.count })
    for (place, resources) in snapshot.resources.sorted(by: { $0.key.type < $1.key.type }) {
      let facts = catalog[place.type]?.facts
      var own: Uniqueness?
      if let facts,
        places.contains(place)
          || resources.contains(where: { $0.tags[OwnershipTags.stack] != nil })
      {
        own = Uniqueness(facts.identity.keys)
      }
      var inPlace: [Int] = []
      inPlace.reserveCapacity(resources.count)
      var ids: [String: Int] = [:]
      ids.reserveCapacity(resources.count)
      var lacking: [Int] = []
      let identifying = rules.identifying(place.type)
      for observed in resources {
        let index = entries.count
        // What stands in no tag and is of no interest need not be brought to any form.
        let normal = own == nil ? observed.properties : facts?.normal(observed.properties)
        entries.append(
          Entry(
            observed: observed, owner: Self.owner(byTagsOf: observed, owners),
            normal: normal ?? observed.properties,
            policy: observed.tags[OwnershipTags.deletionPolicy].flatMap(RemovalPolicy.init)))
        inPlace.append(index)
        if observed.transition == nil {
          if ids[observed.id] == nil { ids[observed.id] = index }
          if OwnershipTags.ownerKeys.contains(where: { observed.tags[$0] == nil }) {
            lacking.append(index)
          }
          own?.add(index, entries[index].normal)
        }
        for identifying in identifying {
          guard let text = observed.properties[identifying.property]?.string else { continue }
          byIdentifier[text, default: []].append((index, identifying.isGenerated))
        }
      }
      byPlace[place] = inPlace
      byID[place] = ids
      incomplete[place] = lacking
      uniqueness[place] = own
    }
    self.byPlace = byPlace
    self.byID = byID
    self.incomplete = incomplete
    self.uniqueness = uniqueness
    for (place, indices) in byPlace {
      var owned: [Address: [Int]] = [:]
      owned.reserveCapacity(indices.count)
      for index in indices {
        guard case .tagged(let stack, let resource?) = entries[index].owner else { continue }
        owned[Address(stack: stack, resource: resource), default: []].append(index)
      }
      byOwner[place] = owned
    }
  }

  private static func owner(byTagsOf observed: Observed, _ owners: [String: String]) -> Owner {
    guard let stack = observed.tags[OwnershipTags.stack] else { return .nobody }
    return .tagged(
      stack: owners[stack] ?? stack, resource: observed.tags[OwnershipTags.resource])
  }

  private func note(_ index: Int, stack: String, resource: String) {
    let observed = entries[index].observed
    let place = Snapshot.Key(scope: observed.scope, type: observed.type)
    byOwner[place, default: [:]][Address(stack: stack, resource: resource), default: []]
      .append(index)
  }

  /// Notes whose an entry is that its tags do not tell.
  func infer(
    _ owner: Owner, of index: Int, stack: StackID, resource: String?, policy: RemovalPolicy?
  ) {
    entries[index].owner = owner
    entries[index].policy = policy ?? entries[index].policy
    if let resource { note(index, stack: stack.owner, resource: resource) }
  }

  // MARK: Looking up

  /// The thing of a type and scope with a physical id; `nil` for what is on its way out.
  func settled(_ id: String, in place: Snapshot.Key) -> Int? { byID[place]?[id] }

  /// The things of a type and scope that belong to an owner under a logical id.
  func owned(_ place: Snapshot.Key, stack: String, resource: String) -> [Int] {
    byOwner[place]?[Address(stack: stack, resource: resource)] ?? []
  }

  /// The things that a value in a property of a holder names.
  ///
  /// ARNs are the same everywhere. Ids that AWS makes, and names where the property is declared to name
  /// their type, hold within an account and region.
  func named(_ text: String, in scope: Scope, by types: Set<String>) -> [Int] {
    (byIdentifier[text] ?? []).filter { candidate in
      let observed = entries[candidate.entry].observed
      if text.hasPrefix("arn:") { return true }
      guard observed.scope.reaches(scope) else { return false }
      return types.isEmpty ? candidate.isGenerated : types.contains(observed.type)
    }.map(\.entry)
  }

  /// What stands inside which resources: the entries of the parents that an observed one names.
  func parents(of properties: Document, _ ownership: Ownership, in scope: Scope) -> [Int] {
    ownership.parents.flatMap { parent -> [Int] in
      guard let value = properties[parent.property] else { return [] }
      let texts = (value.list ?? [value]).compactMap(\.string)
      guard let matching = parent.matching else {
        return texts.flatMap { named($0, in: scope, by: [parent.type]) }
          .filter { entries[$0].observed.type == parent.type }
      }
      return byPlace.filter { $0.key.type == parent.type && $0.key.scope.reaches(scope) }
        .flatMap(\.value).filter { index in
          texts.contains { entries[index].normal[matching]?.string == $0 }
        }
    }
  }

  /// The things of a type and scope that cannot exist beside one with these properties, in their
  /// normal form, each with the key that says so.
  func conflicts(with shown: Document, in place: Snapshot.Key) -> [(entry: Int, key: UniqueKey)] {
    guard let uniqueness = uniqueness[place] else { return [] }
    return uniqueness.candidates(shown).filter {
      $0.key.conflict(shown, entries[$0.entry].normal) == .same
    }
  }
}

extension Scope {
  /// Whether something in the one scope can be named in the other without its account and region.
  func reaches(_ other: Scope) -> Bool {
    account == other.account && (region == nil || other.region == nil || region == other.region)
  }
}

/// Finds things by what AWS allows only once, without comparing each with each.
struct Uniqueness: Sendable {
  private let keys: [UniqueKey]
  private var byText: [String: [Int]] = [:]

  init(_ keys: [UniqueKey]) { self.keys = keys }

  mutating func add(_ entry: Int, _ shown: Document) {
    for text in Set(keys.indices.flatMap { texts($0, shown) }) {
      byText[text, default: []].append(entry)
    }
  }

  /// Things that may be in conflict, each once per key, in the order in which they were added.
  func candidates(_ shown: Document) -> [(entry: Int, key: UniqueKey)] {
    keys.indices.flatMap { index in
      Set(texts(index, shown).flatMap { byText[$0] ?? [] }).sorted().map { ($0, keys[index]) }
    }
  }

  private func texts(_ index: Int, _ shown: Document) -> [String] {
    let key = keys[index]
    let places: [String?] = key.within.isEmpty ? [nil] : key.within.map(Optional.some)
    switch key.comparison {
    case .equal, .caseless:
      return places.compactMap { key.fingerprint(shown, within: $0) }.map { "\(index) \($0)" }
    case .overlap:
      return places.compactMap { $0.flatMap { shown[$0] } }.filter(\.isKnown).map {
        "\(index) \($0.json())"
      }
    case .holding:
      return key.properties.flatMap { shown[$0]?.list ?? shown[$0].map { [$0] } ?? [] }
        .filter(\.isKnown).map { "\(index) \($0.json())" }
    }
  }
}
