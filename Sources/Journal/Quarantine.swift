import Document
import TrueupCore

extension Migration {
  static let quarantine = Migration(
    name: "values that AWS does not keep",
    sql: """
      CREATE TABLE quarantine (
        stack TEXT NOT NULL, resource TEXT NOT NULL, path TEXT NOT NULL, type TEXT NOT NULL,
        desired TEXT, observed TEXT, security INTEGER NOT NULL, at REAL NOT NULL,
        PRIMARY KEY (stack, resource, path)
      ) STRICT;
      CREATE TABLE taken (
        stack TEXT NOT NULL, resource TEXT NOT NULL, properties TEXT NOT NULL, at REAL NOT NULL,
        PRIMARY KEY (stack, resource)
      ) STRICT;
      """)
}

extension Journal {
  /// The values that AWS does not keep, with the owner's full name.
  public func quarantined() throws(JournalError) -> [(stack: String, value: Unkept)] {
    try connection.rows(
      """
      SELECT stack, resource, path, type, desired, observed, security FROM quarantine
      ORDER BY stack, resource, path
      """
    ) { (row: inout Row) throws(JournalError) in
      let stack = try row.text()
      let address = Address(
        stack: String(stack.drop { $0 != "/" }.dropFirst()), resource: try row.text())
      let (path, type) = (PropertyPath(text: try row.text()), try row.text())
      let (desired, observed) = (try row.optionalDocument(), try row.optionalDocument())
      return (
        stack,
        Unkept(
          address: address, type: type, path: path, desired: desired, observed: observed,
          isSecurity: row.integer() == 1)
      )
    }
  }

  /// From now on a value is left as it is.
  public func quarantine(_ value: Unkept, stack: String, at time: Double) throws(JournalError) {
    try connection.run(
      "INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .text(stack), .text(value.address.resource), .text(value.path.description),
        .text(value.type), SQLValue(value.desired), SQLValue(value.observed),
        SQLValue(value.isSecurity), .real(time),
      ])
  }

  /// What has moved is written again.
  public func release(_ path: PropertyPath, of resource: String, stack: String)
    throws(JournalError)
  {
    try connection.run(
      "DELETE FROM quarantine WHERE stack = ? AND resource = ? AND path = ?",
      [.text(stack), .text(resource), .text(path.description)])
  }

  /// What AWS has been seen to have taken, by the owner's full name and the logical id.
  public func taken() throws(JournalError) -> [String: Document] {
    let found = try connection.rows("SELECT stack, resource, properties FROM taken") {
      (row: inout Row) throws(JournalError) in
      ("\(try row.text())/\(try row.text())", try row.document())
    }
    return Dictionary(found, uniquingKeysWith: { $1 })
  }

  /// AWS shows these properties as they are desired.
  public func noteTaken(
    _ properties: Document, resource: String, stack: String, at time: Double
  ) throws(JournalError) {
    try connection.run(
      "INSERT OR REPLACE INTO taken VALUES (?, ?, ?, ?)",
      [.text(stack), .text(resource), SQLValue(properties), .real(time)])
  }

  /// How often each property was put right since a time, by the owner's full name, the logical id and
  /// the path.
  public func repairs(since time: Double) throws(JournalError) -> [DriftFinding.ID: Int] {
    let found = try connection.rows(
      """
      SELECT stack, resource, differences FROM changes
      WHERE outcome = 'succeeded' AND action = 'update' AND cause IN ('drift', 'conflict')
        AND finished_at >= ?
      """, values: [.real(time)]
    ) { (row: inout Row) throws(JournalError) in
      (try row.text(), try row.text(), try row.document())
    }
    var counts: [DriftFinding.ID: Int] = [:]
    for (stack, resource, differences) in found {
      let paths = Set((differences.list ?? []).compactMap { $0["path"]?.string })
      for path in paths {
        counts[DriftFinding.ID(stack: stack, resource: resource, path: path), default: 0] += 1
      }
    }
    return counts
  }
}
