import TrueupCore

extension Migration {
  static let commits = Migration(
    name: "commits behind changes",
    sql: """
      CREATE TABLE commits (
        revision TEXT PRIMARY KEY, author TEXT NOT NULL, subject TEXT NOT NULL,
        committed_at REAL NOT NULL
      ) STRICT;
      ALTER TABLE changes ADD COLUMN revision TEXT;
      """)
}

extension Journal {
  /// Stores who committed what; once is enough.
  public func recordCommit(_ commit: Commit) throws(JournalError) {
    try connection.run(
      """
      INSERT OR REPLACE INTO commits (revision, author, subject, committed_at) VALUES (?, ?, ?, ?)
      """,
      [.text(commit.revision), .text(commit.author), .text(commit.subject), .real(commit.at)])
  }

  /// The commits of these revisions, as far as the journal knows them; by revision.
  public func commits(_ revisions: Set<String>) throws(JournalError) -> [String: Commit] {
    let found = try connection.rows(
      """
      SELECT revision, author, subject, committed_at FROM commits
      WHERE revision IN (SELECT value FROM json_each(?))
      """, values: [SQLValue(set: revisions)]
    ) { (row: inout Row) throws(JournalError) in
      Commit(
        revision: try row.text(), author: try row.text(), subject: try row.text(),
        at: try row.real())
    }
    return Dictionary(found.map { ($0.revision, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
