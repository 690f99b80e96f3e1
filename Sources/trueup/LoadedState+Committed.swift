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
    let directory = invocation.string("--desired") ?? "desired-state"
    let files: DesiredFiles
    var isDirty = false
    if let commit {
      files = try DesiredFiles.read(directory: directory, revision: commit)
    } else {
      files = try DesiredFiles.read(directory: directory)
      isDirty = try repository?.isDirty(directory) ?? false
    }
    let revision = try commit ?? repository?.head()
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
      desired: desired, revision: revision, isDirty: isDirty, root: repository?.root,
      warnings: holding.compilation.warnings, facts: facts,
      commits: try revisions.sorted().compactMap { try repository?.describe($0) },
      heldBack: holding.heldBack)
  }

  /// Refuses a clone that lacks earlier revisions: they tell what is ours, and what was applied.
  static func requireWholeHistory(_ invocation: Invocation) throws {
    try GitRepository.containing(invocation.string("--desired") ?? "desired-state")?
      .requireWholeHistory()
  }

  /// Refuses a desired state that is not committed, unless `--allow-dirty` says so.
  static func refuseUncommitted(
    _ invocation: Invocation, in repository: GitRepository?
  ) throws {
    let directory = invocation.string("--desired") ?? "desired-state"
    guard let repository, !invocation.has("--allow-dirty") else { return }
    let files = try repository.uncommitted(in: directory).sorted()
    guard !files.isEmpty else { return }
    let shown = files.prefix(3).joined(separator: ", ")
    let more = files.count > 3 ? " and \(files.count - 3) more" : ""
    throw EarlyEnd(
      message: "\(directory) has changes that are not committed: \(shown)\(more)\n"
        + "  git commit makes them the desired state"
        // Only a commit has a revision that can be written to what is taken over.
        + (invocation.command == .adopt ? "" : "; --allow-dirty applies them as they are") + "\n",
      status: .refused)
  }
}
