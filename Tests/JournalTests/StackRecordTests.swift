import Journal
import TrueupCore
import XCTest

final class StackRecordTests: JournalTestCase {
  private func record(
    _ stack: String = stack, _ status: StackState.Status = .inSync, at: Double = 1000,
    revision: String? = nil
  ) -> StackRecord {
    StackRecord(
      stack: stack,
      state: StackState(
        status: status, inSync: 5, drifted: 1, pending: 2, failed: 3, note: "é \"x\""),
      command: "reconcile", at: at, revision: revision, revisionAt: revision == nil ? nil : at)
  }

  func testTheLastRunOfAStackIsWhatIsKept() throws {
    let journal = try Journal(path: path)
    try journal.setStackRecord(record(otherStack))
    for (index, status) in StackState.Status.allCases.enumerated() {
      let last = record(stack, status, at: 1001.5 + Double(index))
      try journal.setStackRecord(last)
      XCTAssertEqual(try journal.stackRecords(), [last, record(otherStack)])
    }
  }

  func testTheRevisionInForceStaysUntilAnotherComes() throws {
    let journal = try Journal(path: path)
    let steps: [(revision: String?, at: Double, inForce: String?, since: Double?)] = [
      (nil, 1, nil, nil), ("a", 2, "a", 2), (nil, 3, "a", 2), ("a", 4, "a", 2), ("b", 5, "b", 5),
      ("a", 6, "a", 6),
    ]
    for step in steps {
      try journal.setStackRecord(record(at: step.at, revision: step.revision))
      let stored = try XCTUnwrap(try journal.stackRecords().first)
      XCTAssertEqual(stored.revision, step.inForce, "after \(step)")
      XCTAssertEqual(stored.revisionAt, step.since, "after \(step)")
      XCTAssertEqual(stored.at, step.at)
    }
  }

  func testStacksThatAreGoneAreForgottenAndThoseOfOtherProjectsKept() throws {
    let journal = try Journal(path: path)
    for name in [stack, otherStack, "cosyworld2/x-dev"] { try journal.setStackRecord(record(name)) }
    try journal.removeStackRecords(project: "cosyworld", except: [otherStack])
    XCTAssertEqual(try journal.stackRecords().map(\.stack), [otherStack, "cosyworld2/x-dev"])
  }

  func testCommitsAreFoundByTheirRevision() throws {
    let journal = try Journal(path: path)
    let commit = Commit(revision: "abc", author: "Ada <ada@example.com>", subject: "é", at: 7)
    try journal.recordCommit(commit)
    try journal.recordCommit(commit)
    XCTAssertEqual(try journal.commits(["abc", "def"]), ["abc": commit])
    XCTAssertEqual(try journal.commits([]), [:])
  }

  func testTheLastChangeIsTheLastThatSucceeded() throws {
    let journal = try Journal(path: path)
    let run = runStart()
    try journal.beginRun(run)
    for (outcome, time) in [(ChangeOutcome.succeeded, 10.0), (.succeeded, 30), (.failed, 40)] {
      var start = changeStart(run.id)
      start.revision = "abc"
      let id = try journal.recordChange(start)
      XCTAssertEqual(try journal.history(limit: 1).first?.start, start)
      try journal.finishChange(
        id,
        ChangeEnd(
          outcome: outcome, error: nil, physicalID: nil, calls: 1, seconds: 1, at: time))
    }
    _ = try journal.recordChange(changeStart(run.id, stack: otherStack))
    XCTAssertEqual(try journal.lastChanges(), [stack: 30])
  }
}
