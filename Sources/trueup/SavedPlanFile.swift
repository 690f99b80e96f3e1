import Document
import Foundation
import TrueupCore

/// The file of a plan: written by `plan --out`, read by `apply`, by whomever it was touched in between.
struct SavedPlanFile {
  var path: String
  var plan: SavedPlan

  /// More than the plan of any fleet takes.
  private static let limits = ReadingLimits(depth: 8, size: 32 << 20)

  // MARK: Reading

  /// The plan file that the arguments of `apply` name; `nil` where they are stacks.
  static func named(by words: [String]) throws -> SavedPlanFile? {
    guard let word = words.first(where: isPath) ?? words.first else { return nil }
    guard words.count == 1 else {
      guard isPath(word) else { return nil }
      throw EarlyEnd(message: "\(word) is no stack; a plan's file is applied by itself")
    }
    let bytes: [UInt8]
    switch contents(of: word) {
    case .success(let found?): bytes = found
    case .success(nil):
      guard isPath(word) else { return nil }
      throw EarlyEnd(
        message: "there is no file \(word); apply takes stacks, as acme-prod, or the file of "
          + "trueup plan --out")
    case .failure(let problem):
      guard isPath(word) else { return nil }
      throw problem
    }
    do {
      let document = try JSON.read(bytes, limits: limits)
      // A file may have a stack's name by accident.
      guard isPath(word) || SavedPlan.isMeant(by: document) else { return nil }
      return SavedPlanFile(path: word, plan: try SavedPlan(document))
    } catch let error as ReadingError {
      guard isPath(word) else { return nil }
      throw EarlyEnd(message: "\(word):\(error): it is no plan of trueup plan --out")
    } catch let error as SavedPlan.Invalid {
      throw EarlyEnd(message: "\(word): \(error)")
    }
  }

  /// Whether a word can name no stack.
  private static func isPath(_ word: String) -> Bool { word.contains("/") || word.contains(".") }

  /// The bytes of a regular file of a bearable size; `nil` where there is none.
  private static func contents(of path: String) -> Result<[UInt8]?, EarlyEnd> {
    // Opening a pipe must not wait for whoever writes to it.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      return errno == ENOENT
        ? .success(nil)
        : .failure(EarlyEnd(message: "\(path): \(String(cString: strerror(errno)))"))
    }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return .failure(EarlyEnd(message: "\(path) is no plan: it is not a file"))
    }
    guard Int(status.st_size) <= limits.size else {
      return .failure(
        EarlyEnd(message: "\(path) is no plan: it is larger than \(limits.size >> 20) MB"))
    }
    guard let data = try? file.read(upToCount: limits.size) else {
      return status.st_size == 0
        ? .success([]) : .failure(EarlyEnd(message: "\(path) cannot be read"))
    }
    return .success(Array(data))
  }

  // MARK: Writing

  /// 32 hexadecimal digits that nobody can guess.
  static func digits() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let part = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - part.count) + part
    }.joined()
  }

  /// Writes the file whole or not at all, for its owner to read.
  func write() throws {
    let data = Data((plan.document.json(indent: 1) + "\n").utf8)
    let url = URL(fileURLWithPath: path)
    let draft = url.deletingLastPathComponent()
      .appendingPathComponent(".\(url.lastPathComponent).\(plan.id.prefix(8))").path
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw problem() }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try file.write(contentsOf: data)
      try file.synchronize()
      guard rename(draft, path) == 0 else { throw problem() }
    } catch {
      unlink(draft)
      throw (error as? EarlyEnd) ?? EarlyEnd(message: "\(path): \(error.localizedDescription)")
    }
  }

  private func problem() -> EarlyEnd {
    EarlyEnd(message: "the plan cannot be written to \(path): \(String(cString: strerror(errno)))")
  }
}
