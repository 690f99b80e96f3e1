import DesiredState
import Document
import Engine
import Kinds
import Reports
import TrueupCore

/// The desired state as a command works on it: compiled, with the revision it stands for.
struct LoadedState: Sendable {
  var desired: Desired
  /// The full id of the commit; `nil` outside a git repository.
  var revision: String?
  var isDirty: Bool
  /// Files that are not as the commit has them.
  var uncommitted: [UncommittedFile] = []
  /// The root of the git repository.
  var root: String?
  var warnings: [Diagnostic]
  /// What AWS told that conditions and loops hang on.
  var facts: [Fact: Document] = [:]
  /// The commits that the stacks stand at, as far as they are committed.
  var commits: [Commit] = []
  /// What was compiled; `nil` where parts of it were taken from elsewhere.
  var files: DesiredFiles?
  /// Stacks whose last good revision stays in force.
  var heldBack: [HeldBack] = []
  /// The checks in force, where they are not those of the desired state itself, and the commit that
  /// they are of.
  var checks: [PolicyCheck]?
  var checksRevision: String?

  /// Asks AWS for facts that a compilation could not do without.
  typealias Ask = (_ facts: Set<Fact>, _ accounts: [FleetAccount]) async throws -> [Fact: Document]

  /// Reads and compiles. Throws with every error of the desired state, each at its place.
  ///
  /// - Parameter ask: used only where all else is right and a condition hangs on a fact; without it
  ///   the command ends there.
  static func load(_ invocation: Invocation, style: TextStyle, ask: Ask?) async throws
    -> LoadedState
  {
    let repository = try LoadedState.repository(of: invocation.directory)
    let (files, revision, uncommitted) = try read(
      invocation.directory, in: repository, at: invocation.string("--revision"))
    var compilation = Compiler(catalog: .standard).compile(files)
    var facts: [Fact: Document] = [:]
    var heldBack: [HeldBack] = []
    if compilation.isUndecided {
      guard let ask else {
        throw EarlyEnd(
          message: compilation.errors.map { "\($0)\n" }.joined()
            + "Valid as far as can be told without asking AWS.\n", status: .done)
      }
      facts = try await ask(compilation.requiredFacts, compilation.accounts)
      compilation = Compiler(catalog: .standard, facts: facts).compile(files)
      let missing = compilation.requiredFacts.subtracting(facts.keys)
      if compilation.isUndecided, !missing.isEmpty {
        // The stacks of an account that does not answer are left out; the others go on.
        let holding = Compiler(catalog: .standard, facts: facts).compile(
          files, holdingBackTo: [:], filesAt: { _ in nil }, areFactsAsked: true)
        guard holding.compilation.desired != nil else {
          throw EarlyEnd(
            message: missing.map { "AWS does not tell \($0)" }.sorted().joined(separator: "; "))
        }
        (compilation, heldBack) = (holding.compilation, holding.heldBack)
      }
    }
    let isStrict = invocation.has("--strict") && !compilation.warnings.isEmpty
    guard let desired = compilation.desired, !isStrict else {
      // Whoever asks about the files is told all of it; a plan is about something else.
      let others = invocation.command == .validate && !isStrict ? compilation.warnings : []
      throw EarlyEnd(
        message: others.map { "\($0)\n" }.joined()
          + text(of: compilation.diagnostics, style, isStrict: isStrict),
        diagnostics: compilation.diagnostics)
    }
    return LoadedState(
      desired: desired, revision: revision, isDirty: !uncommitted.isEmpty,
      uncommitted: uncommitted, root: repository?.root,
      warnings: compilation.warnings, facts: facts,
      commits: try revision.flatMap { try repository?.describe($0) }.map { [$0] } ?? [],
      files: heldBack.isEmpty ? files : nil, heldBack: heldBack)
  }

