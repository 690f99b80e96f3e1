import Document
import Journal
import TrueupCore

/// Carries out the steps of a plan, in parallel where their order allows it.
struct Applier {
  let catalog: Catalog
  let cloud: any Cloud
  let clock: EngineClock
  let journal: RunJournal
  let base: Base
  /// The clients by stack.
  let clients: [String: String]
  let parallelism: Int
  /// Wait for readiness even where nothing else in the run needs it.
  let waits: Bool
  let secrets: SecretValues
  let random: @Sendable () -> UInt16
  let shouldStop: @Sendable () -> Bool
  let events: @Sendable (RunEvent) -> Void
  /// When the change windows of stacks close, by stack name.
  var closings: [String: Double] = [:]

  /// How each step ended.
  struct Ended: Sendable {
    var outcome: Outcome
    var id: String?
  }

  /// What came of a piece of work.
  struct Result: Sendable {
    var work: Work
    var prepared: [PreparedStep]
    var ending: StepRunner.Ending
    var calls: Int
    var seconds: Double
  }

  private enum Event: Sendable {
    case ended(Result)
    /// A step that is under way waits: there is room for another.
    case slotFree
  }

  /// What the steps of a run share.
  struct Shared: Sendable {
    var slots: CallSlots
    var polls: SharedPolls
  }

  func apply(_ steps: [PlannedStep]) async throws(ScheduleError<PlannedStep.ID>)
    -> [PlannedStep.ID: Ended]
  {
    let works = Dictionary(
      Work.all(steps).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var schedule = try Schedule(works.mapValues(\.after))
    let awaited = Set(works.values.flatMap(\.after))
    let slots = CallSlots(parallelism)
    let shared = Shared(
      slots: slots, polls: SharedPolls(cloud: cloud, clock: clock, slots: slots))
    var ended: [PlannedStep.ID: Ended] = [:]
    var made = Made()
    await withTaskGroup(of: Event.self) { group in
      var running = 0
      var isWatching = false
      var isStopping = false
      while true {
        if shouldStop() {
          let stopped = schedule.stop()
          if !stopped.isEmpty, !isStopping { events(.stopping) }
          isStopping = isStopping || !stopped.isEmpty
          skip(stopped, works, because: Self.stopped, &ended)
        }
        while schedule.hasReady, slots.takeIfFree() {
          guard let id = schedule.next(limit: 1).first, let work = works[id] else {
            slots.give()
            continue
          }
          let prepared = work.steps.map { prepare($0, made) }
          let depth = schedule.depth(of: id)
          let isAwaited = awaited.contains(id)
          running += 1
          group.addTask {
            .ended(await carryOut(work, prepared, depth: depth, isAwaited: isAwaited, shared))
          }
        }
        if schedule.hasReady, !isWatching {
          isWatching = true
          group.addTask {
            await slots.whenFree()
            return .slotFree
          }
        }
        guard running > 0, let event = await group.next() else { break }
        switch event {
        case .slotFree: isWatching = false
        case .ended(let result):
          running -= 1
          let own = await settle(result, &made)
          ended.merge(own) { _, new in new }
          let isDone = own.values.allSatisfy {
            ![.failed, .skipped, .stalled].contains($0.outcome.result)
          }
          let skipped = schedule.finish(result.work.id, isDone ? .succeeded : .failed)
          var reason = "needs \(result.work.id.address.resource)"
          if case .held(let why) = result.ending { reason = why }
          skip(skipped, works, because: reason, &ended)
          slots.give()
        }
      }
    }
    return ended
  }

  // MARK: Endings

  private func settle(_ result: Result, _ made: inout Made) async -> [PlannedStep.ID: Ended] {
    var ended: [PlannedStep.ID: Ended] = [:]
    for (index, step) in result.work.steps.enumerated() {
      // The calls of a group are counted once.
      var outcome = Outcome(
        result: .succeeded, calls: index == 0 ? result.calls : 0, seconds: result.seconds)
      var id: String?
      switch result.ending {
      case .failed(let reason):
        outcome.result = .failed
        outcome.error = reason
      case .stalled(let stall):
        outcome.result = .stalled
        outcome.error = stall.text
      case .held(let reason):
        outcome.result = .skipped
        outcome.error = reason
      case .progressing:
        outcome.result = .progressing
        id = step.physicalID
      case .done(let all):
        guard all.indices.contains(index) else { continue }
        id = all[index].id
        outcome.isUnneeded = all[index].isUnneeded
        let prepared = result.prepared[index]
        if let problem = await note(prepared, all[index], &made) {
          outcome.result = .failed
          outcome.error = problem
        }
      }
      events(
        .stepFinished(
          step.id.address, type: step.type, action: step.id.action, outcome: outcome,
          detail: outcome.error ?? id ?? ""))
      ended[step.id] = Ended(outcome: outcome, id: id)
    }
    return ended
  }

  /// Notes what a step made; returns what went wrong with the journal.
  private func note(_ prepared: PreparedStep, _ done: GroupNext.Done, _ made: inout Made)
    async -> String?
  {
    let step = prepared.planned
    // What is desired was not carried out.
    if step.answer == .approve || step.answer == .rollback { return nil }
    let facts = catalog[step.type]?.facts
    if step.id.target.isEmpty {
      var known = (step.observed ?? step.replaced)?.properties.object ?? [:]
      known.merge(prepared.desired.document?.object ?? [:]) { _, new in new }
      known.merge(done.attributes.object ?? [:]) { _, new in new }
      let ref = facts?.identity.ref ?? ""
      made.note(step, known, id: done.id, ref: known[ref] ?? .string(done.id))
    }
    if step.id.action == .delete, !prepared.isHeld { made.noteDeletion(step) }
    if let parent = step.parent {
      made.note(parent, given: done.attributes, facts?.ownership.gives ?? [])
    }
    do {
      try await journal.note(
        prepared, id: done.id, made: made, base: base,
        proven: facts?.properties.proven ?? [], at: clock.now())
      return nil
    } catch {
      return error.description
    }
  }

  private func skip(
    _ ids: Set<PlannedStep.ID>, _ works: [PlannedStep.ID: Work], because reason: String,
    _ ended: inout [PlannedStep.ID: Ended]
  ) {
    for step in ids.sorted().flatMap({ works[$0]?.steps ?? [] }) {
      let outcome = Outcome(result: .skipped, error: reason)
      ended[step.id] = Ended(outcome: outcome)
      events(
        .stepFinished(
          step.id.address, type: step.type, action: step.id.action, outcome: outcome,
          detail: reason))
    }
  }
}
