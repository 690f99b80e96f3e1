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
  private struct Result: Sendable {
    var work: Work
    var prepared: [PreparedStep]
    var ending: StepRunner.Ending
    var calls: Int
    var seconds: Double
  }

  func apply(_ steps: [PlannedStep]) async throws(ScheduleError<PlannedStep.ID>)
    -> [PlannedStep.ID: Ended]
  {
    let works = Dictionary(
      Work.all(steps).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var schedule = try Schedule(works.mapValues(\.after))
    let awaited = Set(works.values.flatMap(\.after))
    var ended: [PlannedStep.ID: Ended] = [:]
    var made = Made()
    await withTaskGroup(of: Result.self) { group in
      var running = 0
      while true {
        if shouldStop() {
          let stopped = schedule.stop()
          if !stopped.isEmpty { events(.stopping) }
          skip(stopped, works, because: "the run was asked to stop", &ended)
        }
        var isHeld = false
        for id in schedule.next(limit: parallelism - running) {
          guard let work = works[id] else { continue }
          if isClosing(work) {
            isHeld = true
            let left = schedule.finish(id, .failed).union([id])
            skip(left, works, because: "its change window closes: nothing more is begun", &ended)
            continue
          }
          let prepared = work.steps.map { prepare($0, made) }
          running += 1
          for step in work.steps {
            events(.stepStarted(step.id.address, type: step.type, action: step.id.action))
          }
          let isAwaited = awaited.contains(id)
          group.addTask {
            let began = clock.now()
            let (ending, calls) = await run(prepared, isAwaited: isAwaited)
            return Result(
              work: work, prepared: prepared, ending: ending, calls: calls,
              seconds: clock.now() - began)
          }
        }
        if running == 0, isHeld { continue }
        guard running > 0, let result = await group.next() else { break }
        running -= 1
        let own = settle(result, &made)
        ended.merge(own) { _, new in new }
        let failed = own.values.contains { $0.outcome.result == .failed }
        let skipped = schedule.finish(result.work.id, failed ? .failed : .succeeded)
        skip(skipped, works, because: "needs \(result.work.id.address.resource)", &ended)
      }
    }
    return ended
  }

  /// Whether it is too late to begin something of its stacks.
  private func isClosing(_ work: Work) -> Bool {
    let end = work.steps.compactMap { closings[$0.id.address.stack] }.min()
    return end.map { clock.now() >= $0 - ChangeWindow.lastCall } ?? false
  }

  private func run(_ prepared: [PreparedStep], isAwaited: Bool) async -> (StepRunner.Ending, Int) {
    guard let kind = prepared.first.flatMap({ catalog[$0.planned.type] }) else {
      return (.failed("no kind for \(prepared.first?.planned.type ?? "it")"), 0)
    }
    let preparation = StepPreparation(
      cloud: cloud, clients: clients, secrets: secrets, random: random, kind: kind)
    var steps: [Step] = []
    var hidden: [String] = []
    var settled: [Int: GroupNext.Done] = [:]
    for (index, step) in prepared.enumerated() {
      switch await preparation.step(step) {
      case .failed(let reason, let calls): return (.failed(reason), calls)
      case .settled(let id, let attributes):
        settled[index] = GroupNext.Done(id: id, attributes: attributes, isUnneeded: true)
      case .ready(let ready, let secrets):
        steps.append(ready)
        hidden += secrets
      }
    }
    guard !steps.isEmpty else { return (.done(prepared.indices.compactMap { settled[$0] }), 0) }
    for step in prepared where step.planned.id.action == .create {
      let address = step.planned.id.address
      guard base.resources[address] == nil else { continue }
      do {
        try journal.applied(
          address, .begun(type: step.planned.type, scope: step.planned.scope), isProven: false,
          at: clock.now())
      } catch {
        return (.failed(error.description), 0)
      }
    }
    let runner = StepRunner(
      cloud: cloud, client: prepared.first.flatMap { clients[$0.planned.id.address.stack] },
      clock: clock, journal: journal, events: events,
      mayLeaveUnready: !waits && !isAwaited, shouldStop: shouldStop, secrets: hidden)
    let (ending, calls) = await runner.run(steps, kind: kind)
    guard case .done(var made) = ending else { return (ending, calls) }
    for (index, done) in settled.sorted(by: { $0.key < $1.key }) {
      made.insert(done, at: min(index, made.count))
    }
    return (.done(made), calls)
  }

  /// Puts in what the run itself has made.
  private func prepare(_ step: PlannedStep, _ made: Made) -> PreparedStep {
    func known(_ leaf: Value) -> Document? {
      guard case .reference(let reference) = leaf else { return nil }
      return made[reference]
    }
    var prepared = PreparedStep(planned: step, desired: step.desired, tags: step.tags)
    if step.id.action == .delete, made.holds(step) || staysAsItIs(step, known) {
      prepared.isHeld = true
      return prepared
    }
    if let old = step.replaced, step.id.action == .create, made.hasDeleted(old) {
      prepared.planned.replaced = nil
    }
    do {
      for (key, value) in step.tags { prepared.tags[key] = try value.evaluated(known) }
      prepared.desired = try step.desired.evaluated(known)
    } catch {
      prepared.error = "its properties cannot be computed: \(error)"
    }
    return prepared
  }

  /// Whether the new one turns out to be what the step would delete to make room for it.
  private func staysAsItIs(_ step: PlannedStep, _ known: (Value) -> Document?) -> Bool {
    guard let kind = catalog[step.type],
      let wanted = (try? step.replacement?.evaluated(known))?.document
    else { return false }
    return Reconsideration.changes(of: step, to: wanted, kind: kind) != nil
  }

  // MARK: Endings

  private func settle(_ result: Result, _ made: inout Made) -> [PlannedStep.ID: Ended] {
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
      case .progressing:
        outcome.result = .progressing
        id = step.physicalID
      case .done(let all):
        guard all.indices.contains(index) else { continue }
        id = all[index].id
        outcome.isUnneeded = all[index].isUnneeded
        let prepared = result.prepared[index]
        if let problem = note(prepared, all[index], &made) {
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
    -> String?
  {
    let step = prepared.planned
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
      try journal.note(
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
