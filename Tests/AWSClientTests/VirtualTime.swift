import XCTest

@testable import AWSClient

/// Time that passes only while every task that runs by it sleeps, and then at once: many calls over
/// minutes take milliseconds, in the order in which they would happen.
final class VirtualTime: Sendable {
  private struct Sleeper {
    var wakesAt: Double
    var continuation: CheckedContinuation<Void, Never>
  }

  private struct State {
    var now = ClientInTest.start
    var awake = 0
    var sleepers: [Sleeper] = []

    /// Who is next to wake, once nobody is awake.
    mutating func next() -> CheckedContinuation<Void, Never>? {
      guard awake == 0,
        let index = sleepers.indices.min(by: { sleepers[$0].wakesAt < sleepers[$1].wakesAt })
      else { return nil }
      let sleeper = sleepers.remove(at: index)
      now = max(now, sleeper.wakesAt)
      awake = 1
      return sleeper.continuation
    }
  }

  private let state = Locked(State())

  var now: Double { state.access { $0.now } }

  var clock: WallClock {
    WallClock(now: { self.now }, sleep: { await self.sleep($0) })
  }

  func sleep(_ seconds: Double) async {
    await withCheckedContinuation { continuation in
      state.access { state in
        state.awake -= 1
        state.sleepers.append(
          Sleeper(wakesAt: state.now + seconds, continuation: continuation))
        return state.next()
      }?.resume()
    }
  }

  /// Runs a task so many times, all beginning now.
  func run(_ count: Int, _ task: @escaping @Sendable (_ number: Int) async -> Void) async {
    state.access { $0.awake += count }
    await withTaskGroup { group in
      for number in 0..<count {
        group.addTask {
          await task(number)
          self.state.access { state in
            state.awake -= 1
            return state.next()
          }?.resume()
        }
      }
    }
  }
}
