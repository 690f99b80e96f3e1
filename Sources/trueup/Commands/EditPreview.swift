import DesiredState
import Engine
import Kinds
import Reports
import TrueupCore

extension CommandRunner {
  /// Plans stacks with manifests as they would be edited, by their paths: nothing is written.
  func plan(
    _ stacks: Set<String>, with edits: [String: String], _ invocation: Invocation
  ) async throws -> (report: RunReport, request: Reconciler.Request) {
    try LoadedState.requireWholeHistory(invocation)
    var state = try await load(invocation)
    var edited = try DesiredFiles.read(directory: invocation.directory)
    for (path, text) in edits { edited.contents[path] = Array(text.utf8) }
    let compilation = Compiler(catalog: .standard, facts: state.facts).compile(edited)
    guard let desired = compilation.desired else {
      throw EarlyEnd(message: LoadedState.text(of: compilation.diagnostics, terminal.style))
    }
    state.desired = desired
    state.files = edited
    let session = try Session(
      invocation, state, terminal: terminal, environment: environment, writes: false)
    var request = try request(.plan, invocation: invocation, state: state, selected: stacks)
    request.notesState = false
    return (try await session.reconciler.plan(request), request)
  }
}
