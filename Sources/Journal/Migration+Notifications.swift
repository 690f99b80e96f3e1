extension Migration {
  static let findings = Migration(
    name: "findings and outbox",
    sql: """
      DROP TABLE observed_drift;
      CREATE TABLE findings (
        stack TEXT NOT NULL, resource TEXT NOT NULL, path TEXT NOT NULL, type TEXT NOT NULL,
        action TEXT NOT NULL, cause TEXT NOT NULL, desired TEXT, observed TEXT, reason TEXT,
        first_seen REAL NOT NULL, last_seen REAL NOT NULL, moved_at REAL NOT NULL,
        ended TEXT, ended_at REAL,
        principal TEXT, event TEXT, event_at REAL,
        announced TEXT, announced_principal TEXT, PRIMARY KEY (stack, resource, path)
      ) STRICT;
      CREATE TABLE deployments (
        stack TEXT PRIMARY KEY, revision TEXT, state TEXT NOT NULL, at REAL NOT NULL
      ) STRICT;
      CREATE TABLE digests (destination TEXT PRIMARY KEY, due REAL NOT NULL) STRICT;
      CREATE TABLE outbox (
        id INTEGER PRIMARY KEY, message TEXT NOT NULL UNIQUE, destination TEXT NOT NULL,
        payload TEXT NOT NULL, created_at REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
        next_attempt_at REAL NOT NULL, error TEXT, sent_at REAL, refused_at REAL
      ) STRICT;
      CREATE INDEX waiting_messages ON outbox (destination)
        WHERE sent_at IS NULL AND refused_at IS NULL;
      """)
}
