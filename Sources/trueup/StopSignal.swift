@preconcurrency import Dispatch
import Foundation

/// Notes SIGINT and SIGTERM: the run ends in good order. A second one ends the program at once; what
/// was on its way is settled by the next run.
final class StopSignal: Sendable {
  private let count = Counter()
  private let sources: [any DispatchSourceSignal]

  init() {
    let count = count
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if count.increment() > 1 { _exit(128 + number) }
      }
      source.resume()
      return source
    }
  }

  var isRaised: Bool { count.value > 0 }
}

/// A number behind a lock.
private final class Counter: @unchecked Sendable {
  // Unchecked: `number` is touched under `lock` alone.
  private let lock = NSLock()
  private var number = 0

  var value: Int {
    lock.lock()
    defer { lock.unlock() }
    return number
  }

  func increment() -> Int {
    lock.lock()
    defer { lock.unlock() }
    number += 1
    return number
  }
}
