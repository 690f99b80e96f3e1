import Document
import TrueupCore

/// Carries out one step: asks its kind for the next call, makes it, until the step is done. Journals
/// every mutating call before it leaves.
struct StepRunner {
  enum Ending: Sendable {
    case done(id: String, attributes: Document)
    /// Accepted by AWS; not waited for.
    case progressing(id: String?)
    case failed(String)
  }

  let cloud: any Cloud
  let clock: EngineClock
  let journal: RunJournal
  let events: @Sendable (RunEvent) -> Void
  /// Give up waiting for readiness: nothing else in the run needs it.
  let mayLeaveUnready: Bool

  func run(_ step: Step, kind: any Kind) async -> (ending: Ending, calls: Int) {
    var replies: [Reply] = []
    var calls = 0
    var waits: [String: Double] = [:]
    let target = CallTarget(account: step.scope.account, region: step.region)
    while true {
      switch kind.next(step, replies) {
      case .done(let id, let attributes):
        return (.done(id: id, attributes: attributes), calls)
      case .failed(let reason):
        return (.failed(reason), calls)
      case .call(let call):
        let (reply, count) = await perform(call, step, kind.type, target)
        calls += count
        if case .failure(let failure) = reply { return (.failed(failure.message), calls) }
        replies.append(reply)
      case .wait(let call, let interval, let limit, let until):
        if mayLeaveUnready { return (.progressing(id: step.id), calls) }
        if let began = waits[until] {
          let waited = clock.now() - began
          guard waited < limit else {
            return (.failed("gave up after \(Int(waited)) s of waiting until \(until)"), calls)
          }
          events(
            .stepWaiting(
              step.address, type: kind.type, action: step.action, seconds: waited, reason: until))
          await clock.sleep(interval)
        } else {
          waits[until] = clock.now()
        }
        let (reply, count) = await perform(call, step, kind.type, target)
        calls += count
        if case .failure(let failure) = reply { return (.failed(failure.message), calls) }
        replies.append(reply)
      }
    }
  }

  /// One call, with the errors that pass by themselves waited out.
  private func perform(_ call: Call, _ step: Step, _ type: String, _ target: CallTarget) async -> (
    reply: Reply, calls: Int
  ) {
    let began = clock.now()
    var calls = 0
    var delay = 1.0
    while true {
      calls += 1
      let reply = await performOnce(call, step, type, target)
      guard case .failure(let failure) = reply, let code = failure.code,
        call.transientCodes.contains(code), clock.now() - began + delay < call.patience,
        !Task.isCancelled
      else { return (reply, calls) }
      events(
        .stepWaiting(
          step.address, type: type, action: step.action, seconds: clock.now() - began,
          reason: failure.message))
      await clock.sleep(delay)
      delay = min(delay * 2, 15)
    }
  }

  private func performOnce(_ call: Call, _ step: Step, _ type: String, _ target: CallTarget) async
    -> Reply
  {
    guard !call.isRead else { return await cloud.perform(call, in: target) }
    do {
      let intent = try journal.begin(call, step: step, type: type, at: clock.now())
      let reply = await cloud.perform(call, in: target)
      try journal.finish(intent, reply: reply, at: clock.now())
      return reply
    } catch {
      return .failure(
        CallFailure(
          reason: .cancelled, service: call.service, operation: call.operation,
          message: "nothing more is sent, because what is done could not be noted: \(error)"))
    }
  }
}
