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

  /// Puts a mutating call on disk, for each of its steps, as each has to be found again by itself; it may
  /// leave once this returns. The request itself is not stored: it may hold secrets.
  func begin(_ call: Call, _ steps: [Step], type: String, at time: Double)
    async throws(JournalError) -> [IntentID]
  {
    let starts = steps.map { step in
      IntentStart(
        run: run, stack: owner(step.address), resource: step.address.resource, type: type,
        action: step.action.rawValue, service: call.service, operation: call.operation,
        token: step.token.isEmpty ? nil : step.token, request: nil, at: time)
    }
    return try await JournalQueue.run { () throws(JournalError) in
      try journal.together { () throws(JournalError) in
        var ids: [IntentID] = []
        for start in starts { ids.append(try journal.recordIntent(start)) }
        return ids
      }
    }
  }

  func finish(_ intents: [IntentID], reply: Reply, at time: Double) async throws(JournalError) {
    guard !intents.isEmpty else { return }
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
    let end = IntentEnd(outcome: outcome, requestID: requestID, physicalID: nil, at: time)
    try await JournalQueue.run { () throws(JournalError) in
      try journal.together { () throws(JournalError) in
        for intent in intents { try journal.finishIntent(intent, end) }
      }
    }
  }

  // MARK: Last applied

  /// - Parameter isProven: the resource is known to be ours; its id proves it from now on.
  func applied(
    _ address: Address, _ resource: Base.Resource, isProven: Bool, at time: Double
  ) throws(JournalError) {
    if isProven, let id = resource.id, !id.isEmpty {
      try journal.vouch(
        for: KnownID(
          stack: owner(address), resource: address.resource, type: resource.type, physicalID: id))
    }
    if resource.id != nil {
      try journal.forgetRemoved(stack: owner(address), resource: address.resource)
    }
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

  /// Something of the address was deleted.
  ///
  /// - Parameter reason: `nil` where its successor is there already.
  func deleted(
    _ address: Address, type: String, id: String, reason: Evidence.Removal?, at time: Double
  ) throws(JournalError) {
    try journal.forget(
      KnownID(stack: owner(address), resource: address.resource, type: type, physicalID: id))
    guard let reason else { return }
    try journal.noteRemoved(
      RemovedResource(
        stack: owner(address), resource: address.resource, type: type, reason: reason, at: time))
  }

  /// Notes that what did not exist before is begun.
  func begun(_ steps: [PlannedStep], at time: Double) async throws(JournalError) {
    guard !steps.isEmpty else { return }
    try await JournalQueue.run { () throws(JournalError) in
      for step in steps {
        try applied(
          step.id.address, .begun(type: step.type, scope: step.scope), isProven: false, at: time)
      }
    }
  }

  /// Notes what a step that ended well leaves behind, all at once.
  ///
  /// - Parameter proven: the properties whose values nobody may see.
  func note(
    _ prepared: PreparedStep, id: String, made: Made, base: Base, proven: Set<String>,
    at time: Double
  ) async throws(JournalError) {
    try await JournalQueue.run { () throws(JournalError) in
      try journal.together { () throws(JournalError) in
        try ended(prepared, id: id, made: made, base: base, proven: proven, at: time)
      }
    }
  }

  private func ended(
    _ prepared: PreparedStep, id: String, made: Made, base: Base, proven: Set<String>,
    at time: Double
  ) throws(JournalError) {
    let step = prepared.planned
    let address = step.id.address
    guard !prepared.isHeld else { return }
    if step.id.action == .delete {
      let isReplaced = step.isReplacement
      try deleted(
        address, type: step.type, id: step.id.target,
        reason: made.contains(address) || step.isLeftover
          ? nil : isReplaced ? .replaced : .undesired, at: time)
    }
    if step.id.action == .update, !step.id.target.isEmpty, step.changed.isEmpty {
      // It is let go, and no longer ours.
      try journal.forget(
        KnownID(
          stack: owner(address), resource: address.resource, type: step.type,
          physicalID: step.id.target))
    }
    if !step.id.target.isEmpty {
      guard !made.contains(address), !step.isLeftover, base.resources[address]?.id == step.id.target
      else { return }
      try forgotten(address)
    } else {
      var tags = Base.Resource.noted(prepared.tags)
      if step.mayBeDeleted {
        tags[OwnershipTags.deletionPolicy] = RemovalPolicy.delete.rawValue
      }
      try applied(
        address,
        Base.Resource(
          type: step.type, id: id, scope: step.scope,
          properties: prepared.desired.redacted(hiding: proven), tags: tags),
        isProven: step.isProven, at: time)
    }
  }

  private func owner(_ address: Address) -> String { "\(project)/\(address.stack)" }
}
