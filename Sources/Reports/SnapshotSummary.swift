import Document
import TrueupCore

/// What `trueup snapshot` tells: which files it wrote, and which stacks it could not observe.
public struct SnapshotSummary: Sendable {
  /// What became of a stack's file.
  public enum Status: String, Hashable, Sendable {
    case written, unchanged, failed, refused, stale, pruned
  }

  public struct File: Hashable, Sendable {
    public var stack: String
    public var path: String
    public var status: Status
    /// How many resources are recorded.
    public var resources: Int
    /// Why it was not written.
    public var error: String?

    public init(
      stack: String, path: String, status: Status, resources: Int = 0, error: String? = nil
    ) {
      self.stack = stack
      self.path = path
      self.status = status
      self.resources = resources
      self.error = error
    }
  }

  public var directory: String
  public var files: [File]
  public var calls: CallCount
  public var seconds: Double

  public init(directory: String, files: [File], calls: CallCount, seconds: Double) {
    self.directory = directory
    self.files = files.sorted { $0.stack < $1.stack }
    self.calls = calls
    self.seconds = seconds
  }

  /// Failed files make it an error, refused ones a refusal.
  public var exitStatus: ExitStatus {
    if files.contains(where: { $0.status == .failed }) { return .error }
    return files.contains { $0.status == .refused } ? .refused : .done
  }

  /// For people: a line per file that is not as it was, and one that sums up.
  public func text(style: TextStyle = .plain) -> String {
    var lines = aligned(
      files.filter { $0.status != .unchanged }.map { file in
        let note: String =
          switch file.status {
          case .written: Wording.count(file.resources, "resource")
          case .stale: "its stack is gone; remove the file with --prune"
          case .pruned: "its stack is gone"
          default: file.error?.printable ?? ""
          }
        return [file.path, file.status.rawValue, note]
      })
    let recorded = files.filter { $0.status == .written || $0.status == .unchanged }
    let resources = recorded.map(\.resources).reduce(0, +)
    let changed = files.count { $0.status == .written || $0.status == .pruned }
    let effort = Wording.count(calls.total, "API call")
    lines.append(
      "Recorded \(Wording.count(recorded.count, "stack")), \(Wording.count(resources, "resource")) "
        + "in \(directory): "
        + (changed == 0 ? "nothing changed" : "\(Wording.count(changed, "file")) changed")
        + ".   \(effort), \(Wording.duration(seconds))")
    return lines.map { $0 + "\n" }.joined()
  }

  /// For programs.
  public var json: Document {
    [
      "formatVersion": 1, "directory": .string(directory),
      "stacks": .list(
        files.map { file in
          [
            "stack": .string(file.stack), "file": .string(file.path),
            "status": .string(file.status.rawValue), "resources": .integer(file.resources),
            "error": Document(text: file.error),
          ]
        }),
      "calls": ["total": .integer(calls.total)],
    ]
  }
}
