import Digest
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

  /// How each step ended.
  struct Ended: Sendable {
    var outcome: Outcome
    var id: String?
  }

  func apply(_ steps: [PlannedStep]) async throws(ScheduleError<PlannedStep.ID>)
    -> [PlannedStep.ID: Ended]
  {
    let byID = Dictionary(steps.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var schedule = try Schedule(byID.mapValues(\.after))
    let awaited = Set(steps.flatMap(\.after))
    var ended: [PlannedStep.ID: Ended] = [:]
    var made = Made()
    await withTaskGroup(of: (PlannedStep, Resolved, StepRunner.Ending, Int, Double).self) { group in
      var running = 0
      while true {
        if shouldStop() {
          let stopped = schedule.stop()
          if !stopped.isEmpty { events(.stopping) }
          skip(stopped, byID, because: "the run was asked to stop", &ended)
        }
        for id in schedule.next(limit: parallelism - running) {
          guard let step = byID[id] else { continue }
          let resolved = resolve(step, made)
          running += 1
          events(.stepStarted(id.address, type: step.type, action: id.action))
          let isAwaited = awaited.contains(id)
          group.addTask {
            let began = clock.now()
            let (ending, calls) = await run(step, resolved, isAwaited: isAwaited)
            return (step, resolved, ending, calls, clock.now() - began)
          }
        }
        guard running > 0, let (step, resolved, ending, calls, seconds) = await group.next() else {
          break
        }
        running -= 1
        let result = settle(
          step, resolved, ending, calls: calls, seconds: seconds, &made)
        ended[step.id] = result
        let skipped = schedule.finish(
          step.id, result.outcome.result == .failed ? .failed : .succeeded)
        skip(skipped, byID, because: "needs \(step.id.address.resource)", &ended)
      }
    }
    return ended
  }

  // MARK: One step

  private struct Resolved: Sendable {
    /// With secrets still symbolic: what may be noted.
    var desired: Value
    var tags: [String: Value]
    var error: String?
  }

  /// Puts in what the run itself has made.
  private func resolve(_ step: PlannedStep, _ made: Made) -> Resolved {
    func known(_ leaf: Value) -> Document? {
      guard case .reference(let reference) = leaf else { return nil }
      return made[reference]
    }
    do {
      var tags: [String: Value] = [:]
      for (key, value) in step.tags { tags[key] = try value.evaluated(known) }
      return Resolved(desired: try step.desired.evaluated(known), tags: tags)
    } catch {
      return Resolved(desired: step.desired, tags: step.tags, error: error.description)
    }
  }

  private func run(_ step: PlannedStep, _ resolved: Resolved, isAwaited: Bool) async -> (
    StepRunner.Ending, Int
  ) {
    if let error = resolved.error { return (.failed(error), 0) }
    guard let kind = catalog[step.type] else { return (.failed("no kind for \(step.type)"), 0) }
    var stored: [SecretReference: String] = [:]
    do throws(StoredSecrets.Unreadable) {
      stored = try await StoredSecrets(cloud: cloud, client: clients[step.id.address.stack])
        .values(of: written(step, resolved), account: step.scope.account, region: step.region)
    } catch {
      return (.failed(error.message), 1)
    }
    func clear(_ leaf: Value) -> Document? {
      guard case .secret(let reference) = leaf else { return nil }
      return (stored[reference] ?? secrets.value(of: reference)).map(Document.string)
    }
    guard let desired = (try? withUnchanged(step, resolved.desired).evaluated(clear)) else {
      return (.failed("its properties cannot be computed"), 0)
    }
    guard let properties = desired.document else {
      return (.failed(missing(desired)), 0)
    }
    var tags: [String: String] = [:]
    for (key, value) in resolved.tags {
      guard let text = (try? value.evaluated(clear))?.document?.string else {
        // Not at hand and not to be changed: it stays as it was observed.
        if step.id.action != .create { continue }
        return (.failed(missing(value)), 0)
      }
      tags[key] = text
    }
    if step.id.action == .create, base.resources[step.id.address] == nil {
      do {
        try journal.applied(
          step.id.address, .begun(type: step.type, scope: step.scope), at: clock.now())
      } catch {
        return (.failed(error.description), 0)
      }
    }
    let runner = StepRunner(
      cloud: cloud, client: clients[step.id.address.stack], clock: clock, journal: journal,
      events: events,
      mayLeaveUnready: !waits && !isAwaited, shouldStop: shouldStop,
      secrets: Array(stored.values)
        + ([resolved.desired] + resolved.tags.values).flatMap(\.secrets).compactMap(secrets.value))
    return await runner.run(
      Step(
        action: step.id.action, address: step.id.address, scope: step.scope, region: step.region,
        id: step.physicalID, desired: properties, observed: step.observed, changed: step.changed,
        tags: tags, removedTags: step.removedTags, changesTags: step.changesTags,
        token: Self.token(step, resolved), nonce: Self.nonce(random),
        neededAttributes: step.neededAttributes),
      kind: kind)
  }

  /// What the step has to write.
  private func written(_ step: PlannedStep, _ resolved: Resolved) -> [Value] {
    let isCreate = step.id.action == .create
    let members = (resolved.desired.members ?? [:]).filter {
      isCreate || step.changed.contains($0.key)
    }
    return Array(members.values) + (isCreate || step.changesTags ? Array(resolved.tags.values) : [])
  }

  /// What an update does not change need not be at hand: a secret without its source, a fact that
  /// AWS did not tell. It stays as it was observed.
  private func withUnchanged(_ step: PlannedStep, _ desired: Value) -> Value {
    guard step.id.action != .create, var members = desired.members else { return desired }
    for (property, value) in members where !step.changed.contains(property) {
      let isAtHand =
        value.facts.isEmpty && value.secrets.allSatisfy(secrets.isAtHand)
      if !isAtHand { members[property] = step.observed?.properties[property].map(Value.known) }
    }
    return .object(of: members)
  }

  /// With what the run has made by now: in another network it is another resource.
  private static func token(_ step: PlannedStep, _ resolved: Resolved) -> String {
    SHA256.hexadecimal(of: step.token + resolved.desired.redacted.json())
  }

  private static func nonce(_ random: () -> UInt16) -> String {
    (0..<16).map { _ in
      let digits = String(random(), radix: 16)
      return String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }

  private func missing(_ value: Value) -> String {
    if let secret = value.secrets.first {
      return "it needs the parameter \(secret.parameter): \(secrets.remedy(for: secret))"
    }
    let unknown = value.references.map(\.reference.text).joined(separator: ", ")
    return unknown.isEmpty
      ? "a value that AWS should tell is not known" : "AWS did not tell \(unknown)"
  }

  // MARK: Endings

  private func settle(
    _ step: PlannedStep, _ resolved: Resolved, _ ending: StepRunner.Ending, calls: Int,
    seconds: Double, _ made: inout Made
  ) -> Ended {
    var outcome = Outcome(result: .succeeded, calls: calls, seconds: seconds)
    var id: String?
    switch ending {
    case .failed(let reason):
      outcome.result = .failed
      outcome.error = reason
    case .progressing(let known):
      outcome.result = .progressing
      id = known
    case .done(let physicalID, let attributes):
      id = physicalID
      if step.id.action == .create || step.id.target.isEmpty {
        var known = step.observed?.properties.object ?? [:]
        known.merge(resolved.desired.document?.object ?? [:]) { _, new in new }
        known.merge(attributes.object ?? [:]) { _, new in new }
        let ref = catalog[step.type]?.facts.identity.ref ?? ""
        made.note(step.id.address, known, ref: known[ref] ?? .string(physicalID))
      }
      if let parent = step.parent {
        made.note(parent, given: attributes, catalog[step.type]?.facts.ownership.gives ?? [])
      }
      if let problem = note(step, resolved, physicalID, made) {
        outcome.result = .failed
        outcome.error = problem
      }
    }
    events(
      .stepFinished(
        step.id.address, type: step.type, action: step.id.action, outcome: outcome,
        detail: outcome.error ?? id ?? ""))
    return Ended(outcome: outcome, id: id)
  }

  /// Notes the new base; returns what went wrong with the journal.
  private func note(
    _ step: PlannedStep, _ resolved: Resolved, _ id: String, _ made: Made
  ) -> String? {
    let address = step.id.address
    do {
      if !step.id.target.isEmpty, !made.contains(address),
        base.resources[address]?.id == step.id.target
      {
        try journal.forgotten(address)
      } else if step.id.target.isEmpty, step.id.action != .delete {
        try journal.applied(
          address,
          Base.Resource(
            type: step.type, id: id, scope: step.scope,
            properties: resolved.desired.redacted(
              hiding: catalog[step.type]?.facts.properties.proven ?? []),
            tags: Base.Resource.noted(resolved.tags)), at: clock.now())
      }
      return nil
    } catch {
      return error.description
    }
  }

  private func skip(
    _ ids: Set<PlannedStep.ID>, _ steps: [PlannedStep.ID: PlannedStep], because reason: String,
    _ ended: inout [PlannedStep.ID: Ended]
  ) {
    for id in ids.sorted() {
      guard let step = steps[id] else { continue }
      let outcome = Outcome(result: .skipped, error: reason)
      ended[id] = Ended(outcome: outcome)
      events(
        .stepFinished(
          id.address, type: step.type, action: id.action, outcome: outcome, detail: reason))
    }
  }
}
