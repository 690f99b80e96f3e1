/// Something that happens while a run applies a plan: for live output.
public enum RunEvent: Hashable, Sendable {
  case stepStarted(Address, type: String, action: Step.Action)
  /// Waiting for readiness, or for an error that passes by itself.
  case stepWaiting(Address, type: String, action: Step.Action, seconds: Double, reason: String)
  /// `detail` is for people: the physical id, "1 rule revoked", or the error.
  case stepFinished(Address, type: String, action: Step.Action, outcome: Outcome, detail: String)
  /// The run was asked to stop (SIGINT, SIGTERM): calls in flight finish, nothing new begins.
  case stopping
  /// Something that people should know and that is no change: "settled 2 unfinished intents".
  case note(String)
}
