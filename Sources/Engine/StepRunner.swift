import Document
import Journal
import TrueupCore

/// Carries out one step: asks its kind for the next call, makes it, until the step is done. Journals
/// every mutating call before it leaves.
struct StepRunner {
  enum Ending: Sendable {
    /// In the order of the steps.
    case done([GroupNext.Done])
    /// Accepted by AWS; not waited for.
    case progressing
    case failed(String)
    case stalled(Stall)
    /// Nothing was changed: it was not to begin.
    case held(String)
  }

  /// A state that is waited for.
  private struct Wait {
    var began: Double
    var interval = PollInterval()
  }

  /// Seconds for which a first look at something waits for others that look alike.
  private static let gathering = 0.25

  let cloud: any Cloud
  /// For whom the step is.
  let client: String?
  let clock: EngineClock
  let journal: RunJournal
  let events: @Sendable (RunEvent) -> Void
  /// Give up waiting for readiness: nothing else in the run needs it.
  let mayLeaveUnready: Bool
  let shouldStop: @Sendable () -> Bool
  let slots: CallSlots
  /// How many steps wait for it, one after another.
  let depth: Int
  let polls: SharedPolls
  let start: StepStart
  /// Told when the step begins.
  let began: @Sendable () async throws(JournalError) -> Void
  /// Values that stand in the calls and must not be told: AWS's messages may repeat them.
  let secrets: [String]

  /// Carries out a step, or several that AWS takes in one call.
  func run(_ steps: [Step], kind: any Kind) async -> (ending: Ending, calls: Int) {
    guard let step = steps.first else { return (.failed("there is nothing to do"), 0) }
    var replies: [Reply] = []
    var calls = 0
    var waits: [String: Wait] = [:]
    var last: Call?
    // What was waited for in vain: the kind may still ask for the cause.
    var givenUp: String?
    let target = CallTarget(account: step.scope.account, region: step.region, client: client)
    while true {
      var reply: Reply?
      let call: Call
      switch next(steps, kind, replies) {
      case .done(let done):
        return (.done(done), calls)
      case .failed(let reason):
        return (.failed(redacted(reason)), calls)
      case .stalled(let stall):
        let told = Stall(redacted(stall.reason), remedy: stall.remedy)
        return (.stalled(told), calls)
      case .call(let wanted):
        call = wanted
        // Steps that begin together look together, too.
        if wanted.batch != nil, slots.count > 1 {
          (reply, calls) = await look(wanted, target, after: Self.gathering, calls)
        }
      case .wait(let read, let interval, let limit, let until):
        if let givenUp { return (.failed(givenUp), calls) }
        call = read
        var wait = waits[until] ?? Wait(began: clock.now())
        if read == last {
          if mayLeaveUnready && !read.isNeeded || shouldStop() { return (.progressing, calls) }
          let waited = clock.now() - wait.began
          guard waited < limit else {
            let message = "gave up after \(Int(waited)) s of waiting until \(until)"
            givenUp = message
            replies.append(
              .failure(
                CallFailure(
                  reason: .gaveUp, service: read.service, operation: read.operation,
                  message: message)))
            continue
          }
          events(
            .stepWaiting(
              step.address, type: kind.type, action: step.action, seconds: waited, reason: until))
          let seconds = wait.interval.next(upTo: interval)
          (reply, calls) = await look(read, target, after: seconds, calls)
        }
        waits[until] = wait
      }
      if reply == nil {
        let (own, count) = await perform(call, steps, kind.type, target)
        if let reason = start.heldBack { return (.held(reason), calls) }
        reply = own
        calls += count
        if case .failure(let failure) = own {
          let obstacles = await obstacles(to: step, kind, after: failure, call, target)
          return (.failed(failure.message + obstacles.text), calls + obstacles.calls)
        }
      }
      if let reply { replies.append(reply) }
      last = call
    }
  }

  /// What others that look alike learn as well, where there are any, and the calls made by then.
  private func look(
    _ read: Call, _ target: CallTarget, after seconds: Double, _ calls: Int
  ) async -> (reply: Reply?, calls: Int) {
    slots.give()
    let shared = await polls.reply(to: read, in: target, after: seconds)
    await slots.take(depth: depth)
    return (shared.reply, calls + shared.calls)
  }

