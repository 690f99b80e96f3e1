import Document
import TrueupCore

/// Joins what the journal remembers with what the revisions in the tags say, compiled again.
///
/// Of two bases the one whose revision descends from the other's holds: a journal may be older than what
/// another machine applied, and a tag older than an uncommitted apply of this journal.
struct EvidenceReader {
  let catalog: Catalog
  let desired: Desired
  let memory: JournalMemory
  let history: History

  private struct Tagged {
    var observed: Observed
    var revision: String
  }

  func evidence(_ snapshot: Snapshot, stacks: [DesiredStack]) async -> Evidence {
    let names = Dictionary(
      stacks.flatMap { stack -> [(String, DesiredStack)] in
        [desired.project, desired.formerProject].compactMap(\.self).map {
          ("\($0)/\(stack.id.name)", stack)
        }
      }, uniquingKeysWith: { first, _ in first })
    var tagged: [Address: [Tagged]] = [:]
    var revisions: [String: Set<String>] = [:]
    for observed in snapshot.resources.values.joined() {
      guard let revision = observed.tags[OwnershipTags.revision],
        let resource = observed.tags[OwnershipTags.resource],
        let stack = observed.tags[OwnershipTags.stack].flatMap({ names[$0] })
      else { continue }
      let address = Address(stack: stack.id.name, resource: resource)
      tagged[address, default: []].append(Tagged(observed: observed, revision: revision))
      revisions[stack.id.name, default: []].insert(revision)
    }
    var evidence = Evidence(
      base: memory.base, knownIDs: memory.knownIDs, intents: memory.intents,
      removed: memory.removed)
    evidence.unkept = memory.unkept
    let recalled = await recall(wanted(tagged, revisions, stacks), &evidence)
    // Of several with one address, what the journal knows speaks: the others may carry anything.
    for (address, things) in tagged where things.count > 1 {
      let known = things.filter { isKnown($0, at: address) }
      if !known.isEmpty { tagged[address] = known }
    }
    let values = ObservedValues(snapshot, catalog: catalog, desired: desired)
    for stack in stacks {
      for (address, declared) in await newest(recalled[stack.id.name] ?? [:], tagged) {
        guard await holds(declared, over: memory.base.resources[address], address, tagged) else {
          continue
        }
        let own = tagged[address]?.first {
          $0.revision == declared.revision && $0.observed.type == declared.resource.type
        }
        evidence.base.resources[address] = base(
          of: declared.resource, own?.observed, declared.revision, values)
      }
    }
    return evidence
  }

  private func isKnown(_ thing: Tagged, at address: Address) -> Bool {
    memory.knownIDs[address]?.contains(
      Evidence.KnownID(type: thing.observed.type, id: thing.observed.id)) == true
  }

  // MARK: Revisions

  /// The revisions that have something to say, each with the stacks that it is asked for.
  private func wanted(
    _ tagged: [Address: [Tagged]], _ revisions: [String: Set<String>], _ stacks: [DesiredStack]
  ) -> [String: Set<String>] {
    var wanted: [String: Set<String>] = [:]
    for (address, things) in tagged {
      let last = memory.base.resources[address]
      for thing in things {
        let isKnown = isKnown(thing, at: address)
        if !isKnown || last == nil || last?.revision != thing.revision {
          wanted[thing.revision, default: []].insert(address.stack)
        }
      }
    }
    for stack in stacks {
      // What carries no tags, or is not there, only the revisions of its neighbours may know.
      let isOpen = stack.resources.contains { resource in
        memory.base.resources[resource.address] == nil && tagged[resource.address] == nil
          && memory.removed[resource.address] == nil
      }
      let isForgotten = !memory.base.resources.keys.contains { $0.stack == stack.id.name }
      guard isOpen || isForgotten else { continue }
      for revision in revisions[stack.id.name] ?? [] {
        wanted[revision, default: []].insert(stack.id.name)
      }
    }
    return wanted
  }

  private struct Declared {
    var resource: DesiredResource
    var revision: String
  }