  /// The files at a revision, or those of the work tree and what of them is not committed; with the id of
  /// the commit that they stand for, where there is a repository.
  static func read(
    _ directory: String, in repository: GitRepository?, at revision: String?
  ) throws -> (files: DesiredFiles, revision: String?, uncommitted: [UncommittedFile]) {
    if let revision {
      let files = try DesiredFiles.read(directory: directory, revision: revision)
      return (files, files.revision, [])
    }
    let head = try repository?.head()
    let files = try DesiredFiles.read(directory: directory)
    return (files, head, try repository?.uncommitted(in: directory) ?? [])
  }

  /// What git tells of earlier revisions of the same directory.
  func history(_ invocation: Invocation) -> History {
    let directory = invocation.directory
    return History(
      Revisions(
        directory: directory, compiler: Compiler(catalog: .standard, facts: facts),
        current: files.map { ($0, desired) }))
  }

  /// The projects that the fleet file named at other revisions, as far as git tells.
  static func projects(
    at revisions: Set<String>, _ invocation: Invocation
  ) -> [String: String] {
    let directory = invocation.directory
    do {
      return try GitRepository.containing(directory)?.projects(of: directory, at: revisions) ?? [:]
    } catch {
      // Without git nothing tells that the project was renamed; everything else needs git as well.
      return [:]
    }
  }

  /// The stacks that are named, or that `--client` and `--environment` name; `nil` for all.
  func selection(_ invocation: Invocation) throws -> Set<String>? {
    let named = try stacks(invocation.stacks)
    guard named.isEmpty else {
      guard invocation.strings("--client").isEmpty, invocation.strings("--environment").isEmpty
      else { throw EarlyEnd(message: "name stacks, or use --client and --environment, not both") }
      return named
    }
    let clients = Set(invocation.strings("--client"))
    let environments = Set(invocation.strings("--environment"))
    guard !clients.isEmpty || !environments.isEmpty else { return nil }
    for client in clients.sorted() where !desired.stacks.contains(where: { $0.id.client == client })
    {
      throw EarlyEnd(
        message: unknown("client", name: client, known: desired.stacks.map(\.id.client)))
    }
    for environment in environments.sorted()
    where !desired.stacks.contains(where: { $0.id.environment == environment }) {
      throw EarlyEnd(
        message: unknown(
          "environment", name: environment, known: desired.stacks.map(\.id.environment)))
    }
    let names = desired.stacks.filter { stack in
      (clients.isEmpty || clients.contains(stack.id.client))
        && (environments.isEmpty || environments.contains(stack.id.environment))
    }.map(\.id.name)
    guard !names.isEmpty else {
      throw EarlyEnd(message: "no stack matches both --client and --environment")
    }
    return Set(names)
  }

  /// The named stacks. Throws for a name that no stack has.
  func stacks(_ names: [String]) throws -> Set<String> {
    for name in names where !desired.stacks.contains(where: { $0.id.name == name }) {
      throw EarlyEnd(message: unknown("stack", name: name, known: desired.stacks.map(\.id.name)))
    }
    return Set(names)
  }

  /// The addresses that an option names. Throws for a stack that is none.
  ///
  /// - Parameter what: what takes them, as errors call it.
  func addresses(_ texts: [String], as what: String = "--allow-data-loss") throws -> Set<Address> {
    Set(
      try texts.map { text in
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
          throw EarlyEnd(
            message: "\(what) needs an address, STACK/RESOURCE, not \"\(text)\"")
        }
        _ = try stacks([parts[0]])
        return Address(stack: parts[0], resource: parts[1])
      })
  }

  private func unknown(_ what: String, name: String, known: [String]) -> String {
    let hint = Spelling.nearest(to: name, among: Set(known).sorted()).map {
      "; did you mean \"\($0)\"?"
    }
    return "no manifest has the \(what) \"\(name)\"\(hint ?? "")"
  }

  /// - Parameter isStrict: warnings count as errors.
  static func text(
    of diagnostics: [Diagnostic], _ style: TextStyle, isStrict: Bool = false
  ) -> String {
    DiagnosticsText.render(
      diagnostics.filter { isStrict || $0.severity == .error }.sorted().map {
        LocatedMessage(
          location: $0.location, message: $0.message + ($0.note.map { " (\($0))" } ?? ""))
      }, style: style)
  }
}
