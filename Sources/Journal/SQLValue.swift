import CSQLite
import Document

/// A parameter of a statement.
enum SQLValue {
  case null
  case integer(Int)
  case real(Double)
  case text(String)

  init(_ text: String?) { self = text.map(SQLValue.text) ?? .null }
  init(_ document: Document?) { self.init(document?.stored.json()) }
  init(_ flag: Bool) { self = .integer(flag ? 1 : 0) }
  init(_ run: RunID) { self = .text(run.rawValue) }

  /// A set of texts for `IN (SELECT value FROM json_each(?))`; `nil` is NULL.
  init(set: Set<String>?) { self.init(set.map { Document.list($0.map(Document.string)) }) }

  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    switch self {
    case .null: return sqlite3_bind_null(statement, index)
    case .integer(let value): return sqlite3_bind_int64(statement, index, Int64(value))
    case .real(let value): return sqlite3_bind_double(statement, index, value)
    case .text(var value):
      return value.withUTF8 { utf8 in
        utf8.withMemoryRebound(to: CChar.self) { characters in
          guard let count = Int32(exactly: characters.count) else { return SQLITE_TOOBIG }
          // An empty string may have no address, which SQLite would take for NULL.
          guard let address = characters.baseAddress else {
            return trueup_sqlite3_bind_text(statement, index, "", 0)
          }
          return trueup_sqlite3_bind_text(statement, index, address, count)
        }
      }
    }
  }
}

/// A row of a result, whose columns are taken from left to right.
struct Row {
  private let statement: OpaquePointer
  private let path: String
  private var column: Int32 = 0

  init(_ statement: OpaquePointer, path: String) {
    self.statement = statement
    self.path = path
  }

  mutating func optionalText() -> String? {
    defer { column += 1 }
    guard let start = sqlite3_column_text(statement, column) else { return nil }
    let count = Int(sqlite3_column_bytes(statement, column))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  mutating func optionalInteger() -> Int? {
    defer { column += 1 }
    guard sqlite3_column_type(statement, column) != SQLITE_NULL else { return nil }
    return Int(sqlite3_column_int64(statement, column))
  }

  mutating func optionalReal() -> Double? {
    defer { column += 1 }
    guard sqlite3_column_type(statement, column) != SQLITE_NULL else { return nil }
    return sqlite3_column_double(statement, column)
  }

  mutating func text() throws(JournalError) -> String {
    guard let value = optionalText() else { throw unreadable("it is NULL") }
    return value
  }

  mutating func real() throws(JournalError) -> Double {
    guard let value = optionalReal() else { throw unreadable("it is NULL") }
    return value
  }

  mutating func integer() -> Int {
    defer { column += 1 }
    return Int(sqlite3_column_int64(statement, column))
  }

  mutating func flag() -> Bool { integer() != 0 }

  mutating func runID() throws(JournalError) -> RunID { RunID(rawValue: try text()) }

  mutating func optionalDocument() throws(JournalError) -> Document? {
    guard let json = optionalText() else { return nil }
    do {
      return Document(stored: try JSON.read(json))
    } catch {
      throw unreadable("it is no JSON: \(error)")
    }
  }

  mutating func document() throws(JournalError) -> Document {
    guard let value = try optionalDocument() else { throw unreadable("it is NULL") }
    return value
  }

  /// The case of an enum that is stored as its raw value; `nil` for NULL.
  mutating func optionalCase<Value: RawRepresentable<String>>(
    of type: Value.Type
  ) throws(JournalError) -> Value? {
    guard let name = optionalText() else { return nil }
    guard let value = Value(rawValue: name) else { throw unreadable("'\(name)' is unknown") }
    return value
  }

  /// The case of an enum that is stored as its raw value.
  mutating func requiredCase<Value: RawRepresentable<String>>(
    of type: Value.Type
  ) throws(JournalError) -> Value {
    guard let value = try optionalCase(of: type) else { throw unreadable("it is NULL") }
    return value
  }

  /// The error for the column that was taken last.
  func unreadable(_ message: String) -> JournalError {
    let name = sqlite3_column_name(statement, column - 1).map { String(cString: $0) }
    return .unreadable(path: path, column: name ?? "\(column - 1)", message: message)
  }
}