  /// Asks git. Notes what is known of each revision; returns what it declares, by stack and revision.
  private func recall(_ wanted: [String: Set<String>], _ evidence: inout Evidence) async
    -> [String: [String: [DesiredResource]]]
  {
    for revision in memory.applied { evidence.revisions[revision] = .mute }
    var found: [String: [String: [DesiredResource]]] = [:]
    for (revision, stacks) in wanted.sorted(by: { $0.key < $1.key }) {
      guard let old = await recalled(stacks, at: revision) else {
        if evidence.revisions[revision] == nil { evidence.revisions[revision] = .unknown }
        continue
      }
      var resources: [Address: DesiredResource] = [:]
      for stack in old {
        found[stack.id.name, default: [:]][revision] = stack.resources
        for resource in stack.resources { resources[resource.address] = resource }
      }
      evidence.revisions[revision] = .recalled(resources)
    }
    return found
  }

  /// The stacks as the revision wanted them, without those that do not compile then; `nil` where git does
  /// not have it.
  private func recalled(_ names: Set<String>, at revision: String) async -> [DesiredStack]? {
    switch await history.desired(revision, names) {
    case .desired(let desired): return desired.stacks.filter { names.contains($0.id.name) }
    case .unknown: return nil
    case .broken:
      guard names.count > 1 else { return [] }
      var found: [DesiredStack] = []
      for name in names.sorted() {
        guard case .desired(let desired) = await history.desired(revision, [name]) else { continue }
        found += desired.stacks.filter { $0.id.name == name }
      }
      return found
    }
  }

  /// Of each address the declaration that holds: of its own revision where it carries one, else of the
  /// newest of its neighbours'.
  private func newest(
    _ revisions: [String: [DesiredResource]], _ tagged: [Address: [Tagged]]
  ) async -> [Address: Declared] {
    var newest: [Address: Declared] = [:]
    for (revision, resources) in revisions.sorted(by: { $0.key < $1.key }) {
      // Of its neighbours a revision speaks only where it stands in the tag of what it declares itself.
      let speaks = resources.contains { resource in
        tagged[resource.address]?.contains {
          $0.revision == revision && $0.observed.type == resource.type
        } == true
      }
      guard speaks else { continue }
      for resource in resources {
        let own = (tagged[resource.address] ?? []).filter { $0.observed.type == resource.type }
        guard own.isEmpty || own.contains(where: { $0.revision == revision }) else { continue }
        if let other = newest[resource.address], other.revision != revision,
          await !history.isAncestor(other.revision, revision)
        {
          continue
        }
        newest[resource.address] = Declared(resource: resource, revision: revision)
      }
    }
    return newest
  }

  /// Whether what a revision declares is newer than what the journal remembers.
  private func holds(
    _ declared: Declared, over last: Base.Resource?, _ address: Address,
    _ tagged: [Address: [Tagged]]
  ) async -> Bool {
    let isObserved =
      tagged[address]?.contains { $0.observed.type == declared.resource.type } == true
    guard let last, last.wasReached else {
      if isObserved { return true }
      // What Trueup itself deleted, or never came to make in a run of this journal, is not lost.
      return memory.removed[address] == nil && !didApply(declared.revision, to: address.stack)
    }
    // What carries no tags is as the journal says.
    guard isObserved else { return false }
    if last.revision == declared.revision { return false }
    if let revision = last.revision {
      return await !history.isAncestor(declared.revision, revision)
    }
    // An uncommitted apply came after the commit that its tree stood on.
    guard let tree = last.tree else { return false }
    if tree == declared.revision { return false }
    return await !history.isAncestor(declared.revision, tree)
  }

  private func didApply(_ revision: String, to stack: String) -> Bool {
    memory.appliedTo[stack]?.contains(revision) == true
  }

  private func base(
    of resource: DesiredResource, _ observed: Observed?, _ revision: String,
    _ values: ObservedValues
  ) -> Base.Resource {
    var tags = Base.Resource.noted(resource.tags.mapValues(values.evaluated))
    for key in OwnershipTags.all { tags[key] = observed?.tags[key] }
    let facts = catalog[resource.type]?.facts
    if facts?.ownership.isTaggable == false || resource.deletionPolicy == .delete {
      tags[OwnershipTags.deletionPolicy] = resource.deletionPolicy?.rawValue
    }
    return Base.Resource(
      type: resource.type, id: observed?.id, scope: resource.scope,
      properties: values.evaluated(resource.properties).redacted(
        hiding: facts?.properties.proven ?? []), tags: tags, revision: revision)
  }
}
