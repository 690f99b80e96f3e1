import AWSClient
import Journal
import TrueupCore

extension Notifier {
  /// Longer than any attempt takes.
  private static let lease = 60.0
  private static let longestBackoff = 900.0
  /// Whatever `Retry-After` says.
  private static let longestPatience = 3600.0

  /// Sends what waits in the outbox, the oldest first, all destinations at once, and leaves to the
  /// next run what cannot be sent within a bounded time. Where the process ends between a message's
  /// arrival and the note of it, that message is sent again.
  ///
  /// - Parameter seconds: no attempt begins, and nothing is waited for, after so many.
  /// - Returns: what could not be sent and why, for people; one line for each destination.
  public func deliver(within seconds: Double = 10) async throws(JournalError) -> [String] {
    let deadline = clock.now() + seconds
    let results = await withTaskGroup(of: Result<Void, JournalError>.self) { group in
      for destination in settings.destinations {
        group.addTask {
          do throws(JournalError) {
            return .success(try await deliver(to: destination, until: deadline))
          } catch {
            return .failure(error)
          }
        }
      }
      var results: [Result<Void, JournalError>] = []
      for await result in group { results.append(result) }
      return results
    }
    for result in results { try result.get() }
    let names = Set(settings.destinations.map(\.name))
    return try journal.backlog().map { backlog in
      var parts: [String] = []
      if backlog.waiting > 0 { parts.append("\(backlog.waiting) waiting") }
      if backlog.refused > 0 { parts.append("\(backlog.refused) refused for good") }
      let reason =
        names.contains(backlog.destination)
        ? backlog.error : "the fleet has no such destination any more"
      return "messages to \(backlog.destination): \(parts.joined(separator: ", "))"
        + (reason.map { " (\($0))" } ?? "")
    }
  }

  private func deliver(
    to destination: NotificationDestination, until deadline: Double
  ) async throws(JournalError) {
    while clock.now() <= deadline, !Task.isCancelled,
      let claimed = try journal.claimMessage(
        for: destination.name, at: clock.now(), lease: Self.lease)
    {
      let message = claimed.message
      switch await attempt(message, destination) {
      case .sent:
        try journal.markSent(message.id, at: clock.now())
      case .refused(let problem):
        try journal.markRefused(message.id, at: clock.now(), error: problem)
      case .failed(let problem, let retryAfter):
        // One, two, four … minutes: a receiver that is down is left alone.
        let backoff = min(60 * Double(1 << min(claimed.attempts - 1, 10)), Self.longestBackoff)
        let next = clock.now() + min(retryAfter ?? backoff, Self.longestPatience)
        try journal.postpone(message.id, until: next, error: problem)
        guard retryAfter != nil, next <= deadline else { return }
        await clock.sleep(next - clock.now())
      }
    }
  }

  private func attempt(
    _ message: OutboxMessage, _ destination: NotificationDestination
  ) async -> NotificationRequest.Verdict {
    let request: NotificationRequest
    do throws(NotificationRequest.Unusable) {
      request = try NotificationRequest(message, to: destination, at: clock.now()) {
        $0.value(in: settings.directory, environment: environment)
      }
    } catch {
      return .failed(error.message, retryAfter: nil)
    }
    do throws(TransportError) {
      return request.verdict(try await transport.send(request.http))
    } catch {
      return request.failure(error)
    }
  }
}
