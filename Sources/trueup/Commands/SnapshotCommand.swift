import DesiredState
import Document
import Engine
import Journal
import Kinds
import Reports
import TrueupCore

extension CommandRunner {
  /// Records what AWS shows, one file per stack.
  func snapshot(_ invocation: Invocation) async throws -> ExitStatus {
    let state = try await load(invocation)
    let session = try Session(
      invocation, state, terminal: terminal, environment: environment, writes: false)
    let recording = try await session.reconciler.record(
      try request(.plan, invocation: invocation, state: state, selected: state.acting(invocation)),
      facts: state.facts)
    let directory = invocation.string("--output") ?? "snapshots"
    func path(_ stack: String) -> String { "\(directory)/\(stack).json" }
    var files: [SnapshotSummary.File] = []
    for stack in recording.stacks {
      let status = try SnapshotFiles.write(stack, to: directory)
      files.append(
        .init(
          stack: stack.id.name, path: path(stack.id.name),
          status: status == .written ? .written : .unchanged, resources: stack.resources.count))
    }
    for (stack, error) in recording.errors {
      files.append(.init(stack: stack, path: path(stack), status: .failed, error: error))
    }
    for (stack, reason) in recording.refusals {
      files.append(.init(stack: stack, path: path(stack), status: .refused, error: reason))
    }
    let stale = stale(in: directory, invocation, state, known: Set(files.map(\.stack)))
    for (name, stack) in stale.sorted(by: { $0.key < $1.key }) {
      let isPruned = invocation.has("--prune")
      if isPruned { try SnapshotFiles.remove(name, from: directory) }
      files.append(
        .init(
          stack: stack.id.name, path: "\(directory)/\(name)", status: isPruned ? .pruned : .stale,
          resources: stack.resources.count))
    }
    let summary = SnapshotSummary(
      directory: directory, files: files, calls: recording.calls, seconds: recording.seconds)
    terminal.write(
      invocation.isJSON
        ? summary.json.json(indent: 2) + "\n" : summary.text(style: terminal.style))
    return summary.exitStatus
  }

  /// The files, within the selection, of stacks that neither a manifest nor a resource speaks of.
  private func stale(
    in directory: String, _ invocation: Invocation, _ state: LoadedState, known: Set<String>
  ) -> [String: StackSnapshot] {
    let clients = Set(invocation.strings("--client"))
    let environments = Set(invocation.strings("--environment"))
    let names = known.union(state.desired.stacks.map(\.id.name))
    return SnapshotFiles.present(in: directory).filter { _, stack in
      stack.id.project == state.desired.project && !names.contains(stack.id.name)
        && (clients.isEmpty || clients.contains(stack.id.client))
        && (environments.isEmpty || environments.contains(stack.id.environment))
    }
  }

  /// `plan` and `drift` from a recorded snapshot: no credentials, no calls.
  func planRecorded(_ invocation: Invocation, from place: String) async throws -> ExitStatus {
    let recorded = try SnapshotFiles.read(place)
    let stacks = recorded.stacks.values.sorted { $0.id < $1.id }
    let state = try await LoadedState.load(invocation, style: terminal.style) { facts, _ in
      let known = Snapshot(stacks, catalog: .standard).facts
      if let missing = facts.subtracting(known.keys).map(\.description).min() {
        throw EarlyEnd(
          message: "\(recorded.origin) does not tell \(missing), on which a condition hangs; take "
            + "it anew, with credentials: trueup snapshot")
      }
      return known.filter { facts.contains($0.key) }
    }
    let path = Session.journalPath(invocation, root: state.root)
    let planner = SnapshotPlanner(
      catalog: .standard, journal: try Session.journal(at: path, writes: false), clock: .system,
      history: state.history(invocation))
    let request = try planRequest(invocation, state, selected: state.selection(invocation))
    var report = try await planner.plan(
      request, from: stacks, in: place, origin: recorded.origin)
    report.checks = PolicyChecks(
      invocation, state, environment: environment, shouldStop: { false }
    ).judge(report)
    try show(report, request: request, invocation: invocation)
    return invocation.has("--strict") && !report.warnings.isEmpty ? .error : ExitStatus(report)
  }
}
