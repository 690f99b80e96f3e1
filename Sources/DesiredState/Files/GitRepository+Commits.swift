import TrueupCore

extension GitRepository {
  /// Files of the directory that are not as the commit has them that is checked out, sorted: what git
  /// itself finds, and what it does not look at although a run would read it.
  public func uncommitted(in directory: String) throws(DesiredStateError) -> [UncommittedFile] {
    let folder = path(of: directory)
    let status = try succeeding([
      "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", folder,
    ])
    // "XY path", each ended by NUL.
    var found = status.output.split(separator: 0).map {
      UncommittedFile(path: String(decoding: $0.dropFirst(3), as: UTF8.self), reason: .changed)
    }
    let index = try index(of: folder)
    for file in try DesiredFiles.places(in: directory) {
      let path = folder == "." ? file.path : "\(folder)/\(file.path)"
      if file.isLinked || index[path]?.isLink == true {
        found.append(UncommittedFile(path: path, reason: .link))
      } else if index[path] == nil, !found.contains(where: { $0.path == path }) {
        found.append(UncommittedFile(path: path, reason: .unknown))
      }
    }
    found += index.filter(\.value.isUnwatched).map {
      UncommittedFile(path: $0.key, reason: .unwatched)
    }
    return found.sorted()
  }

  private struct IndexEntry {
    var isLink: Bool
    /// Marked "assume unchanged" or "skip worktree".
    var isUnwatched: Bool
  }

  /// What git keeps below a folder, by path within the repository.
  /// Source: git-ls-files(1), "-v", "-s" and "OUTPUT".
  private func index(of folder: String) throws(DesiredStateError) -> [String: IndexEntry] {
    var entries: [String: IndexEntry] = [:]
    for line in try succeeding(["ls-files", "-s", "-v", "-z", "--", folder]).output.split(
      separator: 0)
    {
      // "<tag> <mode> <id> <stage>", a tab, the path. Tags of what is assumed unchanged are in lower case.
      let parts = line.split(separator: UInt8(ascii: "\t"), maxSplits: 1)
      let words = parts[0].split(separator: UInt8(ascii: " "))
      guard parts.count == 2, words.count == 4, let tag = words[0].first else { continue }
      entries[String(decoding: parts[1], as: UTF8.self)] = IndexEntry(
        isLink: words[1].elementsEqual("120000".utf8),
        isUnwatched: tag == UInt8(ascii: "S") || tag >= UInt8(ascii: "a"))
    }
    return entries
  }

  /// Commits files that git knows as they stand in the work tree, and nothing else.
  ///
  /// - Parameter paths: as the user would write them.
  public func commit(_ paths: [String], message: String) throws(DesiredStateError) {
    _ = try succeeding(
      ["commit", "--quiet", "--only", "--message", message, "--"]
        + paths.map { path(of: $0) })
  }

  /// Who committed what: of a full commit id.
  public func describe(_ commit: String) throws(DesiredStateError) -> Commit {
    let log = try succeeding([
      "log", "-1", "--no-show-signature", "--format=%an <%ae>%x00%s%x00%ct", commit, "--",
    ])
    let fields = log.line.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 3, let time = Double(fields[2]) else {
      throw .git(command: "log", reason: "commit \(commit) is not described as asked for")
    }
    return Commit(revision: commit, author: fields[0], subject: fields[1], at: time)
  }

  /// Why a commit's signature is not valid; `nil` where it is (`git verify-commit`, which takes
  /// OpenPGP, X.509 and SSH signatures by the repository's configuration).
  public func signatureProblem(_ commit: String) throws(DesiredStateError) -> String? {
    let result = try git(["verify-commit", commit])
    guard result.status != 0 else { return nil }
    return result.errors.isEmpty ? "it is not signed" : result.reason
  }
}

/// A branch of a remote that is followed: `origin/main`.
public struct FollowedBranch: Hashable, Sendable {
  public var remote: String
  public var branch: String

  /// - Parameters:
  ///   - name: `origin/main`; a branch's name may hold slashes itself.
  ///   - remotes: the repository's remotes.
  ///
  /// Returns `nil` where the name begins with no remote: it is a local branch.
  public init?(_ name: String, remotes: [String]) {
    let found = remotes.filter { name.hasPrefix($0 + "/") }.max { $0.count < $1.count }
    guard let found, name.count > found.count + 1 else { return nil }
    remote = found
    branch = String(name.dropFirst(found.count + 1))
  }
}

extension GitRepository {
  /// The branch of a remote that a name means; `nil` for a local branch.
  public func followed(_ name: String) throws(DesiredStateError) -> FollowedBranch? {
    let remotes = try succeeding(["remote"]).output.split(separator: UInt8(ascii: "\n"))
    return FollowedBranch(name, remotes: remotes.map { String(decoding: $0, as: UTF8.self) })
  }

  /// Brings the branch's newest commits. The work tree and local branches are not touched.
  public func fetch(_ followed: FollowedBranch) throws(DesiredStateError) {
    let (remote, branch) = (followed.remote, followed.branch)
    _ = try succeeding([
      "fetch", "--quiet", "--no-tags", "--end-of-options", remote,
      "+refs/heads/\(branch):refs/remotes/\(remote)/\(branch)",
    ])
  }
}
