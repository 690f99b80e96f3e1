import Document
import XCTest

@testable import TrueupCore

/// Replacements: their cascade, their order, their guards, and what a crash leaves of them.
final class PlannerReplacementTests: XCTestCase {
  private static func desired(cidr: String, engine: String = "old") -> Desired {
    Fleet.desired(
      Fleet.net(cidr: cidr), Fleet.sub(),
      Fleet.store(
        "Store", ["Place": Fleet.ref("Net", "Arn"), "Engine": .string(engine)]))
  }

  private var world = TestWorld()

  override func setUp() {
    world = TestWorld()
    XCTAssertEqual(world.converge(Self.desired(cidr: "10.0.0.0/16")), [])
  }

  func testAReplacementCascades() {
    let moved = Self.desired(cidr: "10.5.0.0/16")
    let plan = world.plan(moved)
    XCTAssertEqual(
      plan.lines, ["replace Net pending", "update Store pending", "replace Sub pending"])
    plan.assertOrder(
      "create acme-prod/Net", "create acme-prod/Sub", "delete acme-prod/Sub",
      "delete acme-prod/Net")
    plan.assertOrder(
      "create acme-prod/Net", "update acme-prod/Store", "delete acme-prod/Net")
    XCTAssertEqual(plan.change(of: "Sub")?.after.map(\.because), [.replacement])
    let old = world.found("Net").map(\.id)
    XCTAssertEqual(world.carryOut(plan), [])
    XCTAssertNotEqual(world.found("Net").map(\.id), old)
    XCTAssertEqual(world.resources.count, 3, "nothing is left over")
    XCTAssertEqual(world.plan(moved).lines, [])
  }

  func testGenerationsAlternateSoThatTheNewOneFindsItsNameFree() {
    let old = world.found("Store").first?.id
    XCTAssertEqual(world.converge(Self.desired(cidr: "10.0.0.0/16", engine: "new")), [])
    let new = world.found("Store").first?.id
    XCTAssertNotEqual(old, new)
    XCTAssertEqual(world.converge(Self.desired(cidr: "10.0.0.0/16", engine: "newest")), [])
    XCTAssertEqual(world.found("Store").map(\.id), [old], "the first name is free again")
    XCTAssertEqual(world.plan(Self.desired(cidr: "10.0.0.0/16", engine: "newest")).lines, [])
  }

  func testWhatCannotExistTwiceIsDeletedFirst() {
    var world = TestWorld()
    world.converge(Fleet.desired(Fleet.net(), Fleet.sub(cidr: "10.0.1.0/24")))
    let wider = Fleet.desired(Fleet.net(), Fleet.sub(cidr: "10.0.0.0/20"))
    world.plan(wider).assertOrder("delete acme-prod/Sub", "create acme-prod/Sub")
    let apart = Fleet.desired(Fleet.net(), Fleet.sub(cidr: "10.0.9.0/24"))
    world.plan(apart).assertOrder("create acme-prod/Sub", "delete acme-prod/Sub")
    XCTAssertEqual(world.converge(wider), [])
    XCTAssertEqual(world.plan(wider).lines, [])
  }

  func testWhatLiesInSomethingThatIsDeletedFirstGoesBeforeIt() {
    func desired(_ cidr: String) -> Desired {
      Fleet.desired(
        Fleet.net(cidr: cidr).with { $0.replaceDeleteFirst = true }, Fleet.sub(), Fleet.group())
    }
    var world = TestWorld()
    world.converge(desired("10.0.0.0/16"))
    let plan = world.plan(desired("10.5.0.0/16"))
    plan.assertOrder(
      "delete acme-prod/Sub", "delete acme-prod/Net", "create acme-prod/Net",
      "create acme-prod/Sub")
    plan.assertOrder("delete acme-prod/Group", "delete acme-prod/Net", "create acme-prod/Group")
    XCTAssertEqual(world.carryOut(plan), [])
    XCTAssertEqual(world.plan(desired("10.5.0.0/16")).lines, [])
  }

  func testNetworksThatMoveUpWaitForEachOther() {
    func desired(_ first: Int) -> Desired {
      Fleet.desired(
        Fleet.net(), Fleet.sub("A", cidr: "10.0.\(first).0/24"),
        Fleet.sub("B", cidr: "10.0.\(first + 1).0/24"),
        Fleet.sub("C", cidr: "10.0.\(first + 2).0/24"))
    }
    var world = TestWorld()
    world.converge(desired(1))
    let plan = world.plan(desired(2))
    plan.assertOrder(
      "create acme-prod/C", "delete acme-prod/C", "create acme-prod/B", "delete acme-prod/B",
      "create acme-prod/A", "delete acme-prod/A")
    XCTAssertEqual(world.carryOut(plan), [])
    XCTAssertEqual(world.plan(desired(2)).lines, [])
  }

