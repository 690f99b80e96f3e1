import Document
import Journal
import XCTest

final class RecordTests: JournalTestCase {
  func testRunsAreReadBackNewestFirst() throws {
    let journal = try Journal(path: path)
    let first = runStart("2026-11-20T22:41:07Z-7c1e", at: 1000.125)
    var second = runStart("2026-11-20T22:41:07Z-07c1", at: 1000.25)
    second.revision = nil
    second.dirty = true
    try journal.beginRun(first)
    try journal.beginRun(second)
    XCTAssertEqual(try journal.runs(limit: 9).map(\.start), [second, first])
    XCTAssertEqual(try journal.runs(limit: 1).map(\.start), [second])
    for outcome in RunOutcome.allCases {
      let end = RunEnd(outcome: outcome, summary: ["create": 1, "list": [.null, 1.5]], at: 1001)
      try journal.finishRun(first.id, end)
      XCTAssertEqual(try journal.runs(limit: 9).map(\.end), [nil, end])
    }
  }

  func testARunIsFoundByItsIDOrAUniqueSuffix() throws {
    let journal = try Journal(path: path)
    for id in ["a-7c1e", "b-7c1e", "c-0000", "0000", "d-100%"] {
      try journal.beginRun(runStart(id))
    }
    let cases = [
      ("c-0000", "c-0000"), ("0000", "0000"), ("-0000", "c-0000"), ("b-7c1e", "b-7c1e"),
      ("00%", "d-100%"), ("%", "d-100%"), ("7c1", nil), ("", nil), ("_", nil), ("xa-7c1e", nil),
    ]
    for (text, expected) in cases {
      XCTAssertEqual(
        try journal.run(matching: text)?.start.id.rawValue, expected, "'\(text)' finds another run")
    }
    guard
      case .ambiguousRun(path, "7c1e", let matches) = journalError(
        try journal.run(matching: "7c1e"))
    else { return XCTFail("a suffix of two runs finds one") }
    XCTAssertEqual(Set(matches.map(\.rawValue)), ["a-7c1e", "b-7c1e"])
  }

  func testChangesAndTheirOutcomesMakeTheHistory() throws {
    let journal = try Journal(path: path)
    let runs = [runStart("run-1"), runStart("run-2")]
    for run in runs { try journal.beginRun(run) }
    let starts = [
      changeStart(runs[0].id, ordinal: 2), changeStart(runs[0].id, ordinal: 1, resource: "Subnet"),
      changeStart(runs[1].id, ordinal: 1, stack: otherStack),
    ]
    let ids = try starts.map { try journal.recordChange($0) }
    let ends = [
      ChangeEnd(
        outcome: .failed, error: "UnauthorizedOperation: é", physicalID: nil, calls: 3,
        seconds: 0.5, at: 1010),
      ChangeEnd(
        outcome: .succeeded, error: nil, physicalID: "subnet-1", calls: 1, seconds: 2, at: 1011),
    ]
    for (id, end) in zip(ids, ends) { try journal.finishChange(id, end) }
    let all = try journal.history(limit: 9)
    XCTAssertEqual(all.map(\.start), starts.reversed(), "history is newest first")
    XCTAssertEqual(all.map(\.end), [nil, ends[1], ends[0]])
    XCTAssertEqual(try journal.history(limit: 1).map(\.id), [ids[2]])
    XCTAssertEqual(try journal.history(stack: stack, limit: 9).map(\.id), [ids[1], ids[0]])
    XCTAssertEqual(try journal.history(resource: "Vpc", limit: 9).map(\.id), [ids[2], ids[0]])
    XCTAssertEqual(
      try journal.history(stack: stack, resource: "Vpc", limit: 9).map(\.id), [ids[0]])
    XCTAssertEqual(try journal.changes(of: runs[0].id).map(\.id), [ids[1], ids[0]], "plan's order")
    for outcome in ChangeOutcome.allCases {
      var end = ends[0]
      end.outcome = outcome
      try journal.finishChange(ids[2], end)
      XCTAssertEqual(try journal.history(limit: 1).first?.end, end)
    }
  }

