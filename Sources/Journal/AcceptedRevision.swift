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
  /// The revisions of whole fleets that were last applied without any refusal, one for each project: that
  /// of the given project first, then the newest.
  public func acceptedRevisions(
    project: String
  ) throws(JournalError) -> [(project: String, revision: String)] {
    try connection.rows(
      "SELECT project, revision FROM accepted_revisions ORDER BY project = ? DESC, at DESC",
      values: [.text(project)]
    ) { (row: inout Row) throws(JournalError) in (try row.text(), try row.text()) }
  }

  public func accept(
    _ revision: String, project: String, at time: Double
  ) throws(JournalError) {
    try connection.run(
      "INSERT OR REPLACE INTO accepted_revisions VALUES (?, ?, ?)",
      [.text(project), .text(revision), .real(time)])
  }
}
