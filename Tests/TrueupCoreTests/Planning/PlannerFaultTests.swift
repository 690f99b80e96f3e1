import Document
import XCTest

@testable import TrueupCore

/// Whose a thing is: what others own, what carries our tags without being ours, and what proves it.
final class PlannerFaultTests: XCTestCase {
  private let owner = StackID(project: Fleet.project, client: "acme", environment: "prod")

  private func ours(_ logical: String, rev: String? = nil) -> [String: String] {
    var tags = OwnershipTags.owner(owner, resource: logical)
    tags[OwnershipTags.revision] = rev
    return tags
  }

  private func thing(
    _ kind: ToyKind, _ id: String, _ properties: Document, tags: [String: String] = [:],
    region: String = Fleet.region, createdAt: Double? = nil
  ) -> Observed {
    let ref = kind.facts.identity.ref
    return Observed(
      type: kind.type, id: id, scope: Scope(account: Fleet.account, region: region),
      properties: properties.setting(ref, .string(id)), tags: tags, createdAt: createdAt)
  }

  private func deletions(_ plan: Plan) -> [String] {
    plan.steps.filter { $0.id.action == .delete }.map(\.id.target)
  }

  // MARK: Under our name

  func testWhatSomeoneElseOwnsUnderOurNameIsBlocked() {
    let others: [String: StackID] = [
      "another project": StackID(project: "other", client: "x", environment: "prod"),
      "another stack": StackID(project: Fleet.project, client: "beta", environment: "prod"),
      "a stack whose manifest is gone": StackID(
        project: Fleet.project, client: "gone", environment: "prod"),
    ]
    for (name, other) in others {
      let desired = Fleet.desired([
        Fleet.stack("acme", [Fleet.net(), Fleet.store("Store", ["StoreName": .string("data")])]),
        Fleet.stack("beta", [Fleet.net()]),
      ])
      var world = TestWorld()
      world.converge(Fleet.desired([Fleet.stack("acme", [Fleet.net()]), desired.stacks[1]]))
      world.resources.append(
        thing(
          .store, "data", ["StoreName": "data"], tags: OwnershipTags.owner(other, resource: "S")))
      let plan = world.plan(desired)
      XCTAssertEqual(plan.change(of: "Store")?.action, .blocked, name)
      XCTAssertEqual(plan.steps.map(\.id.description), [], name)
    }
  }

  func testAReplacementThatWouldTakeAForeignNameIsBlocked() {
    for kind in [ToyKind.store, .board] {
      let name = kind.facts.identity.ref
      func named(_ text: String) -> Desired {
        Fleet.desired(Fleet.resource("Own", kind, [name: .string(text)]))
      }
      var world = TestWorld()
      world.converge(named("ours"))
      world.resources.append(thing(kind, "theirs", [name: "theirs"]))
      let plan = world.plan(named("theirs"))
      XCTAssertEqual(plan.lines, ["blocked Own pending"], kind.type)
      XCTAssertEqual(plan.steps.map(\.id.description), [], kind.type)
      XCTAssertEqual(
        plan.change(of: "Own")?.reason,
        "theirs of somebody else has the same \(name), and AWS allows it only once")
    }
  }

  func testANameThatWentOverToAnotherHasNotLostItsTags() {
    func stores(_ one: String, _ other: String) -> Desired {
      Fleet.desired(
        Fleet.store("One", ["StoreName": .string(one)]),
        Fleet.store("Other", ["StoreName": .string(other)]))
    }
    var world = TestWorld()
    world.converge(stores("a", "b"))
    // Another machine gives the name away; this journal stays as it was.
    let (base, known) = (world.base, world.knownIDs)
    world.converge(stores("c", "a"))
    (world.base, world.knownIDs) = (base, known)
    world.remove("One")
    XCTAssertEqual(world.plan(stores("c", "a")).change(of: "One")?.action, .create)
  }

  func testEqualStringsAreNotEqualThings() {
    let group = Fleet.group("Web").setting("GroupName", .string("web"))
    let rule = Fleet.resource(
      "Rule", ToyKind.rule, ["GroupId": .string("web"), "Port": .known(443)])
    let ours = Fleet.desired(Fleet.net(), group, Fleet.store("S", ["StoreName": .string("web")]))
    var world = TestWorld()
    world.converge(ours)
    // A foreign group is called as our store is; and, elsewhere, a group of ours is called so too.
    world.resources += [
      thing(.group, "web", ["GroupName": "web", "NetId": "theirs"]),
      thing(.rule, "rule-1", ["GroupId": "web", "Port": 443]),
      thing(
        .group, "web", ["GroupName": "web"], tags: self.ours("Web"), region: "eu-west-1"),
    ]
    var desired = ours
    desired.stacks[0].resources.append(rule)
    for withBase in [true, false] {
      let plan = world.plan(desired, withBase: withBase)
      XCTAssertEqual(plan.change(of: "Rule")?.action, .blocked, "base: \(withBase)")
      XCTAssertFalse(deletions(world.plan(ours, withBase: withBase)).contains("rule-1"))
    }
  }

