import Document
import XCTest

@testable import TrueupCore

/// What is found to be different, and why.
final class PlannerChangeTests: XCTestCase {
  private let desired = Fleet.desired(
    Fleet.net(note: "first"), Fleet.sub(), Fleet.group(rules: [Fleet.rule(port: 443)]),
    Fleet.store("Store", ["Size": .known(10)]))
  private var world = TestWorld()

  override func setUp() {
    world = TestWorld()
    XCTAssertEqual(world.converge(desired), [])
  }

  func testAnEmptyWorldIsCreatedInTheOrderOfReferences() {
    let plan = TestWorld().plan(desired)
    XCTAssertEqual(
      plan.lines, ["create Group new", "create Net new", "create Store new", "create Sub new"])
    plan.assertOrder("create acme-prod/Net", "create acme-prod/Sub")
    XCTAssertEqual(
      plan.change(of: "Sub")?.after,
      [
        Change.Prerequisite(
          address: Address(stack: "acme-prod", resource: "Net"), because: .reference, path: "/NetId"
        )
      ])
    XCTAssertEqual(
      plan.steps.first { $0.id.address.resource == "Sub" }?.desired["NetId"]?.redacted,
      .unknown("acme-prod/Net"), "what is still to be made stays symbolic")
  }

  func testAWorldThatIsAsDesiredNeedsNothing() {
    let plan = world.plan(desired)
    XCTAssertEqual(plan.lines, [])
    XCTAssertEqual(plan.steps.map(\.id.description), [])
    XCTAssertEqual(plan.stacks.map(\.inSync), [4])
    XCTAssertEqual(plan.settled.count, world.base.resources.count)
    for (address, settled) in plan.settled {
      var applied = world.base.resources[address]
      applied?.revision = settled.revision
      XCTAssertEqual(settled, applied, "what is in sync is what was applied, names included")
    }
  }

  func testAReferenceToWhatIsChangedGivesWhatItWillBe() {
    func desired(_ note: String) -> Desired {
      Fleet.desired(
        Fleet.net(note: note), Fleet.sub().setting("Note", Fleet.ref("Net", "Note")))
    }
    XCTAssertEqual(world.converge(desired("first")), [])
    let plan = world.plan(desired("second"))
    XCTAssertEqual(plan.lines, ["update Net pending", "update Sub pending"])
    plan.assertOrder("update acme-prod/Net", "update acme-prod/Sub")
    XCTAssertEqual(world.carryOut(plan), [])
    XCTAssertEqual(world.plan(desired("second")).lines, [], "and nothing is left for a second run")
    world.change("Net") { $0.properties = $0.properties.setting("Note", "by hand") }
    XCTAssertEqual(
      world.plan(desired("second")).lines, ["update Net drift"], "what is put right goes no further"
    )
    XCTAssertEqual(
      world.plan(desired("second"), selected: ["zeta-prod"]).lines.filter { $0.contains("Net") },
      [],
      "no other stack is changed")
  }

  func testWhatAnotherChangeBringsAboutIsNotKnownBefore() {
    world.change("Net") { $0.properties = $0.properties.setting("Links", []) }
    let link = Fleet.link(to: "10.9.0.0/16")
    let sub = Fleet.sub().setting(
      "Note", .call(.select, [.known(0), Fleet.ref("Net", "Links")])
    ).with { $0.dependsOn = [link.address] }
    let net = Fleet.net(note: "first")
    XCTAssertEqual(
      world.plan(Fleet.desired(net, sub.with { $0.dependsOn = [] })).stacks[0].error,
      "blueprints/toys.jsonc:1:1: Sub: Fn::Select wants a list that is not empty")
    let plan = world.plan(Fleet.desired(net, link, sub))
    XCTAssertEqual(plan.stacks[0].error, nil)
    XCTAssertEqual(
      plan.lines.filter { !$0.hasPrefix("delete") }, ["create Link new", "update Sub pending"])
    plan.assertOrder("create acme-prod/Link", "update acme-prod/Sub")
    let step = plan.steps.first { $0.id.address.resource == "Sub" }
    XCTAssertEqual(step?.desired["Note"]?.redacted, .unknown("acme-prod/Net.Links"))
    XCTAssertEqual(
      plan.steps.first { $0.id.address == link.address }?.parent, net.address,
      "the step tells what has become of the net")

    world.change("Net") { $0.properties = $0.properties.setting("Links", ["first"]) }
    let more = world.plan(Fleet.desired(net, link, sub))
    XCTAssertEqual(
      more.steps.first { $0.id.address.resource == "Sub" }?.desired["Note"], .string("first"),
      "what can be computed of the world as it is needs no waiting")
  }

