import TrueupCore

extension GitRepository {
  /// Files of the directory that differ from the commit that is checked out, files that git does not
  /// know included; by their path within the repository.
  public func uncommitted(in directory: String) throws(DesiredStateError) -> [String] {
    let status = try succeeding([
      "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--",
      path(of: directory),
    ])
    // "XY path", each ended by NUL.
    return status.output.split(separator: 0).map {
      String(decoding: $0.dropFirst(3), as: UTF8.self)
    }
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
