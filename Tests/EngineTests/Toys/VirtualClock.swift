import AWSClient

@testable import Engine

/// Time that passes only when somebody sleeps.
final class VirtualClock: Sendable {
  private let time = Locked(1_000_000.0)

  func now() -> Double { time.access { $0 } }

  /// Lets others go first; those who slept for less wake earlier.
  func sleep(_ seconds: Double) async {
    let end = now() + seconds
    for _ in 0..<200 { await Task.yield() }
    time.access { $0 = max($0, end) }
  }

  var engineClock: EngineClock {
    EngineClock(now: { self.now() }, sleep: { await self.sleep($0) })
  }
}
