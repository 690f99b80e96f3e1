import TrueupCore

/// One line per event of a run, for logs and pipes.
public enum EventText {
  /// `2026-11-20T22:41:07Z acme-prod/Vpc created vpc-1 0.4 s`, without a line break.
  ///
  /// - Parameter time: when it happened, in seconds since 1970.
  public static func line(_ event: RunEvent, at time: Double) -> String {
    "\(Wording.timestamp(time)) \(text(event))".withoutTrailingSpaces
  }

  private static func text(_ event: RunEvent) -> String {
    switch event {
    case .stepStarted(let address, _, let action):
      return "\(address) \(action.present)"
    case .stepWaiting(let address, _, _, let seconds, let reason):
      return "\(address) waiting \(Wording.duration(seconds)) for \(reason.printable)"
    case .stepFinished(let address, _, let action, let outcome, let detail):
      let end = action.end(outcome, detail: detail)
      return "\(address) \(end.verb)\(end.separator)\(end.detail)"
        + (outcome.result == .skipped ? "" : " \(Wording.duration(outcome.seconds))")
    case .stopping: return stopping
    case .note(let text): return text.printable
    }
  }

  static let stopping = "stopping: calls in flight finish, nothing new begins"
}

extension Step.Action {
  /// `creating`.
  var present: String {
    switch self {
    case .create: "creating"
    case .update: "updating"
    case .delete: "deleting"
    }
  }

  var past: String {
    switch self {
    case .create: "created"
    case .update: "updated"
    case .delete: "deleted"
    }
  }

  /// How a step ended, in words: `created` `vpc-1`, `not needed`, `create failed` `…`, `skipped` `needs Vpc`.
  func end(
    _ outcome: Outcome, detail: String
  ) -> (verb: String, separator: String, detail: String) {
    let reason = (outcome.error ?? detail).printable
    let known = detail.isEmpty ? "" : detail.printable
    return switch outcome.result {
    case .succeeded where outcome.isUnneeded: ("not needed", known.isEmpty ? "" : " ", known)
    case .succeeded: (past, known.isEmpty ? "" : " ", known)
    case .progressing: ("\(rawValue) begun, not waited for", known.isEmpty ? "" : ": ", known)
    case .failed: ("\(rawValue) failed", ": ", reason)
    case .stalled: ("stalled", ": ", reason)
    case .skipped: ("skipped", ": ", reason)
    }
  }
}
