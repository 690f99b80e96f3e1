import Document
import Engine
import Reports
import TrueupCore

extension CommandRunner {
  /// `plan` and `drift`: observes and compares; changes nothing in AWS.
  func plan(_ invocation: Invocation) async throws -> ExitStatus {
    let state = try await load(invocation)
    let session = try Session(
      invocation, state, terminal: terminal, environment: environment, writes: false)
    let request = try request(
      invocation.command == .drift ? .drift : .plan, invocation, state,
      selected: state.selection(invocation))
    let report = try await session.reconciler.plan(request)
    show(report, request, invocation)
    await session.tell(report, terminal)
    return ExitStatus(report)
  }

  /// What the options ask of the engine.
  func request(
    _ command: RunReport.Command, _ invocation: Invocation, _ state: LoadedState,
    selected: Set<String>?, destroy: [String: DataDisposal] = [:]
  ) throws -> Reconciler.Request {
    var budget = state.desired.budget
    budget.deletes = invocation.integer("--allow-deletes") ?? budget.deletes
    budget.replaces = invocation.integer("--allow-replaces") ?? budget.replaces
    return Reconciler.Request(
      command: command, desired: state.desired, revision: state.revision, isDirty: state.isDirty,
      selected: selected, destroy: destroy, budget: budget, waits: !invocation.has("--no-wait"))
  }

  func show(_ report: RunReport, _ request: Reconciler.Request, _ invocation: Invocation) {
    if invocation.isJSON {
      terminal.write(PlanJSON.render(report).json(indent: 2) + "\n")
    } else {
      terminal.write(
        PlanText.render(
          report, budget: request.budget, options: invocation.narrowingOptions,
          style: terminal.style))
    }
  }
}
