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
    if let place = invocation.string("--snapshot") {
      return try await planRecorded(invocation, from: place)
    }
    try LoadedState.requireWholeHistory(invocation)
    let state = try await load(invocation)
    let session = try Session(
      invocation, state, terminal: terminal, environment: environment, writes: false)
    let request = try request(
      invocation.command == .drift ? .drift : .plan, invocation, state,
      selected: state.acting(invocation))
    let report = try await session.reconciler.plan(request)
    let status = ExitStatus(report)
    try show(report, request, invocation, journal: session.journal)
    await session.tell(report, terminal)
    try writeMetrics(report, status, invocation)
    return status
  }

  /// What the options ask of the engine.
  func request(
    _ command: RunReport.Command, _ invocation: Invocation, _ state: LoadedState,
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
    request.allowsOrphans = invocation.has("--allow-orphans")
    request.allowsPartial = invocation.has("--allow-partial")
    request.notesState = command.changesAWS || !(state.isDirty || invocation.has("--revision"))
    return request
  }

  /// What an earlier revision allowed.
  private static func earlierBudget(_ invocation: Invocation, _ state: LoadedState) -> Budget? {
    let directory = invocation.string("--desired") ?? "desired-state"
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
    _ report: RunReport, _ request: Reconciler.Request, _ invocation: Invocation,
    journal: Journal? = nil
  ) throws {
    let options = invocation.narrowingOptions
    switch invocation.format {
    case .text:
      terminal.write(
        PlanText.render(report, budget: request.budget, options: options, style: terminal.style))
    case .json: terminal.write(PlanJSON.render(report).json(indent: 2) + "\n")
    case .markdown:
      terminal.write(PlanMarkdown.render(report, budget: request.budget, options: options))
    case .html:
      let runs = try journal.map { try $0.runs(limit: 20) } ?? []
      terminal.write(
        PlanHTML.render(
          report, at: Date().timeIntervalSince1970, budget: request.budget, options: options,
          pictures: pictures(report),
          runs: try runs.map { try PastRun($0, changes: journal?.changes(of: $0.start.id) ?? []) }))
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
