import Document
import Journal
import TrueupCore
import XCTest

func finding(
  _ resource: String, _ path: String = "", stack: String = stack, observed: Document? = nil
) -> DriftFinding {
  DriftFinding(
    id: DriftFinding.ID(stack: stack, resource: resource, path: path), type: "AWS::EC2::VPC",
    action: .update, cause: .drift, desired: "10.1.0.0/16", observed: observed,
    reason: "for a reason")
}

final class FindingTests: JournalTestCase {
  private let both: Set<String> = [stack, otherStack]

  private func note(
    _ journal: Journal, _ findings: [DriftFinding], mended: Set<DriftFinding.ID> = [],
    covering stacks: Set<String>, at time: Double
  ) throws -> [DriftFinding.ID: Double] {
    try journal.noteFindings(findings, mended: mended, covering: stacks, at: time)
      .mapValues(\.since)
  }

  /// What is announced, `opened Vpc/CidrBlock`; each news is a message of its own.
  private func announced(_ journal: Journal, at time: Double) throws -> [String] {
    var lines: [String] = []
    try journal.announceFindings(stacks: both, at: time) { news, _ in
      lines = news.map { "\($0.kind) \($0.finding.id.resource)\($0.finding.id.path)" }
      return lines.map {
        OutboxMessage(id: "\($0) \(time)", destination: "ops", payload: .string($0))
      }
    }
    return lines
  }

  func testDriftIsKnownSinceItWasFirstSeenWithoutABreak() throws {
    let journal = try Journal(path: path)
    let cidr = finding("Vpc", "/CidrBlock")
    let gone = finding("Subnet")
    let other = finding("Vpc", "/CidrBlock", stack: otherStack)
    XCTAssertEqual(
      try note(journal, [cidr, other], covering: both, at: 1), [cidr.id: 1, other.id: 1])
    XCTAssertEqual(
      try note(journal, [cidr, gone], covering: [stack], at: 2), [cidr.id: 1, gone.id: 2],
      "what lasts keeps its date, what is new has the new one")
    XCTAssertEqual(
      try note(journal, [gone, other], covering: both, at: 3), [gone.id: 2, other.id: 1],
      "a stack that was not covered keeps its findings")
    XCTAssertEqual(
      try note(journal, [cidr], covering: both, at: 4), [cidr.id: 4],
      "what was mended in between is new")
    XCTAssertEqual(try note(journal, [], covering: both, at: 5), [:])
    XCTAssertEqual(try note(journal, [other], covering: both, at: 6), [other.id: 6])
    XCTAssertEqual(try journal.openFindings().map(\.finding), [other], "all of it is kept")
  }

  func testEachTurnOfAFindingIsAnnouncedOnceWhoeverNotedIt() throws {
    let journal = try Journal(path: path)
    let old = finding("Vpc", "/CidrBlock", observed: "10.2.0.0/16")
    let new = finding("Vpc", "/CidrBlock", observed: "10.3.0.0/16")
    _ = try note(journal, [old], covering: both, at: 1)
    _ = try note(journal, [old], covering: both, at: 2)
    XCTAssertEqual(try announced(journal, at: 2), ["opened Vpc/CidrBlock"])
    XCTAssertEqual(try announced(journal, at: 3), [], "told once")
    _ = try note(journal, [old], covering: both, at: 4)
    XCTAssertEqual(try announced(journal, at: 4), [], "still the same")
    _ = try note(journal, [new], covering: both, at: 5)
    XCTAssertEqual(try announced(journal, at: 5), ["changed Vpc/CidrBlock"])
    try journal.attribute(new.id, to: Attribution(principal: "root", event: "E", at: 4.5))
    XCTAssertEqual(try announced(journal, at: 6), ["attributed Vpc/CidrBlock"])
    XCTAssertEqual(try announced(journal, at: 7), [])
    _ = try note(journal, [], covering: both, at: 8)
    _ = try note(journal, [], covering: both, at: 9)
    XCTAssertEqual(try announced(journal, at: 9), ["resolved Vpc/CidrBlock"])
    XCTAssertEqual(try announced(journal, at: 10), [])
    _ = try note(journal, [old], mended: [old.id], covering: both, at: 11)
    XCTAssertEqual(try announced(journal, at: 11), ["mended Vpc/CidrBlock"])
    XCTAssertEqual(try announced(journal, at: 12), [])
    XCTAssertEqual(try journal.backlog().map(\.waiting), [5], "each is a message")
  }

  func testNobodyHearsOfWhatWasGoneBeforeAnybodyWasTold() throws {
    let journal = try Journal(path: path)
    _ = try note(journal, [finding("Vpc")], covering: both, at: 1)
    _ = try note(journal, [], covering: both, at: 2)
    XCTAssertEqual(try announced(journal, at: 3), [])
    XCTAssertEqual(try journal.openFindings(), [])
  }

  func testWhatCouldNotBeEnqueuedIsAnnouncedTheNextTime() throws {
    let journal = try Journal(path: path)
    _ = try note(journal, [finding("Vpc")], covering: both, at: 1)
    let twice = OutboxMessage(id: "same", destination: "ops", payload: 1)
    let error = journalError(
      try journal.announceFindings(stacks: both, at: 1) { _, _ in [twice, twice] })
    XCTAssertNotNil(error, "two messages of one id were taken")
    XCTAssertEqual(try journal.backlog(), [], "half of it was enqueued")
    XCTAssertEqual(try announced(journal, at: 2), ["opened Vpc"])
  }

