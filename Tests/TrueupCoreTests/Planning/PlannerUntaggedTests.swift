import Document
import XCTest

@testable import TrueupCore

/// Resources that can carry no tags: whose they are, and what becomes of them.
final class PlannerUntaggedTests: XCTestCase {
  private func foreign(_ kind: ToyKind, _ id: String, _ properties: Document) -> Observed {
    Observed(type: kind.type, id: id, scope: Fleet.scope, properties: properties)
  }

  func testWhatLiesInAResourceOfOursIsOursWithAndWithoutABase() {
    let desired = Fleet.desired(
      Fleet.net(), Fleet.link(to: "10.9.0.0/16").setting("Note", .string("a")))
    var world = TestWorld()
    XCTAssertEqual(world.plan(desired).lines, ["create Link new", "create Net new"])
    XCTAssertEqual(world.converge(desired), [])
    for withBase in [true, false] {
      XCTAssertEqual(world.plan(desired, withBase: withBase).lines, [], "base: \(withBase)")
    }
    for index in world.resources.indices where world.resources[index].type == ToyKind.link.type {
      world.resources[index].properties = [
        "Id": "Test::Link-2", "NetId": "Test::Net-1", "Cidr": "10.9.0.0/16", "Note": "b",
      ]
    }
    XCTAssertEqual(world.plan(desired).lines, ["update Link drift"])
    XCTAssertEqual(world.plan(desired, withBase: false).lines, ["update Link unknown"])
  }

  func testWhatLiesInSomethingWithoutTagsIsKnownByThat() {
    let desired = Fleet.desired(
      Fleet.resource("Board", ToyKind.board, [:]),
      Fleet.resource(
        "Anchor", ToyKind.anchor, ["BoardName": Fleet.ref("Board"), "Place": .string("left")]))
    var world = TestWorld()
    XCTAssertEqual(world.converge(desired), [])
    for withBase in [true, false] {
      XCTAssertEqual(world.plan(desired, withBase: withBase).lines, [], "base: \(withBase)")
    }
  }

  func testWhatASecretTellsApartIsOursWithAndWithoutItsSource() {
    let token = Value.secret(SecretReference(stack: "acme-prod", parameter: "Range"))
    let open = Fleet.desired(Fleet.net(), Fleet.link(to: "10.9.0.0/16"))
    let secret = Fleet.desired(
      Fleet.net(), Fleet.link(to: "10.9.0.0/16").setting("Cidr", token))
    var world = TestWorld()
    world.converge(open)
    for value in ["10.9.0.0/16", nil] {
      world.secrets["Range"] = value
      XCTAssertEqual(world.plan(secret, withBase: false).lines, [], "source: \(value ?? "none")")
    }
    world.resources.append(
      foreign(ToyKind.link, "link-x", ["NetId": "Test::Net-1", "Cidr": "10.8.0.0/16"]))
    XCTAssertEqual(
      world.plan(secret, withBase: false).lines,
      ["create Link new", "delete Test::Link-2 drift", "delete link-x drift"],
      "nothing tells which of them it is")
    world.secrets["Range"] = "10.9.0.0/16"
    XCTAssertEqual(world.plan(secret, withBase: false).lines, ["delete link-x drift"])
  }

  func testWhatIsNoLongerDesiredGoesWhereTheBaseKnowsIt() {
    let board = Fleet.resource("Board", ToyKind.board, ["BoardName": .string("ours")])
    let both = Fleet.desired(Fleet.net(), Fleet.link(to: "10.9.0.0/16"), board)
    var world = TestWorld()
    XCTAssertEqual(world.converge(both), [])
    let plan = world.plan(Fleet.desired(Fleet.net()))
    XCTAssertEqual(plan.lines, ["delete Board removed", "delete Link removed"])
    XCTAssertEqual(world.carryOut(plan), [])
    XCTAssertEqual(world.resources.map(\.type), [ToyKind.net.type])
    XCTAssertEqual(world.plan(Fleet.desired(Fleet.net())).lines, [])
  }

  func testWhatLiesInAResourceOfOursAndNobodyDeclaresIsTakenAway() {
    let desired = Fleet.desired(Fleet.net(), Fleet.link(to: "10.9.0.0/16"))
    var world = TestWorld()
    world.converge(desired)
    world.resources.append(
      foreign(ToyKind.link, "link-x", ["NetId": "Test::Net-1", "Cidr6": "2001:db8::/32"]))
    world.resources.append(
      foreign(ToyKind.link, "link-y", ["NetId": "Test::Net-9", "Cidr": "10.9.0.0/16"]))
    for withBase in [true, false] {
      let plan = world.plan(desired, withBase: withBase)
      XCTAssertEqual(
        plan.lines, ["delete link-x drift"], "the other lies in a net that is not ours")
      XCTAssertEqual(plan.changes.first?.reason, "it belongs to Net, and no stack declares it")
    }
  }

  func testOfTwoStacksNeitherUndoesTheOther() {
    var world = TestWorld()
    let other = Fleet.resource(
      "Theirs", ToyKind.link,
      ["NetId": Fleet.ref("Net", in: "acme-prod"), "Cidr": .string("10.8.0.0/16")])
    let desired = Fleet.desired([
      Fleet.stack("acme", [Fleet.net(), Fleet.link(to: "10.9.0.0/16")]),
      Fleet.stack("zeta", [other]),
    ])
    XCTAssertEqual(world.converge(desired), [])
    for selected in [nil, Set(["acme-prod"]), Set(["zeta-prod"])] {
      XCTAssertEqual(world.plan(desired, selected: selected).lines, [])
      XCTAssertEqual(world.plan(desired, selected: selected, withBase: false).lines, [])
    }
    let same = other.setting("Cidr", .string("10.9.0.0/16")).with {
      $0.address = Address(stack: $0.address.stack, resource: "Again")
    }
    let twice = world.plan(
      Fleet.desired([
        Fleet.stack("acme", [Fleet.net(), Fleet.link(to: "10.9.0.0/16")]),
        Fleet.stack("zeta", [other, same]),
      ]))
    XCTAssertEqual(twice.lines, ["blocked zeta-prod/Again new"])
    XCTAssertEqual(
      twice.change(of: "Again")?.reason, "Test::Link-2 is acme-prod/Link already")
  }

