import Foundation

extension GitRepository {
  /// A commit as people recognise it.
  public struct CommitMark: Hashable, Sendable {
    /// The full id.
    public var id: String
    /// When it was committed.
    public var time: Date
  }

  /// The last commit, up to a revision, that changed anything below a path of the work tree; `nil`
  /// where there is none.
  public func lastChange(
    of path: String, at revision: String = "HEAD"
  ) throws(DesiredStateError) -> CommitMark? {
    let result = try GitProgram.run([
      "-C", root, "log", "-1", "--format=%H %ct", "--end-of-options", revision, "--", path,
    ])
    let parts = result.line.split(separator: " ").map(String.init)
    guard result.status == 0, parts.count == 2, let seconds = Double(parts[1]) else { return nil }
    return CommitMark(id: parts[0], time: Date(timeIntervalSince1970: seconds))
  }
}
