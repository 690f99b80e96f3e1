extension Migration {
  static let deployedStates = Migration(
    name: "deployed states",
    sql: """
      CREATE TABLE deployed_states (
        stack TEXT NOT NULL, fingerprint TEXT NOT NULL, revision TEXT, first_at REAL NOT NULL,
        last_at REAL NOT NULL, PRIMARY KEY (stack, fingerprint)
      ) STRICT;
      """)
}
