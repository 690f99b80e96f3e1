import Document
import XCTest

@testable import TrueupCore

/// Properties that somebody else than git decides.
final class PlannerOwnersTests: XCTestCase {
  private func store(
    _ properties: Document, _ owners: [PropertyPath: FieldOwner], tags: [String: Value]? = nil
  ) -> Desired {
    Fleet.desired(
      Fleet.store("Store", (properties.object ?? [:]).mapValues(Value.known)).with {
        $0.owners = owners
        if let tags { $0.tags = tags }
      })
  }

  private func recipe(_ image: String, _ text: String, _ owner: FieldOwner?) -> Desired {
    let properties: [String: Value] = [
      "Parts": .known([["Name": "a", "Image": .string(image)], ["Name": "b", "Image": "b:1"]]),
      "Text": .string(text),
    ]
    return Fleet.desired(
      Fleet.resource("Recipe", ToyKind.recipe, properties).with {
        if let owner { $0.owners = ["/Parts/a/Image": owner] }
      })
  }

  private func value(_ world: TestWorld, _ logical: String, _ property: String) -> [Document?] {
    world.found(logical).map { $0.properties[property] }
  }

  func testWhatAnotherMovesIsNoDifferenceWithOrWithoutAJournal() {
    for owner in FieldOwner.allCases where owner != .git {
      var world = TestWorld()
      let desired = store(["Count": 2, "Name": "x"], ["/Count": owner])
      XCTAssertEqual(world.converge(desired), [])
      XCTAssertEqual(value(world, "Store", "Count"), [2], "made as declared")
      world.change("Store") { $0.properties = $0.properties.setting("Count", 7) }
      for withBase in [true, false] {
        XCTAssertEqual(world.plan(desired, withBase: withBase).lines, [], "\(owner)")
      }
      let declaredAnew = store(["Count": 4, "Name": "x"], ["/Count": owner])
      XCTAssertEqual(world.plan(declaredAnew).lines, [], "git does not decide it: \(owner)")
      XCTAssertEqual(
        world.plan(desired).stacks.first?.notChecked,
        [
          NotChecked(
            address: Address(stack: "acme-prod", resource: "Store"), path: "/Count",
            reason: owner.reason)
        ])
    }
  }

  func testAChangeBesideItWritesWhatAWSShows() {
    var world = TestWorld()
    world.converge(store(["Count": 2, "Name": "x"], ["/Count": .autoscaler]))
    world.change("Store") { $0.properties = $0.properties.setting("Count", 7) }
    let plan = world.plan(store(["Count": 2, "Name": "y"], ["/Count": .autoscaler]))
    XCTAssertEqual(plan.change(of: "Store")?.differences.map(\.path), ["/Name"])
    XCTAssertEqual(plan.steps.first?.desired["Count"]?.document, 7)
    XCTAssertEqual(world.carryOut(plan), [])
    XCTAssertEqual(value(world, "Store", "Count"), [7])
  }

  func testAReplacementGoesOnFromWhereOthersMovedIt() {
    for (owner, count) in [(FieldOwner.autoscaler, 7), (.ci, 7), (.createOnly, 2)] {
      var world = TestWorld()
      world.converge(store(["Count": 2, "Engine": "old"], ["/Count": owner]))
      world.change("Store") { $0.properties = $0.properties.setting("Count", 7) }
      let next = store(["Count": 2, "Engine": "new"], ["/Count": owner])
      XCTAssertEqual(world.converge(next), [])
      XCTAssertEqual(value(world, "Store", "Count"), [.integer(count)], "\(owner)")
      XCTAssertEqual(value(world, "Store", "Engine"), ["new"])
      XCTAssertEqual(world.plan(next).lines, [])
    }
  }

  func testWhatNobodyDeclaresAnyMoreIsNotTakenAway() {
    var world = TestWorld()
    world.converge(store(["Count": 2], ["/Count": .ci]))
    XCTAssertEqual(world.plan(store([:], ["/Count": .ci])).lines, [])
    XCTAssertEqual(world.plan(store([:], [:])).lines, ["update Store pending"])
  }

