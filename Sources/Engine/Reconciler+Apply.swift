import Document
import Foundation
import Journal
import TrueupCore

extension Reconciler {
  /// Does what the plan says, within the budgets.
  ///
  /// - Parameter approve: shown the plan before anything is written, with what is refused of it; where
  ///   the answer is no, nothing is. Not asked where nothing is to be done.
  public func apply(
    _ request: Request, by person: Operator,
    approve: @Sendable (RunReport) async -> Bool = { _ in true }
  ) async throws(EngineError) -> RunReport {
    let report = try await carriedOut(request, by: person, approve)
    try noteState(report, request)
    return report
  }

  /// Seconds for which what was read is taken for what is so while a person thinks about it.
  private static let freshness = 60.0

  static let suspended = "it is suspended by its manifest (\"suspend\": true)"

  /// What a person has said yes to, as it still is.
  private func approved(
    _ request: Request, _ unlocked: [String: String], _ began: Double,
    _ approve: @Sendable (RunReport) async -> Bool
  ) async throws(EngineError) -> Decided {
    let decided = try await decided(request, unlocked, began)
    guard !decided.steps.isEmpty else { return decided }
    let asked = clock.now()
    guard await approve(decided.report) else { throw .declined }
    guard clock.now() - asked > Self.freshness else { return decided }
    var again = request
    var permitted = decided.prepared.planned
    permitted.steps = decided.steps
    again.reviewed = request.reviewed ?? shown(permitted, request)
    return try await self.decided(again, unlocked, began)
  }

  private func carriedOut(
    _ request: Request, by person: Operator, _ approve: @Sendable (RunReport) async -> Bool
  ) async throws(EngineError) -> RunReport {
    guard let journal else { throw .unusable("there is no journal to write to") }
    let began = clock.now()
    try await checkProject(request)
    let (held, unlocked) = lock(selectedStacks(request))
    defer { withExtendedLifetime(held) {} }
    let decided = try await approved(request, unlocked, began, approve)
    let (prepared, refused, steps) = (decided.prepared, decided.refused, decided.steps)
    var report = decided.report
    try note(decided.guarded, request)
    try accept(prepared, request)
    do {
      if let former = request.desired.formerProject {
        try journal.renameProject(former, to: request.desired.project, stacks: request.selected)
      }
      // What could not be observed settles nothing.
      let seen = prepared.planned.stacks.filter {
        $0.error == nil && prepared.refusals[$0.id.name] == nil
      }.map(\.id)
      let settled = try Recovery(
        journal: journal, planner: prepared.planner
      ).settle(stacks: seen, at: clock.now())
      if settled > 0 {
        events(
          .note(
            "settled \(settled) \(settled == 1 ? "call" : "calls") of an interrupted run by observation"
          ))
      }
      let unsettled = prepared.planned.settled.filter { address, settled in
        prepared.refusals[address.stack] == nil
          && prepared.memory.base.resources[address].map { !$0.isSame(as: settled) } ?? true
      }
      let vanished = prepared.planned.vanished.filter {
        prepared.refusals[$0.stack] == nil && prepared.memory.base.resources[$0] != nil
      }
      let owners = Set(seen.map(\.owner))
      try noteTaken(prepared, seen)
      try noteRepairs(&report, request)
      guard !steps.isEmpty || !unsettled.isEmpty || !vanished.isEmpty else {
        try journal.settleKilledRuns(stacks: owners, besides: nil, at: clock.now())
        return report
      }

      let run = RunID(rawValue: runID())
      let runJournal = RunJournal(
        journal: journal, run: run, project: request.desired.project,
        revision: request.isDirty ? nil : request.revision, revisions: request.revisions)
      for commit in request.commits { try journal.recordCommit(commit) }
      try journal.beginRun(
        RunStart(
          id: run, command: request.command.rawValue, revision: request.revision,
          dirty: request.isDirty, user: person.user, host: person.host, at: began))
      if let plan = request.reviewed?.id, try !journal.usePlan(plan, run: run, at: began) {
        try journal.finishRun(run, RunEnd(outcome: .refused, summary: [:], at: clock.now()))
        throw EngineError.refused(Self.used(try journal.run(ofPlan: plan)))
      }
      for (address, resource) in unsettled {
        try runJournal.applied(address, resource, isProven: true, at: clock.now())
      }
      for address in vanished {
        guard let last = prepared.memory.base.resources[address] else { continue }
        try runJournal.forgotten(address)
        try runJournal.deleted(
          address, type: last.type, id: last.id ?? "", reason: .undesired, at: clock.now())
      }
      let outcome = try await carryOut(steps, refused, request, prepared, runJournal, &report)
      // Only now is all noted that the killed run's calls were needed to prove.
      do throws(JournalError) {
        try journal.settleKilledRuns(stacks: owners, besides: run, at: clock.now())
      } catch {
        // What was carried out is told all the same; the next run settles them.
        events(.note("the history of an interrupted run could not be completed: \(error)"))
      }
      try noteRepairs(&report, request)
      try journal.finishRun(
        run,
        RunEnd(
          outcome: outcome, summary: Self.summary(report), at: clock.now()))
      if !steps.isEmpty { report.run = run.rawValue }
    } catch let error as JournalError {
      throw .journal(error)
    } catch let error as EngineError {
      throw error
    } catch {
      throw .unusable("\(error)")
    }
    report.calls = cloud.callCount()
    report.seconds = clock.now() - began
    return report
  }

