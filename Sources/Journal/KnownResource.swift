import Document
import TrueupCore

extension Migration {
  static let knownResources = Migration(
    name: "ids that are proven ours, and what was removed",
    sql: """
      CREATE TABLE known_ids (
        stack TEXT NOT NULL, resource TEXT NOT NULL, type TEXT NOT NULL, physical_id TEXT NOT NULL,
        PRIMARY KEY (stack, resource, type, physical_id)
      ) STRICT;
      INSERT OR IGNORE INTO known_ids
        SELECT stack, resource, type, physical_id FROM last_applied WHERE physical_id <> '';
      INSERT OR IGNORE INTO known_ids
        SELECT stack, resource, type, physical_id FROM changes
        WHERE outcome = 'succeeded' AND action <> 'delete' AND physical_id <> '';
      CREATE TABLE removed_resources (
        stack TEXT NOT NULL, resource TEXT NOT NULL, type TEXT NOT NULL, reason TEXT NOT NULL,
        at REAL NOT NULL, PRIMARY KEY (stack, resource)
      ) STRICT;
      """)
}

/// An id under which a resource is known to be ours: Trueup made it, or it was proven.
public struct KnownID: Hashable, Sendable {
  /// The owner's full name, `{project}/{client}-{environment}`.
  public var stack: String
  /// The logical id.
  public var resource: String
  /// `AWS::EC2::VPC`
  public var type: String
  public var physicalID: String

  public init(stack: String, resource: String, type: String, physicalID: String) {
    self.stack = stack
    self.resource = resource
    self.type = type
    self.physicalID = physicalID
  }

  var values: [SQLValue] { [.text(stack), .text(resource), .text(type), .text(physicalID)] }
}

/// A resource that Trueup itself deleted, and has not made again.
public struct RemovedResource: Hashable, Sendable {
  public var stack: String
  public var resource: String
  public var type: String
  public var reason: Evidence.Removal
  public var at: Double

  public init(stack: String, resource: String, type: String, reason: Evidence.Removal, at: Double) {
    self.stack = stack
    self.resource = resource
    self.type = type
    self.reason = reason
    self.at = at
  }
}

extension Journal {
  /// The ids that are known to be ours.
  public func knownIDs() throws(JournalError) -> [KnownID] {
    try connection.rows("SELECT stack, resource, type, physical_id FROM known_ids") {
      (row: inout Row) throws(JournalError) in
      KnownID(
        stack: try row.text(), resource: try row.text(), type: try row.text(),
        physicalID: try row.text())
    }
  }

  /// From now on this id is known to be ours.
  public func vouch(for known: KnownID) throws(JournalError) {
    try connection.run("INSERT OR IGNORE INTO known_ids VALUES (?, ?, ?, ?)", known.values)
  }

  /// An id that was deleted proves nothing any more: somebody else may come to carry it.
  public func forget(_ known: KnownID) throws(JournalError) {
    try connection.run(
      """
      DELETE FROM known_ids WHERE stack = ? AND resource = ? AND type = ? AND physical_id = ?
      """, known.values)
  }

  /// What Trueup itself deleted, and has not made again.
  public func removedResources() throws(JournalError) -> [RemovedResource] {
    try connection.rows("SELECT stack, resource, type, reason, at FROM removed_resources") {
      (row: inout Row) throws(JournalError) in
      RemovedResource(
        stack: try row.text(), resource: try row.text(), type: try row.text(),
        reason: try row.optionalCase(of: Evidence.Removal.self) ?? .undesired, at: try row.real())
    }
  }

  /// Notes that Trueup deleted a resource.
  public func noteRemoved(_ removed: RemovedResource) throws(JournalError) {
    try connection.run(
      "INSERT OR REPLACE INTO removed_resources VALUES (?, ?, ?, ?, ?)",
      [
        .text(removed.stack), .text(removed.resource), .text(removed.type),
        .text(removed.reason.rawValue), .real(removed.at),
      ])
  }

  /// It is there again.
  public func forgetRemoved(stack: String, resource: String) throws(JournalError) {
    try connection.run(
      "DELETE FROM removed_resources WHERE stack = ? AND resource = ?",
      [.text(stack), .text(resource)])
  }

  /// Creations of which nobody knows whether they ended well: their calls were begun, and the run was
  /// killed before it noted the end of the change. Oldest call first.
  public func unfinishedCreations() throws(JournalError) -> [IntentStart] {
    try connection.rows(
      """
      SELECT \(IntentRecord.columns) FROM intents
      WHERE action = 'create' AND outcome IS NOT 'failed' AND (
        settled_at IS NULL AND (outcome IS NULL OR outcome = 'unknown')
        OR EXISTS (SELECT 1 FROM changes WHERE changes.run = intents.run
          AND changes.stack = intents.stack AND changes.resource = intents.resource
          AND changes.outcome IS NULL))
      ORDER BY id
      """, values: [], read: IntentRecord.init
    ).map(\.start)
  }

  /// The revisions that runs were to apply, by run; without those that stood on work trees.
  public func runRevisions() throws(JournalError) -> [RunID: String] {
    let rows = try connection.rows(
      "SELECT id, revision FROM runs WHERE dirty = 0 AND revision IS NOT NULL"
    ) { (row: inout Row) throws(JournalError) in (try row.runID(), try row.text()) }
    return Dictionary(rows, uniquingKeysWith: { first, _ in first })
  }

  /// The commits on whose work trees uncommitted runs stood, by run.
  public func treeRevisions() throws(JournalError) -> [RunID: String] {
    let rows = try connection.rows(
      "SELECT id, revision FROM runs WHERE dirty <> 0 AND revision IS NOT NULL"
    ) { (row: inout Row) throws(JournalError) in (try row.runID(), try row.text()) }
    return Dictionary(rows, uniquingKeysWith: { first, _ in first })
  }
}
