import DesiredState
import Document
import Reports
import TrueupCore

extension CommandRunner {
  /// Compiles everything and lists all errors. Calls nothing.
  func validate(_ invocation: Invocation) async throws -> ExitStatus {
    let state: LoadedState
    do {
      state = try await LoadedState.load(invocation, style: terminal.style, ask: nil)
    } catch let failure as EarlyEnd where invocation.isJSON && !failure.diagnostics.isEmpty {
      let isStrict = invocation.has("--strict")
      let errors = failure.diagnostics.filter { isStrict || $0.severity == .error }
      let warnings = failure.diagnostics.filter { !isStrict && $0.severity == .warning }
      let report: Document = [
        "formatVersion": 1,
        "errors": .list(
          errors.map { error in
            [
              "file": error.location.map { .string($0.file) } ?? .null,
              "line": error.location.map { .integer($0.position.line) } ?? .null,
              "column": error.location.map { .integer($0.position.column) } ?? .null,
              "message": .string(error.message),
              "stacks": .list(error.stacks.sorted().map(Document.string)),
            ]
          }),
        "warnings": .list(warnings.map { .string($0.description) }),
      ]
      terminal.write(report.json(indent: 2) + "\n")
      return failure.status
    }
    let selected = try state.selection(invocation)
    let stacks = state.desired.stacks.filter { selected?.contains($0.id.name) ?? true }
    let resources = stacks.map(\.resources.count).reduce(0, +)
    if invocation.isJSON {
      let report: Document = [
        "formatVersion": 1, "stacks": .integer(stacks.count), "resources": .integer(resources),
        "errors": [],
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
