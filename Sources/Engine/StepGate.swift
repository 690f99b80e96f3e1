import AWSClient
import Journal

/// One call of a step, between the kind that asks for it and the client that makes it: gives the step's
/// slot back while the call waits, holds a step back that is not to begin, and lets no call leave that is
/// not journaled.
final class StepGate: CallGate {
  private struct State {
    var intents: [IntentID]?
    var error: JournalError?
  }

  private let slots: CallSlots
  private let depth: Int
  /// `nil` for a call that belongs to no single step.
  private let start: StepStart?
  /// Puts the call on disk, where it changes something.
  private let note: @Sendable () async throws(JournalError) -> [IntentID]
  private let state = Locked(State())

  init(
    _ slots: CallSlots, depth: Int, start: StepStart? = nil,
    note: @escaping @Sendable () async throws(JournalError) -> [IntentID] = { [] }
  ) {
    self.slots = slots
    self.depth = depth
    self.start = start
    self.note = note
  }

  /// What was journaled.
  var intents: [IntentID] { state.access { $0.intents ?? [] } }
  /// Why the call could not be journaled, and so did not leave.
  var error: JournalError? { state.access { $0.error } }

  var isWanted: Bool { start?.heldBack == nil }
  func pause() async { slots.give() }
  func resume() async { await slots.take(depth: depth) }

  /// The attempts of a call come one after another, and all but the first find it journaled.
  func mayLeave() async -> Bool {
    guard isWanted else { return false }
    if state.access({ $0.intents != nil }) { return true }
    do throws(JournalError) {
      let intents = try await note()
      state.access { $0.intents = intents }
      return true
    } catch {
      state.access { $0.error = error }
      return false
    }
  }
}
