import Document
import TrueupCore

@testable import Engine

/// One run of Trueup in a random world: as the engine does it, write by write, until it ends or is killed.
struct SoakRun {
  /// The process dies.
  struct Killed: Error {}

  let plan: Plan
  let base: Base
  /// `nil` from a work tree that is not committed.
  let revision: String?
  /// The commit of the work tree.
  let head: String
  /// Writes until the process dies.
  var writesLeft = Int.max
  /// Addresses whose steps AWS refuses.
  var refused: Set<Address> = []

  /// Deletions that were begun, as the journal knows them.
  var begunDeletions: [Address: Evidence.Removal] = [:]

  /// What the plan should have known to be in the way.
  private(set) var collisions: [String] = []
  private(set) var problems: [String] = []
  private(set) var writes = 0
  private var made = Made()

  init(plan: Plan, base: Base, revision: String?, head: String) {
    (self.plan, self.base, self.revision, self.head) = (plan, base, revision, head)
  }

  /// Carries the plan out in an order that chance picks among what is ready; true where it came to an end.
  mutating func carryOut(
    _ world: inout SoakWorld, _ journal: inout JournalMemory, _ ledger: inout SoakLedger,
    _ random: inout SeededGenerator
  ) -> Bool {
    let steps = Dictionary(plan.steps.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    do {
      journal.applied.insert(head)
      try noteSettled(&journal, &ledger)
      for stack in Set(steps.keys.map(\.address.stack)) {
        journal.appliedTo[stack, default: []].insert(head)
      }
      var schedule = try Schedule(steps.mapValues(\.after))
      var ready: [PlannedStep.ID] = []
      while true {
        ready += schedule.next(limit: .max)
        guard !ready.isEmpty else { break }
        let id = ready.remove(at: Int.random(in: 0..<ready.count, using: &random))
        guard let step = steps[id] else { continue }
        let before = problems.count
        var isRefused = refused.contains(id.address)
        if !isRefused { try perform(step, &world, &journal, &ledger) }
        isRefused = isRefused || problems.count > before
        _ = schedule.finish(id, isRefused ? .failed : .succeeded)
      }
      journal.intents = []
      begunDeletions = [:]
    } catch is Killed {
      return false
    } catch {
      problems.append("\(error)")
    }
    return true
  }

  private mutating func write() throws(Killed) {
    guard writesLeft > 0 else { throw Killed() }
    writesLeft -= 1
    writes += 1
  }

  private mutating func noteSettled(
    _ journal: inout JournalMemory, _ ledger: inout SoakLedger
  ) throws(Killed) {
    for (address, resource) in plan.settled.sorted(by: { $0.key < $1.key }) {
      guard journal.base.resources[address].map({ !$0.isSame(as: resource) }) ?? true else {
        continue
      }
      try write()
      applied(address, resource, isProven: true, &journal)
      ledger.settled(
        address,
        SoakWorld.Key(scope: resource.scope, type: resource.type, id: resource.id ?? ""),
        resource.tags[OwnershipTags.revision])
    }
    for address in plan.vanished.sorted() {
      guard let last = journal.base.resources[address] else { continue }
      try write()
      journal.base.resources[address] = nil
      journal.knownIDs[address]?.remove(
        Evidence.KnownID(type: last.type, id: last.id ?? ""))
      journal.removed[address] = .undesired
    }
  }

  // MARK: Steps

  private mutating func perform(
    _ step: PlannedStep, _ world: inout SoakWorld, _ journal: inout JournalMemory,
    _ ledger: inout SoakLedger
  ) throws(Killed) {
    if step.id.action == .delete, made.holds(step) { return }
    let made = made
    func known(_ leaf: Value) -> Document? {
      guard case .reference(let reference) = leaf else { return nil }
      return made[reference]
    }
    if step.id.action == .delete, staysAsItIs(step, known) { return }
    let evaluated = try? step.desired.evaluated(known)
    let tags = step.tags.compactMapValues { (try? $0.evaluated(known))?.document?.string }
    guard let desired = evaluated?.document, let kind = SoakKind.of(step.type) else {
      return problems.append("\(step.id): \(step.desired.redacted.json()) is not known")
    }
    var id = step.physicalID ?? ""
    switch step.id.action {
    case .create:
      if let live = step.replaced, !made.hasDeleted(live),
        let changed = Reconsideration.changes(of: step, to: desired, kind: kind)
      {
        id = live.id
        try write()
        let key = SoakWorld.Key(live)
        world.set(key, changed, desired, from: live)
        if kind.facts.ownership.isTaggable { world.retag(key, tags) }
      } else {
        guard let created = try create(step, desired, tags, &world, &journal) else { return }
        id = created
      }
    case .update:
      let key = SoakWorld.Key(scope: step.scope, type: step.type, id: id)
      guard world.things[key] != nil else { return problems.append("\(step.id): it is gone") }
      try write()
      world.set(key, step.changed, desired, from: step.observed)
      if step.changesTags { world.retag(key, tags, removing: step.removedTags) }
    case .delete:
      try write()
      if !made.contains(step.id.address), !step.isLeftover {
        begunDeletions[step.id.address] = step.isReplacement ? .replaced : .undesired
      }
      try write()
      let key = SoakWorld.Key(scope: step.scope, type: step.type, id: id)
      if let refusal = world.delete(key) {
        return problems.append("\(step.id): \(refusal.reason)")
      }
      ledger.deleted(step)
      self.made.noteDeletion(step)
    }
    let key = SoakWorld.Key(scope: step.scope, type: step.type, id: id)
    if step.id.target.isEmpty { ledger.applied(step, key, revision, at: world.things[key]) }
    try write()
    note(step, id, desired, tags, world.things[key], &journal)
    if step.id.target.isEmpty { ledger.noted(step.id.address) }
  }

  /// Whether the new one turns out to be what the step would delete to make room for it.
  private func staysAsItIs(_ step: PlannedStep, _ known: (Value) -> Document?) -> Bool {
    guard let kind = SoakKind.of(step.type),
      let wanted = (try? step.replacement?.evaluated(known))?.document
    else { return false }
    return Reconsideration.changes(of: step, to: wanted, kind: kind) != nil
  }

  private mutating func create(
    _ step: PlannedStep, _ desired: Document, _ tags: [String: String],
    _ world: inout SoakWorld, _ journal: inout JournalMemory
  ) throws(Killed) -> String? {
    let address = step.id.address
    if base.resources[address] == nil {
      try write()
      applied(address, .begun(type: step.type, scope: step.scope), isProven: false, &journal)
    }
    try write()
    journal.intents.append(
      Evidence.Intent(
        address: address, type: step.type, at: 1000, revision: revision))
    try write()
    switch world.create(step.type, step.scope, desired, tags) {
    case .success(let id):
      world.origin[SoakWorld.Key(scope: step.scope, type: step.type, id: id)] = address
      return id
    case .failure(let refusal):
      if refusal.isForeign { collisions.append("\(step.id): \(refusal.reason)") }
      problems.append("\(step.id): \(refusal.reason)")
      return nil
    }
  }

  // MARK: The journal, as `RunJournal` writes it

  private mutating func note(
    _ step: PlannedStep, _ id: String, _ desired: Document, _ tags: [String: String],
    _ thing: Observed?, _ journal: inout JournalMemory
  ) {
    let address = step.id.address
    if step.id.target.isEmpty {
      let ref = SoakKind.of(step.type)?.facts.identity.ref ?? ""
      let shown = thing?.properties ?? desired
      made.note(step, shown.object ?? [:], id: id, ref: shown[ref] ?? .string(id))
      applied(
        address,
        Base.Resource(
          type: step.type, id: id, scope: step.scope, properties: desired, tags: tags),
        isProven: step.isProven, &journal)
      return
    }
    if step.id.action == .delete {
      journal.knownIDs[address]?.remove(Evidence.KnownID(type: step.type, id: step.id.target))
      if !made.contains(address), !step.isLeftover {
        journal.removed[address] = step.isReplacement ? .replaced : .undesired
      }
    }
    if step.id.action == .update, step.changed.isEmpty {
      journal.knownIDs[address]?.remove(Evidence.KnownID(type: step.type, id: step.id.target))
    }
    if !made.contains(address), !step.isLeftover,
      base.resources[address]?.id == step.id.target
    {
      journal.base.resources[address] = nil
    }
  }

  private mutating func applied(
    _ address: Address, _ resource: Base.Resource, isProven: Bool, _ journal: inout JournalMemory
  ) {
    if isProven, let id = resource.id, !id.isEmpty {
      journal.knownIDs[address, default: []].insert(
        Evidence.KnownID(type: resource.type, id: id))
    }
    if resource.id != nil {
      journal.removed[address] = nil
      begunDeletions[address] = nil
    }
    var resource = resource
    resource.revision = revision
    resource.tree = revision == nil ? head : nil
    journal.base.resources[address] = resource
    journal.applied.insert(head)
    if let revision { journal.appliedTo[address.stack, default: []].insert(revision) }
  }
}
