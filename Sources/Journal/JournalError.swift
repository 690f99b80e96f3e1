import CSQLite

/// Why the journal could not be opened, written or read. Every case names the file.
public enum JournalError: Error, Hashable, Sendable {
  /// The directory or the file could not be made.
  case cannotCreate(path: String, message: String)
  /// SQLite refused: its extended result code, its message, and the statement.
  case database(path: String, code: Int32, message: String, sql: String)
  /// The file was written by a newer version of this program, which applied these migrations.
  case newer(path: String, migrations: [String])
  /// A stored value is not what this program writes.
  case unreadable(path: String, column: String, message: String)
  /// There is no such row to finish or settle.
  case missing(path: String, what: String)
  /// Several runs end in what was asked for.
  case ambiguousRun(path: String, suffix: String, matches: [RunID])
}

extension JournalError: CustomStringConvertible {
  /// What happened, where, and what to do next.
  public var description: String { "journal \(path): \(message). \(remedy)" }

  public var path: String {
    switch self {
    case .cannotCreate(let path, _), .database(let path, _, _, _), .newer(let path, _),
      .unreadable(let path, _, _), .missing(let path, _), .ambiguousRun(let path, _, _):
      path
    }
  }

  public var message: String {
    switch self {
    case .cannotCreate(_, let message): "it cannot be created: \(message)"
    case .database(_, let code, let message, let sql):
      "\(message) (SQLite code \(code), in: \(Self.oneLine(sql)))"
    case .newer(_, let migrations):
      "it was written by a newer version of trueup, with: \(migrations.joined(separator: ", "))"
    case .unreadable(_, let column, let message): "the column \(column) is unreadable: \(message)"
    case .missing(_, let what): "there is no \(what)"
    case .ambiguousRun(_, let suffix, let matches):
      "several runs end in '\(suffix)': \(matches.map(\.rawValue).joined(separator: ", "))"
    }
  }

  /// What the reader of the error can do.
  public var remedy: String {
    switch self {
    case .cannotCreate:
      return "Check the directory's permissions, or name another file with --journal."
    case .newer: return "Update trueup, or name another file with --journal."
    case .unreadable: return Self.moveAway
    case .missing: return "Was the journal replaced while trueup was running? Run it again."
    case .ambiguousRun: return "Give more of the run's id."
    case .database(_, let code, _, _):
      // The low byte is the primary result code (sqlite.org/rescode.html).
      switch code & 0xFF {
      case SQLITE_BUSY, SQLITE_LOCKED:
        return "Another process is writing to it: wait for that one to end, and try again."
      case SQLITE_CORRUPT, SQLITE_NOTADB: return Self.moveAway
      case SQLITE_FULL: return "Free space on its disk, and try again."
      case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
        return "Check that you may write the file and its directory, "
          + "or name another file with --journal."
      case SQLITE_IOERR: return "Check its disk, or name another file with --journal."
      default: return "This is an error in trueup: please report it."
      }
    }
  }

  private static func oneLine(_ sql: String) -> String {
    sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private static let moveAway =
    "Move the file and those beside it (-wal, -shm) away: the journal is history, "
    + "and plans do not depend on it."
}
