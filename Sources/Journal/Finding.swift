import Document
import TrueupCore

/// A finding as it is stored.
public struct FindingRecord: Hashable, Sendable {
  public enum End: String, Hashable, Sendable {
    /// It was not seen again.
    case resolved
    /// A run put it right.
    case mended
  }

  public var finding: DriftFinding
  /// Since when it has been seen without a break.
  public var since: Double
  /// When what stands in AWS was last seen to have moved.
  public var lastMoved: Double
  /// `nil` while it is open. What has ended is kept until it has been announced.
  public var end: End?
  public var attribution: Attribution?
  /// What people were last told of it: its fingerprint, and who did it.
  var announced: Document?
  var announcedPrincipal: String?

  static let columns = """
    stack, resource, path, type, action, cause, desired, observed, reason, first_seen, moved_at,
    ended,
    principal, event, event_at, announced, announced_principal
    """

  init(row: inout Row) throws(JournalError) {
    let id = DriftFinding.ID(
      stack: try row.text(), resource: try row.text(), path: try row.text())
    finding = DriftFinding(
      id: id, type: try row.text(), action: try row.requiredCase(of: Change.Action.self),
      cause: try row.requiredCase(of: Cause.self), desired: try row.optionalDocument(),
      observed: try row.optionalDocument(), reason: row.optionalText())
    since = try row.real()
    lastMoved = try row.real()
    end = try row.optionalCase(of: End.self)
    let principal = row.optionalText()
    let event = row.optionalText()
    if let at = row.optionalReal(), let principal, let event {
      attribution = Attribution(principal: principal, event: event, at: at)
    }
    announced = try row.optionalDocument()
    announcedPrincipal = row.optionalText()
  }

  /// What people have not been told yet; `nil` where there is nothing.
  var news: FindingNews? {
    let kind: FindingNews.Kind
    switch (end, announced) {
    case (.resolved, nil): return nil
    case (.resolved, _): kind = .resolved
    case (.mended, _): kind = .mended
    case (nil, nil): kind = .opened
    case (nil, let told?):
      if told != finding.fingerprint {
        kind = .changed
      } else if attribution != nil && announcedPrincipal == nil {
        kind = .attributed
      } else {
        return nil
      }
    }
    return FindingNews(kind: kind, finding: finding, since: since, attribution: attribution)
  }
}

extension Journal {
  /// Notes what an observation has found, and returns what is stored of it. Findings of the covered
  /// stacks that were not seen again have ended: they are forgotten, or, where people were told of
  /// them, kept until the end has been announced.
  ///
  /// - Parameters:
  ///   - mended: those of the findings that the same run has put right.
  ///   - stacks: the stacks that were observed completely, by their owners' full names.
  public func noteFindings(
    _ findings: [DriftFinding], mended: Set<DriftFinding.ID> = [], covering stacks: Set<String>,
    at time: Double
  ) throws(JournalError) -> [DriftFinding.ID: FindingRecord] {
    try connection.transaction { () throws(JournalError) in
      for finding in findings { try note(finding, at: time) }
      let seen = Set(findings.map(\.id))
      for record in try findingRecords(stacks: stacks) where record.end == nil {
        let id = record.finding.id
        if mended.contains(id) {
          try end(id, .mended, at: time)
        } else if !seen.contains(id) {
          try record.announced == nil ? forget(id) : end(id, .resolved, at: time)
        }
      }
      return Dictionary(
        try findingRecords(stacks: stacks.union(seen.map(\.stack))).filter {
          seen.contains($0.finding.id)
        }.map { ($0.finding.id, $0) }, uniquingKeysWith: { first, _ in first })
    }
  }

  /// The findings that are open, sorted by identity.
  ///
  /// - Parameter stacks: the stacks to look at, by their owners' full names; `nil` for all.
  public func openFindings(
    stacks: Set<String>? = nil
  ) throws(JournalError) -> [FindingRecord] {
    try findingRecords(stacks: stacks).filter { $0.end == nil }
  }

