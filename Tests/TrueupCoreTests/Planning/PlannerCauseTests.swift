import Document
import XCTest

@testable import TrueupCore

/// Causes that are true, and order among things that exclude each other without a reference.
final class PlannerCauseTests: XCTestCase {
  private static func board(_ id: String, _ name: String, feed: Value? = nil) -> DesiredResource {
    Fleet.resource(id, ToyKind.board, ["BoardName": .string(name)]).setting("Feed", feed)
  }

  // MARK: Same place

  func testThingsThatTradeWhatAWSAllowsOnceAllGoBeforeAnyComes() {
    func leases(_ one: String, _ other: String) -> Desired {
      Fleet.desired(
        Fleet.store("A", ["Lease": .string(one), "Engine": .string(one)]),
        Fleet.store("B", ["Lease": .string(other), "Engine": .string(other)]))
    }
    func subs(_ one: Int, _ other: Int) -> Desired {
      Fleet.desired(
        Fleet.net(), Fleet.sub("A", cidr: "10.0.\(one).0/24"),
        Fleet.sub("B", cidr: "10.0.\(other).0/24"))
    }
    for (before, after) in [(leases("x", "y"), leases("y", "x")), (subs(1, 2), subs(2, 1))] {
      var world = TestWorld()
      XCTAssertEqual(world.converge(before), [])
      let plan = world.plan(after)
      XCTAssertEqual(plan.lines, ["replace A pending", "replace B pending"])
      for create in ["create acme-prod/A", "create acme-prod/B"] {
        plan.assertOrder("delete acme-prod/A", create)
        plan.assertOrder("delete acme-prod/B", create)
      }
      XCTAssertEqual(world.carryOut(plan), [])
      XCTAssertEqual(world.plan(after).lines, [])
    }
  }

  func testANameThatOneGivesUpIsTakenByAnotherAfterwards() {
    var world = TestWorld()
    world.converge(Fleet.desired(Self.board("A", "web")))
    let moved = Fleet.desired(Self.board("A", "app"), Self.board("B", "web"))
    let plan = world.plan(moved)
    XCTAssertEqual(world.carryOut(plan), [], "\(plan.lines)")
    XCTAssertEqual(world.plan(moved).lines, [])
    XCTAssertEqual(Set(world.resources.map(\.id)), ["app", "web"])
  }

  // MARK: Replacements that are none

  func testAReplacementThatTurnsOutToBeNoneKeepsWhatIsThere() {
    let desired = Fleet.desired(
      Fleet.store("Store", ["StoreName": .string("data")]),
      Self.board("Board", "sales", feed: Fleet.ref("Store", "Arn"))
        .with { $0.replaceDeleteFirst = false })
    var world = TestWorld()
    world.converge(desired)
    world.remove("Store")
    let renamed = Fleet.desired(
      Fleet.store("Store", ["StoreName": .string("data")]),
      Fleet.resource("Board", ToyKind.board, ["Feed": Fleet.ref("Store", "Arn")]))
    var free = TestWorld()
    free.converge(renamed)
    free.remove("Store")
    let plan = free.plan(renamed)
    XCTAssertEqual(plan.lines, ["replace Board drift", "create Store drift"])
    XCTAssertEqual(free.carryOut(plan), [])
    XCTAssertEqual(
      Set(free.resources.map(\.type)), [ToyKind.board.type, ToyKind.store.type],
      "the board is neither made again nor deleted")
    XCTAssertEqual(free.plan(renamed).lines, [])
  }

  func testWhatWouldBeDeletedFirstIsKeptWhereItsValuesComeBack() {
    let desired = Fleet.desired(
      Fleet.store("Store", ["StoreName": .string("data")]),
      Self.board("Board", "sales", feed: Fleet.ref("Store", "Arn"))
        .with { $0.replaceDeleteFirst = true })
    var world = TestWorld()
    world.converge(desired)
    world.remove("Store")
    let plan = world.plan(desired)
    XCTAssertEqual(plan.lines, ["replace Board drift", "create Store drift"])
    plan.assertOrder("create acme-prod/Store", "delete acme-prod/Board")
    plan.assertOrder("delete acme-prod/Board", "create acme-prod/Board")
    let board = world.resources.filter { $0.type == ToyKind.board.type }
    XCTAssertEqual(world.carryOut(plan), [])
    XCTAssertEqual(world.resources.filter { $0.type == ToyKind.board.type }, board)
    XCTAssertEqual(world.resources.count, 2)
    XCTAssertEqual(world.plan(desired).lines, [])
  }

  // MARK: Live and leftover

