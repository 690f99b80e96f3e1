import XCTest

@testable import TrueupCore

final class PlannerResourcesTests: XCTestCase {
  func testThePlanNamesEveryResourceAndWhatItNeedsWhetherItChangesOrNot() {
    let exporter = Fleet.stack("core", [Fleet.net()])
    let importer = Fleet.stack(
      "web", [Fleet.store("Store", ["Place": Fleet.ref("Net", "Arn", in: "core-prod")])])
    let desired = Fleet.desired([importer, exporter])
    let net = Address(stack: "core-prod", resource: "Net")
    let expected = [
      Plan.Resource(address: net, type: ToyKind.net.type),
      Plan.Resource(
        address: Address(stack: "web-prod", resource: "Store"), type: ToyKind.store.type,
        needs: [.init(address: net, because: .reference, path: "/Place")]),
    ]
    var world = TestWorld()
    XCTAssertEqual(world.plan(desired).resources, expected, "before the first apply")
    world.converge(desired)
    XCTAssertEqual(world.plan(desired).resources, expected, "with nothing to do")
    XCTAssertEqual(
      world.plan(desired, selected: ["core-prod"]).resources, [expected[0]],
      "of the stacks that are asked for alone")
  }
}
