/// A change of the journal's tables. Migrations are only ever appended to: a file of any earlier
/// version is brought up to date by those that it lacks, in this order.
struct Migration {
  /// What the file remembers the migration by.
  let name: String
  let sql: String

  static let all = [
    Migration(
      name: "runs, changes and intents",
      sql: """
        CREATE TABLE runs (
          id TEXT PRIMARY KEY, command TEXT NOT NULL, revision TEXT, dirty INTEGER NOT NULL,
          user TEXT NOT NULL, host TEXT NOT NULL, started_at REAL NOT NULL,
          outcome TEXT, summary TEXT, finished_at REAL
        ) STRICT;
        CREATE TABLE changes (
          id INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES runs (id), ordinal INTEGER NOT NULL,
          stack TEXT NOT NULL, resource TEXT NOT NULL, type TEXT NOT NULL, action TEXT NOT NULL,
          cause TEXT NOT NULL, differences TEXT NOT NULL, started_at REAL NOT NULL,
          outcome TEXT, error TEXT, physical_id TEXT, calls INTEGER, seconds REAL, finished_at REAL
        ) STRICT;
        CREATE INDEX changes_by_run ON changes (run);
        CREATE INDEX changes_by_resource ON changes (stack, resource);
        CREATE TABLE intents (
          id INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES runs (id), stack TEXT NOT NULL,
          resource TEXT NOT NULL, type TEXT NOT NULL, action TEXT NOT NULL, service TEXT NOT NULL,
          operation TEXT NOT NULL, token TEXT, request TEXT, started_at REAL NOT NULL,
          outcome TEXT, code TEXT, message TEXT, request_id TEXT, physical_id TEXT,
          finished_at REAL, settlement TEXT, settled_at REAL
        ) STRICT;
        CREATE INDEX intents_by_run ON intents (run);
        CREATE INDEX unfinished_intents ON intents (stack)
          WHERE settled_at IS NULL AND (outcome IS NULL OR outcome = 'unknown');
        """),
    Migration(
      name: "last applied properties",
      sql: """
        CREATE TABLE last_applied (
          stack TEXT NOT NULL, resource TEXT NOT NULL, type TEXT NOT NULL,
          physical_id TEXT NOT NULL, account TEXT NOT NULL, region TEXT, properties TEXT NOT NULL,
          tags TEXT NOT NULL, revision TEXT, run TEXT NOT NULL REFERENCES runs (id),
          applied_at REAL NOT NULL, PRIMARY KEY (stack, resource)
        ) STRICT;
        """),
    Migration(
      name: "observed drift",
      sql: """
        CREATE TABLE observed_drift (
          stack TEXT NOT NULL, resource TEXT NOT NULL, path TEXT NOT NULL,
          first_seen REAL NOT NULL, last_seen REAL NOT NULL, PRIMARY KEY (stack, resource, path)
        ) STRICT;
        """),
    .commits,
    .stackStates,
    .findings,
    .deployedStates,
    .knownResources,
    .usedPlans,
    .limits,
    .acceptedRevisions,
    .quarantine,
  ]

  /// Brings the file up to date.
  ///
  /// - Throws: `JournalError.newer` where the file has a migration that is not in `migrations`.
  static func apply(
    _ migrations: [Migration] = all, to connection: Connection
  ) throws(JournalError) {
    // Most files are up to date, and need no write lock.
    if try missing(of: migrations, in: connection).isEmpty { return }
    while true {
      // One transaction for each: another process may be at the same work.
      let isDone = try connection.transaction { () throws(JournalError) in
        guard let next = try missing(of: migrations, in: connection).first else { return true }
        try connection.execute(
          "CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY) STRICT")
        try connection.execute(next.sql)
        try connection.run("INSERT INTO schema_migrations (name) VALUES (?)", [.text(next.name)])
        return false
      }
      if isDone { return }
    }
  }

  private static func missing(
    of migrations: [Migration], in connection: Connection
  ) throws(JournalError) -> [Migration] {
    let tables = try connection.rows(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'"
    ) { (row: inout Row) throws(JournalError) in try row.text() }
    if tables.isEmpty { return migrations }
    let applied = try connection.rows("SELECT name FROM schema_migrations ORDER BY rowid") {
      (row: inout Row) throws(JournalError) in try row.text()
    }
    let unknown = applied.filter { name in !migrations.contains { $0.name == name } }
    guard unknown.isEmpty else { throw .newer(path: connection.path, migrations: unknown) }
    return migrations.filter { !applied.contains($0.name) }
  }
}