  func testCausesOfUpdates() {
    world.change("Net") { $0.properties = $0.properties.setting("Note", "drifted") }
    var plan = world.plan(desired)
    XCTAssertEqual(plan.lines, ["update Net drift"])
    XCTAssertEqual(plan.differences(of: "Net"), ["/Note drift"])
    XCTAssertEqual(
      plan.change(of: "Net")?.differences.first,
      Difference(
        path: "/Note", desired: "first", observed: "drifted", lastApplied: "first",
        effect: .update, cause: .drift))

    let moved = Fleet.desired(
      Fleet.net(note: "second"), Fleet.sub(), Fleet.group(rules: [Fleet.rule(port: 443)]),
      Fleet.store("Store", ["Size": .known(11)]))
    plan = world.plan(moved)
    XCTAssertEqual(plan.lines, ["update Net conflict", "update Store pending"])
    XCTAssertEqual(
      world.plan(moved, withBase: false).lines, ["update Net unknown", "update Store unknown"],
      "without a base there is no telling")
  }

  func testAPropertyTakenOutIsResetAndOneThatWasNeverOursIsLeftAlone() {
    world.change("Net") { $0.properties = $0.properties.setting("Colour", "blue") }
    let plan = world.plan(
      Fleet.desired(
        Fleet.net(), Fleet.sub(), Fleet.group(rules: [Fleet.rule(port: 443)]), Fleet.store()))
    XCTAssertEqual(plan.lines, ["update Net pending"])
    XCTAssertEqual(plan.differences(of: "Net"), ["/Note pending"])
    XCTAssertEqual(plan.steps.first?.changed, ["Note"])
    XCTAssertEqual(
      plan.stacks.flatMap(\.notChecked).map { "\($0.address.resource)\($0.path) \($0.reason)" },
      ["Store/Size left as is: a store cannot forget its size"])
  }

  func testListsThatAreOwnedWholeDriftByAnExtraElement() {
    world.change("Group") {
      $0.properties = $0.properties.setting("Rules", [["Port": 443], ["Port": 22]])
    }
    XCTAssertEqual(world.plan(desired).differences(of: "Group"), ["/Rules drift"])
    let silent = Fleet.desired(
      Fleet.net(note: "first"), Fleet.sub(), Fleet.group(),
      Fleet.store("Store", ["Size": .known(10)]))
    var other = TestWorld()
    XCTAssertEqual(other.converge(silent), [])
    other.change("Group") { $0.properties = $0.properties.setting("Rules", [["Port": 22]]) }
    XCTAssertEqual(
      other.plan(silent).lines, ["update Group drift"],
      "a list owned whole is expected to be empty where nothing is declared")
    XCTAssertEqual(other.converge(silent), [])
    XCTAssertEqual(other.plan(silent).lines, [])
  }

  func testDeletedBehindOurBack() {
    world.remove("Sub")
    XCTAssertEqual(world.plan(desired).lines, ["create Sub drift"])
    XCTAssertEqual(world.plan(desired, withBase: false).lines, ["create Sub new"])
  }

  func testTags() {
    world.change("Net") { $0.tags["Project"] = nil }
    world.change("Sub") { $0.tags["foreign"] = "left alone" }
    world.change("Group") { $0.tags["Project"] = "Other" }
    var plan = world.plan(desired)
    XCTAssertEqual(plan.lines, ["update Group drift", "update Net drift"])
    XCTAssertEqual(plan.differences(of: "Net"), ["/Tags/Project drift"])
    XCTAssertEqual(plan.differences(of: "Group"), ["/Tags/Project drift"])
    XCTAssertEqual(world.converge(desired), [])
    XCTAssertEqual(world.found("Sub").first?.tags["foreign"], "left alone")

    let retagged = Fleet.desired(
      Fleet.net(note: "first").with { $0.tags = ["Cost": .string("7")] }, Fleet.sub(),
      Fleet.group(rules: [Fleet.rule(port: 443)]), Fleet.store("Store", ["Size": .known(10)]))
    plan = world.plan(retagged)
    XCTAssertEqual(plan.differences(of: "Net"), ["/Tags/Cost pending", "/Tags/Project pending"])
    XCTAssertEqual(world.converge(retagged), [])
    XCTAssertEqual(world.found("Net").first?.tags["Project"], nil)
  }

  func testARevisionIsWrittenWithAChangeAndIsNeverAReasonForOne() {
    XCTAssertEqual(world.plan(desired, revision: "abc").lines, [])
    world.change("Net") { $0.properties = $0.properties.setting("Note", "drifted") }
    let plan = world.plan(desired, revision: "abc")
    XCTAssertEqual(plan.differences(of: "Net"), ["/Note drift"])
    XCTAssertEqual(world.converge(desired, revision: "abc"), [])
    XCTAssertEqual(world.found("Net").first?.tags[OwnershipTags.revision], "abc")
    XCTAssertNotEqual(world.found("Sub").first?.tags[OwnershipTags.revision], "abc")
    XCTAssertEqual(world.plan(desired, revision: "def").lines, [])
    XCTAssertEqual(
      world.plan(desired) { $0.revision = nil }.lines, [], "a dirty tree takes no revision off")
  }