  private func next(_ steps: [Step], _ kind: any Kind, _ replies: [Reply]) -> GroupNext {
    guard steps.count == 1 else { return kind.next(group: steps, replies) }
    return switch kind.next(steps[0], replies) {
    case .call(let call): .call(call)
    case .wait(let call, let interval, let limit, let until):
      .wait(call, every: interval, limit: limit, until: until)
    case .done(let id, let attributes): .done([GroupNext.Done(id: id, attributes: attributes)])
    case .failed(let reason): .failed(reason)
    case .stalled(let stall): .stalled(stall)
    }
  }

  /// One call, with the errors that pass by themselves waited out.
  private func perform(_ call: Call, _ steps: [Step], _ type: String, _ target: CallTarget) async
    -> (
      reply: Reply, calls: Int
    )
  {
    let began = clock.now()
    var calls = 0
    var delay = 1.0
    while true {
      calls += 1
      let reply = await performOnce(call, steps, type, target)
      guard case .failure(let failure) = reply, call.isTransient(failure),
        clock.now() - began + delay < call.patience,
        !Task.isCancelled, !shouldStop()
      else { return (Self.explained(reply, waited: clock.now() - began), calls) }
      for step in steps.prefix(1) {
        events(
          .stepWaiting(
            step.address, type: type, action: step.action, seconds: clock.now() - began,
            reason: failure.message))
      }
      slots.give()
      await clock.sleep(delay)
      await slots.take(depth: depth)
      delay = min(delay * 2, 15)
    }
  }

  private func performOnce(_ call: Call, _ steps: [Step], _ type: String, _ target: CallTarget)
    async
    -> Reply
  {
    let gate = StepGate(slots, depth: depth, start: start) { () async throws(JournalError) in
      try await note(call, steps, type)
    }
    let reply = redacted(await cloud.perform(call, in: target, gate: gate))
    var problem = gate.error
    do throws(JournalError) {
      try await journal.finish(gate.intents, reply: reply, at: clock.now())
    } catch {
      problem = error
    }
    guard let problem else { return reply }
    return .failure(
      CallFailure(
        reason: .cancelled, service: call.service, operation: call.operation,
        message: "nothing more is sent, because what is done could not be noted: \(problem)"))
  }

  /// Puts a call that changes something on disk, as it is about to leave.
  private func note(_ call: Call, _ steps: [Step], _ type: String) async throws(JournalError)
    -> [IntentID]
  {
    if call.isRead { return [] }
    if start.begin(at: clock.now()) { try await began() }
    return try await journal.begin(call, steps, type: type, at: clock.now())
  }

  /// What is in the way of a deletion whose patience ran out, in words.
  private func obstacles(
    to step: Step, _ kind: any Kind, after failure: CallFailure, _ call: Call,
    _ target: CallTarget
  ) async -> (text: String, calls: Int) {
    guard step.action == .delete, call.isTransient(failure),
      let read = kind.obstacles(to: step)
    else { return ("", 0) }
    guard let output = await cloud.perform(read, in: target).output else { return ("", 1) }
    let names = kind.obstacles(in: output)
    return (names.isEmpty ? "" : "; in its way: \(names.joined(separator: ", "))", 1)
  }

  // MARK: Messages

  /// Tells how long an error was waited out before it was given up.
  private static func explained(_ reply: Reply, waited: Double) -> Reply {
    guard case .failure(var failure) = reply, waited >= 1 else { return reply }
    failure.message += " (after \(Int(waited)) s of waiting)"
    return .failure(failure)
  }

  private func redacted(_ reply: Reply) -> Reply {
    guard case .failure(var failure) = reply else { return reply }
    failure.message = redacted(failure.message)
    return .failure(failure)
  }

  private func redacted(_ text: String) -> String {
    secrets.filter { !$0.isEmpty }.sorted { $0.count > $1.count }
      .reduce(text) { $0.replacing($1, with: "(secret)") }
  }
}