  func testAForeignNameBlocksUntilItIsAdopted() {
    let board = Fleet.resource("Board", ToyKind.board, ["BoardName": .string("sales")])
    var world = TestWorld()
    world.resources = [foreign(ToyKind.board, "sales", ["BoardName": "sales"])]
    XCTAssertEqual(world.plan(Fleet.desired(board)).lines, ["blocked Board new"])
    let adopting = Fleet.desired(board.with { $0.adopt = true })
    XCTAssertEqual(world.plan(adopting).lines, ["adopt Board new"])
    XCTAssertEqual(world.converge(adopting), [])
    XCTAssertEqual(world.plan(adopting).lines, [])
  }

  func testANameThatOnlyWeMakeIsOurs() {
    let board = Fleet.resource("Board", ToyKind.board, ["Text": .string("a")])
    var world = TestWorld()
    XCTAssertEqual(world.converge(Fleet.desired(board)), [])
    XCTAssertEqual(world.plan(Fleet.desired(board), withBase: false).lines, [])
    let moved = Fleet.desired(board.setting("Text", .string("b")))
    XCTAssertEqual(world.plan(moved, withBase: false).lines, ["update Board unknown"])
  }

  func testARetainedOneStaysAndADestroyedStackTakesItsOwnAlong() {
    let kept = Fleet.resource("Board", ToyKind.board, ["BoardName": .string("kept")]).with {
      $0.deletionPolicy = .retain
    }
    var world = TestWorld()
    world.converge(Fleet.desired(Fleet.net(), Fleet.link(to: "10.9.0.0/16"), kept))
    let plan = world.plan(Fleet.desired(Fleet.net(), Fleet.link(to: "10.9.0.0/16")))
    XCTAssertEqual(plan.lines, ["update Board removed"])
    XCTAssertEqual(
      plan.change(of: "Board")?.reason, "DeletionPolicy is Retain: it stays as it is")
    world.resources.append(
      foreign(ToyKind.link, "link-x", ["NetId": "Test::Net-1", "Cidr": "10.7.0.0/16"]))
    let desired = Fleet.desired([
      Fleet.stack(
        "acme", [Fleet.net(), Fleet.link(to: "10.9.0.0/16"), kept], destroy: .delete)
    ])
    let destroyed = world.plan(desired)
    XCTAssertEqual(
      destroyed.lines, ["update Board removed", "delete Link removed", "delete Net removed"])
    destroyed.assertOrder("delete acme-prod/Link", "delete acme-prod/Net")
  }

  func testARuleOfItsOwnIsNoDriftOfItsGroup() {
    let group = Fleet.group("Group", rules: [Fleet.rule(port: 80)])
    let rule = Fleet.resource(
      "Rule", ToyKind.rule, ["GroupId": Fleet.ref("Group"), "Port": .known(443)])
    let desired = Fleet.desired(Fleet.net(), group, rule)
    var world = TestWorld()
    XCTAssertEqual(world.converge(desired), [])
    // As AWS shows it: the group has both rules.
    world.change("Group") { observed in
      observed.properties = [
        "GroupId": .string(observed.id), "NetId": observed.properties["NetId"] ?? .null,
        "GroupName": observed.properties["GroupName"] ?? .null,
        "Rules": [["Port": 80], ["Port": 443]],
      ]
    }
    XCTAssertEqual(world.plan(desired).lines, [])
    XCTAssertEqual(world.plan(desired, withBase: false).lines, [])
    world.change("Group") { observed in
      observed.properties = [
        "GroupId": .string(observed.id), "NetId": observed.properties["NetId"] ?? .null,
        "GroupName": observed.properties["GroupName"] ?? .null,
        "Rules": [["Port": 80], ["Port": 443], ["Port": 22]],
      ]
    }
    XCTAssertEqual(world.plan(desired).lines, ["update Group drift"])
  }

  func testARenamedResourceKeepsWhatItIs() {
    let old = Fleet.desired(Fleet.net("Old"), Fleet.group("Group", in: "Old"))
    var world = TestWorld()
    world.converge(old)
    let ids = world.resources.map(\.id)
    let renamed = Fleet.desired(
      Fleet.net("Net").with { $0.was = "Old" },
      Fleet.group("People", in: "Net").with { $0.was = "Group" })
    let plan = world.plan(renamed)
    XCTAssertEqual(plan.lines, ["update Net pending", "update People pending"])
    XCTAssertEqual(plan.differences(of: "Net"), ["/Tags/trueup:resource pending"])
    XCTAssertEqual(world.carryOut(plan), [])
    XCTAssertEqual(world.resources.map(\.id), ids, "nothing was made again")
    XCTAssertEqual(world.converge(renamed), [])
    XCTAssertEqual(
      Set(world.base.resources.keys.map(\.resource)), ["Net", "People"], "the base follows")
    XCTAssertEqual(world.plan(renamed).lines, [])
    XCTAssertEqual(world.plan(renamed, withBase: false).lines, [])
  }
}
