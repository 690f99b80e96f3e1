import Document
import TrueupCore

/// Observes once for everyone: all stacks of one account and region share the same bulk reads.
///
/// Looked at are the types that are desired, those that the base knows, and those of which a sweep by
/// tags shows leftovers.
struct Observation {
  let catalog: Catalog
  let cloud: any Cloud
  let project: String
  /// The name that it had, where it was renamed.
  var formerProject: String?
  /// When what was changed in the last minutes was changed, by type and physical id.
  var recent: [String: [String: Double]] = [:]
  /// Replies of sweeps by tags that were made before, in place of new ones.
  var sweeps: [CallTarget: Reply] = [:]
  /// Told of the sweeps that are made.
  var swept: @Sendable (CallTarget, Reply) -> Void = { _, _ in }
  /// Told what people should know of how it was observed.
  var note: @Sendable (String) -> Void = { _ in }
  /// Told after each read, of how many that are known to be needed.
  var reading: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }

  /// - Parameters:
  ///   - stacks: the stacks whose resources are observed.
  ///   - base: resources applied earlier, whose types are observed too.
  ///   - types: only these, without facts and leftovers; `nil` for all.
  func snapshot(of stacks: [DesiredStack], base: Base, types: Set<String>? = nil) async -> Snapshot
  {
    async let facts = types == nil ? self.facts(stacks) : [:]
    var subjects = ObservationSubjects(
      stacks, base: base, recent: recent, catalog: catalog, project: project,
      formerProject: formerProject)
    var unswept = types == nil ? subjects.sweeps : [:]
    var snapshot = Snapshot()
    var replies: [CallTarget: Replies] = [:]
    for (target, reply) in sweeps { replies[target, default: Replies()][.tagSweep] = reply }
    while true {
      var wanted: [CallTarget: Set<Read>] = unswept.mapValues { _ in [.tagSweep] }
      for subject in subjects.all where types?.contains(subject.kind.type) ?? true {
        let known = replies[subject.target] ?? Replies()
        for read in subject.kind.reads(subject.context, known) where known[read] == nil {
          wanted[subject.target, default: []].insert(read)
        }
      }
      if wanted.isEmpty { break }
      let done = replies.values.reduce(0) { $0 + $1.count }
      for (target, read, reply) in await perform(wanted, after: done) {
        replies[target, default: Replies()][read] = reply
        if read == .tagSweep { swept(target, reply) }
      }
      for target in unswept.keys {
        guard let reply = replies[target]?[.tagSweep] else { continue }
        unswept[target] = nil
        if case .failure(let failure) = reply {
          note(
            "every type is looked at in \(target.account) \(target.region), because the sweep by "
              + "tags failed: \(failure.message)")
        }
        for found in subjects.add(swept: reply, at: target) {
          snapshot.resources[Snapshot.Key(scope: found.scope, type: found.type), default: []]
            .append(found)
        }
      }
    }
    for subject in subjects.all where types?.contains(subject.kind.type) ?? true {
      let known = replies[subject.target] ?? Replies()
      let key = Snapshot.Key(scope: subject.context.scope, type: subject.kind.type)
      if let failure = essentialFailure(subject, known) {
        snapshot.failures[key] = failure
      } else {
        snapshot.resources[key] = subject.kind.decode(subject.context, known)
      }
    }
    snapshot.facts = await facts
    return snapshot
  }

  private func facts(_ stacks: [DesiredStack]) async -> [Fact: Document] {
    await FactReader(cloud: cloud).values(
      of: stacks.reduce(into: []) { facts, stack in
        for value in stack.values + stack.givenIdentifiers.map(\.value) {
          facts.formUnion(value.facts)
        }
      })
  }

  private func perform(
    _ wanted: [CallTarget: Set<Read>], after done: Int
  ) async -> [(CallTarget, Read, Reply)] {
    let total = done + wanted.values.reduce(0) { $0 + $1.count }
    reading(done, total)
    var queue = wanted.flatMap { target, reads in reads.map { (target, $0) } }
    return await withTaskGroup(of: (CallTarget, Read, Reply).self) { group in
      var results: [(CallTarget, Read, Reply)] = []
      func start() {
        guard let (target, read) = queue.popLast() else { return }
        group.addTask { (target, read, await cloud.read(read, in: target)) }
      }
      for _ in 0..<Reconciler.readsAtOnce { start() }
      while let result = await group.next() {
        results.append(result)
        reading(done + results.count, total)
        start()
      }
      return results
    }
  }

  private func essentialFailure(
    _ subject: ObservationSubjects.Subject, _ replies: Replies
  ) -> CallFailure? {
    for read in subject.kind.reads(subject.context, replies) where read.isEssential {
      if case .failure(let failure) = replies[read] { return failure }
    }
    return nil
  }
}
