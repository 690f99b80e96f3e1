extension Journal {
  /// The revisions that this journal has applied, or begun to: those that last applied properties,
  /// changes and runs carry. With those that git has they are the revisions that are *known*: a tag
  /// `trueup:rev` of any other was written from a repository of somebody else, or from a commit that a
  /// squash or a rebase has replaced.
  public func appliedRevisions() throws(JournalError) -> Set<String> {
    let found = try connection.rows(
      """
      SELECT revision FROM last_applied WHERE revision IS NOT NULL
      UNION SELECT revision FROM changes WHERE revision IS NOT NULL
      UNION SELECT revision FROM runs WHERE revision IS NOT NULL
      """
    ) { (row: inout Row) throws(JournalError) in try row.text() }
    return Set(found)
  }

  /// The revisions at which this journal has changed, or begun to change, something of each stack, by
  /// the owner's full name.
  public func appliedRevisionsByStack() throws(JournalError) -> [String: Set<String>] {
    let found = try connection.rows(
      """
      SELECT stack, revision FROM last_applied WHERE revision IS NOT NULL
      UNION SELECT stack, revision FROM changes WHERE revision IS NOT NULL
      """
    ) { (row: inout Row) throws(JournalError) in (try row.text(), try row.text()) }
    return Dictionary(found.map { ($0, [$1]) }, uniquingKeysWith: { $0.union($1) })
  }

  /// Who owns what this journal knows to exist, or to be under way, and the revision at which it was
  /// made: of resources that were applied, and of calls that no run has settled.
  public func owners() throws(JournalError) -> Set<OwnerRecord> {
    let found = try connection.rows(
      """
      SELECT last_applied.stack, coalesce(last_applied.revision, runs.revision)
      FROM last_applied JOIN runs ON runs.id = last_applied.run
      UNION
      SELECT intents.stack, runs.revision FROM intents JOIN runs ON runs.id = intents.run
      WHERE settled_at IS NULL AND (intents.outcome IS NULL OR intents.outcome = 'unknown')
      """
    ) { (row: inout Row) throws(JournalError) in
      OwnerRecord(stack: try row.text(), revision: row.optionalText())
    }
    return Set(found)
  }
}

/// An owner of resources, as the journal knows it.
public struct OwnerRecord: Hashable, Sendable {
  /// The owner's full name, `{project}/{client}-{environment}`.
  public var stack: String
  /// The commit at which, or on whose work tree, something of it was last applied; `nil` outside of a
  /// repository.
  public var revision: String?

  public init(stack: String, revision: String?) {
    self.stack = stack
    self.revision = revision
  }
}
