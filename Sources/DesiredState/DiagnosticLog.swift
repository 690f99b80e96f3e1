import Document
import TrueupCore

/// Collects what is found in a run. An error that several stacks of one blueprint share is told once.
final class DiagnosticLog {
  private struct Finding: Hashable {
    var severity: Diagnostic.Severity
    var location: SourceLocation?
    var message: String
    var isUndecided: Bool
  }

  private var stacksByFinding: [Finding: Set<String>] = [:]
  private var stacksByFile: [String: Set<String>] = [:]

  /// Notes that a stack is made from a file, so that an error in all its stacks needs no names.
  func use(file: String, by stack: String) {
    stacksByFile[file, default: []].insert(stack)
  }

  /// - Parameter isUndecided: a fact that AWS has to tell is missing, nothing else.
  func error(
    _ message: String, at location: SourceLocation?, stack: String? = nil,
    isUndecided: Bool = false
  ) {
    add(.error, message, at: location, stack: stack, isUndecided: isUndecided)
  }

  func add(
    _ severity: Diagnostic.Severity, _ message: String, at location: SourceLocation?,
    stack: String? = nil, isUndecided: Bool = false
  ) {
    let finding = Finding(
      severity: severity, location: location, message: message, isUndecided: isUndecided)
    stacksByFinding[finding, default: []].formUnion([stack].compactMap(\.self))
  }

  /// Everything found, sorted by place.
  var diagnostics: [Diagnostic] {
    stacksByFinding.map { finding, stacks in
      Diagnostic(
        severity: finding.severity, location: finding.location, message: finding.message,
        note: note(stacks, file: finding.location?.file), isUndecided: finding.isUndecided,
        stacks: stacks)
    }.sorted()
  }

  private func note(_ stacks: Set<String>, file: String?) -> String? {
    guard let first = stacks.min(), let file, stacks != stacksByFile[file] ?? stacks else {
      return nil
    }
    return stacks.count == 1 ? "in \(first)" : "in \(first) and \(stacks.count - 1) more"
  }
}
