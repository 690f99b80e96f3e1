import CSQLite
import Foundation

/// One connection to a SQLite file, used by one thread at a time.
///
/// `@unchecked Sendable`: the handle never leaves this class, and every use of it holds `lock`,
/// which is recursive because a transaction holds it over the statements inside.
final class Connection: @unchecked Sendable {
  let path: String
  private let lock = NSRecursiveLock()
  private let handle: OpaquePointer

  /// Opens an existing file, or `:memory:`.
  init(path: String) throws(JournalError) {
    self.path = path
    var handle: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let code = sqlite3_open_v2(path, &handle, flags, nil)
    guard let handle, code == SQLITE_OK else {
      let message = String(cString: sqlite3_errstr(code))
      sqlite3_close_v2(handle)
      throw .database(path: path, code: code, message: message, sql: "open")
    }
    self.handle = handle
    // A second writer can wait for more than a second while the first one's commit is synced.
    sqlite3_busy_timeout(handle, 10_000)
  }

  deinit { sqlite3_close_v2(handle) }

  /// Runs one or several statements without parameters.
  func execute(_ sql: String) throws(JournalError) {
    lock.lock()
    defer { lock.unlock() }
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw failure(code, sql) }
  }

  /// Runs one statement, and returns how many rows it changed.
  @discardableResult
  func run(_ sql: String, _ values: [SQLValue] = []) throws(JournalError) -> Int {
    lock.lock()
    defer { lock.unlock() }
    _ = try rows(sql, values: values) { (_: inout Row) throws(JournalError) in }
    return Int(sqlite3_changes(handle))
  }

  /// What `read` makes of each row that the statement yields.
  func rows<Record>(
    _ sql: String, values: [SQLValue] = [],
    read: (inout Row) throws(JournalError) -> Record
  ) throws(JournalError) -> [Record] {
    lock.lock()
    defer { lock.unlock() }
    var prepared: OpaquePointer?
    let code = sqlite3_prepare_v2(handle, sql, -1, &prepared, nil)
    guard let statement = prepared, code == SQLITE_OK else { throw failure(code, sql) }
    defer { sqlite3_finalize(statement) }
    for (index, value) in values.enumerated() {
      let code = value.bind(to: statement, at: Int32(index + 1))
      guard code == SQLITE_OK else { throw failure(code, sql) }
    }
    var records: [Record] = []
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW:
        var row = Row(statement, path: path)
        records.append(try read(&row))
      case SQLITE_DONE: return records
      case let code: throw failure(code, sql)
      }
    }
  }

  /// Runs `body` in a transaction that holds the write lock from its start, and undoes it where
  /// `body` throws.
  func transaction<Value>(
    _ body: () throws(JournalError) -> Value
  ) throws(JournalError) -> Value {
    lock.lock()
    defer { lock.unlock() }
    try execute("BEGIN IMMEDIATE")
    do {
      let value = try body()
      try execute("COMMIT")
      return value
    } catch {
      // Some errors (a full disk) have rolled back already; the first error is what matters.
      if sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") }
      throw error
    }
  }

  private func failure(_ code: Int32, _ sql: String) -> JournalError {
    .database(path: path, code: code, message: String(cString: sqlite3_errmsg(handle)), sql: sql)
  }
}
