import Document

public struct ChangeID: Hashable, Sendable {
  let row: Int
}

public enum ChangeOutcome: String, Hashable, Sendable, CaseIterable {
  case succeeded, failed
  /// Not begun, because something that had to come first failed, or the run was interrupted.
  case skipped
  /// Done as far as calls go; AWS has not finished yet.
  case progressing
  /// It does not go on until what is wanted changes, or a person says so.
  case stalled
}

/// One change of a plan, as a run sets out to make it.
public struct ChangeStart: Hashable, Sendable {
  public var run: RunID
  /// The change's place in the plan.
  public var ordinal: Int
  /// The owner's full name, `{project}/{client}-{environment}`.
  public var stack: String
  /// The logical id.
  public var resource: String
  /// `AWS::EC2::VPC`
  public var type: String
  public var action: String
  public var cause: String
  /// What differs, in the form of the plan's JSON.
  public var differences: Document
  public var at: Double
  /// The commit that asks for what is made; `nil` outside a repository.
  public var revision: String?

  public init(
    run: RunID, ordinal: Int, stack: String, resource: String, type: String, action: String,
    cause: String, differences: Document, at: Double, revision: String? = nil
  ) {
    self.run = run
    self.ordinal = ordinal
    self.stack = stack
    self.resource = resource
    self.type = type
    self.action = action
    self.cause = cause
    self.differences = differences
    self.at = at
    self.revision = revision
  }
}

/// What became of a change.
public struct ChangeEnd: Hashable, Sendable {
  public var outcome: ChangeOutcome
  public var error: String?
  /// The id of the resource in AWS, where it is known.
  public var physicalID: String?
  /// How many calls it took.
  public var calls: Int
  /// How long it took.
  public var seconds: Double
  public var at: Double

  public init(
    outcome: ChangeOutcome, error: String?, physicalID: String?, calls: Int, seconds: Double,
    at: Double
  ) {
    self.outcome = outcome
    self.error = error
    self.physicalID = physicalID
    self.calls = calls
    self.seconds = seconds
    self.at = at
  }
}

/// A change as it is stored. Without an end it is being made, or its process was killed.
public struct ChangeRecord: Hashable, Sendable {
  public var id: ChangeID
  public var start: ChangeStart
  public var end: ChangeEnd?

  static let columns = """
    id, run, ordinal, stack, resource, type, action, cause, differences, started_at, revision,
    outcome, error, physical_id, calls, seconds, finished_at
    """

  init(row: inout Row) throws(JournalError) {
    id = ChangeID(row: row.integer())
    start = ChangeStart(
      run: try row.runID(), ordinal: row.integer(), stack: try row.text(),
      resource: try row.text(), type: try row.text(), action: try row.text(),
      cause: try row.text(), differences: try row.document(), at: try row.real(),
      revision: row.optionalText())
    if let outcome = try row.optionalCase(of: ChangeOutcome.self) {
      end = ChangeEnd(
        outcome: outcome, error: row.optionalText(), physicalID: row.optionalText(),
        calls: row.integer(), seconds: try row.real(), at: try row.real())
    }
  }
}

extension Journal {
  public func recordChange(_ change: ChangeStart) throws(JournalError) -> ChangeID {
    let id = try insert(
      """
      INSERT INTO changes
        (run, ordinal, stack, resource, type, action, cause, differences, started_at,
         revision)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        SQLValue(change.run), .integer(change.ordinal), .text(change.stack),
        .text(change.resource), .text(change.type), .text(change.action), .text(change.cause),
        SQLValue(change.differences), .real(change.at), SQLValue(change.revision),
      ])
    return ChangeID(row: id)
  }

  public func finishChange(_ id: ChangeID, _ end: ChangeEnd) throws(JournalError) {
    try update(
      "change \(id.row)",
      sql: """
        UPDATE changes SET outcome = ?, error = ?, physical_id = ?, calls = ?, seconds = ?,
          finished_at = ? WHERE id = ?
        """,
      values: [
        .text(end.outcome.rawValue), SQLValue(end.error), SQLValue(end.physicalID),
        .integer(end.calls), .real(end.seconds), .real(end.at), .integer(id.row),
      ])
  }

  /// The changes of a run, in the plan's order.
  public func changes(of run: RunID) throws(JournalError) -> [ChangeRecord] {
    try connection.rows(
      "SELECT \(ChangeRecord.columns) FROM changes WHERE run = ? ORDER BY ordinal, id",
      values: [SQLValue(run)], read: ChangeRecord.init)
  }

  /// The latest changes, newest first; of one stack or one resource where these are given.
  public func history(
    stack: String? = nil, resource: String? = nil, limit: Int
  ) throws(JournalError) -> [ChangeRecord] {
    try connection.rows(
      """
      SELECT \(ChangeRecord.columns) FROM changes
      WHERE (?1 IS NULL OR stack = ?1) AND (?2 IS NULL OR resource = ?2)
      ORDER BY id DESC LIMIT ?3
      """,
      values: [SQLValue(stack), SQLValue(resource), .integer(limit)], read: ChangeRecord.init)
  }
}
