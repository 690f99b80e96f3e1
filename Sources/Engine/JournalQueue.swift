import Dispatch
import Journal

/// Where the writes of a run wait for the disk: a serial queue of its own, so that none of the few threads
/// that carry out steps does.
enum JournalQueue {
  private static let queue = DispatchQueue(label: "trueup.journal")

  /// Returns once what `body` writes is on disk.
  static func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws(JournalError) -> Value
  ) async throws(JournalError) -> Value {
    let result = await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: Result(catching: body)) }
    }
    return try result.get()
  }
}
