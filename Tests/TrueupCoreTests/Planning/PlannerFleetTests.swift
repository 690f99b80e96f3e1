import Document
import XCTest

@testable import TrueupCore

/// Several stacks, selections, guards of whole stacks, and secrets.
final class PlannerFleetTests: XCTestCase {
  private let exporter = Fleet.stack("core", [Fleet.net()])
  private let importer = Fleet.stack(
    "web",
    [Fleet.store("Store", ["Place": Fleet.ref("Net", "Arn", in: "core-prod")])])

  func testReferencesBetweenStacksOrderTheirSteps() {
    var world = TestWorld()
    let desired = Fleet.desired([importer, exporter])
    let plan = world.plan(desired)
    XCTAssertEqual(plan.lines, ["create core-prod/Net new", "create web-prod/Store new"])
    plan.assertOrder("create core-prod/Net", "create web-prod/Store")
    XCTAssertEqual(world.carryOut(plan), [])
    XCTAssertEqual(world.found("Store").first?.properties["Place"], "arn:Test::Net-1")
    XCTAssertEqual(world.plan(desired).lines, [])
  }

  func testASelectionNarrowsActionsAlone() {
    var world = TestWorld()
    let desired = Fleet.desired([importer, exporter])
    let blocked = world.plan(desired, selected: ["web-prod"])
    XCTAssertEqual(blocked.lines, ["blocked Store new"])
    XCTAssertEqual(
      blocked.change(of: "Store")?.reason, "needs core-prod/Net, which is not in this run")
    XCTAssertEqual(world.carryOut(world.plan(desired, selected: ["core-prod"])), [])
    XCTAssertEqual(world.resources.map(\.type), [ToyKind.net.type])
    let plan = world.plan(desired, selected: ["web-prod"])
    XCTAssertEqual(plan.lines, ["create Store new"])
    XCTAssertEqual(plan.stacks.map(\.id.name), ["web-prod"])
    XCTAssertEqual(world.carryOut(plan), [], "the reference resolves to what is there")
  }

  func testOutputsAreToldAsFarAsTheyAreKnown() {
    var stack = Fleet.stack("acme", [Fleet.net()])
    stack.outputs = [
      DesiredOutput(name: "Net", value: Fleet.ref("Net")),
      DesiredOutput(name: "Arn", value: Fleet.ref("Net", "Arn")),
      DesiredOutput(
        name: "Token", value: .secret(SecretReference(stack: "acme-prod", parameter: "Token"))),
    ]
    let desired = Fleet.desired([stack])
    func outputs(_ world: TestWorld) -> [String: Document]? {
      Planner(
        catalog: ToyKind.catalog, desired: desired, snapshot: world.snapshot
      ).outputs()["acme-prod"]
    }
    var world = TestWorld()
    XCTAssertEqual(
      outputs(world),
      [
        "Net": .unknown("acme-prod/Net"), "Arn": .unknown("acme-prod/Net.Arn"),
        "Token": .secret(nil),
      ])
    world.converge(desired)
    XCTAssertEqual(
      outputs(world),
      ["Net": "Test::Net-1", "Arn": "arn:Test::Net-1", "Token": .secret(nil)])
  }

  func testAStackThatMovesToAnotherAccountIsRefusedAndOthersGoOn() {
    var world = TestWorld()
    world.converge(Fleet.desired([exporter, importer]))
    var moved = exporter
    moved.resources[0].scope.region = "eu-west-1"
    let plan = world.plan(Fleet.desired([moved, Fleet.stack("acme", [Fleet.store()])]))
    XCTAssertEqual(
      plan.stacks.first { $0.id.name == "core-prod" }?.error,
      "core-prod/Net was applied in 111111111111 us-east-1 and would move to 111111111111 "
        + "eu-west-1: moving a stack is refused; destroy it there first, or restore its account "
        + "and region")
    XCTAssertEqual(
      plan.steps.map(\.id.description).filter { $0.contains("core-prod") }, [])
    XCTAssertTrue(plan.lines.contains("create acme-prod/Store new"), "\(plan.lines)")
  }

  func testATypeThatCannotBeObservedFailsItsStacksAlone() {
    var world = TestWorld()
    let desired = Fleet.desired([
      exporter, Fleet.stack("acme", [Fleet.store("A"), Fleet.store("B")]),
    ])
    world.converge(desired)
    world.remove("A")
    var snapshot = world.snapshot
    let key = Snapshot.Key(scope: Fleet.scope, type: ToyKind.net.type)
    snapshot.resources[key] = nil
    snapshot.failures[key] = CallFailure(
      reason: .denied, service: "toys", operation: "DescribeNets", message: "AccessDenied")
    let plan = Planner(
      catalog: ToyKind.catalog, desired: desired, snapshot: snapshot,
      evidence: world.evidence()
    ).plan()
    XCTAssertEqual(plan.lines, ["create acme-prod/A drift"])
    XCTAssertEqual(
      plan.stacks.compactMap(\.error),
      ["Test::Net could not be observed in 111111111111 us-east-1: AccessDenied"])
  }

