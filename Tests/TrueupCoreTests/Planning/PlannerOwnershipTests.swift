import Document
import XCTest

@testable import TrueupCore

/// What is ours, what is not, and what is never claimed by accident.
final class PlannerOwnershipTests: XCTestCase {
  func testStrippedTagsBlockAndNeverMakeASecondOne() {
    let desired = Fleet.desired(Fleet.net(), Fleet.sub(), Fleet.store())
    var world = TestWorld()
    world.converge(desired)
    for index in world.resources.indices { world.resources[index].tags = [:] }
    let plan = world.plan(desired)
    XCTAssertEqual(
      plan.lines, ["blocked Net drift", "blocked Store drift", "blocked Sub drift"])
    XCTAssertEqual(plan.steps.map(\.id.description), [])
    XCTAssertTrue(
      plan.change(of: "Net")?.reason?.contains(
        "ownership tags of Test::Net-1 were changed or removed") ?? false,
      plan.change(of: "Net")?.reason ?? "no reason")
    XCTAssertEqual(
      world.plan(desired, withBase: false).lines,
      ["blocked Net new", "blocked Store new", "blocked Sub new"],
      "nothing is made beside what waits to be adopted")
    XCTAssertEqual(
      world.plan(desired, withBase: false) { $0.allowsPartial = true }.lines,
      ["create Net new", "blocked Store new", "create Sub new"],
      "without a base, what has no name and lost all of its tags cannot be told")
  }

  func testTagsThatCannotBeReadWereNotTakenOff() {
    let desired = Fleet.desired(
      Fleet.net(), Fleet.store(), Fleet.store("Named", ["StoreName": .string("data")]))
    var world = TestWorld()
    world.converge(desired)
    for index in world.resources.indices {
      world.resources[index].tags = [:]
      world.resources[index].unread["/Tags"] = "nobody may read tags"
    }
    let plan = world.plan(desired)
    XCTAssertEqual(plan.lines, [], "the base knows them")
    XCTAssertEqual(
      Set(plan.stacks[0].notChecked.map(\.reason)), ["nobody may read tags"],
      "\(plan.stacks[0].notChecked)")
    XCTAssertEqual(
      world.plan(desired, withBase: false).lines, ["blocked Named new", "create Net new"],
      "without a base, a name that only we can have given tells")
    XCTAssertEqual(
      Set(world.plan(Fleet.desired(Fleet.net())).lines),
      ["delete Named removed", "delete Store removed"], "they can be taken away as well")
  }

  func testOneLostTagBlocksEvenWithoutABase() {
    for tag in [OwnershipTags.stack, OwnershipTags.resource] {
      let desired = Fleet.desired(Fleet.net(), Fleet.store())
      var world = TestWorld()
      world.converge(desired)
      world.change("Net") { $0.tags[tag] = nil }
      let plan = world.plan(desired, withBase: false)
      XCTAssertEqual(plan.lines, ["blocked Net new"], "\(tag) was taken off")
      XCTAssertEqual(plan.steps.map(\.id.description), [], "\(tag) was taken off")
      XCTAssertEqual(world.plan(desired).lines, ["blocked Net drift"], "\(tag) was taken off")
    }
  }

  func testANameThatIsTakenBlocksUntilItIsAdopted() {
    let store = Fleet.store("Store", ["StoreName": .string("data"), "Size": .known(10)])
    var world = TestWorld()
    world.resources = [
      Observed(
        type: ToyKind.store.type, id: "data", scope: Fleet.scope,
        properties: ["StoreName": "data", "Size": 5], tags: ["foreign": "kept"])
    ]
    let plan = world.plan(Fleet.desired(store))
    XCTAssertEqual(plan.lines, ["blocked Store new"])
    XCTAssertEqual(plan.steps.map(\.id.description), [])
    XCTAssertEqual(
      plan.differences(of: "Store"),
      [
        "/Size unknown", "/Tags/Project unknown", "/Tags/trueup:resource unknown",
        "/Tags/trueup:stack unknown",
      ],
      "what adopting it would change is shown")
    let adopting = Fleet.desired(store.with { $0.adopt = true })
    XCTAssertEqual(world.plan(adopting).lines, ["adopt Store new"])
    XCTAssertEqual(world.converge(adopting), [])
    XCTAssertEqual(world.resources.count, 1)
    XCTAssertEqual(world.resources.first?.tags["foreign"], "kept")
    XCTAssertEqual(world.plan(adopting).lines, [])
    XCTAssertEqual(world.plan(Fleet.desired(store)).lines, [])
  }

  func testAdoptingWhatWouldHaveToBeReplacedIsRefused() {
    let store = Fleet.store("Store", ["StoreName": .string("data"), "Engine": .string("new")])
      .with { $0.adopt = true }
    var world = TestWorld()
    world.resources = [
      Observed(
        type: ToyKind.store.type, id: "data", scope: Fleet.scope,
        properties: ["StoreName": "data", "Engine": "old"])
    ]
    let plan = world.plan(Fleet.desired(store))
    XCTAssertEqual(plan.lines, ["blocked Store new"])
    XCTAssertEqual(
      plan.change(of: "Store")?.reason,
      "data exists without our tags, and adopting it would replace it")
  }

