import Document

/// What may be a desired resource that carries no tags.
extension Inference {
  /// What may be the wanted resource: under its id, its names or its unique keys.
  func candidates(
    for wanted: DesiredResource, of stack: StackID, _ last: Base.Resource?,
    byID: [String: Int], place: Snapshot.Key, facts: TypeFacts, world: World
  ) -> [(entry: Int, isGenerated: Bool)] {
    let properties = evaluated(wanted, facts)
    func found(_ shown: Document) -> [Int] {
      world.conflicts(with: shown, in: place).filter(\.key.tells).map(\.entry)
    }
    var candidates = found(properties).map { ($0, false) }
    if let rule = facts.identity.name, wanted.properties[rule.property] == nil {
      for name in PhysicalName.generated(for: wanted, of: stack, rule: rule) {
        let named = facts.normal(properties.setting(rule.property, .string(name)))
        candidates += found(named).map { ($0, true) }
      }
    }
    if let known = last?.id.flatMap({ byID[$0] }) { candidates.append((known, false)) }
    if candidates.isEmpty, let alike = alikeButForSecrets(wanted, properties, place, facts, world) {
      candidates.append((alike, false))
    }
    return candidates
  }

  /// The only thing that agrees with the wanted resource in all of a key but secrets whose sources are not at
  /// hand.
  private func alikeButForSecrets(
    _ wanted: DesiredResource, _ properties: Document, _ place: Snapshot.Key, _ facts: TypeFacts,
    _ world: World
  ) -> Int? {
    let keys = facts.identity.telling.filter { key in
      key.properties.contains { properties[$0]?.isKnown == false }
        && key.properties.allSatisfy {
          properties[$0]?.isKnown != false || wanted.properties[$0]?.secrets.isEmpty == false
        }
    }
    guard !keys.isEmpty else { return nil }
    let alike = (world.byPlace[place] ?? []).filter { entry in
      let entry = world.entries[entry]
      return entry.observed.transition == nil
        && keys.contains { key in
          // A recorded snapshot does not hold them.
          let unread = key.properties.filter { entry.observed.unread[PropertyPath([$0])] != nil }
          let shown = unread.reduce(entry.normal) { $0.setting($1, .secret(nil)) }
          return key.conflict(properties, shown) == .unknown
        }
    }
    return alike.count == 1 ? alike[0] : nil
  }

  /// The wanted properties in normal form, as far as they are known.
  func evaluated(
    _ wanted: DesiredResource, _ facts: TypeFacts, choice: [Address: Observed] = [:]
  ) -> Document {
    let foretold = ForetoldValues(index: index, catalog: catalog)
    let known = inferred.merging(choice) { $1 }
    let evaluated = try? wanted.properties.evaluated { leaf in
      if case .secret(let reference) = leaf { return secret(reference).map(Document.string) }
      guard let value = values.value(of: leaf, choice: known) else {
        guard case .reference(let reference) = leaf, values.observed(at: reference.address) == nil
        else { return nil }
        return foretold.value(of: reference, name: lastName(at: reference.address))
      }
      return value
    }
    return facts.normal((evaluated ?? wanted.properties).redacted)
  }

  /// The name that a resource was applied with.
  func lastName(at address: Address) -> Document? {
    guard let last = last(of: address), let rule = catalog[last.type]?.facts.identity.name else {
      return nil
    }
    return last.properties[rule.property]
  }

  func last(of address: Address) -> Base.Resource? {
    base.resources[address]
      ?? index.renamed[address].flatMap {
        base.resources[Address(stack: address.stack, resource: $0)]
      }
  }

  /// Which of several with the same owner tags the references of a resource may mean, in each combination;
  /// empty where there is one of each.
  func choices(in wanted: DesiredResource) -> [[Address: Observed]] {
    var choices: [[Address: Observed]] = [[:]]
    var addresses: Set<Address> = []
    wanted.properties.forEachReference { addresses.insert($0.address) }
    for address in addresses.sorted() {
      let twins = values.all(at: address)
      guard twins.count > 1 else { continue }
      // What was left over more than a few times is told one after the other.
      choices = choices.flatMap { choice in
        twins.map { choice.merging([address: $0], uniquingKeysWith: { $1 }) }
      }.prefix(Self.choicesAtMost).map(\.self)
    }
    return choices.count > 1 ? choices : []
  }

  private static let choicesAtMost = 16
}
