import Document

public struct IntentID: Hashable, Sendable {
  let row: Int
}

/// A mutating call that is about to be made.
public struct IntentStart: Hashable, Sendable {
  public var run: RunID
  /// The owner's full name, `{project}/{client}-{environment}`.
  public var stack: String
  /// The logical id.
  public var resource: String
  /// `AWS::EC2::VPC`
  public var type: String
  /// The step that the call belongs to: `create`, `update`, `delete`.
  public var action: String
  /// `ec2`
  public var service: String
  /// `CreateVpc`
  public var operation: String
  /// The client token or caller reference that the request carries.
  public var token: String?
  /// The request, or as much of it as helps, without secrets.
  public var request: Document?
  public var at: Double

  public init(
    run: RunID, stack: String, resource: String, type: String, action: String, service: String,
    operation: String, token: String?, request: Document?, at: Double
  ) {
    self.run = run
    self.stack = stack
    self.resource = resource
    self.type = type
    self.action = action
    self.service = service
    self.operation = operation
    self.token = token
    self.request = request
    self.at = at
  }
}

public enum IntentOutcome: Hashable, Sendable {
  case succeeded
  /// AWS refused: its error code and message.
  case failed(code: String, message: String)
  /// The reply was lost: the call may have been carried out or not.
  case unknown(reason: String)
}

/// What became of a mutating call.
public struct IntentEnd: Hashable, Sendable {
  public var outcome: IntentOutcome
  /// AWS's id of the request.
  public var requestID: String?
  /// The id of the resource in AWS, where the reply named it.
  public var physicalID: String?
  public var at: Double

  public init(outcome: IntentOutcome, requestID: String?, physicalID: String?, at: Double) {
    self.outcome = outcome
    self.requestID = requestID
    self.physicalID = physicalID
    self.at = at
  }
}

/// How a later run found out what became of a call: `found vpc-1`, `not found`.
public struct IntentSettlement: Hashable, Sendable {
  public var how: String
  public var at: Double

  public init(how: String, at: Double) {
    self.how = how
    self.at = at
  }
}

/// A mutating call as it is stored.
public struct IntentRecord: Hashable, Sendable {
  public var id: IntentID
  public var start: IntentStart
  public var end: IntentEnd?
  public var settlement: IntentSettlement?

  static let columns = """
    id, run, stack, resource, type, action, service, operation, token, request, started_at,
    outcome, code, message, request_id, physical_id, finished_at, settlement, settled_at
    """

  init(row: inout Row) throws(JournalError) {
    id = IntentID(row: row.integer())
    start = IntentStart(
      run: try row.runID(), stack: try row.text(), resource: try row.text(),
      type: try row.text(), action: try row.text(), service: try row.text(),
      operation: try row.text(), token: row.optionalText(), request: try row.optionalDocument(),
      at: try row.real())
    let outcome = try IntentOutcome(row: &row)
    let requestID = row.optionalText()
    let physicalID = row.optionalText()
    let finishedAt = row.optionalReal()
    if let outcome, let finishedAt {
      end = IntentEnd(
        outcome: outcome, requestID: requestID, physicalID: physicalID, at: finishedAt)
    }
    if let how = row.optionalText() {
      settlement = IntentSettlement(how: how, at: try row.real())
    }
  }
}

extension IntentOutcome {
  /// From the columns outcome, code and message.
  fileprivate init?(row: inout Row) throws(JournalError) {
    let name = row.optionalText()
    let nameError = row.unreadable("'\(name ?? "")' is unknown")
    let code = row.optionalText()
    let message = row.optionalText()
    switch name {
    case nil: return nil
    case "succeeded": self = .succeeded
    case "failed": self = .failed(code: code ?? "", message: message ?? "")
    case "unknown": self = .unknown(reason: message ?? "")
    default: throw nameError
    }
  }

  fileprivate var columns: [SQLValue] {
    switch self {
    case .succeeded: [.text("succeeded"), .null, .null]
    case .failed(let code, let message): [.text("failed"), .text(code), .text(message)]
    case .unknown(let reason): [.text("unknown"), .null, .text(reason)]
    }
  }
}

extension Journal {
  /// Records a mutating call. When this returns, the row is on disk, and the request may leave.
  public func recordIntent(_ intent: IntentStart) throws(JournalError) -> IntentID {
    let id = try insert(
      """
      INSERT INTO intents
        (run, stack, resource, type, action, service, operation, token, request, started_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        SQLValue(intent.run), .text(intent.stack), .text(intent.resource), .text(intent.type),
        .text(intent.action), .text(intent.service), .text(intent.operation),
        SQLValue(intent.token), SQLValue(intent.request), .real(intent.at),
      ])
    return IntentID(row: id)
  }

  public func finishIntent(_ id: IntentID, _ end: IntentEnd) throws(JournalError) {
    try update(
      "intent \(id.row)",
      sql: """
        UPDATE intents SET outcome = ?, code = ?, message = ?, request_id = ?, physical_id = ?,
          finished_at = ? WHERE id = ?
        """,
      values: end.outcome.columns + [
        SQLValue(end.requestID), SQLValue(end.physicalID), .real(end.at), .integer(id.row),
      ])
  }

  /// The calls of which nobody knows what became, oldest first: without an outcome, or with an
  /// unknown one, and not settled since. A caller that holds the stacks' locks can be sure that
  /// none of them is in flight.
  ///
  /// - Parameter stacks: the stacks to look at; `nil` for all.
  public func unfinishedIntents(
    stacks: Set<String>? = nil
  ) throws(JournalError) -> [IntentRecord] {
    try connection.rows(
      """
      SELECT \(IntentRecord.columns) FROM intents
      WHERE settled_at IS NULL AND (outcome IS NULL OR outcome = 'unknown')
        AND (?1 IS NULL OR stack IN (SELECT value FROM json_each(?1)))
      ORDER BY id
      """,
      values: [SQLValue(set: stacks)], read: IntentRecord.init)
  }

  /// Notes how observation settled what became of a call.
  public func settleIntent(
    _ id: IntentID, _ settlement: IntentSettlement
  ) throws(JournalError) {
    try update(
      "intent \(id.row)", sql: "UPDATE intents SET settlement = ?, settled_at = ? WHERE id = ?",
      values: [.text(settlement.how), .real(settlement.at), .integer(id.row)])
  }

  /// All calls of a run, in the order in which they were made.
  public func intents(of run: RunID) throws(JournalError) -> [IntentRecord] {
    try connection.rows(
      "SELECT \(IntentRecord.columns) FROM intents WHERE run = ? ORDER BY id",
      values: [SQLValue(run)], read: IntentRecord.init)
  }
}
