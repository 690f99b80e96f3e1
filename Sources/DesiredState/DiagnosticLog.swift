import Document
import Foundation
import TrueupCore

/// Collects what is found in a run, by whatever thread. An error that several stacks of one blueprint
/// share is told once.
final class DiagnosticLog: @unchecked Sendable {
  private struct Finding: Hashable {
    var severity: Diagnostic.Severity
    var location: SourceLocation?
    var message: String
    var isUndecided: Bool
  }

  // Unchecked: both are touched under `lock` alone.
  private let lock = NSLock()
  private var stacksByFinding: [Finding: Set<String>] = [:]
  private var stacksByFile: [String: Set<String>] = [:]

  /// Notes that a stack is made from a file, so that an error in all its stacks needs no names.
  func use(file: String, by stack: String) {
    lock.withLock { _ = stacksByFile[file, default: []].insert(stack) }
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
    lock.withLock {
      if let stack {
        stacksByFinding[finding, default: []].insert(stack)
      } else if stacksByFinding[finding] == nil {
        stacksByFinding[finding] = []
      }
    }
  }

  /// Takes over what another log has collected.
  func merge(_ other: DiagnosticLog) {
    guard other !== self else { return }
    let (findings, files) = other.lock.withLock { (other.stacksByFinding, other.stacksByFile) }
    guard !findings.isEmpty || !files.isEmpty else { return }
    lock.withLock {
      stacksByFinding.merge(findings) { $0.union($1) }
      stacksByFile.merge(files) { $0.union($1) }
    }
  }

  /// Everything found, sorted by place.
  var diagnostics: [Diagnostic] {
    let (findings, files) = lock.withLock { (stacksByFinding, stacksByFile) }
    return findings.map { finding, stacks in
      Diagnostic(
        severity: finding.severity, location: finding.location, message: finding.message,
        note: Self.note(stacks, finding.location.flatMap { files[$0.file] } ?? stacks),
        isUndecided: finding.isUndecided, stacks: stacks)
    }.sorted()
  }

  private static func note(_ stacks: Set<String>, _ users: Set<String>) -> String? {
    guard let first = stacks.min(), stacks != users else { return nil }
    return stacks.count == 1 ? "in \(first)" : "in \(first) and \(stacks.count - 1) more"
  }
}
