import Journal
import TrueupCore

/// Why a run could not begin at all.
public enum EngineError: Error, Sendable {
  /// AWS could not be used: unreachable, or the credentials are not accepted. One line for people.
  case unusable(String)
  /// The journal could not be read or written.
  case journal(JournalError)
  /// No stack is called so, or matches the selection.
  case noStacks(String)
  /// A guard refuses the run as a whole.
  case refused(String)
  /// The person who was shown the plan said no.
  case declined
  /// The steps of the plan wait for each other in a circle.
  case circularSteps([String])

  /// What happened and what to do, in one line.
  public var message: String {
    switch self {
    case .unusable(let message): message
    case .refused(let reason): reason
    case .declined: "nothing was changed"
    case .journal(let error): error.description
    case .noStacks(let selection): "no stack matches \(selection)"
    case .circularSteps(let steps):
      "these steps wait for each other: \(steps.joined(separator: " → ")); "
        + "apply the change in two parts"
    }
  }
}
