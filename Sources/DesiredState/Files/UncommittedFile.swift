import TrueupCore

/// A file of the desired state that is not as the commit has it: nobody could tell later what was
/// applied.
public struct UncommittedFile: Hashable, Comparable, Sendable, CustomStringConvertible {
  public enum Reason: String, Hashable, Sendable {
    /// It differs from the commit, or is new.
    case changed
    /// A rule of `.gitignore` hides it, or it lies in another repository within this one.
    case unknown
    /// git was told not to look whether it has changed.
    case unwatched
    /// git keeps where a link points to, and not what stands there.
    case link
  }

  /// Within the repository.
  public var path: String
  public var reason: Reason

  public init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }

  /// The path, and what is special about it.
  public var description: String {
    switch reason {
    case .changed: path
    case .unknown: "\(path) (git does not keep it)"
    case .unwatched: "\(path) (git does not look at it)"
    case .link: "\(path) (a symbolic link)"
    }
  }

  /// How it becomes part of a commit.
  public var remedy: String {
    switch reason {
    case .changed: "git commit makes them the desired state"
    case .unknown:
      "git add --force \(path), and a commit: .gitignore hides it from git, or it lies in a repository "
        + "of its own"
    case .unwatched:
      "git update-index --no-assume-unchanged --no-skip-worktree \(path) (git sparse-checkout disable "
        + "for a sparse checkout), then look at it and commit it"
    case .link:
      "put the file itself in the place of the link \(path): git keeps only where a link points to"
    }
  }

  public static func < (left: UncommittedFile, right: UncommittedFile) -> Bool {
    (left.path, left.reason.rawValue) < (right.path, right.reason.rawValue)
  }
}
