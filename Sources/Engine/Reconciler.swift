import Document
import Foundation
import Journal
import TrueupCore

/// Observes, plans and applies: the engine of every command that talks to AWS.
public struct Reconciler: Sendable {
  /// What a command asks for.
  public struct Request: Sendable {
    public var command: RunReport.Command
    public var desired: Desired
    public var revision: String?
    public var isDirty: Bool
    /// Names of the stacks to act on; `nil` for all.
    public var selected: Set<String>?
    public var destroy: [String: DataDisposal]
    public var budget: Budget
    /// Wait for readiness even where nothing else in the run needs it.
    public var waits: Bool

    public init(
      command: RunReport.Command, desired: Desired, revision: String? = nil, isDirty: Bool = false,
      selected: Set<String>? = nil, destroy: [String: DataDisposal] = [:], budget: Budget? = nil,
      waits: Bool = true
    ) {
      self.command = command
      self.desired = desired
      self.revision = revision
      self.isDirty = isDirty
      self.selected = selected
      self.destroy = destroy
      self.budget = budget ?? desired.budget
      self.waits = waits
    }
  }

  /// Who runs it, for the journal.
  public struct Operator: Sendable {
    public var user: String
    public var host: String

    public init(user: String, host: String) {
      self.user = user
      self.host = host
    }
  }

  private let catalog: Catalog
  private let cloud: any Cloud
  private let journal: Journal?
  private let locks: any StackLocking
  private let clock: EngineClock
  private let random: @Sendable () -> UInt16
  private let parallelism: Int
  private let environment: [String: String]
  private let desiredAt: @Sendable (_ revision: String) async -> Desired?
  private let shouldStop: @Sendable () -> Bool
  private let events: @Sendable (RunEvent) -> Void
  private let planned: @Sendable (Plan) -> Void

  /// - Parameters:
  ///   - journal: `nil` where there is none yet; `apply` needs one.
  ///   - random: for the ids of runs.
  ///   - environment: where secrets may come from.
  ///   - desiredAt: the desired state at a git revision, for the base of resources that the journal
  ///     does not know.
  ///   - planned: told of the plan before an apply carries it out.
  ///   - shouldStop: whether the run was asked to stop: nothing new begins then.
  public init(
    catalog: Catalog, cloud: any Cloud, journal: Journal?, locks: any StackLocking,
    clock: EngineClock, random: @escaping @Sendable () -> UInt16, parallelism: Int = 10,
    environment: [String: String] = [:],
    desiredAt: @escaping @Sendable (_ revision: String) async -> Desired? = { _ in nil },
    shouldStop: @escaping @Sendable () -> Bool = { false },
    planned: @escaping @Sendable (Plan) -> Void = { _ in },
    events: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) {
    self.catalog = catalog
    self.cloud = cloud
    self.journal = journal
    self.locks = locks
    self.clock = clock
    self.random = random
    self.parallelism = parallelism
    self.environment = environment
    self.desiredAt = desiredAt
    self.shouldStop = shouldStop
    self.planned = planned
    self.events = events
  }

  // MARK: Commands

  /// What would be done, and why. Changes nothing in AWS.
  public func plan(_ request: Request) async throws(EngineError) -> RunReport {
    let began = clock.now()
    let prepared = try await prepare(request)
    var report = report(request, prepared, began)
    try noteDrift(&report, request)
    return report
  }

  /// The outputs of the selected stacks, as far as they are known.
  public func outputs(_ request: Request) async throws(EngineError) -> [String: [String: Document]]
  {
    try await prepare(request).planner.outputs()
  }

