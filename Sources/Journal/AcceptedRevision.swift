extension Migration {
  static let acceptedRevisions = Migration(
    name: "accepted revisions",
    sql: """
      CREATE TABLE accepted_revisions (
        project TEXT PRIMARY KEY, revision TEXT NOT NULL, at REAL NOT NULL
      ) STRICT;
      """)
}

extension Journal {
  /// The revision of the whole fleet that was last applied without any refusal; `nil` where none was.
  public func acceptedRevision(project: String) throws(JournalError) -> String? {
    try connection.rows(
      "SELECT revision FROM accepted_revisions WHERE project = ?", values: [.text(project)]
    ) { (row: inout Row) throws(JournalError) in try row.text() }.first
  }

  public func accept(
    _ revision: String, project: String, at time: Double
  ) throws(JournalError) {
    try connection.run(
      "INSERT OR REPLACE INTO accepted_revisions VALUES (?, ?, ?)",
      [.text(project), .text(revision), .real(time)])
  }
}
