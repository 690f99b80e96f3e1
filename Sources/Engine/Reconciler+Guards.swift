import Foundation
import Journal
import TrueupCore

/// What is checked before the first change of a run: limits, data, change windows, the fleet's checks.
extension Reconciler {
  struct Guarded {
    var limits: Limits
    /// The owners whose plans no limit refuses.
    var withinLimits: [String]
    var checks: [CheckResult]
  }

  /// Adds what the guards refuse to the refusals, and what waits for a change window to the plan.
  func guarded(_ prepared: inout Prepared, _ request: Request, _ began: Double)
    async throws(EngineError) -> Guarded
  {
    let limits = try limits(request)
    let excesses = BudgetCheck.excesses(prepared.planned, limits: limits)
    let within = withinLimits(excesses, prepared, request)
    prepared.refusals.merge(BudgetCheck.refusals(excesses)) { first, _ in first }
    prepared.refusals.merge(
      DataGuard.refusals(prepared.planned, allowed: request.allowedDataLoss)
    ) { "\($0); \($1)" }
    var report = report(request, prepared, began)
    report.limits = limits
    noteCalendar(&report, request)
    prepared.planned = report.plan
    let changed = report.plan.stacks.filter { !$0.changes.isEmpty }.map(\.id.name)
    if request.command != .reconcile {
      for stack in report.plan.stacks where changed.contains(stack.id.name) {
        guard let reason = stack.waits else { continue }
        prepared.refusals[stack.id.name] =
          prepared.refusals[stack.id.name] ?? "\(reason); do it all the same with --now"
      }
    }
    let checks = await judge(report)
    if let refusal = checks.compactMap(\.refusal).first {
      for name in changed { prepared.refusals[name] = prepared.refusals[name] ?? refusal }
    }
    return Guarded(limits: limits, withinLimits: within, checks: checks)
  }

  // MARK: Limits

  /// The limits in force for a run.
  func limits(_ request: Request) throws(EngineError) -> Limits {
    var earlier = Limits.Earlier()
    if let journal {
      do throws(JournalError) {
        let project = request.desired.project
        for noted in try journal.notedLimits() {
          if noted.owner == project {
            earlier.fleet = noted.budget
          } else if noted.owner.hasPrefix(project + "/") {
            earlier.stacks[String(noted.owner.dropFirst(project.count + 1))] = noted.budget
          }
        }
      } catch {
        throw .journal(error)
      }
    }
    let names = Set(selectedStacks(request).map(\.id.name))
    if earlier.fleet == nil || !names.isSubset(of: earlier.stacks.keys) {
      earlier.revision = request.earlierBudget()
    }
    var limits = Limits(written: request.budget, earlier: earlier, allowance: request.allowance)
    for stack in request.desired.stacks {
      let isNamed = request.destroy[stack.id.name] != nil
      guard isNamed || stack.destroy != nil else { continue }
      limits.removals[stack.id.name] =
        isNamed && request.isConfirmed
        ? .confirmed : stack.destroyedResources.map(Limits.Removal.resources) ?? .ordinary
      // Somebody has named it: it is no matter of the fleet's.
      if isNamed, !request.isConfirmed, stack.destroyedResources == nil {
        limits.removals[stack.id.name] = .named
      }
    }
    return limits
  }

  /// The stacks that the run planned whole within the limits, and the project where all are.
  private func withinLimits(
    _ excesses: [BudgetCheck.Excess], _ prepared: Prepared, _ request: Request
  ) -> [String] {
    let exceeding = Set(excesses.filter { !$0.isFleet }.flatMap(\.stacks))
    let held = Set(request.heldBack.map(\.stack))
    let owners = prepared.planned.stacks.filter { stack in
      let name = stack.id.name
      return stack.error == nil && !stack.isSuspended && prepared.refusals[name] == nil
        && !exceeding.contains(name) && !held.contains(name)
    }.map(\.id.owner)
    return request.selected == nil && excesses.isEmpty
      ? owners + [request.desired.project] : owners
  }