  /// Does what the plan says, within the budgets.
  public func apply(_ request: Request, by person: Operator) async throws(EngineError) -> RunReport
  {
    guard let journal else { throw .unusable("there is no journal to write to") }
    let began = clock.now()
    let (held, unlocked) = lock(selectedStacks(request))
    defer { withExtendedLifetime(held) {} }
    var prepared = try await prepare(request, refused: unlocked)
    prepared.refusals.merge(BudgetCheck.refusals(prepared.planned, budget: request.budget)) {
      first, _ in first
    }
    let refused = Self.stepsOf(refused: prepared.refusals, prepared.planned.steps)
    let steps = prepared.planned.steps.filter { refused[$0.id] == nil }
    var report = report(request, prepared, began)
    do {
      let settled = try Recovery(
        journal: journal, snapshot: prepared.snapshot, project: request.desired.project
      ).settle(
        // What could not be observed settles nothing.
        stacks: prepared.planned.stacks.filter {
          $0.error == nil && prepared.refusals[$0.id.name] == nil
        }.map(\.id), at: clock.now())
      if settled > 0 {
        events(.note("settled \(settled) calls of an interrupted run by observation"))
      }
      let unsettled = prepared.planned.settled.filter { address, settled in
        prepared.refusals[address.stack] == nil
          && prepared.journaled.resources[address].map { !$0.isSame(as: settled) } ?? true
      }
      let vanished = prepared.planned.vanished.filter {
        prepared.refusals[$0.stack] == nil && prepared.journaled.resources[$0] != nil
      }
      guard !steps.isEmpty || !unsettled.isEmpty || !vanished.isEmpty else { return report }

      let run = RunID(rawValue: runID())
      let runJournal = RunJournal(
        journal: journal, run: run, project: request.desired.project,
        revision: request.isDirty ? nil : request.revision)
      try journal.beginRun(
        RunStart(
          id: run, command: request.command.rawValue, revision: request.revision,
          dirty: request.isDirty, user: person.user, host: person.host, at: began))
      for (address, resource) in unsettled {
        try runJournal.applied(address, resource, at: clock.now())
      }
      for address in vanished { try runJournal.forgotten(address) }
      let outcome = try await carryOut(steps, refused, request, prepared, runJournal, &report)
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

  // MARK: Preparing

  private struct Prepared {
    var planned: Plan
    var planner: Planner
    var snapshot: Snapshot
    var base: Base
    /// What of the base stands in the journal.
    var journaled: Base
    var refusals: [String: String]
  }

  private func prepare(_ request: Request, refused: [String: String] = [:])
    async throws(EngineError) -> Prepared
  {
    let selected = selectedStacks(request)
    guard !selected.isEmpty else {
      throw .noStacks(request.selected?.sorted().joined(separator: ", ") ?? "the desired state")
    }
    let accounts = try await checkAccounts(selected)
    var refusals = accounts.refusals
    refusals.merge(refused) { first, _ in first }
    let actionable = selected.filter {
      refusals[$0.id.name] == nil && accounts.errors[$0.id.name] == nil
    }
    // A stack of an account that is not to be used is not read either, whoever imports from it.
    let unusable = Set(accounts.refusals.keys).union(accounts.errors.keys)
    let observed = withReferenced(actionable, request.desired).filter {
      !unusable.contains($0.id.name)
    }
    var base = Base()
    if let journal {
      do throws(JournalError) {
        base = try Base(journal, project: request.desired.project)
      } catch {
        throw .journal(error)
      }
    }
    let names = Set(observed.map(\.id.name))
    base.resources = base.resources.filter { names.contains($0.key.stack) }
    let journaled = base
    let observation = Observation(
      catalog: catalog, cloud: cloud, project: request.desired.project, parallelism: parallelism)
    let snapshot = await observation.snapshot(of: observed, base: base)
    base = await RevisionBase(
      catalog: catalog, project: request.desired.project, snapshot: snapshot, desired: desiredAt
    ).completed(base, stacks: observed)
    let secrets = SecretValues(request.desired, environment: environment)
    // A whole run may report stacks that have no manifest; a narrowed one speaks of its own alone.
    let everything = request.selected == nil && refusals.isEmpty && accounts.errors.isEmpty
    let planner = Planner(
      catalog: catalog, desired: request.desired, snapshot: snapshot, base: base,
      options: Planner.Options(
        selected: everything ? nil : Set(actionable.map(\.id.name)),
        destroy: request.destroy, secret: { secrets.value(of: $0) },
        revision: request.isDirty ? nil : request.revision))
    var planned = planner.plan()
    for stack in selected where !actionable.contains(where: { $0.id == stack.id }) {
      planned.stacks.append(
        Plan.Stack(
          id: stack.id, account: stack.account, region: stack.region,
          error: accounts.errors[stack.id.name]))
    }
    planned.stacks.sort { $0.id < $1.id }
    return Prepared(
      planned: planned, planner: planner, snapshot: snapshot, base: base,
      journaled: journaled, refusals: refusals)
  }

  private func selectedStacks(_ request: Request) -> [DesiredStack] {
    request.desired.stacks.filter { request.selected?.contains($0.id.name) ?? true }
  }

  /// The stacks with those that they import from.
  private func withReferenced(_ stacks: [DesiredStack], _ desired: Desired) -> [DesiredStack] {
    var names = Set(stacks.map(\.id.name))
    var queue = stacks
    while let stack = queue.popLast() {
      for reference in stack.values.flatMap(\.references) {
        let name = reference.reference.address.stack
        if names.insert(name).inserted {
          queue += desired.stacks.filter { $0.id.name == name }
        }
      }
    }
    return desired.stacks.filter { names.contains($0.id.name) }
  }

  /// Whether the credentials really belong to the accounts that the manifests name.
  private func checkAccounts(_ stacks: [DesiredStack]) async throws(EngineError) -> (
    errors: [String: String], refusals: [String: String]
  ) {
    var errors: [String: String] = [:]
    var refusals: [String: String] = [:]
    let byAccount = Dictionary(grouping: stacks, by: \.account)
    var failures: [CallFailure] = []
    for (account, stacks) in byAccount.sorted(by: { $0.key < $1.key }) {
      let target = CallTarget(account: account, region: stacks[0].region)
      switch await cloud.accountID(for: target) {
      case .success(account):
        continue
      case .success(let other):
        for stack in stacks {
          refusals[stack.id.name] =
            "the credentials belong to account \(other), not to \(account) of the manifest"
        }
      case .failure(let failure):
        failures.append(failure)
        for stack in stacks { errors[stack.id.name] = failure.message }
      }
    }
    if failures.count == byAccount.count, let first = failures.first {
      throw .unusable(first.message)
    }
    return (errors, refusals)
  }

  private func lock(_ stacks: [DesiredStack]) -> (held: [any Sendable], refused: [String: String]) {
    var held: [any Sendable] = []
    var refused: [String: String] = [:]
    for stack in stacks.sorted(by: { $0.id < $1.id }) {
      switch locks.lock(stack.id) {
      case .success(let lock): held.append(lock)
      case .failure(let error): refused[stack.id.name] = error.message
      }
    }
    return (held, refused)
  }

  // MARK: Applying

  /// The steps of refused stacks, and those that would need them, each with the reason.
  private static func stepsOf(refused: [String: String], _ steps: [PlannedStep])
    -> [PlannedStep.ID: String]
  {
    var reasons: [PlannedStep.ID: String] = [:]
    for step in steps { reasons[step.id] = refused[step.id.address.stack] }
    var grows = true
    while grows {
      grows = false
      for step in steps where reasons[step.id] == nil {
        guard let needed = step.after.filter({ reasons[$0] != nil }).min() else { continue }
        let isRefused = refused[needed.address.stack] != nil
        reasons[step.id] =
          "needs \(needed.address.resource) of \(needed.address.stack), "
          + (isRefused ? "which is refused" : "which is skipped")
        grows = true
      }
    }
    return reasons
  }

  private func carryOut(
    _ steps: [PlannedStep], _ refused: [PlannedStep.ID: String], _ request: Request,
    _ prepared: Prepared, _ runJournal: RunJournal,
    _ report: inout RunReport
  ) async throws -> RunOutcome {
    planned(report.plan)
    let recorded = try record(report.plan, steps, runJournal)
    let secrets = SecretValues(request.desired, environment: environment)
    let applier = Applier(
      catalog: catalog, cloud: cloud, clock: clock, journal: runJournal, base: prepared.base,
      parallelism: parallelism, waits: request.waits, secret: { secrets.value(of: $0) },
      shouldStop: shouldStop, events: events)
    var ended: [PlannedStep.ID: Applier.Ended]
    do throws(ScheduleError<PlannedStep.ID>) {
      ended = try await applier.apply(steps)
    } catch {
      throw EngineError.circularSteps(error.cycle.map(\.description))
    }
    for (id, reason) in refused where prepared.refusals[id.address.stack] == nil {
      ended[id] = Applier.Ended(outcome: Outcome(result: .skipped, error: reason))
    }
    for (index, stack) in report.plan.stacks.enumerated() {
      for (place, change) in stack.changes.enumerated() {
        let own = ended.filter { Self.belongs($0.key, to: change) }.sorted { $0.key < $1.key }
          .map(\.value)
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

  private func record(_ plan: Plan, _ steps: [PlannedStep], _ runJournal: RunJournal)
    throws(JournalError) -> [String: ChangeID]
  {
    var recorded: [String: ChangeID] = [:]
    for (ordinal, change) in plan.changes.enumerated()
    where steps.contains(where: { Self.belongs($0.id, to: change) }) {
      recorded[change.address.description + (change.id ?? "")] = try runJournal.journal
        .recordChange(
          ChangeStart(
            run: runJournal.run, ordinal: ordinal,
            stack: "\(runJournal.project)/\(change.address.stack)",
            resource: change.address.resource, type: change.type, action: change.action.rawValue,
            cause: change.cause.rawValue,
            differences: .list(change.differences.map { ["path": .string($0.path.description)] }),
            at: clock.now()))
    }
    return recorded
  }

  /// Whether a step is part of a change: the resource's own step, or the removal of what it names.
  private static func belongs(_ step: PlannedStep.ID, to change: Change) -> Bool {
    guard step.address == change.address else { return false }
    let isRemoval = change.cause == .removed || change.cause == .orphan
    if step.target.isEmpty {
      return !isRemoval && change.action != .delete && change.action != .blocked
    }
    return step.target == change.id && (isRemoval || change.action == .replace)
  }

  private static func merged(_ outcomes: [Outcome]) -> Outcome? {
    guard !outcomes.isEmpty else { return nil }
    let results = outcomes.map(\.result)
    let result: Outcome.Result =
      [.failed, .skipped, .progressing].first { results.contains($0) } ?? .succeeded
    return Outcome(
      result: result, error: outcomes.first { $0.result == result }?.error,
      calls: outcomes.map(\.calls).reduce(0, +), seconds: outcomes.map(\.seconds).reduce(0, +))
  }

  // MARK: Reporting

  private func report(_ request: Request, _ prepared: Prepared, _ began: Double) -> RunReport {
    RunReport(
      command: request.command, revision: request.revision, isDirty: request.isDirty,
      plan: prepared.planned, calls: cloud.callCount(), seconds: clock.now() - began,
      refusals: prepared.refusals)
  }

  /// Remembers since when each drift has been seen.
  private func noteDrift(_ report: inout RunReport, _ request: Request) throws(EngineError) {
    guard let journal else { return }
    func owner(_ stack: String) -> String { "\(request.desired.project)/\(stack)" }
    var findings: Set<DriftFinding> = []
    for change in report.plan.changes where change.cause == .drift || change.cause == .conflict {
      findings.insert(
        DriftFinding(
          stack: owner(change.address.stack), resource: change.address.resource, path: ""))
    }
    let covered = Set(report.plan.stacks.filter { $0.error == nil }.map(\.id.owner))
    do throws(JournalError) {
      let since = try journal.noteDrift(findings, covering: covered, at: clock.now())
      for (index, stack) in report.plan.stacks.enumerated() {
        for (place, change) in stack.changes.enumerated() {
          report.plan.stacks[index].changes[place].since =
            since[
              DriftFinding(
                stack: owner(change.address.stack), resource: change.address.resource, path: "")]
        }
      }
    } catch {
      throw .journal(error)
    }
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
