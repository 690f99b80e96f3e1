import Document

/// What was last written to a resource: the base of the three-way comparison.
public struct LastApplied: Hashable, Sendable {
  /// The owner's full name, `{project}/{client}-{environment}`.
  public var stack: String
  /// The logical id.
  public var resource: String
  /// `AWS::EC2::VPC`
  public var type: String
  /// The id of the resource in AWS.
  public var physicalID: String
  public var account: String
  /// `nil` for global services.
  public var region: String?
  /// In terms of the registry schema, without secrets.
  public var properties: Document
  public var tags: [String: String]
  /// The git revision; `nil` from a work tree with changes, or outside a repository.
  public var revision: String?
  public var run: RunID
  public var at: Double

  public init(
    stack: String, resource: String, type: String, physicalID: String, account: String,
    region: String?, properties: Document, tags: [String: String], revision: String?, run: RunID,
    at: Double
  ) {
    self.stack = stack
    self.resource = resource
    self.type = type
    self.physicalID = physicalID
    self.account = account
    self.region = region
    self.properties = properties
    self.tags = tags
    self.revision = revision
    self.run = run
    self.at = at
  }

  static let columns = """
    stack, resource, type, physical_id, account, region, properties, tags, revision, run, applied_at
    """

  init(row: inout Row) throws(JournalError) {
    stack = try row.text()
    resource = try row.text()
    type = try row.text()
    physicalID = try row.text()
    account = try row.text()
    region = row.optionalText()
    properties = try row.document()
    tags = try row.document().object?.compactMapValues(\.string) ?? [:]
    revision = row.optionalText()
    run = try row.runID()
    at = try row.real()
  }
}

extension Journal {
  /// What was last applied to each resource, sorted by stack and resource.
  ///
  /// - Parameter stacks: the stacks to look at; `nil` for all.
  public func lastApplied(stacks: Set<String>? = nil) throws(JournalError) -> [LastApplied] {
    try connection.rows(
      """
      SELECT \(LastApplied.columns) FROM last_applied
      WHERE ?1 IS NULL OR stack IN (SELECT value FROM json_each(?1))
      ORDER BY stack, resource
      """,
      values: [SQLValue(set: stacks)], read: LastApplied.init)
  }

  /// Stores what was applied, in place of what was stored of the same stack and resource.
  public func setLastApplied(_ applied: LastApplied) throws(JournalError) {
    try connection.run(
      """
      INSERT OR REPLACE INTO last_applied (\(LastApplied.columns))
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .text(applied.stack), .text(applied.resource), .text(applied.type),
        .text(applied.physicalID), .text(applied.account), SQLValue(applied.region),
        SQLValue(applied.properties), SQLValue(.object(applied.tags.mapValues(Document.string))),
        SQLValue(applied.revision), SQLValue(applied.run), .real(applied.at),
      ])
  }

  /// Forgets a resource that is ours no longer. There may be nothing to forget.
  public func removeLastApplied(stack: String, resource: String) throws(JournalError) {
    try connection.run(
      "DELETE FROM last_applied WHERE stack = ? AND resource = ?", [.text(stack), .text(resource)])
  }
}
