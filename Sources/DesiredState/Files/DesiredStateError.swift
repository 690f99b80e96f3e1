/// Why a desired state could not be read at all.
public enum DesiredStateError: Error, Hashable, Sendable, CustomStringConvertible {
  case absent(directory: String)
  case unreadable(path: String, reason: String)
  /// The directory holds neither `fleet.jsonc` nor a manifest nor a blueprint.
  case empty(directory: String)
  case gitMissing(reason: String)
  case notInRepository(directory: String)
  case unknownRevision(String, reason: String)
  case notAtRevision(path: String, revision: String)
  case unknownBlueprint(String, nearest: String?)
  case git(command: String, reason: String)
  /// There is a `.git` that git takes for none.
  case damagedRepository(root: String)
  /// Another user owns the repository.
  case foreignRepository(root: String)
  case linkOut(link: String)
  /// A part of the desired state is a link or a submodule at a commit.
  case linkAtRevision(path: String, revision: String)
  /// The checks that judge the next commit: those of the last one that was applied without refusal.
  case unreadableChecks(revision: String, reason: String)
  /// A clone that does not hold every revision.
  case incompleteHistory(root: String, IncompleteHistory)

  public var description: String {
    switch self {
    case .absent(let directory):
      "\(directory) is not a directory; name the desired state with --desired DIR"
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
    case .empty(let directory):
      "\(directory) holds no desired state; removal is said with \"destroy\" in a manifest"
    case .gitMissing(let reason): "the git program cannot be run: \(reason)"
    case .notInRepository(let directory):
      "\(directory) is not in a git repository; a revision can only be read from one"
    case .unknownRevision(let revision, let reason):
      "git knows no revision \(revision): \(reason); git fetch may bring it"
    case .notAtRevision(let path, let revision):
      "\(path) does not exist at revision \(revision); git log -- \(path) lists its revisions"
    case .unknownBlueprint(let name, let nearest):
      "there is no blueprint \"\(name)\"" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
    case .git(let command, let reason): "git \(command) failed: \(reason)"
    case .damagedRepository(let root):
      "\(root)/.git is there, but git cannot read it as a repository: it is damaged, and nothing tells "
        + "whether the desired state is committed; a fresh clone mends it (git -C \(root) fsck tells "
        + "more)"
    case .foreignRepository(let root):
      "git does not read \(root), because it belongs to another user; allow it with: git config "
        + "--global --add safe.directory \(root)"
    case .linkOut(let link):
      "\(link) is a symbolic link out of its git repository: what is behind it is not committed there; "
        + "name the directory itself with --desired DIR"
    case .linkAtRevision(let path, let revision):
      "\(path) is a symbolic link or a submodule at revision \(revision.prefix(12)), and git does not "
        + "keep what is behind it: put the files themselves in its place, and commit them"
    case .unreadableChecks(let revision, let reason):
      "a new commit is judged by the checks of \(revision.prefix(12)), the last one that was applied "
        + "without refusal, and they cannot be read: \(reason)\n  if history was rewritten on purpose, "
        + "review it and run trueup apply from a work tree of the new commit: its checks are in force "
        + "from then on"
    case .incompleteHistory(let root, let kind):
      "\(root) is a \(kind.rawValue) clone, but earlier revisions are needed to know what is ours and "
        + "what was applied; fetch the whole history: \(kind.remedy)"
    }
  }
}