  func testWhatAWSHidesIsNotWrittenAgain() {
    var world = TestWorld()
    world.converge(store(["Hint": "first", "Name": "x"], ["/Hint": .createOnly]))
    let next = store(["Hint": "second", "Name": "x"], ["/Hint": .createOnly])
    for withBase in [true, false] {
      XCTAssertEqual(world.plan(next, withBase: withBase).lines, [])
    }
    XCTAssertEqual(
      world.plan(store(["Hint": "second", "Name": "x"], [:])).lines,
      [
        "update Store pending"
      ])
  }

  func testWhatCouldNotBeReadIsNotTakenForMissing() {
    var world = TestWorld()
    world.converge(store(["Count": 2, "Name": "x"], ["/Count": .ci]))
    world.change("Store") {
      $0.properties = $0.properties.setting("Count", nil)
      $0.unread["/Count"] = "denied"
    }
    let plan = world.plan(store(["Count": 2, "Name": "y"], ["/Count": .ci]))
    XCTAssertEqual(plan.change(of: "Store")?.differences.map(\.path), ["/Name"])
    XCTAssertEqual(plan.steps.first?.desired["Count"]?.document, 2)
  }

  func testGitTakesItBack() {
    var world = TestWorld()
    world.converge(store(["Count": 2], ["/Count": .ci]))
    world.change("Store") { $0.properties = $0.properties.setting("Count", 7) }
    let plan = world.plan(store(["Count": 2], [:]))
    XCTAssertEqual(plan.change(of: "Store")?.differences.map(\.path), ["/Count"])
    XCTAssertEqual(world.carryOut(plan), [])
    XCTAssertEqual(value(world, "Store", "Count"), [2])
  }

  func testANextRevisionKeepsWhatAnotherHasPutIntoAnElement() {
    var world = TestWorld()
    XCTAssertEqual(world.converge(recipe("a:1", "x", .ci)), [])
    world.change("Recipe") {
      $0.properties = $0.properties.setting(
        "Parts", [["Name": "b", "Image": "b:1"], ["Name": "a", "Image": "a:9"]])
    }
    XCTAssertEqual(world.plan(recipe("a:1", "x", .ci)).lines, [])
    XCTAssertEqual(world.plan(recipe("a:1", "x", nil)).lines, ["replace Recipe drift"])
    let plan = world.plan(recipe("a:1", "y", .ci))
    XCTAssertEqual(plan.change(of: "Recipe")?.differences.map(\.path), ["/Text"])
    XCTAssertEqual(world.carryOut(plan), [])
    let parts = value(world, "Recipe", "Parts").compactMap { $0?.list }.flatMap(\.self)
    XCTAssertTrue(parts.contains(["Name": "a", "Image": "a:9"]), "\(parts)")
  }

  func testATagOfAnother() {
    var world = TestWorld()
    let desired = store([:], ["/Tags/Release": .ci], tags: ["Release": .string("1")])
    world.converge(desired)
    XCTAssertEqual(world.found("Store").map { $0.tags["Release"] }, ["1"])
    for release in ["2", nil] {
      world.change("Store") { $0.tags["Release"] = release }
      XCTAssertEqual(world.plan(desired).lines, [])
    }
  }

  func testWhatIsTakenOverKeepsIt() {
    var world = TestWorld()
    world.converge(store(["Count": 2], [:]))
    world.change("Store") { $0.tags = [:] }
    world.base = Base()
    world.knownIDs = [:]
    let id = world.resources.first?.id
    let desired = Fleet.desired(
      Fleet.store("Store", ["Count": .known(5)]).with {
        $0.owners = ["/Count": .autoscaler]
        $0.adopt = true
        $0.adoptedID = id
      })
    let change = world.plan(desired).change(of: "Store")
    XCTAssertEqual(change?.action, .adopt)
    XCTAssertFalse(change?.differences.contains { $0.path == "/Count" } ?? true)
  }
}
