import DesiredState
import Engine
import Foundation
import Reports
import TrueupCore

extension CommandRunner {
  /// Makes AWS as the desired state says.
  func apply(_ invocation: Invocation) async throws -> ExitStatus {
    try LoadedState.requireWholeHistory(invocation)
    let state = try await load(invocation)
    if state.isDirty {
      try LoadedState.refuseUncommitted(
        invocation, in: GitRepository.containing(invocation.string("--desired") ?? "desired-state"))
    }
    let selected = try state.acting(invocation)
    try noteUnmerged(state, selected, invocation)
    return try await carryOut(
      invocation, state, try request(.apply, invocation, state, selected: selected))
  }

  /// Removes the named stacks.
  func destroy(_ invocation: Invocation) async throws -> ExitStatus {
    try LoadedState.requireWholeHistory(invocation)
    let state = try await load(invocation)
    let named = try state.stacks(invocation.positionals)
    guard let names = try named.isEmpty ? state.selection(invocation) : named else {
      throw EarlyEnd(message: "name the stacks to destroy, or narrow them with --client")
    }
    let listed = names.sorted().joined(separator: ", ")
    var isConfirmed = false
    if !invocation.has("--yes") {
      guard terminal.canAsk else {
        throw EarlyEnd(
          message: "destroy deletes \(listed); say so with --yes where nobody can be asked",
          status: .refused)
      }
      guard terminal.confirms("Destroy \(listed)?") else { return .refused }
      isConfirmed = true
    }
    let disposals = Dictionary(
      uniqueKeysWithValues: names.map { name in
        (name, state.desired.stacks.first { $0.id.name == name }?.destroy ?? DataDisposal.retain)
      })
    var request = try request(
      .destroy, invocation, state, selected: names, destroy: disposals)
    request.isConfirmed = isConfirmed
    return try await carryOut(invocation, state, request)
  }

  func carryOut(
    _ invocation: Invocation, _ state: LoadedState, _ request: Reconciler.Request
  ) async throws -> ExitStatus {
    let session = try Session(
      invocation, state, terminal: terminal, environment: environment, writes: true)
    let ticking = Task { await session.progress.tick() }
    defer { ticking.cancel() }
    let report = try await session.reconciler.apply(
      request,
      by: Reconciler.Operator(
        user: environment["USER"] ?? NSUserName(), host: ProcessInfo.processInfo.hostName))
    session.progress.end()
    let status = ExitStatus(report)
    if invocation.logsJSON && !invocation.isJSON {
      let now = Date().timeIntervalSince1970
      terminal.write(EventJSON.finished(report, exit: status, at: now) + "\n")
    } else if invocation.isJSON || report.run == nil {
      try show(report, request, invocation)
    } else {
      terminal.write(
        ApplySummary.render(
          report, budget: request.budget, options: invocation.narrowingOptions,
          style: terminal.style))
    }
    await session.tell(report, terminal)
    try writeMetrics(report, status, invocation)
    return status
  }
}
