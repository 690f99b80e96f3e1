import Document
import TrueupCore

/// What an observation has to look at: each type in each scope, and what is asked of it.
struct ObservationSubjects {
  /// One type in one scope.
  struct Subject {
    var kind: any Kind
    var context: ReadContext
    var target: CallTarget
  }

  /// Where the tag sweep is made, and the scopes whose resources it shows.
  private(set) var sweeps: [CallTarget: Set<Scope>] = [:]
  private let catalog: Catalog
  private let project: String
  private let formerProject: String?
  private var contexts: [Snapshot.Key: ReadContext] = [:]
  private var targets: [Snapshot.Key: CallTarget] = [:]
  private let recent: [String: [String: Double]]
  /// The types that are desired or stand in the base.
  private var known: Set<Snapshot.Key> = []
  /// `{owner} {logical id}` of all that is desired.
  private var desired: Set<String> = []

  /// - Parameters:
  ///   - base: resources applied earlier, whose types are observed too.
  ///   - recent: when what was changed in the last minutes was changed, by type and physical id.
  init(
    _ stacks: [DesiredStack], base: Base, recent: [String: [String: Double]] = [:],
    catalog: Catalog,
    project: String, formerProject: String? = nil
  ) {
    self.recent = recent
    self.catalog = catalog
    self.project = project
    self.formerProject = formerProject
    let referred = stacks.referredProperties
    let regions = Dictionary(
      stacks.map { ($0.id.name, $0.region) }, uniquingKeysWith: { first, _ in first })
    for stack in stacks {
      addSweep(of: Scope(account: stack.account, region: stack.region), stackRegion: stack.region)
      for resource in stack.resources {
        desired.insert("\(stack.id.owner) \(resource.address.resource)")
        guard let kind = catalog[resource.type] else { continue }
        let declared = Set((resource.properties.members ?? [:]).keys)
          .union(kind.facts.properties.owned.keys.compactMap(\.property))
          .union(base.resources[resource.address]?.properties.object?.keys.map { $0 } ?? [])
          .union(referred[resource.address] ?? [])
        note(
          resource.type, resource.scope, stackRegion: stack.region, declared: declared,
          values: resource.properties.members?.compactMapValues(\.document),
          candidates: candidateNames(resource, kind, stack.id)
            + [resource.adoptedID].compactMap(\.self))
      }
    }
    for (address, resource) in base.resources {
      guard let region = regions[address.stack], catalog[resource.type] != nil else { continue }
      note(
        resource.type, resource.scope, stackRegion: region,
        declared: Set(resource.properties.object?.keys.map { $0 } ?? []),
        values: resource.properties.object, candidates: [resource.id].compactMap(\.self))
    }
  }

  /// All subjects, as they are known by now.
  var all: [Subject] {
    let types = Dictionary(grouping: known, by: \.scope).mapValues { Set($0.map(\.type)) }
    var names: [String: [String: Set<String>]] = [:]
    for (key, context) in contexts {
      names[key.scope.account, default: [:]][key.type, default: []].formUnion(
        context.candidates.keys)
    }
    return contexts.compactMap { key, context in
      guard let kind = catalog[key.type], let target = targets[key] else { return nil }
      var context = context
      context.names = names[key.scope.account] ?? [:]
      context.recent = recent[key.type] ?? [:]
      context.types = types[key.scope] ?? []
      return Subject(kind: kind, context: context, target: target)
    }
  }

  // MARK: Leftovers

