import Document
import Foundation
import TrueupCore

/// Files that were parsed already, by what stands in them: from one revision to the next most of a
/// desired state is the same.
final class ParsedFiles: @unchecked Sendable {
  private struct BlueprintKey: Hashable {
    var bytes: [UInt8]
    var name: String
  }

  // Unchecked: both are touched under `lock` alone.
  private var nodes: [[UInt8]: Result<Node, ReadingError>] = [:]
  private var blueprints: [BlueprintKey: (blueprint: Blueprint?, log: DiagnosticLog)] = [:]
  private let lock = NSLock()

  func node(_ bytes: [UInt8]) -> Result<Node, ReadingError> {
    if let known = lock.withLock({ nodes[bytes] }) { return known }
    let node = Self.parse(bytes)
    lock.withLock { nodes[bytes] = node }
    return node
  }

  /// The blueprint with what is wrong with it, at the places in the file where it was met first.
  func blueprint(
    _ bytes: [UInt8], name: String, file: String
  ) -> (blueprint: Blueprint?, log: DiagnosticLog) {
    let key = BlueprintKey(bytes: bytes, name: name)
    if let known = lock.withLock({ blueprints[key] }) { return known }
    let blueprint = Self.blueprint(node(bytes), name: name, file: file)
    lock.withLock { blueprints[key] = blueprint }
    return blueprint
  }

  static func parse(_ bytes: [UInt8]) -> Result<Node, ReadingError> {
    Result { () throws(ReadingError) in try JSON.readNode(bytes) }.mapError {
      ForeignText.explained($0, bytes)
    }
  }

  static func blueprint(
    _ node: Result<Node, ReadingError>, name: String, file: String
  ) -> (blueprint: Blueprint?, log: DiagnosticLog) {
    let log = DiagnosticLog()
    switch node {
    case .success(let node):
      return (Blueprint(node, name: name, file: file, log: log), log)
    case .failure(let error):
      log.error(error.message, at: SourceLocation(file: file, position: error.position))
      return (nil, log)
    }
  }
}