  func testAnIntentIsUnfinishedUntilItsOutcomeIsKnownOrSettled() throws {
    let journal = try Journal(path: path)
    let run = runStart()
    try journal.beginRun(run)
    var bare = intentStart(run.id, stack: otherStack)
    bare.token = nil
    bare.request = nil
    let starts = ["A", "B", "C", "D"].map { intentStart(run.id, operation: $0) } + [bare]
    let ids = try starts.map { try journal.recordIntent($0) }
    let ends: [IntentEnd?] = [
      IntentEnd(outcome: .succeeded, requestID: "r-1", physicalID: "vpc-1", at: 1),
      IntentEnd(
        outcome: .failed(code: "AccessDenied", message: "no"), requestID: "r-2", physicalID: nil,
        at: 2),
      IntentEnd(outcome: .unknown(reason: "timeout"), requestID: nil, physicalID: nil, at: 3),
      nil, nil,
    ]
    for (id, end) in zip(ids, ends) {
      if let end { try journal.finishIntent(id, end) }
    }
    let all = try journal.intents(of: run.id)
    XCTAssertEqual(all.map(\.start), starts)
    XCTAssertEqual(all.map(\.end), ends)
    XCTAssertEqual(try journal.unfinishedIntents().map(\.id), Array(ids[2...]))
    XCTAssertEqual(try journal.unfinishedIntents(stacks: [stack]).map(\.id), [ids[2], ids[3]])
    XCTAssertEqual(try journal.unfinishedIntents(stacks: [otherStack]).map(\.id), [ids[4]])
    XCTAssertEqual(try journal.unfinishedIntents(stacks: []), [], "no stacks, no intents")

    let settlement = IntentSettlement(how: "found vpc-1", at: 9)
    for id in [ids[2], ids[3]] { try journal.settleIntent(id, settlement) }
    XCTAssertEqual(try journal.unfinishedIntents().map(\.id), [ids[4]])
    XCTAssertEqual(
      try journal.intents(of: run.id).map(\.settlement), [nil, nil, settlement, settlement, nil])
  }

  func testLastAppliedIsReplacedAndRemovedByStackAndResource() throws {
    let journal = try Journal(path: path)
    let run = runStart()
    try journal.beginRun(run)
    var vpc = lastApplied(run.id)
    let other = lastApplied(run.id, stack: otherStack)
    var role = lastApplied(run.id, resource: "Role")
    role.region = nil
    role.revision = nil
    for applied in [vpc, other, role] { try journal.setLastApplied(applied) }
    XCTAssertEqual(try journal.lastApplied(), [role, vpc, other])
    XCTAssertEqual(try journal.lastApplied(stacks: [otherStack, "none"]), [other])
    vpc.properties = ["CidrBlock": "10.2.0.0/16"]
    vpc.tags = [:]
    try journal.setLastApplied(vpc)
    XCTAssertEqual(try journal.lastApplied(stacks: [stack]), [role, vpc])
    try journal.removeLastApplied(stack: stack, resource: "Role")
    try journal.removeLastApplied(stack: stack, resource: "Role")
    XCTAssertEqual(try journal.lastApplied(), [vpc, other])
  }

  func testFinishingWhatIsNotThereIsAnError() throws {
    let journal = try Journal(path: path)
    let end = RunEnd(outcome: .failed, summary: .null, at: 1)
    XCTAssertEqual(
      journalError(try journal.finishRun(RunID(rawValue: "none"), end)),
      .missing(path: path, what: "run none"))
    let error = journalError(try journal.recordIntent(intentStart(RunID(rawValue: "none"))))
    XCTAssertEqual(error?.message.hasPrefix("FOREIGN KEY constraint failed"), true)
  }

  func testTextsOfEveryKindAreKept() throws {
    let journal = try Journal(path: path)
    for (index, text) in ["", "é😀", "'; DROP TABLE runs; --", "a\0b", "\n"].enumerated() {
      var run = runStart("run-\(index)", at: Double(index))
      run.user = text
      try journal.beginRun(run)
      XCTAssertEqual(try journal.runs(limit: 1).first?.start.user, text)
    }
  }
}