  // MARK: Forged tags

  func testAForgedTagNeverDeletesAndOrphansGoWhereAPersonLetsThem() {
    var world = TestWorld()
    world.converge(Fleet.desired(Fleet.net()), revision: "known")
    for rev in [nil, "unknown", "known"] {
      for kind in [ToyKind.net, .store] {
        var world = world
        world.resources.append(
          thing(
            kind, "theirs", ["StoreName": "theirs", "Cidr": "10.9.0.0/16"],
            tags: ours("Old", rev: rev)))
        for withBase in [true, false] {
          let place = "\(kind.type), \(rev ?? "no revision"), base: \(withBase)"
          let plan = world.plan(Fleet.desired(Fleet.net()), withBase: withBase)
          XCTAssertEqual(plan.lines, ["blocked Old orphan"], place)
          XCTAssertEqual(deletions(plan), [], place)
          let allowed = world.plan(Fleet.desired(Fleet.net()), withBase: withBase) {
            $0.allowsOrphans = true
          }
          XCTAssertEqual(deletions(allowed), ["theirs"], place)
          let destroyed = world.plan(
            Fleet.desired(Fleet.net()), destroy: ["acme-prod": .delete], withBase: withBase)
          XCTAssertEqual(deletions(destroyed), ["Test::Net-1"], place)
        }
      }
    }
  }

  func testAForgedTagNeverReplaces() {
    var world = TestWorld()
    world.resources = [thing(.net, "theirs", ["Cidr": "10.9.0.0/16"], tags: ours("Net"))]
    let plan = world.plan(Fleet.desired(Fleet.net()))
    XCTAssertEqual(plan.lines, ["blocked Net unknown"], "a second one is not made either")
    XCTAssertEqual(plan.steps.map(\.id.description), [])
    XCTAssertEqual(
      world.plan(Fleet.desired(Fleet.net())) { $0.allowsOrphans = true }.lines,
      ["replace Net unknown"])
  }

  func testOfTwinsTheProvenOneComesFirst() {
    var world = TestWorld()
    world.converge(Fleet.desired(Fleet.net()))
    world.resources.append(
      thing(.net, "theirs", ["Cidr": "10.0.0.0/16"], tags: ours("Net"), createdAt: 9999))
    for withBase in [true, false] {
      let plan = world.plan(Fleet.desired(Fleet.net(note: "new")), withBase: withBase)
      XCTAssertEqual(plan.steps.map(\.physicalID), ["Test::Net-1"], "base: \(withBase)")
      XCTAssertEqual(
        plan.changes.filter { $0.action == .blocked }.map(\.id), ["theirs"], "base: \(withBase)")
    }
  }

  func testOfTwinsThatARevisionAloneProvesNeitherIsTouchedUntilOneIsAdopted() {
    var world = TestWorld()
    let desired = Fleet.desired(Fleet.net())
    world.converge(desired, revision: "r1")
    var copy = world.resources[0]
    copy.id = "copy"
    copy.properties = copy.properties.setting("NetId", "copy")
    copy.createdAt = 9999
    world.resources.append(copy)
    let plan = world.plan(desired, withBase: false)
    XCTAssertEqual(plan.lines, ["blocked Net conflict"])
    XCTAssertEqual(plan.steps.map(\.id.description), [])
    for id in ["copy", "Test::Net-1", "trueup adopt acme-prod/Net"] {
      XCTAssertTrue(plan.change(of: "Net")?.reason?.contains(id) ?? false, id)
    }
    for id in ["copy", "Test::Net-1"] {
      let chosen = Fleet.desired(
        Fleet.net(note: "chosen").with {
          $0.adopt = true
          $0.adoptedID = id
        })
      let plan = world.plan(chosen, withBase: false)
      XCTAssertEqual(
        plan.steps.filter { $0.id.action == .update }.map(\.physicalID), [id])
      XCTAssertFalse(deletions(plan).contains(id))
    }
    // The journal knows which one it made.
    XCTAssertEqual(
      world.plan(Fleet.desired(Fleet.net(note: "x"))).steps.filter { $0.id.action == .update }
        .map(\.physicalID), ["Test::Net-1"])
  }

  func testARestoredCopyProvesNothing() {
    var world = TestWorld()
    let desired = Fleet.desired(Fleet.net(), Fleet.store())
    world.converge(desired, revision: "r1")
    var copy = world.found("Store")[0]
    copy.id = "restored"
    copy.properties = copy.properties.setting("StoreName", "restored")
    world.resources.append(copy)
    for withBase in [true, false] {
      let plan = world.plan(desired, withBase: withBase)
      XCTAssertEqual(plan.lines, ["blocked Store orphan"], "base: \(withBase)")
      XCTAssertEqual(plan.steps.map(\.id.description), [], "base: \(withBase)")
    }
    // What a killed run had begun is not that either: it would carry a name that Trueup makes.
    world.intents = [
      Evidence.Intent(
        address: Address(stack: "acme-prod", resource: "Store"), type: ToyKind.store.type, at: 0)
    ]
    XCTAssertEqual(deletions(world.plan(desired)), [])
  }

