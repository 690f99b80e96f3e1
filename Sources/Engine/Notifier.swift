import AWSClient
import Document
import Journal
import TrueupCore

/// Tells people what has become of findings and deployments: once when something opens, changes or is
/// resolved, and once a day what is open. Messages are put into the journal's outbox together with
/// what they tell of, and delivered from there.
public struct Notifier: Sendable {
  let settings: NotificationSettings
  let stacks: [StackID]
  /// What each stack is to be, by owner.
  let fingerprints: [String: String]
  let project: String
  let journal: Journal
  let cloud: any Cloud
  let transport: any Transport
  let environment: [String: String]
  let clock: EngineClock
  let random: @Sendable () -> UInt16
  let payload: @Sendable (Notice, NotificationDestination) -> Document

  /// - Parameters:
  ///   - desired: whose stacks are spoken of, and which says who is told.
  ///   - cloud: asked for CloudTrail's events.
  ///   - environment: where secrets may come from.
  ///   - random: for the ids of messages.
  ///   - payload: a notice as a destination reads it.
  public init?(
    desired: Desired, journal: Journal, cloud: any Cloud, transport: any Transport,
    environment: [String: String], clock: EngineClock, random: @escaping @Sendable () -> UInt16,
    payload: @escaping @Sendable (Notice, NotificationDestination) -> Document
  ) {
    guard let settings = desired.notifications, !settings.destinations.isEmpty else { return nil }
    self.settings = settings
    stacks = desired.stacks.map(\.id)
    fingerprints = Dictionary(
      desired.stacks.map { ($0.id.owner, $0.fingerprint) }, uniquingKeysWith: { first, _ in first })
    project = desired.project
    self.journal = journal
    self.cloud = cloud
    self.transport = transport
    self.environment = environment
    self.clock = clock
    self.random = random
    self.payload = payload
  }

  /// Puts into the outbox that an apply begins to carry out a plan.
  public func begin(_ plan: Plan, revision: String?) throws(JournalError) {
    let started = plan.stacks.compactMap { stack -> DeploymentNews? in
      let changes = stack.changes.filter(\.isDeployed)
      guard stack.error == nil, !changes.isEmpty else { return nil }
      return DeploymentNews(
        stack: stack.id, state: .started, revision: revision, changes: Self.tally(changes))
    }
    try announce(started)
  }

  /// Puts into the outbox what people have not been told yet, after a `drift`, `apply` or `destroy`,
  /// and the daily digest where it is due.
  ///
  /// - Returns: what could not be found out, for people; one line each.
  public func notify(report: RunReport) async throws(JournalError) -> [String] {
    let findings = report.findings(project: project)
    let mended = report.plan.changes.filter { $0.outcome?.result == .succeeded }
      .flatMap { $0.findings(project: project) }
    let standing = Set(report.standing.map(\.id))
    let records = try journal.noteFindings(
      findings, mended: Set(mended.map(\.id)).subtracting(standing),
      covering: report.observedStacks, at: clock.now())
    let notes = try await attribute(records, report)

    let owners = report.observedStacks.union(findings.map(\.id.stack))
    let known = stacks + report.plan.stacks.map(\.id)
    let clients = Dictionary(known.map { ($0.owner, $0.client) }) { first, _ in first }
    try journal.announceFindings(stacks: owners, at: clock.now()) { news, open in
      settings.destinations.compactMap { destination in
        let own = news.filter { destination.hears(about: clients[$0.finding.id.stack]) }
        let still = open.count { destination.hears(about: clients[$0.finding.id.stack]) }
        return own.isEmpty ? nil : message(.findings(own, open: still), to: destination)
      }
    }
    try announce(
      report.heldBack.map { held in
        DeploymentNews(
          stack: known.first { $0.name == held.stack } ?? StackID(named: held.stack, of: project),
          state: .heldBack, revision: report.revision,
          problems: held.reason.split(separator: "\n").map(String.init))
      })
    try announce(
      Self.deployments(report).map { deployment in
        var deployment = deployment
        deployment.fingerprint = fingerprints[deployment.stack.owner]
        return deployment
      })
    try takeDigests(Set(known))
    return notes
  }

  // MARK: Deployments

