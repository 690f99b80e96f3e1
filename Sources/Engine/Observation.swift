import Document
import TrueupCore

/// Observes once for everyone: all stacks of one account and region share the same bulk reads.
struct Observation {
  let catalog: Catalog
  let cloud: any Cloud
  let project: String
  let parallelism: Int

  /// One type in one scope, and what is asked of it.
  private struct Subject {
    var kind: any Kind
    var context: ReadContext
    var target: CallTarget
  }

  /// - Parameters:
  ///   - stacks: the stacks whose resources are observed.
  ///   - base: resources applied earlier, whose types are observed too.
  ///   - types: only these, without facts; `nil` for all.
  func snapshot(of stacks: [DesiredStack], base: Base, types: Set<String>? = nil) async -> Snapshot
  {
    let subjects = subjects(stacks, base).filter { types?.contains($0.kind.type) ?? true }
    var replies: [CallTarget: Replies] = [:]
    while true {
      var wanted: [CallTarget: Set<Read>] = [:]
      for subject in subjects {
        let known = replies[subject.target] ?? Replies()
        for read in subject.kind.reads(subject.context, known) where known[read] == nil {
          wanted[subject.target, default: []].insert(read)
        }
      }
      if wanted.isEmpty { break }
      for (target, read, reply) in await perform(wanted) {
        replies[target, default: Replies()][read] = reply
      }
    }
    var snapshot = Snapshot()
    for subject in subjects {
      let known = replies[subject.target] ?? Replies()
      let key = Snapshot.Key(scope: subject.context.scope, type: subject.kind.type)
      if let failure = essentialFailure(subject, known) {
        snapshot.failures[key] = failure
      } else {
        snapshot.resources[key] = subject.kind.decode(subject.context, known)
      }
    }
    if types != nil { return snapshot }
    snapshot.facts = await FactReader(cloud: cloud).values(
      of: stacks.flatMap(\.values).reduce(into: []) { $0.formUnion($1.facts) })
    return snapshot
  }

  // MARK: Subjects

  /// Every type that a scope needs: those desired, and those that the base knows.
  private func subjects(_ stacks: [DesiredStack], _ base: Base) -> [Subject] {
    var contexts: [Snapshot.Key: ReadContext] = [:]
    var targets: [Snapshot.Key: CallTarget] = [:]
    func note(_ type: String, _ scope: Scope, region: String) -> Snapshot.Key {
      let key = Snapshot.Key(scope: scope, type: type)
      if contexts[key] == nil {
        contexts[key] = ReadContext(scope: scope, region: region, project: project)
        targets[key] = CallTarget(account: scope.account, region: region)
      }
      return key
    }
    let referred = referredAttributes(stacks)
    let regions = Dictionary(
      stacks.map { ($0.id.name, $0.region) }, uniquingKeysWith: { first, _ in first })
    for stack in stacks {
      for resource in stack.resources {
        guard let kind = catalog[resource.type] else { continue }
        let key = note(resource.type, resource.scope, region: stack.region)
        let declared = Set((resource.properties.members ?? [:]).keys)
          .union(kind.annotations.ownedWhole.keys.compactMap(\.property))
          .union(base.resources[resource.address]?.properties.object?.keys.map { $0 } ?? [])
          .union(referred[resource.address] ?? [])
        contexts[key]?.properties.formUnion(declared)
        contexts[key]?.note(values: resource.properties.members?.compactMapValues(\.document))
        for name in candidateNames(resource, kind, stack.id) {
          contexts[key]?.candidates[name, default: []].formUnion(declared)
        }
      }
    }
    for (address, resource) in base.resources {
      guard let region = resource.scope.region ?? regions[address.stack],
        regions[address.stack] != nil, catalog[resource.type] != nil
      else { continue }
      let key = note(resource.type, resource.scope, region: region)
      let declared = Set(resource.properties.object?.keys.map { $0 } ?? [])
      contexts[key]?.properties.formUnion(declared)
      contexts[key]?.note(values: resource.properties.object)
      if let id = resource.id { contexts[key]?.candidates[id, default: []].formUnion(declared) }
    }
    let types = Dictionary(grouping: contexts.keys, by: \.scope).mapValues { Set($0.map(\.type)) }
    // A stack that lost its last resource of a type may still own one.
    for stack in stacks {
      for kind in catalog.kinds {
        _ = note(
          kind.type,
          Scope(account: stack.account, region: kind.annotations.isGlobal ? nil : stack.region),
          region: stack.region)
      }
    }
    var names: [String: [String: Set<String>]] = [:]
    for (key, context) in contexts {
      names[key.scope.account, default: [:]][key.type, default: []].formUnion(
        context.candidates.keys)
    }
    return contexts.compactMap { key, context in
      guard let kind = catalog[key.type], let target = targets[key] else { return nil }
      var context = context
      context.names = names[key.scope.account] ?? [:]
      context.types = types[key.scope] ?? []
      return Subject(kind: kind, context: context, target: target)
    }
  }

  /// The attributes that other resources and outputs ask for, by what they ask.
  private func referredAttributes(_ stacks: [DesiredStack]) -> [Address: Set<String>] {
    var referred: [Address: Set<String>] = [:]
    for reference in stacks.flatMap(\.values).flatMap(\.references).map(\.reference) {
      guard let attribute = reference.attribute?.split(separator: ".").first else { continue }
      referred[reference.address, default: []].insert(String(attribute))
    }
    return referred
  }

  private func candidateNames(_ resource: DesiredResource, _ kind: any Kind, _ stack: StackID)
    -> [String]
  {
    guard let rule = kind.annotations.nameRule else { return [] }
    if let declared = resource.properties[rule.property] {
      return declared.document?.string.map { [$0] } ?? []
    }
    return PhysicalName.generations.map {
      PhysicalName.generated(
        stack: stack, resource: resource.address.resource, generation: $0, rule: rule)
    }
  }

  // MARK: Reading

  private func perform(_ wanted: [CallTarget: Set<Read>]) async -> [(CallTarget, Read, Reply)] {
    var queue = wanted.flatMap { target, reads in reads.map { (target, $0) } }
    return await withTaskGroup(of: (CallTarget, Read, Reply).self) { group in
      var results: [(CallTarget, Read, Reply)] = []
      func start() {
        guard let (target, read) = queue.popLast() else { return }
        group.addTask { (target, read, await cloud.read(read, in: target)) }
      }
      for _ in 0..<parallelism { start() }
      while let result = await group.next() {
        results.append(result)
        start()
      }
      return results
    }
  }

  private func essentialFailure(_ subject: Subject, _ replies: Replies) -> CallFailure? {
    for read in subject.kind.reads(subject.context, replies) where read.isEssential {
      if case .failure(let failure) = replies[read] { return failure }
    }
    return nil
  }
}

extension ReadContext {
  fileprivate mutating func note(values: [String: Document]?) {
    for (property, value) in values ?? [:] {
      if let text = value.string { self.values[property, default: []].insert(text) }
    }
  }
}