  // MARK: Revisions that nobody knows

  func testWithAnUnknownRevisionUpdatesGoOnAndNothingIsReplacedOrDeleted() {
    var world = TestWorld()
    world.converge(Fleet.desired(Fleet.net(), Fleet.net("Other", cidr: "10.2.0.0/16")))
    func plan(_ desired: Desired, withBase: Bool = false) -> Plan {
      world.plan(desired, withBase: withBase, knowsHistory: false)
    }
    let other = Fleet.net("Other", cidr: "10.2.0.0/16")
    let updated = plan(Fleet.desired(Fleet.net(note: "a"), other))
    XCTAssertEqual(updated.lines, ["update Net unknown"])
    XCTAssertEqual(updated.stacks[0].unknownRevisions, 2)
    let replaced = Fleet.desired(Fleet.net(cidr: "10.5.0.0/16"), other)
    XCTAssertEqual(plan(replaced).lines, ["blocked Net unknown"])
    XCTAssertTrue(
      plan(replaced).change(of: "Net")?.reason?.contains("trueup adopt acme-prod") ?? false)
    let removed = Fleet.desired(Fleet.net())
    XCTAssertEqual(plan(removed).lines, ["blocked Other orphan"])
    XCTAssertEqual(plan(removed).steps.map(\.id.description), [])
    // What the journal knows by its id, or the manifest adopts by it, goes on.
    XCTAssertEqual(plan(replaced, withBase: true).lines, ["replace Net pending"])
    XCTAssertEqual(plan(removed, withBase: true).lines, ["delete Other removed"])
    let adopted = Fleet.desired(
      Fleet.net(cidr: "10.5.0.0/16").with {
        $0.adopt = true
        $0.adoptedID = "Test::Net-1"
      }, other)
    XCTAssertEqual(plan(adopted).lines, ["replace Net unknown"])
  }

  func testAnUnfinishedCreationProvesWhatCameAfterIt() {
    var world = TestWorld()
    world.converge(Fleet.desired(Fleet.net()))
    world.change("Net") { $0.tags[OwnershipTags.revision] = nil }
    let address = Address(stack: "acme-prod", resource: "Net")
    for (at, isOurs) in [(0.0, true), (5000.0, false)] {
      world.base = Base()
      world.knownIDs = [:]
      world.intents = [Evidence.Intent(address: address, type: ToyKind.net.type, at: at)]
      let plan = world.plan(Fleet.desired(Fleet.net()))
      XCTAssertEqual(plan.settled[address] != nil, isOurs, "begun at \(at)")
    }
  }

  func testTakingAStackOverWritesTheNewRevisionAndLetsReplacementsGoOn() {
    var world = TestWorld()
    world.converge(Fleet.desired(Fleet.net(), Fleet.sub()), revision: "theirs")
    func plan(_ desired: Desired) -> Plan {
      world.git.revisions = [:]
      return world.plan(desired, withBase: false, revision: "ours") {
        $0.takesOver = ["acme-prod"]
      }
    }
    let same = plan(Fleet.desired(Fleet.net(), Fleet.sub()))
    XCTAssertEqual(same.lines, [])
    XCTAssertEqual(
      same.steps.map { $0.tags[OwnershipTags.revision]?.document?.string }, ["ours", "ours"])
    XCTAssertEqual(
      plan(Fleet.desired(Fleet.net(cidr: "10.5.0.0/16"), Fleet.sub())).lines,
      ["replace Net unknown", "replace Sub unknown"])
    XCTAssertEqual(world.carryOut(same), [])
    XCTAssertEqual(Set(world.resources.map { $0.tags[OwnershipTags.revision] }), ["ours"])
  }

  // MARK: Adoption by id

  func testAdoptionByIDTakesWhatIsThereAndNothingElse() {
    var world = TestWorld()
    world.converge(Fleet.desired(Fleet.net("Other", cidr: "10.2.0.0/16")))
    world.resources.append(thing(.net, "vpc-1", ["Cidr": "10.0.0.0/16"]))
    func plan(_ id: String) -> Plan {
      world.plan(
        Fleet.desired(
          Fleet.net().with {
            $0.adopt = true
            $0.adoptedID = id
          }, Fleet.net("Other", cidr: "10.2.0.0/16")))
    }
    XCTAssertEqual(plan("vpc-1").lines, ["adopt Net new"])
    XCTAssertEqual(plan("vpc-9").lines, ["blocked Net new"])
    XCTAssertEqual(
      plan("vpc-9").change(of: "Net")?.reason,
      "the manifest adopts vpc-9, and there is no such Test::Net in 111111111111 us-east-1")
    let taken = plan("Test::Net-1")
    XCTAssertEqual(taken.lines, ["blocked Net new"])
    XCTAssertEqual(taken.change(of: "Net")?.reason, "Test::Net-1 is acme-prod/Other already")
  }
}
