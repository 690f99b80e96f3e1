import AWSClient

/// When a step begins: as its first call that changes something leaves. Until then it can be held back.
final class StepStart: Sendable {
  private enum State {
    case open
    case begun(at: Double)
    case held(reason: String)
  }

  private let state = Locked(State.open)
  /// Why nothing is begun any more; `nil` while it may be.
  private let obstacle: @Sendable () -> String?

  init(obstacle: @escaping @Sendable () -> String?) { self.obstacle = obstacle }

  /// Why the step is held back; once it is, it stays so.
  var heldBack: String? {
    state.access { state in
      switch state {
      case .begun: return nil
      case .held(let reason): return reason
      case .open:
        guard let reason = obstacle() else { return nil }
        state = .held(reason: reason)
        return reason
      }
    }
  }

  /// Begins the step, where it is not held back; `true` for the first time.
  func begin(at time: Double) -> Bool {
    guard heldBack == nil else { return false }
    return state.access { state in
      guard case .open = state else { return false }
      state = .begun(at: time)
      return true
    }
  }

  /// When it began.
  var begunAt: Double? {
    state.access { if case .begun(let time) = $0 { time } else { nil } }
  }
}
