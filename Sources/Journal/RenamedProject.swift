extension Journal {
  /// Gives what this journal knows of a project's stacks to the name that the project has now: what was
  /// last applied, calls that no run has settled, open findings, how the stacks stand and what was
  /// deployed. Where the new name has a row already, that one stays. The history keeps the names that
  /// were right when it was written.
  ///
  /// - Parameter stacks: only these, `acme-prod`; `nil` for all.
  public func renameProject(
    _ old: String, to new: String, stacks: Set<String>? = nil
  ) throws(JournalError) {
    let matches = """
      substr(stack, 1, length(?1) + 1) = ?1 || '/'
        AND (?2 IS NULL OR substr(stack, length(?1) + 2) IN (SELECT value FROM json_each(?2)))
      """
    let renamed = "?3 || substr(stack, length(?1) + 1)"
    let values: [SQLValue] = [.text(old), SQLValue(set: stacks), .text(new)]
    try connection.transaction { () throws(JournalError) in
      for table in [
        "last_applied", "findings", "stack_states", "deployments", "deployed_states", "quarantine",
        "taken",
      ] {
        try connection.run(
          "UPDATE OR IGNORE \(table) SET stack = \(renamed) WHERE \(matches)", values)
        try connection.run("DELETE FROM \(table) WHERE \(matches)", Array(values.dropLast()))
      }
      // The fleet's own limits go by the project's name alone.
      let limits: [SQLValue] = [.text(old), SQLValue(set: stacks), .text(new)]
      try connection.run(
        """
        UPDATE OR IGNORE limits SET owner = ?3 || substr(owner, length(?1) + 1)
        WHERE owner = ?1 AND ?2 IS NULL
          OR substr(owner, 1, length(?1) + 1) = ?1 || '/'
            AND (?2 IS NULL OR substr(owner, length(?1) + 2) IN (SELECT value FROM json_each(?2)))
        """, limits)
      try connection.run(
        """
        UPDATE intents SET stack = \(renamed) WHERE \(matches)
          AND settled_at IS NULL AND (outcome IS NULL OR outcome = 'unknown')
        """, values)
    }
  }
}
