import Document
import Foundation
import TrueupCore

/// Every call that the kinds' tests saw, for `Tests/Golden/requests`: one line of JSON each, in the
/// folder that `TRUEUP_REQUESTS` names (`make test` does). `Scripts/requests/recording.py` reads it.
final class RequestRecording: @unchecked Sendable {
  /// `nil` where nothing is to be recorded.
  static let shared = ProcessInfo.processInfo.environment["TRUEUP_REQUESTS"].map {
    RequestRecording(folder: URL(fileURLWithPath: $0))
  }

  private let lock = NSLock()
  private let file: URL
  private var lines: Set<String> = []
  private var handle: FileHandle?

  init(folder: URL) {
    file = folder.appendingPathComponent(
      "unit-\(ProcessInfo.processInfo.processIdentifier).jsonl")
  }

  /// Notes a call that the kind of a type asked for. What cannot be written ends the tests.
  func add(_ call: Call, of type: String) {
    let line: Document = [
      "section": "unit", "type": .string(type), "account": .string(Scope.rehearsal.account),
      "service": .string(call.service), "operation": .string(call.operation),
      "input": call.input,
    ]
    lock.lock()
    defer { lock.unlock() }
    guard lines.insert(line.json()).inserted else { return }
    do {
      try opened().write(contentsOf: Data((line.json() + "\n").utf8))
    } catch {
      preconditionFailure("\(file.path) cannot be written: \(error)")
    }
  }

  private func opened() throws -> FileHandle {
    if let handle { return handle }
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data().write(to: file)
    let opened = try FileHandle(forWritingTo: file)
    handle = opened
    return opened
  }
}
