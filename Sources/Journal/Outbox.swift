import Document

/// A message to be sent to one destination.
public struct OutboxMessage: Hashable, Sendable {
  /// By which the receiver can tell a message that comes twice: a UUID.
  public var id: String
  /// The destination's name in `fleet.jsonc`.
  public var destination: String
  public var payload: Document

  public init(id: String, destination: String, payload: Document) {
    self.id = id
    self.destination = destination
    self.payload = payload
  }
}

/// A message that a process has claimed in order to send it.
public struct ClaimedMessage: Hashable, Sendable {
  public var message: OutboxMessage
  /// How often it was claimed, this time included.
  public var attempts: Int
  public var createdAt: Double
}

/// How many messages have not been sent to a destination, and why not.
public struct OutboxBacklog: Hashable, Sendable {
  public var destination: String
  public var waiting: Int
  /// Messages that the receiver will not take; they are kept and not tried again.
  public var refused: Int
  /// Why the last attempt failed.
  public var error: String?
}

extension Journal {
  /// How long sent messages are kept, in seconds.
  private static let keptAfterSending = 30.0 * 86_400

  /// Puts messages into the outbox.
  public func enqueue(_ messages: [OutboxMessage], at time: Double) throws(JournalError) {
    try connection.transaction { () throws(JournalError) in
      for message in messages { try enqueue(message, at: time) }
    }
  }

  /// Claims the oldest message that waits for the destination, where that one is due: messages go
  /// out in their order. No other process sends it until the claim has run out.
  ///
  /// - Parameter lease: seconds, longer than an attempt may take.
  public func claimMessage(
    for destination: String, at time: Double, lease: Double
  ) throws(JournalError) -> ClaimedMessage? {
    try connection.rows(
      """
      UPDATE outbox SET attempts = attempts + 1, next_attempt_at = ?3
      WHERE next_attempt_at <= ?2 AND id = (
        SELECT min(id) FROM outbox
        WHERE destination = ?1 AND sent_at IS NULL AND refused_at IS NULL)
      RETURNING message, destination, payload, attempts, created_at
      """, values: [.text(destination), .real(time), .real(time + lease)]
    ) { (row: inout Row) throws(JournalError) in
      ClaimedMessage(
        message: OutboxMessage(
          id: try row.text(), destination: try row.text(), payload: try row.document()),
        attempts: row.integer(), createdAt: try row.real())
    }.first
  }

  public func markSent(_ message: String, at time: Double) throws(JournalError) {
    try update(
      "message \(message)", sql: "UPDATE outbox SET sent_at = ?, error = NULL WHERE message = ?",
      values: [.real(time), .text(message)])
  }

  /// Notes a failed attempt, and when to try again.
  public func postpone(
    _ message: String, until time: Double, error: String
  ) throws(JournalError) {
    try update(
      "message \(message)",
      sql: "UPDATE outbox SET next_attempt_at = ?, error = ? WHERE message = ?",
      values: [.real(time), .text(error), .text(message)])
  }

  /// Notes that the receiver will not take the message, so that it does not hold up others.
  public func markRefused(
    _ message: String, at time: Double, error: String
  ) throws(JournalError) {
    try update(
      "message \(message)", sql: "UPDATE outbox SET refused_at = ?, error = ? WHERE message = ?",
      values: [.real(time), .text(error), .text(message)])
  }

  /// What has not been sent, by destination.
  public func backlog() throws(JournalError) -> [OutboxBacklog] {
    try connection.rows(
      """
      SELECT destination, count(*) FILTER (WHERE refused_at IS NULL),
        count(*) FILTER (WHERE refused_at IS NOT NULL), max(error)
      FROM outbox WHERE sent_at IS NULL GROUP BY destination ORDER BY destination
      """, values: []
    ) { (row: inout Row) throws(JournalError) in
      OutboxBacklog(
        destination: try row.text(), waiting: row.integer(), refused: row.integer(),
        error: row.optionalText())
    }
  }

  /// Within the caller's transaction.
  func enqueue(_ message: OutboxMessage, at time: Double) throws(JournalError) {
    try connection.run(
      "DELETE FROM outbox WHERE sent_at < ?", [.real(time - Self.keptAfterSending)])
    try connection.run(
      """
      INSERT INTO outbox (message, destination, payload, created_at, next_attempt_at)
      VALUES (?1, ?2, ?3, ?4, ?4)
      """,
      [.text(message.id), .text(message.destination), SQLValue(message.payload), .real(time)])
  }
}