  /// A type that no kind is written for is planned alike, when the catalog can make a kind of it.
  func testAKindMadeForItsTypeIsPlannedLikeOneThatIsWritten() {
    let fallback = Catalog([], fallback: { ToyKind.catalog[$0] })
    XCTAssertTrue(ToyKind.catalog.isNative(ToyKind.net.type))
    XCTAssertFalse(fallback.isNative(ToyKind.net.type))
    XCTAssertNil(fallback["Test::Nothing"])
    var world = TestWorld()
    let desired = Fleet.desired([
      exporter, Fleet.stack("acme", [Fleet.store("A"), Fleet.net()]),
    ])
    func plans(_ desired: Desired) -> [Plan] {
      [ToyKind.catalog, fallback].map {
        Planner(
          catalog: $0, desired: desired, snapshot: world.snapshot, evidence: world.evidence()
        ).plan()
      }
    }
    var both = plans(desired)
    XCTAssertGreaterThan(both[0].steps.count, 2)
    XCTAssertEqual(both[0].lines, both[1].lines)
    world.converge(desired)
    XCTAssertEqual(plans(desired)[1].lines, [])
    world.remove("A")
    both = plans(Fleet.desired([exporter, Fleet.stack("acme", [Fleet.store("A")])]))
    XCTAssertGreaterThan(both[0].steps.count, 1)
    XCTAssertEqual(both[0].lines, both[1].lines)
    XCTAssertEqual(both[0].steps.map(\.id), both[1].steps.map(\.id))
  }

  func testAFunctionThatFailsFailsItsStackWithItsPlace() {
    let zones = Fact.availabilityZones(account: Fleet.account, region: Fleet.region)
    var world = TestWorld()
    world.facts = [zones: ["only"]]
    let plan = world.plan(
      Fleet.desired([
        Fleet.stack(
          "acme", [Fleet.net().setting("Note", .call(.select, [.known(3), .fact(zones)]))]),
        Fleet.stack("beta", [Fleet.net()]),
      ]))
    XCTAssertEqual(plan.lines, ["create beta-prod/Net new"])
    XCTAssertTrue(
      plan.stacks[0].error?.hasPrefix("blueprints/toys.jsonc:1:1: Net: Fn::Select") ?? false,
      plan.stacks[0].error ?? "no error")
  }

  // MARK: Secrets

  private let token = Value.secret(SecretReference(stack: "acme-prod", parameter: "Token"))

  func testASecretWithoutItsSourceIsNotChecked() {
    var world = TestWorld()
    world.secrets = ["Token": "canary"]
    let desired = Fleet.desired(Fleet.store("Store", ["Password": token]))
    XCTAssertEqual(world.converge(desired), [])
    XCTAssertEqual(world.found("Store").first?.properties["Password"], "canary")
    XCTAssertEqual(world.plan(desired).lines, [])
    world.secrets = [:]
    let plan = world.plan(desired)
    XCTAssertEqual(plan.lines, [])
    XCTAssertEqual(
      plan.stacks.flatMap(\.notChecked).map { "\($0.path) \($0.reason)" },
      ["/Password no source for Token here"])
  }

  func testASecretIsComparedAndNeverShown() {
    let places: [(property: String, value: Value)] = [
      ("Password", token), ("Hint", token),
      ("Password", .call(.join, [.string(""), .list(of: [.string("x-"), token])])),
      ("Nested", .object(of: ["Deep": .list(of: [.string("plain"), token])])),
    ]
    for (property, value) in places {
      var world = TestWorld()
      world.secrets = ["Token": "canary-old"]
      let bare = Fleet.desired(Fleet.store())
      let desired = Fleet.desired(Fleet.store("Store", [property: value]))
      world.converge(bare)
      assertSilent(world.plan(desired), "\(property) newly declared")
      XCTAssertEqual(world.converge(desired), [])
      world.secrets = ["Token": "canary-new"]
      let plan = world.plan(desired)
      assertSilent(plan, "\(property) changed")
      if property != "Hint" {
        XCTAssertEqual(plan.lines, ["update Store unknown"], property)
        XCTAssertEqual(
          plan.change(of: "Store")?.differences.map(\.desired), [.secret(nil)], property)
      }
      assertSilent(world.plan(bare), "\(property) no longer declared")
      assertSilent(
        world.plan(Fleet.desired(Fleet.store("Store", [property: .string("plain")]))),
        "\(property) no longer secret")
      assertSilent(
        world.plan(
          Fleet.desired(
            Fleet.store("Store", [property: .call(.select, [.known(7), .list(of: [token])])]))),
        "\(property) by a function that fails")
    }
  }

  private func assertSilent(_ plan: Plan, _ when: String) {
    let told = "\(plan.stacks) \(plan.settled)"
    XCTAssertFalse(told.contains("canary"), "a secret is told when \(when): \(told)")
  }
}
