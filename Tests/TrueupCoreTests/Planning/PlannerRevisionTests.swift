import Document
import XCTest

@testable import TrueupCore

/// What is never changed: what is declared anew is the next revision, under the same name.
final class PlannerRevisionTests: XCTestCase {
  private func desired(_ text: String, parts: [Document] = [], family: String? = nil) -> Desired {
    var recipe: [String: Value] = ["Text": .string(text)]
    if !parts.isEmpty { recipe["Parts"] = .known(.list(parts)) }
    if let family { recipe["Family"] = .string(family) }
    return Fleet.desired(
      Fleet.resource("Recipe", ToyKind.recipe, recipe),
      Fleet.store("Store", ["Source": Fleet.ref("Recipe")]))
  }

  private func family(_ world: TestWorld) -> [Document?] {
    world.found("Recipe").map { $0.properties["Family"] }
  }

  func testTheNextRevisionKeepsTheName() {
    for declared in [nil, "ours"] {
      var world = TestWorld()
      XCTAssertEqual(world.converge(desired("a", family: declared)), [])
      let name = family(world)
      let next = desired("b", family: declared)
      let plan = world.plan(next)
      XCTAssertEqual(plan.lines, ["replace Recipe pending", "update Store pending"])
      XCTAssertEqual(plan.change(of: "Recipe")?.isNewRevision, true)
      XCTAssertEqual(plan.change(of: "Recipe")?.reason, "a new revision")
      XCTAssertEqual(plan.change(of: "Recipe")?.countsAsReplacement, false)
      plan.assertOrder(
        "create acme-prod/Recipe", "update acme-prod/Store", "delete acme-prod/Recipe")
      XCTAssertEqual(world.carryOut(plan), [])
      XCTAssertEqual(family(world), name, "declared: \(declared ?? "no")")
      XCTAssertEqual(world.plan(next).lines, [])
    }
  }

  func testWhatIsNoLongerDeclaredIsNotInTheNextRevision() {
    var world = TestWorld()
    world.converge(desired("a", parts: [["Name": "x", "Size": 1], ["Name": "y"]]))
    XCTAssertEqual(
      world.plan(desired("a", parts: [["Name": "x"], ["Name": "y"]])).change(of: "Recipe")?
        .differences.map(\.path), ["/Parts/x/Size"])
    XCTAssertEqual(
      world.plan(desired("a")).change(of: "Recipe")?.differences.map(\.path), ["/Parts"])
    XCTAssertEqual(
      world.plan(desired("a", parts: [["Name": "y"], ["Name": "x", "Size": 1]])).lines, [])
  }
}
