import Document
import Engine
import Reports
import TrueupCore

extension CommandRunner {
  /// The outputs of stacks, with the values that AWS has now.
  func outputs(_ invocation: Invocation) async throws -> ExitStatus {
    let state = try await load(invocation)
    let selected = try state.selection(invocation)
    let session = try Session(
      invocation, state, terminal: terminal, environment: environment, writes: false)
    let outputs = try await session.reconciler.outputs(
      try request(.plan, invocation: invocation, state: state, selected: selected))
    terminal.write(
      (invocation.isJSON
        ? OutputsText.json(outputs).json(indent: 2) + "\n"
        : OutputsText.render(outputs, style: terminal.style)))
    return .done
  }
}
