import Foundation
import TrueupCore

/// The desired state at earlier revisions, of some stacks at a time: reads what is needed for them and
/// no more, by one git process however many revisions are asked for. What is the same at several
/// revisions is parsed once.
public final class Revisions: @unchecked Sendable {
  private let directory: String
  private let compiler: Compiler
  private let current: (files: DesiredFiles, desired: Desired)?
  /// Where each stack stands in it.
  private let places: [String: Int]
  private let parsed = ParsedFiles()
  private let compiled: CompiledStacks
  // Unchecked: both are touched under `lock` alone.
  private var reader: RevisionReader?
  private var ancestry: [[String]: Bool] = [:]
  private let lock = NSLock()

  /// - Parameters:
  ///   - directory: the desired state, as the user calls it.
  ///   - compiler: with the facts that decisions need.
  ///   - current: what the same compiler made of the files as they are now: a stack whose files were
  ///     the same at a revision is not compiled again.
  public init(
    directory: String, compiler: Compiler,
    current: (files: DesiredFiles, desired: Desired)? = nil
  ) {
    self.directory = directory
    var compiler = compiler
    compiler.checksContent = false
    self.compiler = compiler
    self.current = current
    places = Dictionary(
      (current?.desired.stacks ?? []).enumerated().map { ($1.id.name, $0) },
      uniquingKeysWith: { first, _ in first })
    compiled = CompiledStacks(parsed: parsed)
  }

  /// These stacks as a revision wants them, with the blueprint pins that their manifests had. A stack that
  /// had no manifest then is left out; an error in one of them is an error of the compilation. For no
  /// stacks at all, what the fleet was.
  ///
  /// Throws `unknownRevision` where git does not have the revision, `notAtRevision` where there was no
  /// such desired state then.
  ///
  /// - Parameter revision: the full id of a commit.
  public func compile(
    _ stacks: Set<String>, at revision: String
  ) throws(DesiredStateError) -> Compilation {
    let files = try reading { reader throws(DesiredStateError) in
      try reader.files(of: stacks, at: revision)
    }
    let sources = compiled.sources(of: stacks, in: files)
    takeOver(sources)
    let known = sources.compactMapValues { compiled[$0] }
    var compilation = compiler.compile(
      files, only: stacks.subtracting(known.keys), parsed: parsed)
    guard let desired = compilation.desired else { return compilation }
    for stack in desired.stacks {
      if let sources = sources[stack.id.name] { compiled[sources] = stack }
    }
    compilation.desired?.stacks = (desired.stacks + known.values).sorted { $0.id < $1.id }
    return compilation
  }

  /// Takes over the stacks that are now as they were then.
  private func takeOver(_ then: [String: CompiledStacks.Sources]) {
    guard let current else { return }
    let names = Set(then.filter { compiled[$0.value] == nil }.keys)
    let now = compiled.sources(of: names, in: current.files)
    for (name, sources) in now where sources == then[name] {
      compiled[sources] = places[name].map { current.desired.stacks[$0] }
    }
  }

  /// Whether a commit is the other or among its ancestors; false where git does not know one of them.
  public func isAncestor(_ ancestor: String, of descendant: String) -> Bool {
    if let known = lock.withLock({ ancestry[[ancestor, descendant]] }) { return known }
    let answer = try? reading { reader throws(DesiredStateError) in
      try reader.isAncestor(ancestor, of: descendant)
    }
    lock.withLock { ancestry[[ancestor, descendant]] = answer ?? false }
    return answer ?? false
  }

  private func reading<Result>(
    _ read: (RevisionReader) throws(DesiredStateError) -> Result
  ) throws(DesiredStateError) -> Result {
    lock.lock()
    defer { lock.unlock() }
    if let reader { return try read(reader) }
    guard let repository = try GitRepository.containing(directory) else {
      throw .notInRepository(directory: directory)
    }
    let new = try RevisionReader(directory: directory, repository: repository, parsed: parsed)
    reader = new
    return try read(new)
  }
}
