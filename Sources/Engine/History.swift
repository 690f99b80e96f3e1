import DesiredState
import TrueupCore

/// What git tells of earlier revisions of the desired state.
public struct History: Sendable {
  /// These stacks as a revision wants them. A stack that had no manifest then is left out. One that does
  /// not compile makes all of the answer `broken`, so that a caller may ask for each by itself.
  public var desired: @Sendable (_ revision: String, _ stacks: Set<String>) async -> Recalled
  /// Whether a commit is the other or among its ancestors; false where git does not know one of them.
  public var isAncestor: @Sendable (_ ancestor: String, _ descendant: String) async -> Bool

  public init(
    desired: @escaping @Sendable (_ revision: String, _ stacks: Set<String>) async -> Recalled,
    isAncestor: @escaping @Sendable (_ ancestor: String, _ descendant: String) async -> Bool
  ) {
    self.desired = desired
    self.isAncestor = isAncestor
  }

  /// Where there is no git repository.
  public static let none = History(
    desired: { _, _ in .unknown }, isAncestor: { _, _ in false })
}

/// A revision, recalled.
public enum Recalled: Sendable {
  case desired(Desired)
  /// git has it, and it does not compile; for people, why.
  case broken(String)
  /// git does not have it.
  case unknown
}

extension History {
  /// The history of a git repository.
  public init(_ revisions: Revisions) {
    self.init(
      desired: { revision, stacks in Recalled(revisions, stacks, at: revision) },
      isAncestor: { revisions.isAncestor($0, of: $1) })
  }
}

extension Recalled {
  fileprivate init(_ revisions: Revisions, _ stacks: Set<String>, at revision: String) {
    // Who may tag could write the name of a branch, which would be known for ever.
    guard GitRepository.isFullID(revision) else {
      self = .unknown
      return
    }
    do throws(DesiredStateError) {
      let compilation = try revisions.compile(stacks, at: revision)
      self =
        compilation.desired.map(Recalled.desired)
        ?? .broken(compilation.errors.map(\.description).joined(separator: "\n"))
    } catch .unknownRevision, .notInRepository {
      self = .unknown
    } catch {
      self = .broken(error.description)
    }
  }
}
