/// What does not go on by itself, and what a person says of it.
extension Planner {
  /// Leaves a resource as it is that is stalled, although something is wanted of it or seems to have come
  /// about; or does what a person says of it.
  func stall(_ decision: Decision) {
    guard let live = decision.live,
      decision.change.map({ $0.action == .update }) ?? true
    else { return }
    func change(_ action: Change.Action, _ reason: String) -> Change {
      Change(
        address: decision.address, type: decision.resource.type, id: live.id, action: action,
        cause: .pending, reason: reason)
    }
    decision.answer = options.answers[decision.address]
    switch decision.answer {
    case .again:
      decision.change = decision.change ?? change(.update, "")
      decision.change?.reason = "it is started once more"
    case .approve, .rollback:
      // What git wants besides is another run's business.
      decision.change = change(
        .update, decision.answer == .approve ? "it goes on" : "it goes back")
      decision.changed = []
    case nil:
      guard case .stalled(let stall) = evidence.standings[decision.address] else { return }
      decision.change = decision.change ?? change(.stalled, "")
      decision.change?.action = .stalled
      decision.change?.reason = stall.reason
      decision.hint = stall.remedy
    }
  }
}
