import XCTest

@testable import TrueupCore

/// How much one run may take away, of stacks and of the fleet.
final class LimitsTests: XCTestCase {
  private func stack(_ client: String, deletes: Int = 0, losses: Int = 0, replaces: Int = 0)
    -> Plan.Stack
  {
    let id = StackID(project: "p", client: client, environment: "prod")
    func change(_ action: Change.Action, _ number: Int) -> Change {
      Change(
        address: Address(stack: id.name, resource: "\(action.rawValue)\(number)"), type: "T",
        action: action, cause: .pending)
    }
    let lossy = (0..<losses).map { number in
      var change = change(.update, number)
      var difference = Difference(
        path: "/P", desired: nil, observed: nil, effect: .update, cause: .pending)
      difference.loss = "it goes"
      change.differences = [difference]
      return change
    }
    return Plan.Stack(
      id: id, account: "1", region: "r",
      changes: (0..<deletes).map { change(.delete, $0) } + lossy
        + (0..<replaces).map { change(.replace, $0) })
  }

  private func refused(_ limits: Limits, _ stacks: Plan.Stack...) -> [String] {
    BudgetCheck.refusals(Plan(stacks: stacks), limits: limits).keys.sorted()
  }

  func testTheLowerLimitHolds() {
    let raised = Budget(deletes: 500, replaces: 500)
    func limits(_ earlier: Limits.Earlier) -> Limits { Limits(written: raised, earlier: earlier) }
    let acme = stack("acme", deletes: 6)
    XCTAssertEqual(refused(limits(Limits.Earlier()), acme), [], "as it is written")
    XCTAssertEqual(
      refused(limits(Limits.Earlier(stacks: ["acme-prod": Budget()])), acme), ["acme-prod"])
    XCTAssertEqual(refused(limits(Limits.Earlier(revision: Budget())), acme), ["acme-prod"])
    XCTAssertEqual(
      refused(limits(Limits.Earlier(stacks: ["acme-prod": raised], revision: Budget())), acme), [],
      "what a run has noted comes before an earlier revision")
    XCTAssertEqual(
      refused(
        Limits(written: Budget(deletes: 1), earlier: .init(revision: raised)),
        stack("acme", deletes: 2)), ["acme-prod"], "a lower one holds at once")
    var allowed = limits(Limits.Earlier(revision: Budget()))
    allowed.allowance.deletes = 6
    XCTAssertEqual(refused(allowed, acme), [])
  }

  func testUpdatesThatLoseCountLikeDeletions() {
    let limits = Limits(written: Budget(deletes: 3))
    XCTAssertEqual(refused(limits, stack("acme", deletes: 2, losses: 1)), [])
    let refusals = BudgetCheck.refusals(
      Plan(stacks: [stack("acme", deletes: 2, losses: 2)]), limits: limits)
    XCTAssertEqual(
      refusals["acme-prod"],
      "4 deletions (2 of them by updates that take something away: update0, update1) are more than "
        + "the 3 allowed; allow them with --allow-deletes 4")
  }

  func testTheFleetHasALimitOfItsOwn() {
    let limits = Limits(written: Budget())
    let four = ["a", "b", "c", "d"].map { stack($0, deletes: 4) }
    let plan = Plan(stacks: four + [stack("e")])
    let excess = BudgetCheck.excesses(plan, limits: limits)
    XCTAssertEqual(excess.map(\.option), ["--allow-fleet-deletes 16"])
    XCTAssertEqual(excess.first?.stacks, ["a-prod", "b-prod", "c-prod", "d-prod"])
    XCTAssertEqual(refused(limits, stack("a", deletes: 5), stack("b", deletes: 5)), [])
    XCTAssertEqual(
      refused(Limits(written: Budget(deletes: 50)), stack("a", deletes: 20)), [],
      "one stack alone has its own limit")
    XCTAssertEqual(
      refused(
        Limits(written: Budget(deletes: 50)), stack("a", deletes: 20), stack("b", deletes: 1)),
      ["a-prod", "b-prod"])
    XCTAssertEqual(
      refused(Limits(written: Budget(fleetDeletes: 3)), stack("a", deletes: 4)), ["a-prod"],
      "one that is written holds for one stack, too")
    XCTAssertEqual(
      refused(
        Limits(written: Budget(deletes: 5, fleetDeletes: 4)), stack("a", deletes: 6),
        stack("b", deletes: 4)), ["a-prod"], "what is refused anyway does not count")
    let three = ["a", "b", "c", "d"].map { stack($0, replaces: 2) }
    XCTAssertEqual(
      BudgetCheck.excesses(Plan(stacks: three), limits: limits).map(\.option),
      ["--allow-fleet-replaces 8"])
  }

  func testARaisedLimitOfTheFleetHoldsLater() {
    let plan = Plan(stacks: ["a", "b", "c", "d"].map { stack($0, deletes: 5) })
    var limits = Limits(written: Budget(fleetDeletes: 100), earlier: .init(revision: Budget()))
    XCTAssertEqual(BudgetCheck.excesses(plan, limits: limits).map(\.allowed), [15])
    limits.earlier.fleet = Budget(fleetDeletes: 100)
    XCTAssertEqual(BudgetCheck.excesses(plan, limits: limits), [])
    limits.earlier.fleet = Budget()
    limits.allowance.fleetDeletes = 20
    XCTAssertEqual(BudgetCheck.excesses(plan, limits: limits), [])
  }

  func testWhatIsDestroyedHasItsOwnLimit() {
    var limits = Limits(written: Budget(), removals: ["a-prod": .resources(62)])
    XCTAssertEqual(refused(limits, stack("a", deletes: 62), stack("b", deletes: 5)), [])
    XCTAssertEqual(refused(limits, stack("a", deletes: 63)), ["a-prod"])
    limits.removals["a-prod"] = .confirmed
    XCTAssertEqual(refused(limits, stack("a", deletes: 900)), [])
    limits.removals["a-prod"] = .ordinary
    XCTAssertEqual(refused(limits, stack("a", deletes: 6)), ["a-prod"])
    limits.removals["a-prod"] = .named
    limits.allowance.deletes = 40
    XCTAssertEqual(refused(limits, stack("a", deletes: 40), stack("b", deletes: 15)), [])
  }

  func testNewRevisionsNeverCount() {
    var acme = stack("acme", replaces: 9)
    XCTAssertEqual(refused(Limits(written: Budget()), acme), ["acme-prod"])
    for index in acme.changes.indices { acme.changes[index].isNewRevision = true }
    XCTAssertEqual(refused(Limits(written: Budget()), acme), [])
  }
}