  func testAnAdoptedResourceKeepsItsName() {
    let desired = Fleet.desired(Fleet.net(), Fleet.sub().with { $0.adopt = true }, Fleet.group())
    var world = TestWorld()
    world.converge(desired)
    world.change("Group") { group in
      group.properties = group.properties.setting("GroupName", "by-hand")
    }
    XCTAssertEqual(
      world.plan(desired).lines, [],
      "a name of another form is no reason to replace what is ours by its tags")
    let changed = Fleet.desired(
      Fleet.net(), Fleet.sub(), Fleet.group(rules: [Fleet.rule(port: 1)]))
    XCTAssertEqual(world.converge(changed), [])
    XCTAssertEqual(world.found("Group").first?.properties["GroupName"], "by-hand")
    XCTAssertEqual(world.plan(changed).lines, [])
  }

  func testNamesAreTakenOnlyWithinWhatTheyAreUniqueIn() {
    let desired = Fleet.desired(
      Fleet.net(), Fleet.net("Other", cidr: "10.2.0.0/16"),
      Fleet.group("Group").setting("GroupName", .string("web")),
      Fleet.group("Second", in: "Other").setting("GroupName", .string("web")))
    var world = TestWorld()
    XCTAssertEqual(world.converge(desired), [])
    XCTAssertEqual(world.plan(desired).lines, [])
    world.change("Second") { $0.tags = [:] }
    XCTAssertEqual(
      world.plan(desired, withBase: false).lines, ["blocked Second new"])
  }

  func testWhatNeedsABlockedResourceIsBlockedToo() {
    let desired = Fleet.desired(Fleet.net(), Fleet.store(), Fleet.sub())
    var world = TestWorld()
    world.converge(Fleet.desired(Fleet.net()))
    world.change("Net") { $0.tags = [:] }
    let plan = world.plan(desired)
    XCTAssertEqual(plan.lines, ["blocked Net drift", "create Store new", "blocked Sub new"])
    XCTAssertEqual(
      plan.change(of: "Sub")?.reason, "needs acme-prod/Net, which is blocked")
    XCTAssertEqual(plan.steps.map(\.id.description), ["create acme-prod/Store"])
  }

  func testNothingComesToReferToWhatIsNotOurs() {
    let desired = Fleet.desired(
      Fleet.net(), Fleet.group("Web").setting("GroupName", .string("web")),
      Fleet.group("Guest", rules: [Fleet.rule(from: "Web")]))
    var world = TestWorld()
    world.converge(desired)
    // Somebody deletes the group and makes another of its name.
    world.change("Web") { web in
      web.id = "foreign"
      web.properties = web.properties.setting("GroupId", "foreign")
      web.tags = [:]
    }
    let plan = world.plan(desired)
    XCTAssertEqual(plan.lines, ["blocked Guest pending", "blocked Web drift"])
    XCTAssertEqual(plan.steps.map(\.id.description), [])
  }

  func testOthersAreNeverTouched() {
    var world = TestWorld()
    func other(_ id: String, _ tags: [String: String]) -> Observed {
      Observed(
        type: ToyKind.net.type, id: id, scope: Fleet.scope,
        properties: ["NetId": .string(id), "Cidr": "10.0.0.0/16"], tags: tags)
    }
    world.resources = [
      other("net-untagged", [:]),
      other(
        "net-other-project",
        OwnershipTags.owner(
          StackID(project: "other", client: "acme", environment: "prod"), resource: "Old")),
      other("net-name-alone", ["Project": "Fleet"]),
    ]
    XCTAssertEqual(world.plan(Fleet.desired(Fleet.store())).lines, ["create Store new"])
  }

  func testAStackWithoutAManifestIsAFindingAndNeverAnAction() {
    var world = TestWorld()
    world.converge(
      Fleet.desired([
        Fleet.stack("acme", [Fleet.net()]), Fleet.stack("gone", [Fleet.net(cidr: "10.9.0.0/16")]),
      ]))
    let desired = Fleet.desired(Fleet.net())
    let plan = world.plan(desired)
    XCTAssertEqual(plan.lines, ["blocked gone-prod/Net orphan"])
    XCTAssertEqual(plan.stacks.map(\.id.name), ["acme-prod", "gone-prod"])
    XCTAssertEqual(plan.steps.map(\.id.description), [])
    XCTAssertEqual(
      world.plan(desired, selected: ["acme-prod"]).lines, [],
      "a narrowed run speaks of its own stacks alone")
  }

  func testATagThatNamesTheStackAloneIsAFinding() {
    var world = TestWorld()
    world.converge(Fleet.desired(Fleet.net()))
    world.change("Net") { $0.tags[OwnershipTags.resource] = nil }
    XCTAssertEqual(
      world.plan(Fleet.desired(Fleet.net())).lines, ["blocked Net drift"],
      "the base still knows it, and it is told once")
    let without = world.plan(Fleet.desired(Fleet.store()))
    XCTAssertEqual(without.lines, ["create Store new", "blocked Test::Net-1 orphan"])
    XCTAssertEqual(without.steps.map(\.id.description), ["create acme-prod/Store"])
  }

  func testTheSameIDInAnotherAccountIsAnotherResource() {
    let elsewhere = Scope(account: "222222222222", region: Fleet.region)
    let store = Fleet.store("Store", ["StoreName": .string("data")])
    var world = TestWorld()
    world.converge(
      Fleet.desired(
        store,
        store.with {
          $0.address = Address(stack: $0.address.stack, resource: "Old")
          $0.scope = elsewhere
        }))
    XCTAssertEqual(world.resources.count, 2)
    let plan = world.plan(Fleet.desired(store))
    XCTAssertEqual(plan.lines, ["delete Old removed"], "the other account's is no longer desired")
  }
}
