import Foundation
import TrueupCore

/// The desired state at earlier revisions, of some stacks at a time: reads what is needed for them and
/// no more, by one git process however many revisions are asked for. What is the same at several
/// revisions is parsed once.
public final class Revisions: @unchecked Sendable {
  private let directory: String
  private let compiler: Compiler
  private let parsed = ParsedFiles()
  // Unchecked: both are touched under `lock` alone.
  private var reader: RevisionReader?
  private var ancestry: [[String]: Bool] = [:]
  private let lock = NSLock()

  /// - Parameters:
  ///   - directory: the desired state, as the user calls it.
  ///   - compiler: with the facts that decisions need.
  public init(directory: String, compiler: Compiler) {
    self.directory = directory
    self.compiler = compiler
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
    return compiler.compile(files, only: stacks, parsed: parsed)
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
