import TrueupCore

extension Migration {
  static let limits = Migration(
    name: "limits that were in force",
    sql: """
      CREATE TABLE limits (
        owner TEXT PRIMARY KEY, deletes INTEGER NOT NULL, replaces INTEGER NOT NULL,
        fleet_deletes INTEGER, fleet_replaces INTEGER, revision TEXT, at REAL NOT NULL
      ) STRICT;
      """)
}

/// The limits that were written when a run last planned a whole stack, or the whole fleet, within those
/// in force.
public struct NotedLimits: Hashable, Sendable {
  /// The owner's full name, `{project}/{client}-{environment}`; the project alone for all together.
  public var owner: String
  public var budget: Budget
  public var revision: String?
  public var at: Double

  public init(owner: String, budget: Budget, revision: String?, at: Double) {
    self.owner = owner
    self.budget = budget
    self.revision = revision
    self.at = at
  }
}

extension Journal {
  /// Notes limits in place of what was noted of the same owner.
  public func note(_ limits: NotedLimits) throws(JournalError) {
    let budget = limits.budget
    try connection.run(
      "INSERT OR REPLACE INTO limits VALUES (?, ?, ?, ?, ?, ?, ?)",
      [
        .text(limits.owner), .integer(budget.deletes), .integer(budget.replaces),
        budget.fleetDeletes.map(SQLValue.integer) ?? .null,
        budget.fleetReplaces.map(SQLValue.integer) ?? .null, SQLValue(limits.revision),
        .real(limits.at),
      ])
  }

  /// All that were noted, sorted by owner.
  public func notedLimits() throws(JournalError) -> [NotedLimits] {
    try connection.rows(
      """
      SELECT owner, deletes, replaces, fleet_deletes, fleet_replaces, revision, at FROM limits
      ORDER BY owner
      """
    ) { (row: inout Row) throws(JournalError) in
      NotedLimits(
        owner: try row.text(),
        budget: Budget(
          deletes: row.integer(), replaces: row.integer(), fleetDeletes: row.optionalInteger(),
          fleetReplaces: row.optionalInteger()), revision: row.optionalText(), at: try row.real())
    }
  }
}
