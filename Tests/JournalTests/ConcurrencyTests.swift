import Dispatch
import Foundation
import XCTest

@testable import Journal

final class ConcurrencyTests: JournalTestCase {
  func testSeveralConnectionsMayCreateTheJournalAtTheSameTime() throws {
    for round in 0..<20 {
      let path = directory + "/round-\(round).db"
      let results = concurrently(8) { _ in
        Result { try withExtendedLifetime(try Journal(path: path)) { try $0.runs(limit: 1) } }
      }
      for result in results { XCTAssertEqual(try result.get(), [], "a new journal has no runs") }
    }
  }

  func testTwoConnectionsAndManyThreadsLoseNoRow() throws {
    let journals = [try Journal(path: path), try Journal(path: path)]
    let run = runStart()
    try journals[0].beginRun(run)
    let results = concurrently(8) { thread in
      Result {
        for ordinal in 0..<25 {
          let journal = journals[thread % 2]
          let intent = try journal.recordIntent(intentStart(run.id, operation: "Thread\(thread)"))
          let change = try journal.recordChange(
            changeStart(run.id, ordinal: thread * 100 + ordinal))
          try journal.finishChange(
            change,
            ChangeEnd(
              outcome: .succeeded, error: nil, physicalID: "\(thread)", calls: ordinal,
              seconds: 1, at: 2))
          _ = try journal.noteFindings(
            [finding("Vpc\(ordinal)", stack: "\(thread)")], covering: ["\(thread)"],
            at: Double(ordinal))
          if ordinal > 0 {
            try journal.finishIntent(
              intent, IntentEnd(outcome: .succeeded, requestID: nil, physicalID: nil, at: 3))
          }
        }
      }
    }
    for result in results { try result.get() }
    XCTAssertEqual(try journals[0].intents(of: run.id).count, 200)
    XCTAssertEqual(
      Set(try journals[1].unfinishedIntents().map(\.start.operation)),
      Set((0..<8).map { "Thread\($0)" }), "each thread left its first intent unfinished")
    let changes = try journals[1].changes(of: run.id)
    XCTAssertEqual(
      changes.map(\.start.ordinal), (0..<8).flatMap { thread in (0..<25).map { thread * 100 + $0 } }
    )
    for change in changes {
      XCTAssertEqual(
        change.end?.physicalID, "\(change.start.ordinal / 100)", "a change got another's end")
      XCTAssertEqual(change.end?.calls, change.start.ordinal % 100)
    }
  }

  func testAWriterThatHoldsTheLockTooLongIsNamed() throws {
    let holder = try Journal(path: path)
    let other = try Journal(path: path)
    try other.connection.execute("PRAGMA busy_timeout = 50")
    try holder.connection.transaction { () throws(JournalError) in
      let error = journalError(try other.beginRun(runStart()))
      XCTAssertTrue(
        error?.remedy.hasPrefix("Another process is writing to it") ?? false,
        "another error: \(String(describing: error))")
    }
    try other.beginRun(runStart())
  }

  func testATransactionThatFailsIsUndone() throws {
    let journal = try Journal(path: path)
    _ = journalError(
      try journal.connection.transaction { () throws(JournalError) in
        try journal.beginRun(runStart())
        try journal.beginRun(runStart())
      })
    XCTAssertEqual(try journal.runs(limit: 9), [], "the first run of the transaction stayed")
    try journal.beginRun(runStart())
  }

  private func concurrently<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) -> Value
  ) -> [Value] {
    let lock = NSLock()
    nonisolated(unsafe) var values: [Value] = []
    DispatchQueue.concurrentPerform(iterations: count) { index in
      let value = body(index)
      lock.withLock { values.append(value) }
    }
    return values
  }
}
