import Document

/// A place where AWS was seen to differ from what was applied.
public struct DriftFinding: Hashable, Sendable {
  /// The owner's full name, `{project}/{client}-{environment}`.
  public var stack: String
  /// The logical id.
  public var resource: String
  /// The property's path, `/CidrBlock`; empty for the resource as a whole.
  public var path: String

  public init(stack: String, resource: String, path: String) {
    self.stack = stack
    self.resource = resource
    self.path = path
  }
}

extension Journal {
  /// Notes what drift an observation saw, and returns since when each finding has been seen
  /// without a break. Findings of the covered stacks that are seen no longer are forgotten.
  ///
  /// - Parameter stacks: the stacks that were observed completely.
  public func noteDrift(
    _ findings: Set<DriftFinding>, covering stacks: Set<String>, at: Double
  ) throws(JournalError) -> [DriftFinding: Double] {
    try connection.transaction { () throws(JournalError) in
      var firstSeen: [DriftFinding: Double] = [:]
      for finding in findings {
        let since = try connection.rows(
          """
          INSERT INTO observed_drift (stack, resource, path, first_seen, last_seen)
          VALUES (?1, ?2, ?3, ?4, ?4)
          ON CONFLICT DO UPDATE SET last_seen = ?4
          RETURNING first_seen
          """,
          [.text(finding.stack), .text(finding.resource), .text(finding.path), .real(at)]
        ) { (row: inout Row) throws(JournalError) in try row.real() }
        firstSeen[finding] = since.first
      }
      let stored = try connection.rows(
        """
        SELECT stack, resource, path FROM observed_drift
        WHERE stack IN (SELECT value FROM json_each(?))
        """, [SQLValue(set: stacks)]
      ) { (row: inout Row) throws(JournalError) in
        DriftFinding(stack: try row.text(), resource: try row.text(), path: try row.text())
      }
      for finding in stored where !findings.contains(finding) {
        try connection.run(
          "DELETE FROM observed_drift WHERE stack = ? AND resource = ? AND path = ?",
          [.text(finding.stack), .text(finding.resource), .text(finding.path)])
      }
      return firstSeen
    }
  }
}
