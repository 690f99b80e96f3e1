import CSQLite
import Foundation
import XCTest

@testable import Journal

final class JournalFileTests: JournalTestCase {
  func testOnlyTheOwnerMayReadWhatIsCreated() throws {
    let nested = directory + "/a/b/journal.db"
    let journal = try Journal(path: nested)
    try journal.beginRun(runStart())
    let modes = [
      ("/a", 0o700), ("/a/b", 0o700), ("/a/b/journal.db", 0o600), ("/a/b/journal.db-wal", 0o600),
      ("/a/b/journal.db-shm", 0o600),
    ]
    for (name, mode) in modes {
      let attributes = try FileManager.default.attributesOfItem(atPath: directory + name)
      XCTAssertEqual(
        attributes[.posixPermissions] as? Int, mode,
        "\(name) has not the mode \(String(mode, radix: 8))")
    }
  }

  func testAnExistingDirectoryKeepsItsMode() throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory)
    _ = try Journal(path: path)
    let attributes = try FileManager.default.attributesOfItem(atPath: directory)
    XCTAssertEqual(attributes[.posixPermissions] as? Int, 0o755)
  }

  func testEveryCommitIsSyncedToAWriteAheadLog() throws {
    let connection = try Journal(path: path).connection
    let settings = [
      ("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"),
      ("busy_timeout", "10000"),
    ]
    for (name, expected) in settings {
      let value = try connection.rows("PRAGMA \(name)") { (row: inout Row) in row.optionalText() }
      XCTAssertEqual(value, [expected], "\(name) is set otherwise")
    }
  }

  func testWhatCannotBeOpenedIsSaidWithTheFileAndTheRemedy() throws {
    try Data("not a directory".utf8).write(to: URL(fileURLWithPath: directory + "/file"))
    try FileManager.default.createDirectory(
      atPath: directory + "/folder", withIntermediateDirectories: false)
    for name in ["/file/journal.db", "/file/deeper/journal.db", "/folder"] {
      guard
        case .cannotCreate(let path, let message) = journalError(
          try Journal(path: directory + name))
      else { return XCTFail("\(name) gives another error") }
      XCTAssertEqual(path, directory + name)
      XCTAssertFalse(message.isEmpty, "\(name) gives an error without a reason")
    }
  }

  func testAFileThatIsNoJournalIsRefusedAndLeftAlone() throws {
    let content = Data(String(repeating: "no database at all ", count: 400).utf8)
    try content.write(to: URL(fileURLWithPath: path))
    guard let error = journalError(try Journal(path: path)),
      case .database(path, SQLITE_NOTADB, _, _) = error
    else { return XCTFail("another error") }
    XCTAssertTrue("\(error)".hasPrefix("journal \(path): file is not a database"), "\(error)")
    XCTAssertTrue("\(error)".contains("Move the file"), "\(error) does not say what to do")
    XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: path)), content)
  }

  func testADamagedFileIsAnErrorAndNoCrash() throws {
    try withExtendedLifetime(try Journal(path: path)) { journal in
      let run = runStart()
      try journal.beginRun(run)
      for _ in 0..<200 { _ = try journal.recordIntent(intentStart(run.id)) }
      try journal.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }
    let pristine = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    var damaged = pristine
    // The header stays, every page after the first is overwritten.
    for offset in 4096..<damaged.count { damaged[offset] = UInt8(truncatingIfNeeded: offset) }
    try Data(damaged).write(to: URL(fileURLWithPath: path))
    let error = journalError(try Journal(path: path).unfinishedIntents())
    guard case .database(path, let code, _, _) = error, code & 0xFF == SQLITE_CORRUPT else {
      return XCTFail("another error: \(String(describing: error))")
    }
    XCTAssertTrue(error?.remedy.hasPrefix("Move the file") ?? false)
  }

  func testAValueThatNoVersionWroteIsAnErrorWithItsColumn() throws {
    let journal = try Journal(path: path)
    try journal.beginRun(runStart())
    try journal.connection.run(
      "UPDATE runs SET outcome = 'exploded', summary = '{', finished_at = 1")
    XCTAssertEqual(
      journalError(try journal.runs(limit: 1)),
      .unreadable(path: path, column: "outcome", message: "'exploded' is unknown"))
    try journal.connection.run("UPDATE runs SET outcome = 'failed'")
    XCTAssertEqual(
      journalError(try journal.runs(limit: 1)),
      .unreadable(
        path: path, column: "summary",
        message: "it is no JSON: 1:2: expected a key in double quotes, found the end of the text"))
  }

  func testWhatACrashLeavesStillHasEveryIntent() throws {
    let journal = try Journal(path: path)
    let run = runStart()
    try journal.beginRun(run)
    let finished = try journal.recordIntent(intentStart(run.id))
    try journal.finishIntent(
      finished, IntentEnd(outcome: .succeeded, requestID: nil, physicalID: nil, at: 1))
    let open = try journal.recordIntent(intentStart(run.id, operation: "ModifyVpcAttribute"))
    // A killed process leaves the file and its log as they are at that instant.
    let copy = directory + "/copy.db"
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
    }
    let reopened = try Journal(path: copy)
    XCTAssertEqual(try reopened.unfinishedIntents().map(\.id), [open])
    XCTAssertEqual(try reopened.runs(limit: 9).map(\.end), [nil], "the run has no end")
    withExtendedLifetime(journal) {}
  }

  func testAJournalInMemoryLeavesNoFile() throws {
    let journal = try Journal(path: ":memory:")
    try journal.beginRun(runStart())
    XCTAssertEqual(try journal.runs(limit: 9).count, 1)
    XCTAssertFalse(FileManager.default.fileExists(atPath: ":memory:"))
  }
}