  private func announce(_ deployments: [DeploymentNews]) throws(JournalError) {
    guard !deployments.isEmpty else { return }
    try journal.announceDeployments(
      deployments.sorted { $0.stack < $1.stack }, at: clock.now()
    ) { news in
      settings.destinations.compactMap { destination in
        let own = news.filter { destination.hears(about: $0.stack.client) }
        return own.isEmpty ? nil : message(.deployments(own), to: destination)
      }
    }
  }

  /// How the deployments of a run have ended; none for a run that only looked.
  static func deployments(_ report: RunReport) -> [DeploymentNews] {
    guard report.command.changesAWS else { return [] }
    return report.plan.stacks.compactMap { stack in
      let changes = stack.changes.filter(\.isDeployed)
      let held = report.heldBack.first { $0.stack == stack.id.name }
      let refusal = report.refusals[stack.id.name]
      // What stands in the way of a stack is told; that another run is at it is not.
      let isInSync = stack.changes.isEmpty && refusal == nil && held == nil
      guard stack.error != nil || !changes.isEmpty || isInSync else { return nil }
      let revision = held.map(\.revision) ?? report.revision
      var news = DeploymentNews(
        stack: stack.id, state: .completed, revision: report.isDirty ? nil : revision,
        changes: tally(changes), run: report.run)
      let problem = stack.error ?? refusal.map { "refused: \($0)" }
      if let problem {
        news.state = .failed
        news.problems = [problem]
        return news
      }
      let results = changes.map(\.outcome?.result)
      if results.contains(.failed) || results.contains(.skipped) || results.contains(.stalled) {
        news.state = .failed
        news.problems = changes.filter {
          $0.outcome?.result == .failed || $0.outcome?.result == .stalled
        }.map {
          "\($0.address.resource): \($0.outcome?.error ?? "no reason was given")"
        }
        return news
      }
      // What is not finished, or was not begun, has another run before it.
      return results.allSatisfy { $0 == .succeeded } ? news : nil
    }
  }

  private static func tally(_ changes: [Change]) -> [Change.Action: Int] {
    changes.reduce(into: [:]) { $0[$1.action, default: 0] += 1 }
  }

  // MARK: Digest

  private func takeDigests(_ known: Set<StackID>) throws(JournalError) {
    guard let hour = settings.digestHour else { return }
    let now = clock.now()
    let today = (now / 86_400).rounded(.down) * 86_400 + Double(hour) * 3600
    let due = today <= now ? today : today - 86_400
    for destination in settings.destinations {
      let own = known.filter { destination.hears(about: $0.client) }
      guard !own.isEmpty else { continue }
      try journal.takeDigest(destination.name, due: due, at: now) {
        () throws(JournalError) -> OutboxMessage in
        let open = try journal.openFindings(stacks: Set(own.map(\.owner))).map {
          DailyDigest.Entry(finding: $0.finding, since: $0.since, attribution: $0.attribution)
        }
        return message(
          .digest(DailyDigest(at: now, open: open, stacks: own.map(\.name).sorted())),
          to: destination)
      }
    }
  }

  // MARK: Messages

  private func message(_ notice: Notice, to destination: NotificationDestination)
    -> OutboxMessage
  {
    OutboxMessage(
      id: messageID(), destination: destination.name, payload: payload(notice, destination))
  }

  /// A random UUID (RFC 9562, version 4).
  private func messageID() -> String {
    var words = (0..<8).map { _ in random() }
    words[3] = words[3] & 0x0FFF | 0x4000
    words[4] = words[4] & 0x3FFF | 0x8000
    let digits = words.map { word in
      let text = String(word, radix: 16)
      return String(repeating: "0", count: 4 - text.count) + text
    }
    return digits[0] + digits[1] + "-" + digits[2] + "-" + digits[3] + "-" + digits[4] + "-"
      + digits[5...].joined()
  }
}

extension Change {
  /// Whether the change comes from the desired state, and not only from AWS having moved.
  fileprivate var isDeployed: Bool { !isFinding || cause == .conflict && !action.leavesAsIs }
}

extension StackID {
  /// A stack of which nothing but the name is known: the environment is what follows the last hyphen.
  fileprivate init(named name: String, of project: String) {
    let parts = name.split(separator: "-")
    self.init(
      project: project, client: parts.dropLast().joined(separator: "-"),
      environment: String(parts.last ?? ""))
  }
}
