/// How a stack stands after a run, in one word and a few numbers.
public struct StackState: Hashable, Sendable {
  public enum Status: String, Hashable, Sendable, CaseIterable {
    case failed, drifted, pending
    case inSync = "in sync"
    case suspended
  }

  public var status: Status
  /// Resources that are as desired.
  public var inSync: Int
  /// Changes that came from outside the desired state and are still open.
  public var drifted: Int
  /// Changes that the desired state asks for and that are still to be made, or not ready yet.
  public var pending: Int
  /// Changes that failed, were skipped, or are blocked or stalled.
  public var failed: Int
  /// For people: why it failed, was refused or is held back.
  public var note: String?

  public init(
    status: Status, inSync: Int = 0, drifted: Int = 0, pending: Int = 0, failed: Int = 0,
    note: String? = nil
  ) {
    self.status = status
    self.inSync = inSync
    self.drifted = drifted
    self.pending = pending
    self.failed = failed
    self.note = note
  }
}

extension Change {
  /// Whether the change is about something that moved, or stands, outside the desired state.
  public var isFinding: Bool {
    action.leavesAsIs || [.drift, .conflict, .orphan, .unknown].contains(cause)
  }
}

extension RunReport {
  /// How a stack of the plan stands now that the run has ended.
  public func state(of stack: Plan.Stack) -> StackState {
    var state = StackState(status: .inSync, inSync: stack.inSync)
    let held = heldBack.first { $0.stack == stack.id.name }
    state.note =
      stack.error ?? refusals[stack.id.name]
      ?? held.map { "held back: \($0.reason.split(separator: "\n").first ?? "")" }
    guard !stack.isSuspended else {
      state.status = .suspended
      return state
    }
    for change in stack.changes {
      switch change.outcome?.result {
      case .succeeded: state.inSync += change.action == .delete ? 0 : 1
      case .failed, .skipped, .stalled: state.failed += 1
      case .progressing: state.pending += 1
      case nil:
        if change.action.leavesAsIs {
          state.failed += 1
        } else if change.isFinding {
          state.drifted += 1
        } else {
          state.pending += 1
        }
      }
    }
    if state.note != nil || state.failed > 0 {
      state.status = .failed
      if state.note == nil {
        let worst =
          stack.changes.first { $0.outcome?.result == .failed }
          ?? stack.changes.first { $0.outcome?.result == .stalled }
        state.note =
          worst.map { "\($0.address.resource): \($0.outcome?.error ?? "failed")" }
          ?? stack.changes.first { $0.action == .blocked }.map {
            "\($0.address.resource): \($0.reason ?? "blocked")"
          }
          ?? stack.changes.first { $0.action == .stalled }.map {
            "\($0.address.resource) is stalled: "
              + [$0.reason, $0.hint].compactMap(\.self).joined(separator: "; ")
          }
      }
    } else if state.drifted > 0 {
      state.status = .drifted
    } else if state.pending > 0 {
      state.status = .pending
    }
    return state
  }
}
