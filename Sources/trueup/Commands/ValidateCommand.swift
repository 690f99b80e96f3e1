import Document
import Reports
import TrueupCore

extension CommandRunner {
  /// Compiles everything and lists all errors. Calls nothing.
  func validate(_ invocation: Invocation) async throws -> ExitStatus {
    let state = try await LoadedState.load(invocation, style: terminal.style, ask: nil)
    let selected = try state.selection(invocation)
    let stacks = state.desired.stacks.filter { selected?.contains($0.id.name) ?? true }
    let resources = stacks.map(\.resources.count).reduce(0, +)
    if invocation.isJSON {
      let report: Document = [
        "formatVersion": 1, "stacks": .integer(stacks.count), "resources": .integer(resources),
        "warnings": .list(state.warnings.map { .string($0.description) }),
      ]
      terminal.write(report.json(indent: 2) + "\n")
    } else {
      for warning in state.warnings { terminal.write("\(warning)\n") }
      terminal.write(
        "Valid: \(stacks.count) \(stacks.count == 1 ? "stack" : "stacks"), \(resources) resources\n"
      )
    }
    return .done
  }
}
