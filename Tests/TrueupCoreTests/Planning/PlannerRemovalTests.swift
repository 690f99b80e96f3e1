import Document
import XCTest

@testable import TrueupCore

/// Deletions: their order, what is retained, and stacks on their way out.
final class PlannerRemovalTests: XCTestCase {
  func testWhatIsNoLongerDesiredIsDeletedAfterWhatReallyRefersToIt() {
    var world = TestWorld()
    world.converge(
      Fleet.desired(
        Fleet.net(), Fleet.sub(), Fleet.store("Store", ["Place": Fleet.ref("Sub", "Arn")]),
        Fleet.store("Keeper", ["Place": Fleet.ref("Net")])))
    // The blueprint never said so: somebody made the keeper refer to the sub.
    let arn = world.found("Sub").first?.properties["Arn"]
    world.change("Keeper") { $0.properties = $0.properties.setting("Place", arn) }
    let desired = Fleet.desired(
      Fleet.net("New", cidr: "10.7.0.0/16"), Fleet.store("Keeper", ["Place": Fleet.ref("New")]))
    let plan = world.plan(desired)
    XCTAssertEqual(
      plan.lines,
      [
        "update Keeper conflict", "delete Net removed", "create New new", "delete Store removed",
        "delete Sub removed",
      ])
    plan.assertOrder("delete acme-prod/Store", "delete acme-prod/Sub", "delete acme-prod/Net")
    plan.assertOrder("update acme-prod/Keeper", "delete acme-prod/Sub")
    XCTAssertEqual(
      Set(plan.change(of: "Sub")?.after.map(\.address.resource) ?? []), ["Keeper", "Store"])
    XCTAssertEqual(world.carryOut(plan), [])
    XCTAssertEqual(world.plan(desired).lines, [])
  }

  func testOfTheSameNameIsNotTheSameThing() {
    // A board is called as the store is to which it refers: the store does not refer to the board.
    for name in ["shared", "other"] {
      var world = TestWorld()
      world.converge(
        Fleet.desired(
          Fleet.store("Store", ["StoreName": .string("shared")]),
          Fleet.resource(
            "Board", ToyKind.board,
            ["BoardName": .string(name), "Source": Fleet.ref("Store")])))
      world.plan(Fleet.desired(Fleet.net()))
        .assertOrder("delete acme-prod/Board", "delete acme-prod/Store")
    }
  }

  func testWithoutABaseWhatIsOursAndUnknownIsAnOrphan() {
    var world = TestWorld()
    world.converge(Fleet.desired(Fleet.net(), Fleet.store()))
    XCTAssertEqual(
      world.plan(Fleet.desired(Fleet.net()), withBase: false).lines, ["delete Store orphan"])
  }

  func testGroupsThatReferToEachOtherAreReleasedFirst() {
    var world = TestWorld()
    world.converge(
      Fleet.desired(
        Fleet.net(), Fleet.group("A"), Fleet.group("B", rules: [Fleet.rule(from: "A")])))
    let other = world.found("B").first?.id ?? ""
    world.change("A") {
      $0.properties = $0.properties.setting("Rules", [["Source": .string(other)]])
    }
    let desired = Fleet.desired(Fleet.net())
    let plan = world.plan(desired)
    XCTAssertEqual(plan.lines, ["delete A removed", "delete B removed"])
    XCTAssertTrue(
      plan.steps.contains { $0.id.action == .update && $0.changed == ["Rules"] },
      "the rules are emptied first: \(plan.steps.map(\.id.description))")
    XCTAssertEqual(world.carryOut(plan), [])
    XCTAssertEqual(world.resources.count, 1)
    XCTAssertEqual(world.plan(desired).lines, [])
    XCTAssertEqual(world.base.resources.count, 1, "what is gone is forgotten")
  }

  func testDeletionPolicyRetainTakesOnlyOurTagsOff() {
    let kept = Fleet.store("Store", ["Size": .known(1)]).with { $0.deletionPolicy = .retain }
    var world = TestWorld()
    world.converge(Fleet.desired(Fleet.net(), kept))
    XCTAssertEqual(
      world.found("Store").first?.tags[OwnershipTags.deletionPolicy], "Retain",
      "the resource itself says so, since the blueprint will be silent")
    let desired = Fleet.desired(Fleet.net())
    let plan = world.plan(desired)
    XCTAssertEqual(plan.lines, ["update Store removed"])
    XCTAssertEqual(
      plan.differences(of: "Store"),
      [
        "/Tags/trueup:deletion-policy removed", "/Tags/trueup:resource removed",
        "/Tags/trueup:rev removed", "/Tags/trueup:stack removed",
      ])
    XCTAssertEqual(world.carryOut(plan), [])
    XCTAssertEqual(world.resources.count, 2)
    XCTAssertEqual(world.resources.last?.tags, ["Project": "Fleet"])
    XCTAssertEqual(world.plan(desired).lines, [])
    XCTAssertNil(world.base.resources[Address(stack: "acme-prod", resource: "Store")])
  }

