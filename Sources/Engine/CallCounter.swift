import AWSClient
import TrueupCore

/// Counts the requests that were sent, from whatever thread.
public final class CallCounter: Sendable {
  private let counts = Locked<[String: Int]>([:])

  public init() {}

  public func add(_ service: String) {
    counts.access { $0[service, default: 0] += 1 }
  }

  public var count: CallCount { counts.access { CallCount(byService: $0) } }
}
