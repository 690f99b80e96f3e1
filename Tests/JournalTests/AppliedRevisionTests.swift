import Journal
import TrueupCore
import XCTest

final class AppliedRevisionTests: JournalTestCase {
  private func run(_ id: String, _ revision: String?, dirty: Bool = false) -> RunStart {
    var run = runStart(id)
    run.revision = revision
    run.dirty = dirty
    return run
  }

  func testRevisionsOfRunsChangesAndAppliedPropertiesAreApplied() throws {
    let journal = try Journal(path: path)
    XCTAssertEqual(try journal.appliedRevisions(), [])
    let first = run("run-1", "of-the-run")
    let second = run("run-2", nil)
    for run in [first, second] { try journal.beginRun(run) }
    var change = changeStart(first.id)
    change.revision = "of-the-change"
    _ = try journal.recordChange(change)
    _ = try journal.recordChange(changeStart(first.id, ordinal: 1))
    var applied = lastApplied(second.id)
    applied.revision = "of-the-properties"
    try journal.setLastApplied(applied)
    try journal.setLastApplied(lastApplied(second.id, stack: otherStack))
    XCTAssertEqual(
      try journal.appliedRevisions(), ["of-the-run", "of-the-change", "of-the-properties", "abc"])
  }

  func testOwnersAreThoseOfWhatExistsOrIsUnderWay() throws {
    let journal = try Journal(path: path)
    let clean = run("run-1", "one")
    let dirty = run("run-2", "two", dirty: true)
    let outside = run("run-3", nil)
    for run in [clean, dirty, outside] { try journal.beginRun(run) }
    try journal.setLastApplied(lastApplied(clean.id))
    var uncommitted = lastApplied(dirty.id, resource: "Subnet")
    uncommitted.revision = nil
    try journal.setLastApplied(uncommitted)
    var nowhere = lastApplied(outside.id, stack: otherStack)
    nowhere.revision = nil
    try journal.setLastApplied(nowhere)
    _ = try journal.recordIntent(intentStart(dirty.id, stack: "other/x-dev"))
    let settled = try journal.recordIntent(intentStart(dirty.id, stack: "other/y-dev"))
    try journal.settleIntent(settled, IntentSettlement(how: "not found", at: 9))
    _ = try journal.recordChange(changeStart(clean.id, stack: "other/z-dev"))
    XCTAssertEqual(
      try journal.owners(),
      [
        OwnerRecord(stack: stack, revision: "abc"), OwnerRecord(stack: stack, revision: "two"),
        OwnerRecord(stack: otherStack, revision: nil),
        OwnerRecord(stack: "other/x-dev", revision: "two"),
      ])
  }

  func testARenamedProjectTakesWhatIsKnownAlong() throws {
    let journal = try Journal(path: path)
    let start = run("run-1", "one")
    try journal.beginRun(start)
    let change = try journal.recordChange(changeStart(start.id, stack: "old/a-prod"))
    for name in ["old/a-prod", "old/b-prod", "older/a-prod", "old"] {
      try journal.setLastApplied(lastApplied(start.id, stack: name))
      try journal.setStackRecord(
        StackRecord(stack: name, state: StackState(status: .inSync), command: "apply", at: 1))
    }
    _ = try journal.recordIntent(intentStart(start.id, stack: "old/a-prod"))
    var current = lastApplied(start.id, stack: "new/a-prod")
    current.physicalID = "vpc-2"
    try journal.setLastApplied(current)

    try journal.renameProject("old", to: "new", stacks: ["a-prod"])
    XCTAssertEqual(
      try journal.lastApplied().map(\.stack), ["new/a-prod", "old", "old/b-prod", "older/a-prod"])
    XCTAssertEqual(
      try journal.lastApplied(stacks: ["new/a-prod"]).map(\.physicalID), ["vpc-2"],
      "what is known under the new name is newer")
    XCTAssertEqual(try journal.unfinishedIntents().map(\.start.stack), ["new/a-prod"])
    XCTAssertEqual(
      try journal.stackRecords().map(\.stack), ["new/a-prod", "old", "old/b-prod", "older/a-prod"])

    try journal.renameProject("old", to: "new")
    try journal.renameProject("old", to: "new")
    XCTAssertEqual(
      try journal.lastApplied().map(\.stack), ["new/a-prod", "new/b-prod", "old", "older/a-prod"])
    XCTAssertEqual(
      try journal.history(limit: 1).map(\.id), [change], "the history stays as it was written")
    XCTAssertEqual(try journal.history(limit: 1).map(\.start.stack), ["old/a-prod"])
  }
}
