import Document
import Journal
import TrueupCore

/// The journal as one run writes to it.
struct RunJournal: Sendable {
  let journal: Journal
  let run: RunID
  let project: String
  /// `nil` from a dirty tree.
  let revision: String?
  /// The revisions of stacks that are held back, by stack name.
  var revisions: [String: String] = [:]

  // MARK: Intents

  /// Puts a mutating call on disk; it may leave once this returns. The request itself is not stored:
  /// it may hold secrets.
  func begin(_ call: Call, step: Step, type: String, at time: Double) throws(JournalError)
    -> IntentID
  {
    try journal.recordIntent(
      IntentStart(
        run: run, stack: owner(step.address), resource: step.address.resource, type: type,
        action: step.action.rawValue, service: call.service, operation: call.operation,
        token: step.token.isEmpty ? nil : step.token, request: nil, at: time))
  }

  func finish(_ intent: IntentID, reply: Reply, at time: Double) throws(JournalError) {
    var requestID: String?
    let outcome: IntentOutcome
    switch reply {
    case .success, .absent:
      outcome = .succeeded
    case .failure(let failure):
      requestID = failure.requestID
      outcome =
        failure.reason == .outcomeUnknown
        ? .unknown(reason: failure.message)
        : .failed(code: failure.code ?? "", message: failure.message)
    }
    try journal.finishIntent(
      intent, IntentEnd(outcome: outcome, requestID: requestID, physicalID: nil, at: time))
  }

  // MARK: Last applied

  func applied(_ address: Address, _ resource: Base.Resource, at time: Double) throws(JournalError)
  {
    try journal.setLastApplied(
      LastApplied(
        stack: owner(address), resource: address.resource, type: resource.type,
        physicalID: resource.id ?? "", account: resource.scope.account,
        region: resource.scope.region, properties: resource.properties, tags: resource.tags,
        revision: revisions[address.stack] ?? revision, run: run, at: time))
  }

  func forgotten(_ address: Address) throws(JournalError) {
    try journal.removeLastApplied(stack: owner(address), resource: address.resource)
  }

  private func owner(_ address: Address) -> String { "\(project)/\(address.stack)" }
}

extension Base {
  /// The base as the journal knows it; of the stacks of one project.
  ///
  /// - Parameter formerProject: the name that the project had: what was applied under it, and not since,
  ///   belongs to it too.
  public init(
    _ journal: Journal, project: String, formerProject: String? = nil
  ) throws(JournalError) {
    var resources: [Address: Base.Resource] = [:]
    func owns(_ name: String?, _ applied: LastApplied) -> Bool {
      name.map { applied.stack.hasPrefix($0 + "/") } ?? false
    }
    let all = try journal.lastApplied()
    // What is known under the name of today wins.
    for applied in all.filter({ owns(formerProject, $0) }) + all.filter({ owns(project, $0) }) {
      let stack = applied.stack.drop { $0 != "/" }.dropFirst()
      let address = Address(stack: String(stack), resource: applied.resource)
      resources[address] = Base.Resource(
        type: applied.type, id: applied.physicalID.isEmpty ? nil : applied.physicalID,
        scope: Scope(account: applied.account, region: applied.region),
        properties: applied.properties, tags: applied.tags, revision: applied.revision)
    }
    self.init(resources: resources)
  }
}