  func testADeclaredNameThatMustBeReplacedIsRefusedUnlessDeletedFirst() {
    func store(_ engine: String) -> DesiredResource {
      Fleet.store("Store", ["StoreName": .string("data"), "Engine": .string(engine)])
    }
    var world = TestWorld()
    world.converge(Fleet.desired(store("old")))
    let plan = world.plan(Fleet.desired(store("new")))
    XCTAssertEqual(plan.lines, ["blocked Store pending"])
    XCTAssertTrue(plan.change(of: "Store")?.reason?.contains("\"delete-first\"") ?? false)
    XCTAssertEqual(plan.steps.map(\.id.description), [])
    let told = Fleet.desired(store("new").with { $0.replaceDeleteFirst = true })
    world.plan(told).assertOrder("delete acme-prod/Store", "create acme-prod/Store")
    XCTAssertEqual(world.converge(told), [])
    XCTAssertEqual(world.plan(told).lines, [])
    XCTAssertEqual(
      world.plan(
        Fleet.desired(store("newer").setting("StoreName", .string("other")))
      ).lines, ["replace Store pending"], "a new name is free")
  }

  func testWhatHoldsSomethingThatOnlyOneCanHoldLetsItGoFirst() {
    func desired(_ engine: String, _ leases: [String: Value]) -> Desired {
      Fleet.desired(
        Fleet.store("Store", leases.merging(["Engine": .string(engine)]) { $1 }))
    }
    let cases: [(old: [String: Value], new: [String: Value], isFirst: Bool)] = [
      (["Lease": .string("a")], ["Lease": .string("a")], true),
      (["Lease": .string("a")], ["Lease": .string("b")], false), ([:], [:], false),
      (
        ["Leases": .known(["a", "b"])], ["Leases": .known(["b", "c"])], true
      ),
      (["Leases": .known(["a"])], ["Leases": .known(["b"])], false),
    ]
    for (old, new, isFirst) in cases {
      var world = TestWorld()
      world.converge(desired("old", old))
      let plan = world.plan(desired("new", new))
      let order = ["delete acme-prod/Store", "create acme-prod/Store"]
      let wanted = isFirst ? order : order.reversed()
      plan.assertOrder(wanted[0], wanted[1])
      XCTAssertEqual(world.carryOut(plan), [], "\(old) to \(new)")
    }
  }

  func testUpdateReplacePolicyRetainKeepsTheOldOne() {
    let kept = Fleet.desired(
      Fleet.store("Store", ["Engine": .string("new")]).with { $0.updateReplacePolicy = .retain })
    var world = TestWorld()
    world.converge(Fleet.desired(Fleet.store("Store", ["Engine": .string("old")])))
    XCTAssertEqual(world.plan(kept).lines, ["replace Store pending"])
    XCTAssertEqual(world.converge(kept), [])
    XCTAssertEqual(world.resources.count, 2)
    XCTAssertEqual(world.found("Store").first?.properties["Engine"], "new")
    XCTAssertEqual(world.plan(kept).lines, [], "what is retained is ours no longer")
    XCTAssertEqual(
      world.resources.filter { $0.tags[OwnershipTags.stack] == nil }.map { $0.tags },
      [["Project": "Fleet"]])
  }

  func testACrashInAReplacementLeavesNothingTwice() {
    let moved = Self.desired(cidr: "10.5.0.0/16", engine: "new")
    let steps = world.plan(moved).steps.count
    for limit in 0...steps {
      var world = world
      world.carryOut(world.plan(moved), limit: limit)
      let plan = world.plan(moved)
      XCTAssertFalse(
        plan.changes.contains { $0.action == .blocked }, "after \(limit) steps: \(plan.lines)")
      XCTAssertEqual(world.carryOut(plan), [], "after \(limit) steps: \(plan.lines)")
      XCTAssertEqual(world.resources.count, 3, "after \(limit) steps something is left over")
      XCTAssertEqual(world.plan(moved).lines, [], "after \(limit) steps")
    }
  }

  func testALeftoverOfACrashIsAnOrphanToDelete() {
    let moved = Self.desired(cidr: "10.5.0.0/16")
    world.carryOut(world.plan(moved)) { ready in
      ready.sort { ($0.action == .delete ? 1 : 0, $0) < ($1.action == .delete ? 1 : 0, $1) }
      ready.removeAll { $0.action == .delete }
    }
    let plan = world.plan(moved)
    XCTAssertEqual(plan.lines, ["delete Net orphan", "delete Sub orphan"])
    XCTAssertEqual(plan.change(of: "Net")?.reason, "left over from a replacement")
    plan.assertOrder("delete acme-prod/Sub", "delete acme-prod/Net")
  }

  func testADesiredStateThatMovesAgainAfterACrashFindsItsNameFree() {
    func store(_ engine: String) -> Desired {
      Fleet.desired(Fleet.store("Store", ["Engine": .string(engine)]))
    }
    var world = TestWorld()
    world.converge(store("one"))
    world.carryOut(world.plan(store("two")), limit: 1)
    XCTAssertEqual(world.resources.count, 2, "killed before the old one was deleted")
    XCTAssertEqual(world.converge(store("three")), [])
    XCTAssertEqual(world.converge(store("three")), [])
    XCTAssertEqual(world.resources.count, 1)
    XCTAssertEqual(world.plan(store("three")).lines, [])
  }
}
