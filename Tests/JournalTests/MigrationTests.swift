import Foundation
import XCTest

@testable import Journal

final class MigrationTests: JournalTestCase {
  func testAFileOfEveryEarlierVersionIsBroughtUpToDate() throws {
    for count in 0..<Migration.all.count {
      let path = directory + "/version-\(count).db"
      try withExtendedLifetime(
        try Journal(path: path, migrations: Array(Migration.all.prefix(count)))
      ) { journal in
        if count > 0 { try journal.beginRun(runStart()) }
      }
      let journal = try Journal(path: path)
      XCTAssertEqual(
        try schema(journal), try schema(try Journal(path: ":memory:")),
        "a file with \(count) migrations ends with other tables than a new one")
      XCTAssertEqual(
        try journal.runs(limit: 9).map(\.start), count > 0 ? [runStart()] : [],
        "a file with \(count) migrations lost its rows")
    }
  }

  func testANewerFileIsRefusedAndLeftAsItIs() throws {
    let newer = Migration(name: "from the future", sql: "CREATE TABLE future (id INTEGER)")
    let before = try withExtendedLifetime(
      try Journal(path: path, migrations: Migration.all + [newer]), schema)
    let error = journalError(try Journal(path: path))
    XCTAssertEqual(error, .newer(path: path, migrations: ["from the future"]))
    XCTAssertEqual(
      error?.description,
      "journal \(path): it was written by a newer version of trueup, with: from the future. "
        + "Update trueup, or name another file with --journal.")
    let after = try withExtendedLifetime(
      try Journal(path: path, migrations: Migration.all + [newer]), schema)
    XCTAssertEqual(before, after)
  }

  func testAMigrationThatFailsLeavesNothingBehind() throws {
    let broken = Migration(name: "broken", sql: "CREATE TABLE half (id INTEGER); CREATE TABEL x;")
    let error = journalError(try Journal(path: path, migrations: Migration.all + [broken]))
    guard case .database(path, 1, _, broken.sql) = error else {
      return XCTFail("another error: \(String(describing: error))")
    }
    XCTAssertEqual(
      try schema(try Journal(path: path)), try schema(try Journal(path: ":memory:")),
      "a part of the broken migration stayed")
  }

  func testMigrationsHaveNamesOfTheirOwn() {
    XCTAssertEqual(Set(Migration.all.map(\.name)).count, Migration.all.count)
  }

  private func schema(_ journal: Journal) throws -> [String] {
    try journal.connection.rows(
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
    ) { (row: inout Row) throws(JournalError) in try row.text() }
  }
}