  /// Stores who caused a finding.
  public func attribute(
    _ id: DriftFinding.ID, to attribution: Attribution
  ) throws(JournalError) {
    try connection.run(
      """
      UPDATE findings SET principal = ?, event = ?, event_at = ?
      WHERE stack = ? AND resource = ? AND path = ?
      """,
      [.text(attribution.principal), .text(attribution.event), .real(attribution.at)] + id.key)
  }

  /// Takes what people have not been told about the findings of these stacks, and puts the messages
  /// about it into the outbox: both or neither.
  ///
  /// - Parameter compose: the messages; it is not called where there is no news.
  public func announceFindings(
    stacks: Set<String>, at time: Double,
    compose: (_ news: [FindingNews], _ open: [FindingRecord]) -> [OutboxMessage]
  ) throws(JournalError) {
    try connection.transaction { () throws(JournalError) in
      let records = try findingRecords(stacks: stacks)
      let news = records.compactMap(\.news)
      for record in records {
        if record.end != nil {
          try forget(record.finding.id)
        } else if record.news != nil {
          try connection.run(
            """
            UPDATE findings SET announced = ?, announced_principal = ?
            WHERE stack = ? AND resource = ? AND path = ?
            """,
            [
              SQLValue(record.finding.fingerprint), SQLValue(record.attribution?.principal),
            ] + record.finding.id.key)
        }
      }
      guard !news.isEmpty else { return }
      for message in compose(news, records.filter { $0.end == nil }) {
        try enqueue(message, at: time)
      }
    }
  }

  private func findingRecords(stacks: Set<String>?) throws(JournalError) -> [FindingRecord] {
    try connection.rows(
      """
      SELECT \(FindingRecord.columns) FROM findings
      WHERE ?1 IS NULL OR stack IN (SELECT value FROM json_each(?1))
      ORDER BY stack, resource, path
      """, values: [SQLValue(set: stacks)], read: FindingRecord.init)
  }

  /// A finding that had ended and is seen again has a new beginning, and perhaps another author.
  private func note(_ finding: DriftFinding, at time: Double) throws(JournalError) {
    try connection.run(
      """
      UPDATE findings SET first_seen = ?1, moved_at = ?1, ended = NULL, ended_at = NULL,
        principal = NULL, event = NULL, event_at = NULL
      WHERE stack = ?2 AND resource = ?3 AND path = ?4 AND ended IS NOT NULL
      """, [.real(time)] + finding.id.key)
    // What has moved again was moved by somebody who is not known yet.
    try connection.run(
      """
      UPDATE findings SET moved_at = ?5, principal = NULL, event = NULL, event_at = NULL,
        announced_principal = NULL
      WHERE stack = ?1 AND resource = ?2 AND path = ?3 AND observed IS NOT ?4
      """, finding.id.key + [SQLValue(finding.observed), .real(time)])
    try connection.run(
      """
      INSERT INTO findings
        (stack, resource, path, type, action, cause, desired, observed, reason, first_seen,
          last_seen, moved_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?10)
      ON CONFLICT DO UPDATE SET type = ?4, action = ?5, cause = ?6, desired = ?7, observed = ?8,
        reason = ?9, last_seen = ?10
      """,
      finding.id.key + [
        .text(finding.type), .text(finding.action.rawValue), .text(finding.cause.rawValue),
        SQLValue(finding.desired), SQLValue(finding.observed), SQLValue(finding.reason),
        .real(time),
      ])
  }

  private func end(
    _ id: DriftFinding.ID, _ end: FindingRecord.End, at time: Double
  ) throws(JournalError) {
    try connection.run(
      """
      UPDATE findings SET ended = ?, ended_at = ? WHERE stack = ? AND resource = ? AND path = ?
      """, [.text(end.rawValue), .real(time)] + id.key)
  }

  private func forget(_ id: DriftFinding.ID) throws(JournalError) {
    try connection.run(
      "DELETE FROM findings WHERE stack = ? AND resource = ? AND path = ?", id.key)
  }
}

extension DriftFinding.ID {
  fileprivate var key: [SQLValue] { [.text(stack), .text(resource), .text(path)] }
}