  /// Notes the limits that are written as those that have been in force, where the run planned within
  /// the earlier ones. What is not committed never raises a limit.
  func note(_ guarded: Guarded, _ request: Request) throws(EngineError) {
    guard let journal, request.notesState, !request.isDirty,
      request.command == .apply || request.command == .reconcile
    else { return }
    do throws(JournalError) {
      for owner in guarded.withinLimits {
        try journal.note(
          NotedLimits(
            owner: owner, budget: guarded.limits.written, revision: request.revision,
            at: clock.now()))
      }
    } catch {
      throw .journal(error)
    }
  }

  /// Notes that nothing refuses the revision: the checks that it names are in force from now on.
  func accept(_ prepared: Prepared, _ request: Request) throws(EngineError) {
    guard let journal, let revision = request.revision, !request.isDirty, request.notesState,
      request.selected == nil, prepared.refusals.isEmpty, request.heldBack.isEmpty,
      request.command == .apply || request.command == .reconcile
    else { return }
    do throws(JournalError) {
      try journal.accept(revision, project: request.desired.project, at: clock.now())
    } catch {
      throw .journal(error)
    }
  }

  // MARK: Calendar

  /// Says which stacks are outside of their change windows, and which are about to expire.
  func noteCalendar(_ report: inout RunReport, _ request: Request) {
    let stacks = Dictionary(
      request.desired.stacks.map { ($0.id.name, $0) }, uniquingKeysWith: { first, _ in first })
    for (index, stack) in report.plan.stacks.enumerated() {
      guard let desired = stacks[stack.id.name], !stack.isSuspended else { continue }
      let wait = request.ignoresWindows ? nil : Self.wait(desired.windows, at: clock.now())
      report.plan.stacks[index].waits = stack.changes.isEmpty ? nil : wait
      if let expiry = Self.expiry(desired, at: clock.now()) {
        report.plan.stacks[index].notes.append(expiry)
      }
    }
  }

  static func calendar(_ windows: [ChangeWindow]) -> ChangeCalendar {
    ChangeCalendar(windows: windows) { zone, time in
      let zone = TimeZone(identifier: zone) ?? .gmt
      return Double(zone.secondsFromGMT(for: Date(timeIntervalSince1970: time)))
    }
  }

  /// When nothing more is begun of each stack that has change windows.
  func closings(_ request: Request) -> [String: Double] {
    guard !request.ignoresWindows else { return [:] }
    return Dictionary(
      request.desired.stacks.compactMap { stack in
        Self.calendar(stack.windows).closing(at: clock.now()).map { (stack.id.name, $0) }
      }, uniquingKeysWith: min)
  }

  /// Why nothing may begin now; `nil` where it may.
  static func wait(_ windows: [ChangeWindow], at time: Double) -> String? {
    let calendar = calendar(windows)
    guard !calendar.isOpen(at: time) else { return nil }
    let named = windows.map(\.description).joined(separator: "; ")
    let next = calendar.opening(after: time).map {
      ", open next on \(calendar.text(of: $0.time, in: $0.window.zone))"
    }
    return "it is outside its change windows (\(named))\(next ?? "")"
  }

  /// Days before its end from which on a stack is reported.
  private static let notice = 14

  private static func expiry(_ stack: DesiredStack, at time: Double) -> String? {
    guard let day = stack.expires, stack.destroy == nil else { return nil }
    let left = day.number - Day(at: time).number
    guard left <= notice else { return nil }
    let remedy =
      "; trueup offboard \(stack.id.client) \(stack.id.environment) marks it for removal"
    switch left {
    case ..<0: return "it has expired: its last day was \(day)\(remedy)"
    case 0: return "it expires today, on \(day)\(remedy)"
    case 1: return "it expires tomorrow, on \(day)\(remedy)"
    default: return "it expires in \(left) days, on \(day)\(remedy)"
    }
  }
}