  func testADeploymentTriedAgainIsNoNewsUntilItEndsOtherwise() throws {
    let journal = try Journal(path: path)
    let id = StackID(project: "cosyworld", client: "acme", environment: "prod")
    var told: [String] = []
    let turns: [(String?, DeploymentNews.State)] = [
      ("a", .started), ("a", .failed), ("a", .started), ("a", .failed), ("a", .completed),
      ("a", .completed), ("b", .started), ("b", .completed), ("b", .started), ("c", .heldBack),
      ("c", .heldBack), (nil, .completed), (nil, .completed),
    ]
    for (time, (revision, state)) in turns.enumerated() {
      let news = DeploymentNews(
        stack: id, state: state, revision: revision, changes: [.update: 1])
      try journal.announceDeployments([news], at: Double(time)) { news in
        told += news.map { "\($0.state) \($0.revision ?? "-")" }
        return []
      }
    }
    XCTAssertEqual(
      told,
      [
        "started a", "failed a", "completed a", "started b", "completed b", "started b",
        "heldBack c", "completed -", "completed -",
      ])
  }

  func testInSyncIsToldOnlyWhereItWasToldOtherwise() throws {
    let journal = try Journal(path: path)
    let id = StackID(project: "cosyworld", client: "acme", environment: "prod")
    var told: [String] = []
    let turns: [(String, DeploymentNews.State)] = [
      ("a", .completed), ("b", .failed), ("b", .completed), ("b", .completed), ("c", .completed),
      ("d", .heldBack), ("e", .completed),
    ]
    for (time, (revision, state)) in turns.enumerated() {
      let news = DeploymentNews(stack: id, state: state, revision: revision)
      try journal.announceDeployments([news], at: Double(time)) { news in
        told += news.map { "\($0.state) \($0.revision ?? "-")" }
        return []
      }
    }
    XCTAssertEqual(told, ["failed b", "completed b", "heldBack d", "completed e"])
  }

  func testWhatWasDeployedBeforeWhatIsThereIsARollback() throws {
    let journal = try Journal(path: path)
    let id = StackID(project: "cosyworld", client: "acme", environment: "prod")
    var told: [String] = []
    let turns: [(revision: String?, fingerprint: String)] = [
      ("a", "one"), ("b", "two"), ("c", "one"), ("c", "one"), ("d", "two"), ("e", "three"),
      ("f", "one"), (nil, "four"), ("g", "three"),
    ]
    for (time, turn) in turns.enumerated() {
      let news = DeploymentNews(
        stack: id, state: .completed, revision: turn.revision, changes: [.update: 1],
        fingerprint: turn.fingerprint)
      try journal.announceDeployments([news], at: Double(time)) { news in
        told += news.map { news in
          "\(news.state) \(news.revision ?? "-")" + (news.restored.map { " as at \($0)" } ?? "")
        }
        return []
      }
    }
    XCTAssertEqual(
      told,
      [
        "completed a", "completed b", "rolledBack c as at a", "completed d", "completed e",
        "rolledBack f as at a", "completed -", "rolledBack g as at e",
      ])
  }

  func testADigestIsTakenOnceADayAndNotOnTheFirst() throws {
    let journal = try Journal(path: path)
    for (time, due) in [(10.0, 5.0), (20, 5), (110, 105), (120, 105), (230, 205)] {
      try journal.takeDigest("ops", due: due, at: time) {
        OutboxMessage(id: "\(time)", destination: "ops", payload: .double(time))
      }
    }
    XCTAssertEqual(try journal.backlog().map(\.waiting), [2])
  }

  func testMessagesAreClaimedInOrderAndByOneProcess() throws {
    let journal = try Journal(path: path)
    let messages = (1...3).map {
      OutboxMessage(id: "m\($0)", destination: "ops", payload: .integer($0))
    }
    try journal.enqueue(messages, at: 1)
    let other = try Journal(path: path)
    XCTAssertEqual(try journal.claimMessage(for: "ops", at: 2, lease: 60)?.message, messages[0])
    XCTAssertNil(
      try other.claimMessage(for: "ops", at: 3, lease: 60), "it is claimed, and others wait for it")
    XCTAssertNil(try other.claimMessage(for: "pager", at: 3, lease: 60))
    try journal.postpone("m1", until: 100, error: "down")
    XCTAssertNil(try other.claimMessage(for: "ops", at: 99, lease: 60))
    XCTAssertEqual(try other.claimMessage(for: "ops", at: 100, lease: 60)?.attempts, 2)
    XCTAssertEqual(
      try journal.claimMessage(for: "ops", at: 161, lease: 60)?.message, messages[0],
      "the claim of a process that died runs out")
    try journal.markSent("m1", at: 162)
    XCTAssertEqual(try journal.claimMessage(for: "ops", at: 163, lease: 60)?.message, messages[1])
    try journal.markRefused("m2", at: 164, error: "invalid_blocks")
    XCTAssertEqual(try journal.claimMessage(for: "ops", at: 165, lease: 60)?.message, messages[2])
    let backlog = try journal.backlog()
    XCTAssertEqual(backlog.map(\.waiting), [1])
    XCTAssertEqual(backlog.map(\.refused), [1])
    XCTAssertEqual(backlog.map(\.error), ["invalid_blocks"])
  }
}
