import Document

/// A run's id, as the caller chose it: `2026-11-20T22:41:07Z-7c1e`.
public struct RunID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public var rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
  public var description: String { rawValue }
}

public enum RunOutcome: String, Hashable, Sendable, CaseIterable {
  case succeeded, failed
  /// A guard (budget, account, lock) refused the run before its first change.
  case refused
  /// A signal ended it early, in good order.
  case interrupted
}

/// What is known when a run begins.
public struct RunStart: Hashable, Sendable {
  public var id: RunID
  /// The command's name: `apply`.
  public var command: String
  /// The git revision of the desired state; `nil` outside a repository.
  public var revision: String?
  /// True where the work tree had changes that were not committed.
  public var dirty: Bool
  public var user: String
  public var host: String
  public var at: Double

  public init(
    id: RunID, command: String, revision: String?, dirty: Bool, user: String, host: String,
    at: Double
  ) {
    self.id = id
    self.command = command
    self.revision = revision
    self.dirty = dirty
    self.user = user
    self.host = host
    self.at = at
  }
}

/// What is known when a run has ended.
public struct RunEnd: Hashable, Sendable {
  public var outcome: RunOutcome
  /// The counts of the plan's summary, or whatever else the reports want to show.
  public var summary: Document
  public var at: Double

  public init(outcome: RunOutcome, summary: Document, at: Double) {
    self.outcome = outcome
    self.summary = summary
    self.at = at
  }
}

/// A run as it is stored. Without an end it is still going on, or its process was killed.
public struct RunRecord: Hashable, Sendable {
  public var start: RunStart
  public var end: RunEnd?

  static let columns =
    "id, command, revision, dirty, user, host, started_at, outcome, summary, finished_at"

  init(row: inout Row) throws(JournalError) {
    start = RunStart(
      id: try row.runID(), command: try row.text(), revision: row.optionalText(),
      dirty: row.flag(), user: try row.text(), host: try row.text(), at: try row.real())
    if let outcome = try row.optionalCase(of: RunOutcome.self) {
      end = RunEnd(outcome: outcome, summary: try row.document(), at: try row.real())
    }
  }
}

extension Journal {
  public func beginRun(_ run: RunStart) throws(JournalError) {
    try connection.run(
      """
      INSERT INTO runs (id, command, revision, dirty, user, host, started_at)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      [
        SQLValue(run.id), .text(run.command), SQLValue(run.revision), SQLValue(run.dirty),
        .text(run.user), .text(run.host), .real(run.at),
      ])
  }

  public func finishRun(_ id: RunID, _ end: RunEnd) throws(JournalError) {
    try update(
      "run \(id)", sql: "UPDATE runs SET outcome = ?, summary = ?, finished_at = ? WHERE id = ?",
      values: [.text(end.outcome.rawValue), SQLValue(end.summary), .real(end.at), SQLValue(id)])
  }

  /// The latest runs, newest first.
  public func runs(limit: Int) throws(JournalError) -> [RunRecord] {
    try connection.rows(
      "SELECT \(RunRecord.columns) FROM runs ORDER BY started_at DESC, rowid DESC LIMIT ?",
      values: [.integer(limit)], read: RunRecord.init)
  }

  /// The run of this id, or the one whose id ends in this suffix (`7c1e`); `nil` if there is none.
  ///
  /// - Throws: `JournalError.ambiguousRun` where several ids end so.
  public func run(matching suffixOrID: String) throws(JournalError) -> RunRecord? {
    guard !suffixOrID.isEmpty else { return nil }
    let matches = try connection.rows(
      """
      SELECT \(RunRecord.columns) FROM runs WHERE substr(id, -length(?1)) = ?1
      ORDER BY started_at DESC, rowid DESC
      """,
      values: [.text(suffixOrID)], read: RunRecord.init)
    if let exact = matches.first(where: { $0.start.id.rawValue == suffixOrID }) { return exact }
    guard matches.count <= 1 else {
      throw .ambiguousRun(
        path: connection.path, suffix: suffixOrID, matches: matches.map(\.start.id))
    }
    return matches.first
  }
}
