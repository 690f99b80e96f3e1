import Foundation

/// A git repository, read through the `git` program. Nothing is written to it but what a fetch brings
/// and what a deployment commits.
public struct GitRepository: Hashable, Sendable {
  /// The absolute path of the work tree's root.
  public let root: String

  /// The repository that the directory lies in; `nil` where it lies in none.
  public static func containing(
    _ directory: String
  ) throws(DesiredStateError) -> GitRepository? {
    let place = existingAncestor(of: absolute(directory))
    let result = try GitProgram.run(["-C", place, "rev-parse", "--show-toplevel"])
    let marked = marked(from: place)
    if result.status == 0 {
      let root = absolute(result.line)
      // A repository that git cannot read lets it look for one further up.
      if let marked, marked.hasPrefix(root == "/" ? root : root + "/"), marked != root {
        throw .damagedRepository(root: marked)
      }
      return GitRepository(root: root)
    }
    if result.errors.contains("dubious ownership") {
      throw .foreignRepository(root: marked ?? place)
    }
    guard result.errors.contains("not a git repository") else {
      throw .git(command: "rev-parse --show-toplevel", reason: result.reason)
    }
    if let marked { throw .damagedRepository(root: marked) }
    return nil
  }

  /// The nearest directory from here up that was made a work tree: it holds `.git`.
  private static func marked(from place: String) -> String? {
    var url = URL(fileURLWithPath: absolute(place))
    while true {
      let mark = url.appendingPathComponent(".git").path
      // An empty directory of that name, as some containers mount it, is no repository.
      let entries = try? FileManager.default.contentsOfDirectory(atPath: mark)
      if FileManager.default.fileExists(atPath: mark), entries?.isEmpty != true { return url.path }
      guard url.path != "/" else { return nil }
      url.deleteLastPathComponent()
    }
  }

  /// The first symbolic link on the way to a directory that leads out of the repository in which it
  /// stands, as the user wrote it; `nil` where there is none.
  public static func linkOut(
    onTheWayTo directory: String
  ) throws(DesiredStateError) -> String? {
    var url = URL(fileURLWithPath: directory).standardizedFileURL
    while url.path != "/" {
      let parent = url.deletingLastPathComponent()
      let link = try? FileManager.default.destinationOfSymbolicLink(atPath: url.path)
      if link != nil, let repository = try containing(parent.path),
        try containing(url.path) != repository
      {
        return url.path
      }
      url = parent
    }
    return nil
  }

  /// The full id of the commit that is checked out; `nil` while there is none.
  public func head() throws(DesiredStateError) -> String? {
    let result = try git(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])
    return result.status == 0 ? result.line : nil
  }

  /// Whether anything in the directory differs from the commit that is checked out, files that git
  /// does not know included.
  public func isDirty(_ directory: String) throws(DesiredStateError) -> Bool {
    let arguments = [
      "status", "--porcelain", "--untracked-files=all", "--", path(of: directory),
    ]
    return try !succeeding(arguments).output.isEmpty
  }

  /// The full id of the commit that a revision (branch, tag, abbreviated id) names.
  public func commit(_ revision: String) throws(DesiredStateError) -> String {
    let result = try git(["rev-parse", "--verify", "--end-of-options", "\(revision)^{commit}"])
    guard result.status == 0, !result.line.isEmpty else {
      throw .unknownRevision(revision, reason: result.reason)
    }
    return result.line
  }

  /// The files below a directory at a commit, by their path within the directory. Links and
  /// submodules are left out.
  ///
  /// - Parameter isNeeded: whether a path must not be a link or a submodule: git does not tell what is
  ///   behind it.
  public func files(
    in directory: String, below path: String = "", at commit: String,
    needing isNeeded: (String) -> Bool = { _ in false }
  ) throws(DesiredStateError) -> [String: [UInt8]] {
    let folder = self.path(of: directory)
    let prefix = folder == "." ? "" : folder + "/"
    let place = prefix + path
    let listing = try succeeding(
      ["ls-tree", "-r", "-z", "--full-tree", commit, "--"] + (place.isEmpty ? [] : [place]))
    var pathsByID: [String: [String]] = [:]
    for entry in listing.output.split(separator: 0) {
      // "100644 blob 4f2c91e…<tab>path"
      let parts = entry.split(separator: UInt8(ascii: "\t"), maxSplits: 1)
      guard parts.count == 2 else { continue }
      let fields = String(decoding: parts[0], as: UTF8.self).split(separator: " ")
      guard fields.count == 3 else { continue }
      let name = String(decoding: parts[1], as: UTF8.self)
      let path = String(name.dropFirst(prefix.count))
      guard fields[0].hasPrefix("100") else {
        if isNeeded(path) { throw .linkAtRevision(path: name, revision: commit) }
        continue
      }
      pathsByID[String(fields[2]), default: []].append(path)
    }
    let contents = try blobs(pathsByID.keys.sorted())
    var files: [String: [UInt8]] = [:]
    for (id, paths) in pathsByID {
      for path in paths { files[path] = contents[id] }
    }
    return files
  }

  /// The contents of blobs by id, a thousand per process: their ids fit a pipe.
  private func blobs(_ ids: [String]) throws(DesiredStateError) -> [String: [UInt8]] {
    var contents: [String: [UInt8]] = [:]
    for start in stride(from: 0, to: ids.count, by: 1000) {
      let batch = ids[start..<min(start + 1000, ids.count)]
      let input = batch.map { $0 + "\n" }.joined()
      var rest = try succeeding(["cat-file", "--batch"], input: Array(input.utf8)).output[...]
      for id in batch {
        // "<id> blob <size>", a line feed, the bytes, a line feed.
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")),
          let word = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ").last,
          let size = Int(word), rest.endIndex > end + 1 + size
        else { throw .git(command: "cat-file --batch", reason: "object \(id) is missing") }
        contents[id] = Array(rest[(end + 1)..<(end + 1 + size)])
        rest = rest[(end + size + 2)...]
      }
    }
    return contents
  }

  func git(
    _ arguments: [String], input: [UInt8] = []
  ) throws(DesiredStateError) -> GitProgram.Result {
    try GitProgram.run(["-C", root] + arguments, input: input)
  }

  func succeeding(
    _ arguments: [String], input: [UInt8] = []
  ) throws(DesiredStateError) -> GitProgram.Result {
    let result = try git(arguments, input: input)
    guard result.status == 0 else {
      throw .git(command: arguments.joined(separator: " "), reason: result.reason)
    }
    return result
  }

  /// The directory's path within the repository, `.` for its root.
  func path(of directory: String) -> String {
    let path = Self.absolute(directory)
    if path == root { return "." }
    return path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
  }

  private static func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
  }

  /// A directory that is gone from the work tree may still be in an older revision.
  private static func existingAncestor(of path: String) -> String {
    var url = URL(fileURLWithPath: path)
    while !FileManager.default.fileExists(atPath: url.path), url.path != "/" {
      url.deleteLastPathComponent()
    }
    return url.path
  }
}
