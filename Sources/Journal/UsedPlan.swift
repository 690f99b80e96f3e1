extension Migration {
  static let usedPlans = Migration(
    name: "saved plans that were applied",
    sql: """
      CREATE TABLE used_plans (
        plan TEXT PRIMARY KEY, run TEXT NOT NULL REFERENCES runs (id), at REAL NOT NULL
      ) STRICT;
      """)
}

/// A saved plan is good for one run.
extension Journal {
  /// The run that a saved plan was applied by; `nil` where none was.
  public func run(ofPlan plan: String) throws(JournalError) -> RunID? {
    try connection.rows("SELECT run FROM used_plans WHERE plan = ?", values: [.text(plan)]) {
      (row: inout Row) throws(JournalError) in try row.runID()
    }.first
  }

  /// Notes that a run applies a saved plan; `false` where another one does or did.
  public func usePlan(_ plan: String, run: RunID, at time: Double) throws(JournalError) -> Bool {
    try connection.run(
      "INSERT OR IGNORE INTO used_plans (plan, run, at) VALUES (?, ?, ?)",
      [.text(plan), SQLValue(run), .real(time)]) == 1
  }
}