  func testATypeThatChangesUnderItsLogicalIDIsNewAndTheOldOneIsRemoved() {
    let other = Fleet.desired(
      Fleet.net(note: "first"), Fleet.sub(), Fleet.group(rules: [Fleet.rule(port: 443)]),
      Fleet.net("Store", cidr: "10.9.0.0/16"))
    XCTAssertEqual(world.plan(other).lines, ["create Store new", "delete Store removed"])
    XCTAssertEqual(world.converge(other), [])
    XCTAssertEqual(world.plan(other).lines, [])
    XCTAssertEqual(world.base.resources.count, 4)
  }

  func testAResourceOnItsWayOutIsNotThere() {
    world.change("Sub") { $0.transition = "deleting" }
    XCTAssertEqual(world.plan(desired).lines, ["create Sub drift"])
    XCTAssertEqual(
      world.plan(Fleet.desired(Fleet.net(note: "first"))).lines,
      ["delete Group removed", "delete Store removed"], "it is not deleted twice")
  }

  func testWhatCouldNotBeReadIsNotChecked() {
    world.change("Net") {
      $0.properties = $0.properties.setting("Note", nil)
      $0.unread = ["/Note": "AccessDenied on DescribeNotes"]
    }
    let plan = world.plan(desired)
    XCTAssertEqual(plan.lines, [])
    XCTAssertEqual(
      plan.stacks.flatMap(\.notChecked).map(\.reason), ["AccessDenied on DescribeNotes"])
  }

  func testADefaultThatCouldNotBeReadIsNotTakenForTheDefault() {
    var sub = Fleet.sub()
    sub.properties = .object(
      of: (sub.properties.members ?? [:]).merging(["Public": .known(false)]) { $1 })
    let desired = Fleet.desired(Fleet.net(), sub)
    var world = TestWorld()
    XCTAssertEqual(world.converge(desired), [])
    world.change("Sub") {
      $0.properties = $0.properties.setting("Public", nil)
      $0.unread = ["/Public": "AccessDenied on DescribePublic"]
    }
    let plan = world.plan(desired)
    XCTAssertEqual(plan.lines, [])
    XCTAssertEqual(plan.stacks.flatMap(\.notChecked).map(\.path), ["/Public"])
  }

  func testPropertiesThatAWSNeverShowsAreKnownFromTheBaseAlone() {
    let first = Fleet.desired(Fleet.store("Store", ["Hint": .string("a")]))
    let second = Fleet.desired(Fleet.store("Store", ["Hint": .string("b")]))
    var world = TestWorld()
    XCTAssertEqual(world.converge(first), [])
    XCTAssertEqual(world.plan(first).lines, [])
    XCTAssertEqual(
      world.plan(first).stacks.flatMap(\.notChecked).map(\.reason), ["AWS never shows hints"])
    XCTAssertEqual(world.plan(second).lines, ["update Store pending"])
    XCTAssertEqual(world.plan(second, withBase: false).lines, [])
  }

  func testFactsThatAreNotKnownAreNotChecked() {
    let zones = Fact.availabilityZones(account: Fleet.account, region: Fleet.region)
    let desired = Fleet.desired(
      Fleet.net(),
      Fleet.sub().setting("Zone", .call(.select, [.known(0), .fact(zones)])))
    var world = TestWorld()
    world.facts = [zones: ["us-east-1a", "us-east-1b"]]
    XCTAssertEqual(world.converge(desired), [])
    XCTAssertEqual(world.plan(desired).lines, [])
    world.facts = [:]
    XCTAssertEqual(world.plan(desired).lines, [])
    XCTAssertEqual(
      world.plan(desired).stacks.flatMap(\.notChecked).map(\.reason),
      ["the zones of us-east-1 could not be read"])
    world.facts = [zones: ["us-east-1b", "us-east-1c"]]
    let plan = world.plan(desired)
    XCTAssertEqual(plan.lines, ["blocked Sub pending"])
    XCTAssertEqual(
      plan.change(of: "Sub")?.reason,
      "the zones of us-east-1 changed, and that would replace it: "
        + "pin the value in the blueprint")
  }
}

extension Document {
  /// The object with a member set, or taken out.
  func setting(_ member: String, _ value: Document?) -> Document {
    var members = object ?? [:]
    members[member] = value
    return .object(members)
  }
}
