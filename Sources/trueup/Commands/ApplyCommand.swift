import DesiredState
import Engine
import Foundation
import Reports
import TrueupCore

extension CommandRunner {
  /// Makes AWS as the desired state says, or as a plan says that was reviewed.
  func apply(_ given: Invocation) async throws -> ExitStatus {
    try requireConsent(given)
    let file = try SavedPlanFile.named(by: given.positionals)
    var invocation = given
    if let file { invocation = try held(given, to: file) }
    try LoadedState.requireWholeHistory(invocation)
    let state = try await load(invocation)
    if state.isDirty {
      try LoadedState.refuseUncommitted(
        invocation, in: GitRepository.containing(invocation.directory))
    }
    let selected = try file.map { try stacks(of: $0, state) } ?? state.acting(invocation)
    try noteUnmerged(state, selected: selected, invocation: invocation)
    var request = try request(.apply, invocation: invocation, state: state, selected: selected)
    request.reviewed = file?.plan
    return try await carryOut(given, state: state, request: request)
  }

  /// What the file of a plan says stands there, and nowhere else.
  private func held(_ given: Invocation, to file: SavedPlanFile) throws -> Invocation {
    for option in ["--client", "--environment", "--revision"] where given.has(option) {
      throw EarlyEnd(
        message: "\(option) stands in \(file.path) already; plan again with another one")
    }
    guard file.plan.version == Version.current else {
      throw EarlyEnd(
        message: "\(file.path) was made by trueup \(file.plan.version), and this is "
          + "\(Version.current): plan again", status: .refused)
    }
    var invocation = given
    invocation.positionals = []
    if let revision = file.plan.askedRevision { invocation.values["--revision"] = [revision] }
    return invocation
  }

  private func stacks(of file: SavedPlanFile, _ state: LoadedState) throws -> Set<String>? {
    let known = Set(state.desired.stacks.map(\.id.name))
    guard file.plan.project == state.desired.project else {
      throw EarlyEnd(
        message: "\(file.path) is a plan of the project \(file.plan.project), and this is "
          + state.desired.project, status: .refused)
    }
    guard !known.contains(file.path) else {
      throw EarlyEnd(
        message: "\(file.path) is a stack and the file of a plan; write ./\(file.path) for the file"
      )
    }
    if let gone = (file.plan.selection ?? []).first(where: { !known.contains($0) }) {
      throw EarlyEnd(
        message:
          "\(file.path) is out of date, and nothing was changed: \(gone) has no manifest any more",
        status: .refused)
    }
    return file.plan.selection.map(Set.init)
  }

  /// Removes the named stacks.
  func destroy(_ invocation: Invocation) async throws -> ExitStatus {
    try requireConsent(invocation)
    try LoadedState.requireWholeHistory(invocation)
    let state = try await load(invocation)
    let disposals = try disposals(invocation, state)
    var request = try request(
      .destroy, invocation: invocation, state: state, selected: Set(disposals.keys),
      destroy: disposals)
    // Without it a person is asked, and nothing is written unless the answer is yes.
    request.isConfirmed = !invocation.has("--yes")
    return try await carryOut(invocation, state: state, request: request)
  }

  /// The stacks that a destroy is about, and what becomes of their data.
  func disposals(_ invocation: Invocation, _ state: LoadedState) throws -> [String: DataDisposal] {
    guard let names = try state.selection(invocation) else {
      throw EarlyEnd(message: "name the stacks to destroy, or narrow them with --client")
    }
    return Dictionary(
      uniqueKeysWithValues: names.map { name in
        (name, state.desired.stacks.first { $0.id.name == name }?.destroy ?? DataDisposal.retain)
      })
  }

  /// Ends a command that would have to ask where nobody can answer, before anything is read.
  func requireConsent(_ invocation: Invocation) throws {
    guard !invocation.has("--yes"), !asks(invocation) else { return }
    let command = invocation.command.rawValue
    let why =
      invocation.format == .text && !invocation.logsJSON
      ? "this is no terminal" : "its output is for programs"
    throw EarlyEnd(
      message: "\(command) shows its plan and asks, and \(why): say so with --yes"
        + (invocation.command == .deploy
          ? ""
          : " (trueup plan" + (invocation.command == .destroy ? " --destroy" : "")
            + " shows what it would do)"))
  }

  /// Whether a person can be shown the plan, and asked.
  private func asks(_ invocation: Invocation) -> Bool {
    terminal.canAsk && invocation.format == .text && !invocation.logsJSON
  }

  func carryOut(
    _ invocation: Invocation, state: LoadedState, request: Reconciler.Request
  ) async throws -> ExitStatus {
    let session = try Session(
      invocation, state, terminal: terminal, environment: environment, writes: true)
    let ticking = Task { await session.progress.tick() }
    defer { ticking.cancel() }
    let isAsked =
      [.apply, .destroy, .adopt].contains(invocation.command) && !invocation.has("--yes")
    let report = try await session.reconciler.apply(
      request,
      by: Reconciler.Operator(
        user: environment["USER"] ?? NSUserName(), host: ProcessInfo.processInfo.hostName)
    ) { report in
      guard isAsked else { return true }
      session.progress.end()
      terminal.write(
        PlanText.proposal(
          report, budget: request.budget, options: invocation.narrowingOptions,
          style: invocation.style(terminal)))
      let takenOver = request.takesOver.sorted().joined(separator: ", ")
      let question =
        takenOver.isEmpty ? "" : "Take over \(takenOver), whatever revision made it. "
      return terminal.confirms(
        question + PlanText.question(report), unless: session.shouldStop)
    }
    session.progress.end()
    try requireAnswered(report, request)
    let status = ExitStatus(report)
    if invocation.logsJSON && !invocation.isJSON {
      let now = Date().timeIntervalSince1970
      terminal.write(EventJSON.finished(report, exit: status, at: now) + "\n")
    } else if invocation.isJSON || report.run == nil {
      try show(report, request: request, invocation: invocation)
    } else {
      terminal.write(
        ApplySummary.render(
          report, budget: request.budget, options: invocation.narrowingOptions,
          style: invocation.style(terminal)))
    }
    // Of what was left out nothing is known.
    guard request.answers.isEmpty else { return status }
    await session.tell(report, terminal)
    try writeMetrics(report, status: status, invocation: invocation)
    return status
  }
}
