import CSQLite
import Foundation

/// The history of what was done, in one SQLite file: runs, their changes, an intent for every
/// mutating call, what was last applied, the findings that are open, and the messages about them.
///
/// Every call returns only when its rows are on disk (write-ahead log, `synchronous=FULL`), so an
/// intent is there before its request leaves, whatever happens to the process. The calls are
/// synchronous for that reason. One journal may be used by many threads, and one file by several
/// processes: a writer waits up to ten seconds for another.
///
/// The journal stores what it is given: that no secret is in it (in a request, a difference, a
/// property, an error's message) is the caller's duty. All times are seconds since 1970.
///
/// `Sendable` because its one connection guards itself by a lock.
public final class Journal: Sendable {
  let connection: Connection

  /// Opens the journal, and creates what is missing: the directories (mode 0700), the file (mode
  /// 0600; SQLite gives the same mode to the files beside it) and its tables. The path `:memory:`
  /// gives a journal that is gone with this object.
  ///
  /// - Throws: `JournalError` where the file cannot be made, is no journal, is damaged, or was
  ///   written by a newer version.
  public convenience init(path: String) throws(JournalError) {
    try self.init(path: path, migrations: Migration.all)
  }

  init(path: String, migrations: [Migration]) throws(JournalError) {
    if path != ":memory:" { try Self.createFile(path) }
    connection = try Connection(path: path)
    try Self.useWriteAheadLog(connection)
    try connection.execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
    try Migration.apply(migrations, to: connection)
  }

  /// What `body` writes is on disk altogether once this returns, or not at all.
  public func together<Value>(_ body: () throws(JournalError) -> Value) throws(JournalError)
    -> Value
  {
    try connection.transaction(body)
  }

  private static func createFile(_ path: String) throws(JournalError) {
    let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
    do {
      if !FileManager.default.fileExists(atPath: directory) {
        try FileManager.default.createDirectory(
          atPath: directory, withIntermediateDirectories: true,
          attributes: [.posixPermissions: 0o700])
      }
    } catch {
      throw .cannotCreate(path: path, message: error.localizedDescription)
    }
    // Made here and not by SQLite, which would leave it to the umask who may read it.
    let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .cannotCreate(path: path, message: String(cString: strerror(errno)))
    }
    close(descriptor)
  }

  /// Sets the mode, which is stored in the file. Where several connections set it on a new file at
  /// once, SQLite refuses without waiting, whatever the busy timeout: so we wait here.
  private static func useWriteAheadLog(_ connection: Connection) throws(JournalError) {
    let deadline = ContinuousClock.now + .seconds(10)
    while true {
      do {
        return try connection.execute("PRAGMA journal_mode = WAL")
      } catch {
        guard case .database(_, let code, _, _) = error, code & 0xFF == SQLITE_BUSY,
          ContinuousClock.now < deadline
        else { throw error }
        Thread.sleep(forTimeInterval: 0.02)
      }
    }
  }

  /// Runs an update of exactly one row.
  func update(_ what: String, sql: String, values: [SQLValue]) throws(JournalError) {
    guard try connection.run(sql, values) == 1 else {
      throw .missing(path: connection.path, what: what)
    }
  }

  /// Runs an insertion that returns the new row's id.
  func insert(_ sql: String, _ values: [SQLValue]) throws(JournalError) -> Int {
    let ids = try connection.rows(sql + " RETURNING id", values: values) { row in row.integer() }
    guard let id = ids.first else { throw .missing(path: connection.path, what: "new row") }
    return id
  }
}
