import DesiredState
import Document
import Engine
import Foundation
import Journal
import Reports
import TrueupCore

extension CommandRunner {
  /// `plan` and `drift`: observes and compares; changes nothing in AWS.
  func plan(_ invocation: Invocation) async throws -> ExitStatus {
    if let other = ["--destroy", "--snapshot"].first(where: invocation.has), invocation.has("--out")
    {
      throw EarlyEnd(
        message: other == "--destroy"
          ? "--out is for what apply does; destroy shows the whole list and asks"
          : "--out needs AWS: a plan from snapshots cannot be held against anything")
    }
    if let place = invocation.string("--snapshot") {
      return try await planRecorded(invocation, from: place)
    }
    try LoadedState.requireWholeHistory(invocation)
    let state = try await load(invocation)
    let session = try Session(
      invocation, state, terminal: terminal, environment: environment, writes: false)
    let request = try planRequest(invocation, state, selected: state.acting(invocation))
    let ended: @Sendable () -> Void = session.progress.end
    defer { ended() }
    let report = try await session.reconciler.plan(request)
    ended()
    let isStrict = invocation.has("--strict") && !report.warnings.isEmpty
    let status = isStrict ? .error : ExitStatus(report)
    try save(report, request: request, invocation: invocation, state: state)
    try show(report, request: request, invocation: invocation, journal: session.journal)
    await session.tell(report, terminal)
    try writeMetrics(report, status: status, invocation: invocation)
    return status
  }

  /// What `plan`, `drift` and `plan --destroy` ask of the engine.
  func planRequest(
    _ invocation: Invocation, _ state: LoadedState, selected: Set<String>?
  ) throws -> Reconciler.Request {
    guard invocation.has("--destroy") else {
      return try request(
        invocation.command == .drift ? .drift : .plan, invocation: invocation, state: state,
        selected: selected)
    }
    let disposals = try disposals(invocation, state)
    return try request(
      .plan, invocation: invocation, state: state, selected: Set(disposals.keys), destroy: disposals
    )
  }

  /// Writes the plan to the file that `--out` names.
  private func save(
    _ report: RunReport, request: Reconciler.Request, invocation: Invocation,
    state: LoadedState
  ) throws {
    guard let path = invocation.string("--out") else { return }
    var plan = SavedPlan(
      id: SavedPlanFile.digits(), version: Version.current, project: state.desired.project,
      revision: state.isDirty ? nil : state.revision,
      askedRevision: invocation.has("--revision") ? state.revision : nil,
      selection: request.selected?.sorted(), terms: Reconciler.terms(request),
      salt: SavedPlanFile.digits())
    let secrets = SecretValues(state.desired, environment: environment)
    plan.take(report.plan) { secrets.value(of: $0) }
    try SavedPlanFile(path: path, plan: plan).write()
  }

  /// What the options ask of the engine.
  func request(
    _ command: RunReport.Command, invocation: Invocation, state: LoadedState,
    selected: Set<String>?, destroy: [String: DataDisposal] = [:]
  ) throws -> Reconciler.Request {
    var request = Reconciler.Request(
      command: command, desired: state.desired, revision: state.revision, isDirty: state.isDirty,
      selected: selected, destroy: destroy, waits: !invocation.has("--no-wait"))
    request.allowance = Limits.Allowance(
      deletes: invocation.integer("--allow-deletes"),
      replaces: invocation.integer("--allow-replaces"),
      fleetDeletes: invocation.integer("--allow-fleet-deletes"),
      fleetReplaces: invocation.integer("--allow-fleet-replaces"))
    request.earlierBudget = { Self.earlierBudget(invocation, state) }
    request.allowedDataLoss = try state.addresses(invocation.strings("--allow-data-loss"))
    request.ignoresWindows = invocation.has("--now")
    request.commits = state.commits
    request.heldBack = state.heldBack
    request.warnings = warnings(command, invocation: invocation, state: state, selected: selected)
    request.allowsOrphans = invocation.has("--allow-orphans")
    request.allowsPartial = invocation.has("--allow-partial")
    request.notesState = command.changesAWS || !(state.isDirty || invocation.has("--revision"))
    return request
  }

  /// What is said of the desired state beside the plan: what is questionable in its files, and what an
  /// apply would be refused for.
  private func warnings(
    _ command: RunReport.Command, invocation: Invocation, state: LoadedState,
    selected: Set<String>?
  ) -> [Warning] {
    guard command != .drift else { return [] }
    var warnings = state.warnings.filter { diagnostic in
      diagnostic.stacks.isEmpty || selected.map { !$0.isDisjoint(with: diagnostic.stacks) } ?? true
    }.map {
      Warning(location: $0.location, message: $0.message + ($0.note.map { " (\($0))" } ?? ""))
    }
    if command == .plan, !state.uncommitted.isEmpty {
      let directory = invocation.directory
      let text = LoadedState.uncommittedText(state.uncommitted, directory)
      warnings.append(
        Warning(message: "an apply is refused: " + text.replacing("\n  ", with: "; ")))
    }
    return warnings
  }

  /// What an earlier revision allowed.
  private static func earlierBudget(_ invocation: Invocation, _ state: LoadedState) -> Budget? {
    let directory = invocation.directory
    do {
      return try GitRepository.containing(directory)?.earlierBudget(
        of: directory, since: invocation.string("--since"), commit: state.revision,
        isDirty: state.isDirty)
    } catch {
      // Whoever cannot see what was allowed allows what holds where nothing is written.
      return Budget()
    }
  }

  /// Writes the report in the form that was asked for.
  ///
  /// - Parameter journal: knows the past runs, which an HTML report ends with.
  func show(
    _ report: RunReport, request: Reconciler.Request, invocation: Invocation,
    journal: Journal? = nil
  ) throws {
    let options =
      invocation.has("--out") ? invocation.reviewedOptions : invocation.narrowingOptions
    let style = invocation.style(terminal)
    switch invocation.format {
    case .text:
      terminal.write(
        PlanText.render(report, budget: request.budget, options: options, style: style))
    case .json: terminal.write(PlanJSON.render(report).json(indent: 2) + "\n")
    case .markdown:
      terminal.write(
        PlanMarkdown.render(
          report, budget: request.budget, options: options, isFull: style.isFull))
    case .html:
      let runs = try journal.map { try $0.runs(limit: 20) } ?? []
      terminal.write(
        PlanHTML.render(
          report, at: Date().timeIntervalSince1970, budget: request.budget, options: options,
          pictures: pictures(report),
          runs: try runs.map { try PastRun($0, changes: journal?.changes(of: $0.start.id) ?? []) },
          isFull: style.isFull))
    case .dot: terminal.write(GraphDOT.render(report))
    case .mermaid: terminal.write(GraphMermaid.render(report))
    }
  }

  /// The graphs of an HTML report as Graphviz draws them; empty where it cannot: the report then has
  /// trees.
  private func pictures(_ report: RunReport) -> [String: Drawing] {
    let graphs = PlanHTML.graphs(report)
    guard let drawings = Graphviz(environment: environment)?.draw(graphs.map(\.source)) else {
      return [:]
    }
    return Dictionary(uniqueKeysWithValues: zip(graphs.map(\.stack), drawings))
  }
}