  private func carryOut(
    _ steps: [PlannedStep], _ refused: [PlannedStep.ID: String], _ request: Request,
    _ prepared: Prepared, _ runJournal: RunJournal,
    _ report: inout RunReport
  ) async throws -> RunOutcome {
    var permitted = report.plan
    permitted.stacks.removeAll { prepared.refusals[$0.id.name] != nil || $0.waits != nil }
    permitted.steps = steps
    planned(permitted)
    let recorded = try record(report.plan, steps, prepared.memory.base, request, runJournal)
    let secrets = SecretValues(request.desired, environment: environment, random: random)
    let applier = Applier(
      catalog: catalog, cloud: cloud, clock: clock, journal: runJournal, base: prepared.base,
      clients: request.desired.clients,
      parallelism: parallelism, waits: request.waits, secrets: secrets,
      random: random, shouldStop: shouldStop, events: events, closings: closings(request))
    var ended: [PlannedStep.ID: Applier.Ended]
    do throws(ScheduleError<PlannedStep.ID>) {
      ended = try await applier.apply(steps)
    } catch {
      throw EngineError.circularSteps(error.cycle.map(\.description))
    }
    let waiting = Set(report.plan.stacks.filter { $0.waits != nil }.map(\.id.name))
    await converge(&ended, applier, prepared, request, &report)
    for (id, reason) in refused
    where prepared.refusals[id.address.stack] == nil && !waiting.contains(id.address.stack) {
      ended[id] = Applier.Ended(outcome: Outcome(result: .skipped, error: reason))
    }
    let endedByAddress = Dictionary(grouping: ended, by: \.key.address)
    for (index, stack) in report.plan.stacks.enumerated() {
      for (place, change) in stack.changes.enumerated() {
        let own = (endedByAddress[change.address] ?? []).filter {
          Self.belongs($0.key, to: change)
        }.sorted { $0.key < $1.key }.map(\.value)
        guard let outcome = Self.merged(own.map(\.outcome)) else { continue }
        report.plan.stacks[index].changes[place].outcome = outcome
        let id = own.compactMap(\.id).first
        if change.action == .create || change.action == .replace {
          report.plan.stacks[index].changes[place].id = id ?? change.id
        }
        if let record = recorded[change.address.description + (change.id ?? "")] {
          try runJournal.journal.finishChange(
            record,
            ChangeEnd(
              outcome: ChangeOutcome(rawValue: outcome.result.rawValue) ?? .failed,
              error: outcome.error, physicalID: id ?? change.id, calls: outcome.calls,
              seconds: outcome.seconds, at: clock.now()))
        }
      }
    }
    if ended.values.contains(where: { $0.outcome.result == .failed }) { return .failed }
    return shouldStop() ? .interrupted : .succeeded
  }

  private func record(
    _ plan: Plan, _ steps: [PlannedStep], _ base: Base, _ request: Request,
    _ runJournal: RunJournal
  ) throws(JournalError) -> [String: ChangeID] {
    var recorded: [String: ChangeID] = [:]
    let byAddress = Dictionary(grouping: steps.map(\.id), by: \.address)
    for (ordinal, change) in plan.changes.enumerated()
    where byAddress[change.address]?.contains(where: { Self.belongs($0, to: change) }) == true {
      recorded[change.address.description + (change.id ?? "")] = try runJournal.journal
        .recordChange(
          ChangeStart(
            run: runJournal.run, ordinal: ordinal,
            stack: "\(runJournal.project)/\(change.address.stack)",
            resource: change.address.resource, type: change.type, action: change.action.rawValue,
            cause: change.cause.rawValue,
            differences: .list(change.journaled(base.resources[change.address])),
            at: clock.now(),
            revision: request.revisions[change.address.stack] ?? request.revision))
    }
    return recorded
  }

  /// Whether a step is part of a change: the resource's own step, or the removal of what it names.
  static func belongs(_ step: PlannedStep.ID, to change: Change) -> Bool {
    guard step.address == change.address else { return false }
    let isRemoval =
      change.action == .delete || change.cause == .removed || change.cause == .orphan
    if step.target.isEmpty { return !isRemoval && !change.action.leavesAsIs }
    return step.target == change.id && (isRemoval || change.action == .replace)
  }

  private static func merged(_ outcomes: [Outcome]) -> Outcome? {
    guard !outcomes.isEmpty else { return nil }
    let results = outcomes.map(\.result)
    let result: Outcome.Result =
      [.failed, .stalled, .skipped, .progressing].first { results.contains($0) } ?? .succeeded
    return Outcome(
      result: result, error: outcomes.first { $0.result == result }?.error,
      calls: outcomes.map(\.calls).reduce(0, +), seconds: outcomes.map(\.seconds).reduce(0, +))
  }

  private static func summary(_ report: RunReport) -> Document {
    var counts: [String: Int] = [:]
    for change in report.plan.changes {
      if let result = change.outcome?.result { counts[result.rawValue, default: 0] += 1 }
    }
    return .object(counts.mapValues(Document.integer))
  }

  /// `2026-11-20T22:41:07Z-7c1e`.
  private func runID() -> String {
    let time = Date(timeIntervalSince1970: clock.now()).formatted(.iso8601)
    let suffix = String(random(), radix: 16)
    return time + "-" + String(repeating: "0", count: 4 - suffix.count) + suffix
  }
}
