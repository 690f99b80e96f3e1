import Document

/// Reads the files of single stacks at revisions. Not safe for use by several threads at once.
final class RevisionReader {
  /// A directory at a commit: a pin's, or the desired state's itself.
  private struct Place {
    var commit: String
    var tree: GitTree
  }

  private let directory: String
  private let repository: GitRepository
  private let parsed: ParsedFiles
  private let objects: GitObjects
  private let folder: String
  private var blobs: [String: [UInt8]] = [:]
  private var commits: [String: String?] = [:]
  /// The last one read: all stacks of a revision are mostly asked for together.
  private var last: (commit: String, place: Place)?
  private var trees: [String: GitTree] = [:]

  init(
    directory: String, repository: GitRepository, parsed: ParsedFiles
  ) throws(DesiredStateError) {
    self.directory = directory
    self.repository = repository
    self.parsed = parsed
    objects = try GitObjects(of: repository)
    folder = repository.path(of: directory)
  }

  /// The fleet, the manifests of these stacks, the blueprints that they use, and whatever they may take
  /// values from.
  func files(
    of stacks: Set<String>, at revision: String
  ) throws(DesiredStateError) -> DesiredFiles {
    // A name such as "main" was never written into a tag, and means something else every day.
    guard Self.isCommitID(revision) else {
      throw .unknownRevision(revision, reason: "it is not the id of a commit")
    }
    let place = try place(revision)
    var files = DesiredFiles(directory: directory, revision: place.commit, contents: [:])
    files.contents[Fleet.fileName] = try file(Fleet.fileName, in: place)
    guard files.contents[Fleet.fileName] != nil else {
      throw .notAtRevision(path: files.path(Fleet.fileName), revision: revision)
    }
    if stacks.isEmpty { return files }
    let clients = try tree("clients", in: place)
    let manifests = clients?.entries(Set(stacks.map { "\($0).jsonc" })) ?? [:]
    var imports: Set<String> = []
    for (name, entry) in manifests where entry.isFile {
      imports.formUnion(try add(name, entry, to: &files, place: place))
    }
    if !imports.isEmpty { try addSources(of: imports, clients, to: &files, place) }
    return files
  }

  func isAncestor(
    _ ancestor: String, of descendant: String
  ) throws(DesiredStateError) -> Bool {
    guard Self.isCommitID(ancestor), Self.isCommitID(descendant),
      let first = try commit(ancestor), let second = try commit(descendant)
    else { return false }
    if first == second { return true }
    return try repository.git(["merge-base", "--is-ancestor", first, second]).status == 0
  }

  // MARK: Files

  /// A manifest with its blueprint. Returns what of imports the blueprint mentions.
  private func add(
    _ name: String, _ entry: GitTree.Entry, to files: inout DesiredFiles, place: Place
  ) throws(DesiredStateError) -> Set<String> {
    guard let bytes = try blob(entry.id) else { return [] }
    files.contents["clients/\(name)"] = bytes
    guard let blueprint = try blueprint(ofManifest: bytes, in: &files, place),
      case .success(let node) = parsed.node(blueprint)
    else { return [] }
    return Node.imports.filter { node.mentions([$0]) }
  }

  /// The blueprint that a manifest uses, as the compilation will look for it.
  private func blueprint(
    ofManifest bytes: [UInt8], in files: inout DesiredFiles, _ place: Place
  ) throws(DesiredStateError) -> [UInt8]? {
    guard case .success(let manifest) = parsed.node(bytes),
      let use = BlueprintUse(manifest["blueprint"])
    else { return nil }
    if let pin = use.pin {
      if files.pinned[pin] == nil { files.pinned[pin] = pinned(pin, use.path) }
    } else if files.contents[use.path] == nil {
      files.contents[use.path] = try file(use.path, in: place)
    }
    return files.bytes(of: use)
  }

  private func pinned(
    _ pin: PinnedBlueprint, _ path: String
  ) -> Result<[UInt8], DesiredStateError> {
    do throws(DesiredStateError) {
      guard let bytes = try file(path, in: try place(pin.revision)) else {
        throw .notAtRevision(path: path, revision: pin.revision)
      }
      return .success(bytes)
    } catch {
      return .failure(error)
    }
  }

  /// Any other stack may export what is imported; outputs may be anybody's.
  private func addSources(
    of imports: Set<String>, _ clients: GitTree?, to files: inout DesiredFiles, _ place: Place
  ) throws(DesiredStateError) {
    for (name, entry) in clients?.entries() ?? [:] where entry.isFile && name.hasSuffix(".jsonc") {
      let path = "clients/\(name)"
      guard files.contents[path] == nil, let bytes = try blob(entry.id),
        let blueprint = try blueprint(ofManifest: bytes, in: &files, place),
        case .success(let node) = parsed.node(blueprint),
        imports.contains("Fn::GetStackOutput") || node.mentions(["Export"])
      else { continue }
      files.contents[path] = bytes
    }
  }

  // MARK: Objects

  private static func isCommitID(_ text: String) -> Bool {
    [40, 64].contains(text.utf8.count) && text.allSatisfy(\.isHexDigit)
  }

  private func commit(_ revision: String) throws(DesiredStateError) -> String? {
    if let known = commits[revision] { return known }
    let found = try objects.object("\(revision)^{commit}")?.id
    commits[revision] = .some(found)
    return found
  }

  private func place(_ revision: String) throws(DesiredStateError) -> Place {
    guard let commit = try commit(revision) else {
      throw .unknownRevision(revision, reason: "there is no such commit")
    }
    if let last, last.commit == commit { return last.place }
    let name = folder == "." ? "\(commit)^{tree}" : "\(commit):\(folder)"
    guard let tree = try objects.object(name), tree.type == "tree" else {
      throw .notAtRevision(path: directory, revision: revision)
    }
    let place = Place(commit: commit, tree: GitTree(tree.bytes, idDigits: commit.utf8.count))
    last = (commit, place)
    trees = [:]
    return place
  }

  /// A file's bytes; `nil` where there is none. A link is none.
  private func file(_ path: String, in place: Place) throws(DesiredStateError) -> [UInt8]? {
    let parts = path.split(separator: "/")
    guard let name = parts.last,
      let tree = try tree(parts.dropLast().joined(separator: "/"), in: place),
      let entry = tree[String(name)], entry.isFile
    else { return nil }
    return try blob(entry.id)
  }

  private func tree(_ path: String, in place: Place) throws(DesiredStateError) -> GitTree? {
    var tree = place.tree
    for name in path.split(separator: "/") {
      guard let entry = tree[String(name)], entry.isDirectory else { return nil }
      if trees[entry.id] == nil, let object = try objects.object(entry.id) {
        trees[entry.id] = GitTree(object.bytes, idDigits: entry.id.utf8.count)
      }
      guard let next = trees[entry.id] else { return nil }
      tree = next
    }
    return tree
  }

  private func blob(_ id: String) throws(DesiredStateError) -> [UInt8]? {
    if let known = blobs[id] { return known }
    let bytes = try objects.object(id)?.bytes
    blobs[id] = bytes
    return bytes
  }
}
