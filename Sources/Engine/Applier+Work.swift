import Document
import Journal
import TrueupCore

/// One piece of work, from what the run has made by now to its end.
extension Applier {
  /// Why steps are held back or skipped once a run was asked to stop.
  static let stopped = "the run was asked to stop"
  private static let closing = "its change window closes: nothing more is begun"

  /// Carries out a piece of work, which holds a slot.
  func carryOut(
    _ work: Work, _ prepared: [PreparedStep], depth: Int, isAwaited: Bool, _ shared: Shared
  ) async -> Result {
    let start = StepStart(obstacle: {
      if shouldStop() { return Self.stopped }
      return isClosing(work) ? Self.closing : nil
    })
    let (ending, calls) = await run(
      prepared, depth: depth, isAwaited: isAwaited, start: start, shared)
    // What changed nothing begins and ends at once.
    if start.begin(at: clock.now()) { tellBegun(prepared) }
    return Result(
      work: work, prepared: prepared, ending: ending, calls: calls,
      seconds: start.begunAt.map { clock.now() - $0 } ?? 0)
  }

  private func tellBegun(_ prepared: [PreparedStep]) {
    for step in prepared.map(\.planned) {
      events(.stepStarted(step.id.address, type: step.type, action: step.id.action))
    }
  }

  /// Notes that steps begin.
  private func begin(_ prepared: [PreparedStep]) async throws(JournalError) {
    tellBegun(prepared)
    let new = prepared.map(\.planned).filter {
      $0.id.action == .create && base.resources[$0.id.address] == nil
    }
    try await journal.begun(new, at: clock.now())
  }

  /// Whether it is too late to begin something of its stacks.
  private func isClosing(_ work: Work) -> Bool {
    let end = work.steps.compactMap { closings[$0.id.address.stack] }.min()
    return end.map { clock.now() >= $0 - ChangeWindow.lastCall } ?? false
  }

  private func run(
    _ prepared: [PreparedStep], depth: Int, isAwaited: Bool, start: StepStart, _ shared: Shared
  ) async -> (StepRunner.Ending, Int) {
    if let reason = start.heldBack { return (.held(reason), 0) }
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
    let runner = StepRunner(
      cloud: cloud, client: prepared.first.flatMap { clients[$0.planned.id.address.stack] },
      clock: clock, journal: journal, events: events,
      mayLeaveUnready: !waits && !isAwaited, shouldStop: shouldStop, slots: shared.slots,
      depth: depth, polls: shared.polls, start: start,
      began: { () async throws(JournalError) in try await begin(prepared) }, secrets: hidden)
    let (ending, calls) = await runner.run(steps, kind: kind)
    guard case .done(var made) = ending else { return (ending, calls) }
    for (index, done) in settled.sorted(by: { $0.key < $1.key }) {
      made.insert(done, at: min(index, made.count))
    }
    return (.done(made), calls)
  }

  /// Puts in what the run itself has made.
  func prepare(_ step: PlannedStep, _ made: Made) -> PreparedStep {
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
}