  func testNothingIsBothLiveAndLeftOverAfterAKill() {
    func desired(_ cidr: String) -> Desired {
      Fleet.desired(
        Fleet.net(cidr: cidr), Fleet.sub(), Fleet.link(to: "10.8.0.0/16"), Fleet.group(),
        Fleet.resource("Rule", ToyKind.rule, ["GroupId": Fleet.ref("Group"), "Port": .known(443)]))
    }
    var start = TestWorld()
    start.converge(desired("10.0.0.0/16"))
    let steps = start.plan(desired("10.5.0.0/16")).steps.count
    for limit in 0...steps {
      var world = start
      world.carryOut(world.plan(desired("10.5.0.0/16")), limit: limit)
      let plan = world.plan(desired("10.5.0.0/16"))
      let place = "after \(limit) steps: \(plan.lines)"
      let ids = plan.changes.filter { $0.action != .create }.compactMap(\.id)
      XCTAssertEqual(ids.count, Set(ids).count, place)
      XCTAssertFalse(plan.changes.contains { $0.action == .blocked }, place)
      XCTAssertEqual(world.carryOut(plan), [], place)
      XCTAssertEqual(world.resources.count, 5, place)
      XCTAssertEqual(world.plan(desired("10.5.0.0/16")).lines, [], place)
    }
  }

  // MARK: Causes

  func testARemovalThatIsRevertedIsNew() {
    let both = Fleet.desired(Fleet.net(), Fleet.store("B", ["Note": .string("x")]))
    var world = TestWorld()
    world.converge(both)
    world.converge(Fleet.desired(Fleet.net()))
    XCTAssertEqual(world.plan(both).lines, ["create B new"])
    world.converge(both)
    world.remove("B")
    XCTAssertEqual(world.plan(both).lines, ["create B drift"], "now it was somebody else")
  }

  func testWhatAReplacementDeletedFirstAndDidNotMakeAgainIsPending() {
    func store(_ engine: String) -> Desired {
      Fleet.desired(
        Fleet.store("Store", ["StoreName": .string("data"), "Engine": .string(engine)])
          .with { $0.replaceDeleteFirst = true })
    }
    var world = TestWorld()
    world.converge(store("old"))
    world.carryOut(world.plan(store("new")), limit: 1)
    XCTAssertEqual(world.resources, [])
    XCTAssertEqual(world.plan(store("new")).lines, ["create Store pending"])
  }

  func testARuleThatIsTakenOutOrMovedInGitIsNoDriftOfItsGroup() {
    func rule(_ port: Int) -> DesiredResource {
      Fleet.resource(
        "Rule", ToyKind.rule, ["GroupId": Fleet.ref("Group"), "Port": .known(.integer(port))])
    }
    var world = TestWorld()
    world.converge(Fleet.desired(Fleet.net(), Fleet.group(), rule(443)))
    world.change("Group") {
      $0.properties = $0.properties.setting("Rules", [["Port": 443]])
    }
    XCTAssertEqual(
      world.plan(Fleet.desired(Fleet.net(), Fleet.group())).lines, ["delete Rule removed"])
    XCTAssertEqual(
      world.plan(Fleet.desired(Fleet.net(), Fleet.group(), rule(22))).lines,
      ["replace Rule pending"])
  }

  func testWhatDependsOnSomethingThatWasLostIsDriftToo() {
    let desired = Fleet.desired(
      Fleet.net(), Fleet.sub(), Fleet.store("Store", ["Place": Fleet.ref("Net", "Arn")]))
    var world = TestWorld()
    world.converge(desired)
    world.remove("Net")
    XCTAssertEqual(
      world.plan(desired).lines, ["create Net drift", "update Store drift", "replace Sub drift"])
    let moved = Fleet.desired(
      Fleet.net(), Fleet.sub(),
      Fleet.store("Store", ["Place": Fleet.ref("Net", "Arn"), "Note": .string("git")]))
    XCTAssertEqual(
      world.plan(moved).differences(of: "Store"), ["/Note pending", "/Place drift"])
  }

  func testWhatIsInALeftoverIsNoDrift() {
    func desired(_ cidr: String) -> Desired {
      Fleet.desired(Fleet.net(cidr: cidr), Fleet.link(to: "10.8.0.0/16"))
    }
    var world = TestWorld()
    world.converge(desired("10.0.0.0/16"))
    world.carryOut(world.plan(desired("10.5.0.0/16"))) { ready in
      ready.removeAll { $0.action == .delete }
      ready.sort()
    }
    XCTAssertEqual(
      world.plan(desired("10.5.0.0/16")).changes.map { "\($0.action) \($0.cause)" },
      ["delete orphan", "delete orphan"])
  }
}
