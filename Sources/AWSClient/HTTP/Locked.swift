import Foundation

/// A value that threads and tasks share, each access under a lock.
///
/// `@unchecked`: the compiler cannot see that `value` is only touched with the lock held, which this
/// class alone does. (`Synchronization.Mutex` draws false reports from the thread sanitizer.)
public final class Locked<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  public init(_ value: sending Value) { self.value = value }

  /// Reads or changes the value, with the lock held.
  public func access<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}