  func testADeletionPolicyThatIsTakenBackTakesItsTagOff() {
    let store = Fleet.store("Store", ["Size": .known(1)])
    var world = TestWorld()
    world.converge(Fleet.desired(store.with { $0.deletionPolicy = .retain }))
    for policy in [nil, RemovalPolicy.delete] {
      XCTAssertEqual(
        world.plan(Fleet.desired(store.with { $0.deletionPolicy = policy }))
          .differences(of: "Store"), ["/Tags/trueup:deletion-policy pending"])
    }
    XCTAssertEqual(world.converge(Fleet.desired(store)), [])
    XCTAssertEqual(
      world.plan(Fleet.desired(Fleet.net())).lines, ["create Net new", "delete Store removed"])
  }

  func testDestroyKeepsDataUnlessToldOtherwise() {
    let resources = [Fleet.net(), Fleet.store("Store", ["Place": Fleet.ref("Net")])]
    let table: [(disposal: DataDisposal, lines: [String], left: Int)] = [
      (.retain, ["delete Net removed", "update Store removed"], 1),
      (.snapshot, ["delete Net removed", "update Store removed"], 1),
      (.delete, ["delete Net removed", "delete Store removed"], 0),
    ]
    for (disposal, lines, left) in table {
      var world = TestWorld()
      world.converge(Fleet.desired([Fleet.stack("acme", resources)]))
      // What is retained lets go of nothing; here it never referred to the net in AWS.
      if left > 0 {
        world.change("Store") { $0.properties = $0.properties.setting("Place", nil) }
      }
      let desired = Fleet.desired([Fleet.stack("acme", resources, destroy: disposal)])
      XCTAssertEqual(world.plan(desired).lines, lines, "\(disposal)")
      XCTAssertEqual(
        world.plan(
          Fleet.desired([Fleet.stack("acme", resources)]), destroy: ["acme-prod": disposal]
        ).lines, lines, "\(disposal) by command")
      XCTAssertEqual(world.converge(desired), [], "\(disposal)")
      XCTAssertEqual(world.resources.count, left, "\(disposal)")
      XCTAssertEqual(world.plan(desired).lines, [], "\(disposal)")
    }
  }

  func testDestroyGoesInReverseOrderOfReferencesAndDependsOn() {
    let desired = Fleet.desired(
      Fleet.net(), Fleet.sub(),
      Fleet.group("Group").with {
        $0.dependsOn = [Address(stack: "acme-prod", resource: "Sub")]
      })
    var world = TestWorld()
    world.converge(desired)
    let plan = world.plan(desired, destroy: ["acme-prod": .delete])
    plan.assertOrder("delete acme-prod/Group", "delete acme-prod/Sub", "delete acme-prod/Net")
    XCTAssertEqual(world.carryOut(plan), [])
    XCTAssertEqual(world.resources, [])
    XCTAssertEqual(world.base.resources, [:])
  }

  func testWhatTakesThePlaceOfSomethingThatGoesComesAfterIt() {
    var world = TestWorld()
    world.converge(Fleet.desired(Fleet.net(), Fleet.sub("Old", cidr: "10.0.1.0/24")))
    let desired = Fleet.desired(Fleet.net(), Fleet.sub("New", cidr: "10.0.1.0/24"))
    let plan = world.plan(desired)
    XCTAssertEqual(plan.lines, ["create New new", "delete Old removed"])
    plan.assertOrder("delete acme-prod/Old", "create acme-prod/New")
    XCTAssertEqual(world.carryOut(plan), [])
    XCTAssertEqual(world.plan(desired).lines, [])
  }

  func testBudgetsRefuseStacksThatLoseTooMuch() {
    var world = TestWorld()
    let nets = (1...4).map { Fleet.net("Net\($0)", cidr: "10.\($0).0.0/16") }
    let full = Fleet.desired([Fleet.stack("acme", nets), Fleet.stack("beta", [nets[0]])])
    world.converge(full)
    let fewer = Fleet.desired([
      Fleet.stack("acme", [Fleet.net("Net1", cidr: "10.99.0.0/16")]),
      Fleet.stack("beta", [nets[0]]),
    ])
    let plan = world.plan(fewer)
    XCTAssertEqual(
      BudgetCheck.refusals(plan, limits: Limits(written: Budget(deletes: 3, replaces: 1))), [:])
    XCTAssertEqual(
      BudgetCheck.refusals(plan, limits: Limits(written: Budget(deletes: 2, replaces: 0))),
      [
        "acme-prod": "3 deletions are more than the 2 allowed; allow them with --allow-deletes 3; "
          + "1 replacements are more than the 0 allowed; allow them with --allow-replaces 1"
      ])
  }
}