  /// Adds the types of what carries our tags where the sweep was made, and those that it cannot show.
  /// Where it failed, every type that may be there.
  ///
  /// A deleted resource that it still shows does no harm: its type is observed, and it is not there.
  /// - Returns: what is ours, is not desired, and is of a type that no kind knows.
  mutating func add(swept reply: Reply, at target: CallTarget) -> [Observed] {
    let scopes = sweeps[target] ?? []
    guard let output = reply.output else {
      for kind in catalog.kinds { add(kind, in: scopes, target) }
      return []
    }
    for kind in catalog.kinds where !kind.facts.placement.isSwept { add(kind, in: scopes, target) }
    return (output["ResourceTagMappingList"]?.list ?? []).compactMap { mapping in
      guard let arn = mapping["ResourceARN"]?.string else { return nil }
      let tags = Dictionary(
        (mapping["Tags"]?.list ?? []).compactMap { tag in
          tag["Key"]?.string.map { ($0, tag["Value"]?.string ?? "") }
        }, uniquingKeysWith: { _, last in last })
      guard let owner = tags[OwnershipTags.stack],
        [project, formerProject].compactMap(\.self).contains(where: { owner.hasPrefix($0 + "/") })
      else { return nil }
      let kinds = catalog.kinds(ofARN: arn)
      for kind in kinds { add(kind, in: scopes, target) }
      // A copy of a resource's tags (on a task, a snapshot) is nothing of its own.
      let isCopy = desired.contains("\(owner) \(tags[OwnershipTags.resource] ?? "")")
      return kinds.isEmpty && !isCopy ? unknown(arn, tags, in: scopes, target) : nil
    }
  }

  private mutating func add(_ kind: any Kind, in scopes: Set<Scope>, _ target: CallTarget) {
    let region = kind.facts.placement.isGlobal ? nil : target.region
    let scope = Scope(account: target.account, region: region)
    if scopes.contains(scope) { _ = key(kind.type, scope, target) }
  }

  private func unknown(
    _ arn: String, _ tags: [String: String], in scopes: Set<Scope>, _ target: CallTarget
  ) -> Observed? {
    let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    let isGlobal = parts.count > 3 && parts[3].isEmpty
    let scope = Scope(account: target.account, region: isGlobal ? nil : target.region)
    guard scopes.contains(scope) else { return nil }
    return Observed(
      type: Snapshot.typeName(ofARN: arn), id: arn, scope: scope, properties: .object([:]),
      tags: tags)
  }

  // MARK: Types

  private mutating func key(_ type: String, _ scope: Scope, _ target: CallTarget) -> Snapshot.Key {
    let key = Snapshot.Key(scope: scope, type: type)
    if contexts[key] == nil {
      contexts[key] = ReadContext(
        scope: scope, region: target.region, project: project, formerProject: formerProject)
      targets[key] = target
      for kind in catalog.kinds(ownedInside: type) { _ = self.key(kind.type, scope, target) }
    }
    return key
  }

  private mutating func note(
    _ type: String, _ scope: Scope, stackRegion: String, declared: Set<String>,
    values: [String: Document]?, candidates: [String]
  ) {
    let target = CallTarget(
      account: scope.account, region: scope.callRegion(ofStackIn: stackRegion))
    let key = key(type, scope, target)
    known.insert(key)
    addSweep(of: scope, stackRegion: stackRegion)
    contexts[key]?.properties.formUnion(declared)
    for (property, value) in values ?? [:] {
      let texts =
        value.object?.keys.map { $0 } ?? (value.list ?? [value]).compactMap(\.string)
      if !texts.isEmpty { contexts[key]?.values[property, default: []].formUnion(texts) }
    }
    for name in candidates { contexts[key]?.candidates[name, default: []].formUnion(declared) }
  }

  /// What is global in an account shows in the sweep of the partition's home region.
  private mutating func addSweep(of scope: Scope, stackRegion: String) {
    for scope in [scope, Scope(account: scope.account, region: nil)] {
      let region = scope.callRegion(ofStackIn: stackRegion)
      sweeps[CallTarget(account: scope.account, region: region), default: []].insert(scope)
    }
  }

  private func candidateNames(_ resource: DesiredResource, _ kind: any Kind, _ stack: StackID)
    -> [String]
  {
    guard let rule = kind.facts.identity.name else { return [] }
    if let declared = resource.properties[rule.property] {
      return declared.document?.string.map { [$0] } ?? []
    }
    return PhysicalName.generated(
      for: resource, of: stack, rule: rule, lifecycle: kind.facts.lifecycle)
  }
}
