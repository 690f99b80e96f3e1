import Foundation
import TrueupCore

/// Counts the requests that were sent, from whatever thread.
public final class CallCounter: Sendable {
  private let counts = LockedValue<[String: Int]>([:])

  public init() {}

  public func add(_ service: String) {
    counts.withLock { $0[service, default: 0] += 1 }
  }

  public var count: CallCount { counts.withLock { CallCount(byService: $0) } }
}

/// A value behind a lock. `NSLock`, because the thread sanitizer reports `Synchronization.Mutex` falsely.
final class LockedValue<Value: Sendable>: @unchecked Sendable {
  // Unchecked: `value` is touched under `lock` alone.
  private let lock = NSLock()
  private var value: Value

  init(_ value: Value) { self.value = value }

  func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}
