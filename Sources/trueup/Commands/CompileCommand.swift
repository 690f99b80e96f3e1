import DesiredState
import Document
import Kinds
import Reports
import TrueupCore

extension CommandRunner {
  /// Prints a stack as a template with everything resolved. Calls nothing.
  func compile(_ invocation: Invocation) async throws -> ExitStatus {
    let state = try await LoadedState.load(invocation, style: terminal.style, ask: nil)
    let names = try state.stacks(invocation.positionals)
    for stack in state.desired.stacks where names.contains(stack.id.name) {
      let template = CompiledTemplate(stack, catalog: .standard)
      terminal.write(template.document.json(indent: 2) + "\n")
    }
    return .done
  }
}
