import Document
import XCTest

@testable import TrueupCore

final class SavedPlanTests: XCTestCase {
  private let scope = Scope(account: "123456789012", region: "us-east-1")

  private func step(
    _ name: String = "Queue", _ action: Step.Action = .update,
    desired: [String: Value] = ["Delay": .known(5)], observed: Document = ["Delay": 1],
    tags: [String: String] = ["Name": "q"]
  ) -> PlannedStep {
    PlannedStep(
      id: .init(address: Address(stack: "acme-prod", resource: name), action: action),
      type: "T::T", scope: scope, region: "us-east-1", physicalID: action == .create ? nil : "q-1",
      desired: .object(of: desired),
      observed: action == .create
        ? nil
        : Observed(type: "T::T", id: "q-1", scope: scope, properties: observed, tags: tags))
  }

  private func plan(_ steps: [PlannedStep]) -> Plan {
    let id = StackID(project: "p", client: "acme", environment: "prod")
    return Plan(
      stacks: [Plan.Stack(id: id, account: "123456789012", region: "us-east-1")], steps: steps)
  }

  private func saved(_ steps: [PlannedStep], secret: String? = nil) -> SavedPlan {
    var saved = SavedPlan(
      id: String(repeating: "a", count: 32), version: "1", project: "p",
      terms: ["limit": "5"], salt: String(repeating: "b", count: 32))
    saved.take(plan(steps)) { _ in secret }
    return saved
  }

  func testItReadsBackAsItWasWritten() throws {
    var plan = saved([step(), step("New", .create)])
    XCTAssertEqual(try SavedPlan(JSON.read(plan.document.json(indent: 1))), plan)
    plan.selection = ["acme-prod"]
    plan.revision = "abc"
    plan.askedRevision = "abc"
    XCTAssertEqual(try SavedPlan(JSON.read(plan.document.json())), plan)
  }

  func testTheSamePlanHasNotMoved() {
    let steps = [step(), step("New", .create)]
    XCTAssertEqual(saved(steps).moved(to: saved(steps.reversed()), plan(steps)), [])
  }

  func testEverythingThatMovesIsTold() {
    let old = saved([step()])
    let cases: [(steps: [PlannedStep], says: String)] = [
      ([step(desired: ["Delay": .known(6)])], "acme-prod/Queue /Delay: what is desired has moved"),
      (
        [step(desired: ["Delay": .known(5), "More": .known(1)])],
        "acme-prod/Queue /More: what is desired has moved"
      ),
      ([step(observed: ["Delay": 2])], "acme-prod/Queue /Delay: AWS has moved"),
      ([step(observed: [:])], "acme-prod/Queue /Delay: AWS has moved"),
      ([step(tags: ["Name": "other"])], "acme-prod/Queue /Tags/Name: AWS has moved"),
      ([step(tags: [:])], "acme-prod/Queue /Tags/Name: AWS has moved"),
      ([], "acme-prod/Queue: was to be updated, and needs nothing any more"),
      (
        [step("Queue", .create)], "acme-prod/Queue: was to be updated, and is planned otherwise now"
      ),
    ]
    for (steps, says) in cases {
      XCTAssertEqual(old.moved(to: saved(steps), plan(steps)), [says])
    }
    var elsewhere = step()
    elsewhere.physicalID = "q-2"
    XCTAssertEqual(
      old.moved(to: saved([elsewhere]), plan([elsewhere])),
      ["acme-prod/Queue is another resource now: q-2"])
    var terms = saved([step()])
    terms.terms = ["limit": "6", "checks": "c"]
    XCTAssertEqual(
      old.moved(to: terms, plan([step()])),
      ["checks: none when planned, c now", "limit: 5 when planned, 6 now"])
    var failed = plan([])
    failed.stacks[0].error = "no access"
    XCTAssertEqual(
      old.moved(to: saved([step()]), failed, refusals: ["acme-prod": "locked", "beta-prod": "x"]),
      ["acme-prod is refused: locked", "acme-prod failed: no access"])
    var blocked = plan([])
    blocked.stacks[0].changes = [
      Change(
        address: Address(stack: "acme-prod", resource: "Queue"), type: "T::T", action: .blocked,
        cause: .drift, reason: "it lost its tag")
    ]
    XCTAssertEqual(
      old.moved(to: saved([]), blocked),
      ["acme-prod/Queue: was to be updated, is now blocked (it lost its tag)"])
  }

