import Document

/// What a clone lacks of its repository's history.
public enum IncompleteHistory: String, Hashable, Sendable {
  /// Commits end at some depth (`git clone --depth 1`).
  case shallow
  /// Objects are brought when they are asked for (`git clone --filter=blob:none`).
  case partial

  /// For a person, and for GitHub's actions/checkout.
  /// Source: actions/checkout README, "Usage": `fetch-depth` is 1 by default, and both `filter` and
  /// `sparse-checkout` make a partial clone.
  var remedy: String {
    switch self {
    case .shallow: "git fetch --unshallow; for actions/checkout: fetch-depth: 0"
    case .partial:
      "clone it without --filter; for actions/checkout: fetch-depth: 0, and neither filter nor "
        + "sparse-checkout"
    }
  }
}

extension GitRepository {
  /// What the clone lacks; `nil` where it has the whole history.
  /// Source: gitrepository-layout(5), "shallow"; git-config(1), "extensions.partialClone" and
  /// "remote.<name>.promisor".
  public func incompleteHistory() throws(DesiredStateError) -> IncompleteHistory? {
    if try succeeding(["rev-parse", "--is-shallow-repository"]).line == "true" { return .shallow }
    let settings = try git([
      "config", "--get-regexp", #"^(remote\..*\.promisor|extensions\.partialclone)$"#,
    ])
    // It exits with 1 where nothing is set. A line is "key value", or "key" for true.
    let isPartial = settings.output.split(separator: UInt8(ascii: "\n")).contains { line in
      let words = String(decoding: line, as: UTF8.self).split(separator: " ", maxSplits: 1)
      let value = words.count > 1 ? words[1].lowercased() : "true"
      return !["false", "no", "off", "0"].contains(value)
    }
    return isPartial ? .partial : nil
  }

  /// - Throws: where the clone lacks a part of the history.
  public func requireWholeHistory() throws(DesiredStateError) {
    if let kind = try incompleteHistory() { throw .incompleteHistory(root: root, kind) }
  }

  /// Which of these full commit ids the repository has. Anything else (a branch's name, an abbreviated
  /// id, as somebody may write it into a tag) is none.
  public func known(_ revisions: Set<String>) throws(DesiredStateError) -> Set<String> {
    var known: Set<String> = []
    let ids = revisions.filter(Self.isFullID).sorted()
    for start in stride(from: 0, to: ids.count, by: 1000) {
      let batch = ids[start..<min(start + 1000, ids.count)]
      let input = batch.map { $0 + "\n" }.joined()
      let reply = try succeeding(["cat-file", "--batch-check"], input: Array(input.utf8))
      // "<id> commit <size>", or "<id> missing".
      for line in reply.output.split(separator: UInt8(ascii: "\n")) {
        let words = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
        if words.count == 3, words[1] == "commit" { known.insert(words[0]) }
      }
    }
    return known
  }

  /// Whether a commit is another one or comes before it; `false` where git knows one of them not.
  public func isAncestor(
    _ commit: String, of descendant: String
  ) throws(DesiredStateError) -> Bool {
    guard commit != descendant else { return true }
    return try git(["merge-base", "--is-ancestor", "--end-of-options", commit, descendant]).status
      == 0
  }

  /// The branch of the remote on which commits stay, `origin/main`: what the remote calls its HEAD,
  /// else what is usual. `nil` where there is no remote, or none of these was fetched from it.
  public func defaultBranch() throws(DesiredStateError) -> String? {
    let remotes = try succeeding(["remote"]).output.split(separator: UInt8(ascii: "\n"))
      .map { String(decoding: $0, as: UTF8.self) }
    guard let remote = remotes.first(where: { $0 == "origin" }) ?? remotes.first else { return nil }
    let prefix = "refs/remotes/"
    let head = try git(["symbolic-ref", "--quiet", "\(prefix)\(remote)/HEAD"])
    var branches = ["main", "master"]
    let configured = try git(["config", "--get", "init.defaultBranch"])
    if configured.status == 0, !configured.line.isEmpty { branches.insert(configured.line, at: 0) }
    var candidates = branches.map { "\(prefix)\(remote)/\($0)" }
    if head.status == 0, head.line.hasPrefix(prefix) { candidates.insert(head.line, at: 0) }
    for candidate in candidates {
      let commit = try git(["rev-parse", "--verify", "--quiet", "\(candidate)^{commit}"])
      if commit.status == 0 { return String(candidate.dropFirst(prefix.count)) }
    }
    return nil
  }

  /// The default branch, where a commit is not on it.
  public func defaultBranch(lacking commit: String) throws(DesiredStateError) -> String? {
    guard let branch = try defaultBranch() else { return nil }
    return try isAncestor(commit, of: "refs/remotes/\(branch)") ? nil : branch
  }

  /// Whether a text is the full id of an object: SHA-1 or SHA-256, as git writes them.
  public static func isFullID(_ text: String) -> Bool {
    (text.utf8.count == 40 || text.utf8.count == 64)
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}

extension GitRepository {
  /// The project that the fleet file of a directory named at each of these commits, in one call of git.
  /// Left out are commits that git does not know, and those at which there is no such file, or none that
  /// can be read.
  public func projects(
    of directory: String, at revisions: Set<String>
  ) throws(DesiredStateError) -> [String: String] {
    let folder = path(of: directory)
    let file = (folder == "." ? "" : folder + "/") + Fleet.fileName
    let ids = revisions.filter(Self.isFullID).sorted()
    // A batch is read line by line.
    guard !file.contains(where: \.isNewline) else { return [:] }
    var projects: [String: String] = [:]
    let size = max(1, 48_000 / (file.utf8.count + 66))
    for start in stride(from: 0, to: ids.count, by: size) {
      let batch = ids[start..<min(start + size, ids.count)]
      let input = batch.map { "\($0):\(file)\n" }.joined()
      var rest = try succeeding(["cat-file", "--batch"], input: Array(input.utf8)).output[...]
      for revision in batch {
        // "<id> blob <size>", a line feed, the bytes, a line feed; or "<name> missing".
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { break }
        let words = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ")
        rest = rest[(end + 1)...]
        guard words.last != "missing", let size = words.last.flatMap({ Int($0) }),
          rest.count > size
        else { continue }
        let bytes = Array(rest.prefix(size))
        rest = rest.dropFirst(size + 1)
        projects[revision] = (try? JSON.readNode(bytes))?["project"]?.string
      }
    }
    return projects
  }
}
