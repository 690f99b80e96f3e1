import DesiredState
import Document
import Kinds
import Reports
import TrueupCore

extension LoadedState {
  /// The desired state of a reconcile: a stack that does not compile stays at its last good revision.
  ///
  /// - Parameters:
  ///   - commit: read from git, without a look at the work tree; `nil` reads the work tree.
  ///   - lastGood: the revisions in force, by stack name.
  static func committed(
    _ invocation: Invocation, in repository: GitRepository?, at commit: String?,
    lastGood: [String: LastGoodRevision], style: TextStyle, ask: Ask
  ) async throws -> LoadedState {
    let directory = invocation.directory
    let (files, revision, uncommitted) = try read(directory, in: repository, at: commit)
    var earlier: [String: DesiredFiles?] = [:]
    func filesAt(_ revision: String) -> DesiredFiles? {
      if let known = earlier[revision] { return known }
      // A revision that git has lost cannot stay in force; the stack is then left alone, and said so.
      let files = try? DesiredFiles.read(directory: directory, revision: revision)
      earlier[revision] = .some(files)
      return files
    }
    var facts: [Fact: Document] = [:]
    var holding = Compiler(catalog: .standard).compile(
      files, holdingBackTo: lastGood, filesAt: filesAt)
    if holding.compilation.isUndecided {
      facts = try await ask(holding.compilation.requiredFacts, holding.compilation.accounts)
      holding = Compiler(catalog: .standard, facts: facts).compile(
        files, holdingBackTo: lastGood, filesAt: filesAt, areFactsAsked: true)
    }
    guard let desired = holding.compilation.desired else {
      throw EarlyEnd(message: text(of: holding.compilation.diagnostics, style))
    }
    let revisions = Set(holding.heldBack.compactMap(\.revision) + [revision].compactMap(\.self))
    return LoadedState(
      desired: desired, revision: revision, isDirty: !uncommitted.isEmpty,
      root: repository?.root,
      warnings: holding.compilation.warnings, facts: facts,
      commits: try revisions.sorted().compactMap { try repository?.describe($0) },
      heldBack: holding.heldBack)
  }

  /// Refuses a clone that lacks earlier revisions: they tell what is ours, and what was applied.
  static func requireWholeHistory(_ invocation: Invocation) throws {
    try GitRepository.containing(invocation.directory)?
      .requireWholeHistory()
  }

  /// Refuses a desired state that is not committed, unless `--allow-dirty` says so.
  static func refuseUncommitted(
    _ invocation: Invocation, in repository: GitRepository?
  ) throws {
    let directory = invocation.directory
    guard let repository, !invocation.has("--allow-dirty") else { return }
    let files = try repository.uncommitted(in: directory)
    guard !files.isEmpty else { return }
    // Only a commit has a revision that can be written to what is taken over.
    throw EarlyEnd(
      message: uncommittedText(files, directory)
        + (invocation.command == .adopt ? "" : "; --allow-dirty applies them as they are") + "\n",
      status: .refused)
  }

  /// What is not committed, and how it can be.
  static func uncommittedText(_ files: [UncommittedFile], _ directory: String) -> String {
    let shown = files.prefix(3).map(\.description).joined(separator: ", ")
    let more = files.count > 3 ? " and \(files.count - 3) more" : ""
    let reasons = files.reduce(into: [UncommittedFile]()) { kept, file in
      if !kept.contains(where: { $0.reason == file.reason }) { kept.append(file) }
    }
    return "\(directory) has changes that are not committed: \(shown)\(more)\n  "
      + reasons.map(\.remedy).joined(separator: "\n  ")
  }

  /// The repository of a desired state. Throws where it is damaged, or where a link leads out of it.
  static func repository(of directory: String) throws -> GitRepository? {
    if let link = try GitRepository.linkOut(onTheWayTo: directory) {
      throw DesiredStateError.linkOut(link: link)
    }
    return try GitRepository.containing(directory)
  }
}
