import DesiredState
import Foundation
import Reports
import TrueupCore

/// The fleet's checks of one run: whether this machine runs them, and in what.
struct PolicyChecks: Sendable {
  /// Those that the run has to ask.
  var checks: [PolicyCheck]
  /// `--checks`, or `TRUEUP_CHECKS=on`.
  var isAllowed: Bool
  var environment: [String: String]
  /// The directory of the desired state, for the files that checks are made of.
  var desired: String
  /// The commit whose files the checks see; `nil` for the work tree.
  var revision: String?
  var shouldStop: @Sendable () -> Bool = { false }

  init(
    _ invocation: Invocation, _ state: LoadedState, environment: [String: String],
    shouldStop: @escaping @Sendable () -> Bool
  ) {
    let occasion = Self.occasion(invocation.command)
    checks = (state.checks ?? state.desired.checks).filter { check in
      occasion.map(check.on.contains) ?? false
    }
    isAllowed = Self.isAllowed(invocation, environment)
    self.environment = environment
    desired = invocation.directory
    revision = state.checksRevision ?? (state.isDirty ? nil : state.revision)
    self.shouldStop = shouldStop
  }

  static func isAllowed(_ invocation: Invocation, _ environment: [String: String]) -> Bool {
    invocation.has("--checks") || environment["TRUEUP_CHECKS"] == "on"
  }

  /// What changes AWS is judged like an apply.
  private static func occasion(_ command: CommandName) -> PolicyCheck.Occasion? {
    switch command {
    case .plan: .plan
    case .apply, .destroy, .adopt: .apply
    case .reconcile: .reconcile
    default: nil
    }
  }

  /// - Throws: where checks have to be asked and this machine runs none.
  func requireAllowed() throws(EarlyEnd) {
    guard !checks.isEmpty, !isAllowed else { return }
    let names = checks.map(\.name).joined(separator: ", ")
    throw EarlyEnd(
      message: "\(checks.count == 1 ? "1 check" : "\(checks.count) checks") not run: \(names)\n"
        + "  fleet.jsonc wants them asked before anything is changed; this machine runs them with "
        + "--checks, or TRUEUP_CHECKS=on\n", status: .refused)
  }

  /// What they say of a plan.
  func judge(_ report: RunReport) -> [CheckResult] {
    guard !checks.isEmpty else { return [] }
    guard isAllowed else {
      return checks.map { CheckResult(name: $0.name, verdict: .notRun, warns: $0.warns) }
    }
    do {
      let room = try CheckRoom(desired: desired, revision: revision)
      defer { room.remove() }
      // As a plan, whatever command asks.
      var plan = report
      plan.command = .plan
      plan.checks = []
      try room.write(plan: PlanJSON.render(plan).json(indent: 2) + "\n")
      return checks.map { check in
        CheckProgram(
          environment: environment, directory: room.files, input: room.plan,
          output: room.output(), shouldStop: shouldStop
        ).run(check)
      }
    } catch {
      let reason = (error as? DesiredStateError)?.description ?? error.localizedDescription
      return checks.map {
        CheckResult(name: $0.name, verdict: .broken("cannot run: \(reason)"), warns: $0.warns)
      }
    }
  }
}
