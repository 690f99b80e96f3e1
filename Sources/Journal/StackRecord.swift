import TrueupCore

extension Migration {
  static let stackStates = Migration(
    name: "states of stacks",
    sql: """
      CREATE TABLE stack_states (
        stack TEXT PRIMARY KEY, status TEXT NOT NULL, in_sync INTEGER NOT NULL,
        drifted INTEGER NOT NULL, pending INTEGER NOT NULL, failed INTEGER NOT NULL, note TEXT,
        command TEXT NOT NULL, observed_at REAL NOT NULL, revision TEXT, revision_at REAL
      ) STRICT;
      """)
}

/// How a stack stood after the last run that looked at it.
public struct StackRecord: Hashable, Sendable {
  /// The owner's full name, `{project}/{client}-{environment}`.
  public var stack: String
  public var state: StackState
  /// The command of the last run: `reconcile`.
  public var command: String
  /// When the last run ended.
  public var at: Double
  /// The last good revision: the one in force; `nil` while there was none.
  public var revision: String?
  /// When it came into force.
  public var revisionAt: Double?

  public init(
    stack: String, state: StackState, command: String, at: Double, revision: String? = nil,
    revisionAt: Double? = nil
  ) {
    self.stack = stack
    self.state = state
    self.command = command
    self.at = at
    self.revision = revision
    self.revisionAt = revisionAt
  }

  init(row: inout Row) throws(JournalError) {
    stack = try row.text()
    guard let status = try row.optionalCase(of: StackState.Status.self) else {
      throw row.unreadable("it is NULL")
    }
    state = StackState(
      status: status, inSync: row.integer(), drifted: row.integer(), pending: row.integer(),
      failed: row.integer(), note: row.optionalText())
    command = try row.text()
    at = try row.real()
    revision = row.optionalText()
    revisionAt = row.optionalReal()
  }
}

extension Journal {
  /// Stores how a stack stands. A record without a revision leaves the one that is in force.
  public func setStackRecord(_ record: StackRecord) throws(JournalError) {
    let state = record.state
    try connection.run(
      """
      INSERT INTO stack_states VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
      ON CONFLICT DO UPDATE SET status = ?2, in_sync = ?3, drifted = ?4, pending = ?5, failed = ?6,
        note = ?7, command = ?8, observed_at = ?9,
        revision_at = CASE WHEN ?10 IS NULL OR ?10 IS revision THEN revision_at ELSE ?11 END,
        revision = coalesce(?10, revision)
      """,
      [
        .text(record.stack), .text(state.status.rawValue), .integer(state.inSync),
        .integer(state.drifted), .integer(state.pending), .integer(state.failed),
        SQLValue(state.note), .text(record.command), .real(record.at), SQLValue(record.revision),
        record.revisionAt.map(SQLValue.real) ?? .null,
      ])
  }

  /// Forgets stacks of a project that are in it no longer.
  public func removeStackRecords(
    project: String, except stacks: Set<String>
  ) throws(JournalError) {
    try connection.run(
      """
      DELETE FROM stack_states WHERE substr(stack, 1, length(?1)) = ?1
        AND stack NOT IN (SELECT value FROM json_each(?2))
      """, [.text(project + "/"), SQLValue(set: stacks)])
  }

  /// How all stacks stood when they were last looked at, sorted by name.
  public func stackRecords() throws(JournalError) -> [StackRecord] {
    try connection.rows(
      """
      SELECT stack, status, in_sync, drifted, pending, failed, note, command, observed_at, revision,
        revision_at
      FROM stack_states ORDER BY stack
      """, values: [], read: StackRecord.init)
  }

  /// When each stack was last changed, by its full name.
  public func lastChanges() throws(JournalError) -> [String: Double] {
    let found = try connection.rows(
      "SELECT stack, max(finished_at) FROM changes WHERE outcome = 'succeeded' GROUP BY stack"
    ) { (row: inout Row) throws(JournalError) in (try row.text(), try row.real()) }
    return Dictionary(found, uniquingKeysWith: max)
  }
}