  func testASnapshotThatIsNoLongerKeptIsAnotherPlan() {
    var kept = step("Queue", .delete)
    kept.keepsSnapshot = true
    XCTAssertEqual(
      saved([kept]).moved(to: saved([step("Queue", .delete)]), plan([kept])),
      ["acme-prod/Queue /Snapshot: what is desired has moved"])
  }

  func testWhatItDoesNotTouchMayMoveUnlessItIsNeeded() {
    let old = saved([step()])
    var own = step()
    let other = step("Other", .create)
    XCTAssertEqual(old.moved(to: saved([own, other]), plan([own, other])), [])
    own.after = [other.id]
    XCTAssertEqual(
      old.moved(to: saved([own, other]), plan([own, other])),
      ["acme-prod/Queue needs now what was not planned: create acme-prod/Other"])
  }

  func testNoSecretIsInItAndAnotherValueIsNoticed() {
    let secret = SecretReference(stack: "acme-prod", parameter: "Token")
    var steps = [step(desired: ["Password": .secret(secret)], observed: ["Password": "old-canary"])]
    steps[0].tags = ["Token": .secret(secret)]
    steps[0].observed?.tags = ["Token": "old-canary"]
    let old = saved(steps, secret: "canary")
    XCTAssertFalse(old.document.json().contains("canary"))
    // Nor a digest that could be guessed at once.
    for guess in ["canary", "old-canary"] {
      var plain = step(observed: ["Password": .string(guess)])
      plain.desired = .known([:])
      let digest = saved([plain]).steps[0].observed["Password"] ?? ""
      XCTAssertFalse(digest.isEmpty)
      XCTAssertFalse(old.document.json().contains(digest), "a bare digest of \(guess)")
    }
    XCTAssertEqual(
      old.moved(to: saved(steps, secret: "another"), plan(steps)),
      ["the secret acme-prod/Token has another value"])
    XCTAssertEqual(
      old.moved(to: saved(steps, secret: nil), plan(steps)),
      ["the secret acme-prod/Token was at hand when planned"])
    XCTAssertEqual(old.moved(to: saved(steps, secret: "canary"), plan(steps)), [])
    steps[0].observed?.properties = ["Password": "new"]
    XCTAssertEqual(
      old.moved(to: saved(steps, secret: "canary"), plan(steps)),
      ["acme-prod/Queue /Password: AWS has moved"])
  }

  /// Whatever stands in place of any part of a file, it is refused or says nothing else.
  func testAnyPartMayBeAnything() throws {
    let plan = saved([step()])
    let good = plan.document
    let strange: [Document] = [
      .null, true, 5, 1.5, "", "\u{1B}[2J", "a\u{202E}b",
      .string(String(repeating: "x", count: 5_000)),
      [], ["x"], [5], [:], ["x": 5], [["x": [:]]],
    ]
    for key in (good.object ?? [:]).keys {
      for value in strange {
        guard let read = try? SavedPlan(good.setting(key, value)) else { continue }
        XCTAssertEqual(read.document, good.setting(key, value), "\(key): \(value)")
        XCTAssertFalse(read.document.json().contains("\\u001b"), "\(key) steers terminals")
      }
      XCTAssertThrowsError(try SavedPlan(good.setting(key, nil)), "without \(key)")
    }
    XCTAssertThrowsError(try SavedPlan(good.setting("other", 1)))
    let item = try XCTUnwrap(good["steps"]?[0])
    for key in (item.object ?? [:]).keys {
      for value in strange {
        guard let read = try? SavedPlan(good.setting("steps", [item.setting(key, value)])) else {
          continue
        }
        XCTAssertEqual(read.document, good.setting("steps", [item.setting(key, value)]))
      }
    }
    XCTAssertThrowsError(try SavedPlan(good.setting("steps", [item, item])), "a step twice")
  }
}
