import AWSClient

/// How many steps may have calls under way at once. A step holds a slot while it works, and gives it back
/// while it only waits: for its turn under AWS's rates, for readiness, for an error to pass.
final class CallSlots: Sendable {
  private struct Waiting {
    /// How many steps wait for it, one after another.
    var depth: Int
    var continuation: CheckedContinuation<Void, Never>
  }

  private struct State {
    var free: Int
    var waiting: [Waiting] = []
    var watcher: CheckedContinuation<Void, Never>?
  }

  /// All there are.
  let count: Int
  private let state: Locked<State>

  init(_ count: Int) {
    self.count = max(count, 1)
    state = Locked(State(free: self.count))
  }

  /// How many wait for a slot.
  var asking: Int { state.access { $0.waiting.count } }

  /// Takes a slot where one is free.
  func takeIfFree() -> Bool {
    state.access { state in
      guard state.free > 0 else { return false }
      state.free -= 1
      return true
    }
  }

  /// Takes a slot as soon as there is one; of those that ask, who has the longest chain behind it goes
  /// first, then who asked first.
  func take(depth: Int) async {
    if takeIfFree() { return }
    await withCheckedContinuation { continuation in
      let isFree = state.access { state in
        guard state.free == 0 else {
          state.free -= 1
          return true
        }
        state.waiting.append(Waiting(depth: depth, continuation: continuation))
        return false
      }
      if isFree { continuation.resume() }
    }
  }

  /// Gives a slot back.
  func give() {
    let next: CheckedContinuation<Void, Never>? = state.access { state in
      let first = state.waiting.indices.max {
        (state.waiting[$0].depth, -$0) < (state.waiting[$1].depth, -$1)
      }
      if let first { return state.waiting.remove(at: first).continuation }
      state.free += 1
      defer { state.watcher = nil }
      return state.watcher
    }
    next?.resume()
  }

  /// Returns once a slot is free that nobody asks for; one may wait for that at a time.
  func whenFree() async {
    await withCheckedContinuation { continuation in
      let isFree = state.access { state in
        if state.free > 0 { return true }
        state.watcher = continuation
        return false
      }
      if isFree { continuation.resume() }
    }
  }
}
