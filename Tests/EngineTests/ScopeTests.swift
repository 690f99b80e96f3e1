import Document
import Journal
import TrueupCore
import XCTest

@testable import Engine

/// Resources elsewhere than their stack, several accounts, and what is left over.
final class ScopeTests: XCTestCase {
  private let elsewhere = "222222222222"

  private func account(_ reason: CallFailure.Reason = .denied) -> CallFailure {
    CallFailure(
      reason: reason, service: "sts", operation: "AssumeRole", message: "AssumeRole: AccessDenied")
  }

  /// A stack of account 1 with a net at home and one in another account and region.
  private func spread(_ client: String = "acme", _ nets: [DesiredResource] = []) -> DesiredStack {
    var stack = ToyFleet.stack(
      client, [ToyFleet.net("Home"), ToyFleet.net("Far", cidr: "10.1.0.0/16")] + nets)
    stack.resources[1].scope = Scope(account: elsewhere, region: "eu-west-1")
    return stack
  }

  private func places(_ bench: Bench) async -> [String] {
    await bench.cloud.things.map {
      "\($0.tags[OwnershipTags.resource] ?? "") \($0.target.account) \($0.target.region)"
    }.sorted()
  }

  func testAResourceElsewhereIsMadeFoundMendedAndDestroyedThere() async throws {
    let bench = try Bench(isRepository: true)
    let desired = ToyFleet.desired(spread())
    try await bench.apply(desired)
    let made = await places(bench)
    XCTAssertEqual(made, ["Far 222222222222 eu-west-1", "Home 111111111111 us-east-1"])
    let settled = try await bench.plan(desired)
    XCTAssertEqual(settled.lines, [])
    XCTAssertEqual(
      try Journal(path: bench.journalPath).lastApplied().map { "\($0.account) \($0.region ?? "")" }
        .sorted(), ["111111111111 us-east-1", "222222222222 eu-west-1"])
    bench.loseJournal()
    let found = try await bench.plan(desired)
    XCTAssertEqual(found.lines, [], "found by its tags alone")
    await bench.cloud.drift { things in
      for index in things.indices { things[index].properties["Note"] = "drifted" }
    }
    let noted = ToyFleet.desired(
      {
        var stack = spread()
        stack.resources[1].properties = .object(of: [
          "Cidr": .string("10.1.0.0/16"), "Note": .string("mine"),
        ])
        return stack
      }())
    let drifted = try await bench.apply(noted)
    XCTAssertEqual(drifted.lines, ["update acme-prod/Far pending succeeded"])
    XCTAssertEqual(
      drifted.change(of: "acme-prod/Far")?.scope, Scope(account: elsewhere, region: "eu-west-1"))
    try await bench.apply(noted) { request in
      request.command = .destroy
      request.destroy = ["acme-prod": .delete]
    }
    let left = await places(bench)
    XCTAssertEqual(left, [])
  }

  func testWhatIsTakenOutElsewhereIsDeletedThereByBaseOrRevision() async throws {
    let bench = try Bench()
    let before = ToyFleet.desired(spread())
    try await bench.apply(before) { $0.revision = "rev-1" }
    let after = ToyFleet.acme(ToyFleet.net("Home"))
    let known = try await bench.plan(after)
    XCTAssertEqual(known.lines, ["delete acme-prod/Far removed"], "the journal knows where it is")
    bench.loseJournal()
    let engine = try bench.engine(desiredAt: { $0 == "rev-1" ? before : nil })
    let revised = try await bench.plan(after, by: engine)
    XCTAssertEqual(
      revised.lines, ["delete acme-prod/Far removed"], "the revision in another's tags knows it")
  }

  func testMovingAResourceIsRefused() async throws {
    let bench = try Bench()
    try await bench.apply(ToyFleet.desired(spread()))
    let home = ToyFleet.acme(ToyFleet.net("Home"), ToyFleet.net("Far", cidr: "10.1.0.0/16"))
    let report = try await bench.apply(home)
    XCTAssertEqual(report.lines, [])
    XCTAssertEqual(
      report.plan.stacks[0].error?.contains(
        "acme-prod/Far was applied in 222222222222 eu-west-1 and would move to 111111111111 "
          + "us-east-1"), true, report.plan.stacks[0].error ?? "no error")
  }

  func testAnAccountThatFailsTakesOnlyThoseWithItThatUseIt() async throws {
    for (answer, error, refusal) in [
      (
        Result<String, CallFailure>.failure(account()),
        "account 222222222222, where Far lives: AssumeRole: AccessDenied", nil
      ),
      (
        .success("999999999999"), nil,
        "the credentials belong to account 999999999999, not to 222222222222, where Far lives"
      ),
    ] as [(Result<String, CallFailure>, String?, String?)] {
      let bench = try Bench()
      var faults = InMemoryCloud.Faults()
      faults.accounts = [elsewhere: answer]
      await bench.cloud.set(faults)
      let desired = ToyFleet.desired(
        spread(), ToyFleet.stack("beta", [ToyFleet.net("Net")]),
        ToyFleet.stack("gamma", account: elsewhere, [ToyFleet.net("Net")]))
      let report = try await bench.apply(desired)
      XCTAssertEqual(report.lines, ["create beta-prod/Net new succeeded"])
      XCTAssertEqual(report.plan.stacks[0].error, error)
      XCTAssertEqual(report.refusals["acme-prod"], refusal)
      let made = await places(bench)
      XCTAssertEqual(made, ["Net 111111111111 us-east-1"])
    }
  }

  func testTheAccountOfRecordsIsAskedAsWell() async throws {
    let bench = try Bench()
    var faults = InMemoryCloud.Faults()
    faults.accounts = [elsewhere: .success("999999999999")]
    await bench.cloud.set(faults)
    var stack = ToyFleet.stack("acme", [ToyFleet.net("Net")])
    stack.resources[0].validationAccount = elsewhere
    let report = try await bench.apply(
      ToyFleet.desired(stack, ToyFleet.stack("beta", [ToyFleet.net("Net")])))
    XCTAssertEqual(report.lines, ["create beta-prod/Net new succeeded"])
    XCTAssertEqual(
      report.refusals["acme-prod"],
      "the credentials belong to account 999999999999, not to 222222222222, where Net lives")
  }

  func testAnAccountThatDeniesEveryCallFailsItsStacksAlone() async throws {
    let bench = try Bench()
    var faults = InMemoryCloud.Faults()
    faults.denied = [elsewhere]
    await bench.cloud.set(faults)
    let report = try await bench.apply(
      ToyFleet.desired(
        ToyFleet.stack("acme", [ToyFleet.net("Net")]),
        ToyFleet.stack("beta", account: elsewhere, [ToyFleet.net("Net")])))
    XCTAssertEqual(report.lines, ["create acme-prod/Net new succeeded"])
    XCTAssertEqual(
      report.plan.stacks.last?.error,
      "Test::Net could not be observed in 222222222222 us-east-1: DescribeNets: AccessDenied")
  }

  func testChangesAreMadeInTheNameOfTheirClient() async throws {
    let bench = try Bench()
    try await bench.apply(
      ToyFleet.desired(
        ToyFleet.stack("acme", [ToyFleet.net("Net")]),
        ToyFleet.stack("beta", [ToyFleet.net("Net", cidr: "10.1.0.0/16")])))
    let clients = await bench.cloud.clients
    XCTAssertEqual(clients, ["acme", "beta"])
  }

  // MARK: Leftovers

  func testALeftoverOfATypeThatNobodyKnowsOfAnyMoreIsFoundByTheSweep() async throws {
    let bench = try Bench()
    try await bench.apply(ToyFleet.acme(ToyFleet.net("Net"), ToyFleet.host("Host")))
    bench.loseJournal()
    await bench.cloud.set(InMemoryCloud.Faults())
    let report = try await bench.plan(ToyFleet.acme(ToyFleet.net("Net")))
    XCTAssertEqual(report.lines, ["delete acme-prod/Host orphan"])
    let log = await bench.cloud.log.map(\.operation).sorted()
    XCTAssertEqual(log, ["DescribeHosts", "DescribeNets", "GetResources"])
  }

  func testWhatIsOwnedWithItsParentIsLookedAtWhereTheParentIs() {
    struct ToyGate: Kind {
      let type = "Test::Gate"
      let facts = TypeFacts(
        Identity(ref: "GateId"),
        ownership: .inside([Parent("NetId", "Test::Net")], whole: true))

      func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [] }
      func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] { [] }
      func next(_ step: Step, _ replies: [Reply]) -> Next { .failed("only looked at") }
    }
    let catalog = Catalog([ToyNet(), ToyHost(), ToyGate()])
    for (resource, types) in [
      (ToyFleet.net("Net"), ["Test::Gate", "Test::Net"]), (ToyFleet.host("Host"), ["Test::Host"]),
    ] {
      let subjects = ObservationSubjects(
        [ToyFleet.stack("acme", [resource])], base: Base(), catalog: catalog, project: "fleet")
      XCTAssertEqual(subjects.all.map(\.kind.type).sorted(), types)
    }
  }

  func testKindsAreToldWhatIsDeclaredBeforeAnythingIsObserved() throws {
    var net = ToyFleet.net("Net")
    net.properties = .known([
      "Cidr": "10.0.0.0/16", "Names": ["a", "b"], "Settings": ["x": 1, "y": 2], "Count": 3,
    ])
    let subjects = ObservationSubjects(
      [ToyFleet.stack("acme", [net])], base: Base(), catalog: Catalog([ToyNet()]), project: "fleet")
    XCTAssertEqual(
      try XCTUnwrap(subjects.all.first).context.values,
      ["Cidr": ["10.0.0.0/16"], "Names": ["a", "b"], "Settings": ["x", "y"]])
  }

  func testWithoutTheSweepEveryTypeIsLookedAtAndItIsSaid() async throws {
    let bench = try Bench()
    try await bench.apply(ToyFleet.acme(ToyFleet.net("Net"), ToyFleet.host("Host")))
    bench.loseJournal()
    var faults = InMemoryCloud.Faults()
    faults.denied = ["GetResources"]
    await bench.cloud.set(faults)
    let report = try await bench.plan(ToyFleet.acme(ToyFleet.net("Net")))
    XCTAssertEqual(report.lines, ["delete acme-prod/Host orphan"])
    let notes = bench.events.access { events in
      events.compactMap { if case .note(let text) = $0 { text } else { nil } }
    }
    XCTAssertEqual(
      notes,
      [
        "every type is looked at in 111111111111 us-east-1, because the sweep by tags failed: "
          + "GetResources: AccessDenied"
      ])
  }

  func testALeftoverOfAnUnknownTypeIsAFindingAndACopyOfTagsIsNot() async throws {
    let bench = try Bench()
    let desired = ToyFleet.acme(ToyFleet.net("Net"))
    try await bench.apply(desired)
    await bench.cloud.drift { things in
      for (id, logical) in [("g-1", "Gone"), ("task-1", "Net")] {
        var thing = things[0]
        thing.noun = "Gadget"
        thing.id = id
        thing.tags[OwnershipTags.resource] = logical
        things.append(thing)
      }
    }
    let report = try await bench.apply(desired)
    XCTAssertEqual(report.lines, ["blocked acme-prod/Gone orphan"])
    let change = report.change(of: "acme-prod/Gone")
    XCTAssertEqual(change?.type, "toys:gadget")
    XCTAssertEqual(change?.id, "arn:aws:toys:us-east-1:111111111111:gadget/g-1")
    XCTAssertEqual(
      change?.reason,
      "Trueup has no kind for toys:gadget: delete it yourself, or remove trueup:stack")
  }

  func testOneSweepServesAllStacksOfAnAccountAndRegion() async throws {
    let bench = try Bench()
    let desired = ToyFleet.desired(spread(), spread("beta"))
    try await bench.apply(desired)
    await bench.cloud.set(InMemoryCloud.Faults())
    _ = try await bench.plan(desired)
    let log = await bench.cloud.log.map(\.operation)
    XCTAssertEqual(
      log.count { $0 == "GetResources" }, 3,
      "at home, in the other region, and where what is global in the other account would show")
    XCTAssertEqual(log.count { $0.hasPrefix("DescribeNets") }, 2)
  }

  // MARK: Imports

  func testAStackThatOthersImportFromIsNotDestroyed() async throws {
    let bench = try Bench()
    var core = ToyFleet.stack("core", [ToyFleet.net("Net")])
    let web = ToyFleet.stack(
      "web", [ToyFleet.host("Host", in: ToyFleet.ref("Net", in: "core-prod"))])
    try await bench.apply(ToyFleet.desired(core, web))
    core.destroy = .delete
    let refused = try await bench.apply(ToyFleet.desired(core, web))
    XCTAssertEqual(
      refused.refusals,
      [
        "core-prod":
          "web-prod imports from it; take the imports out of web-prod first, or remove it too"
      ])
    XCTAssertEqual(refused.lines, [])
    let both = try await bench.apply(ToyFleet.desired(core, web)) {
      $0.command = .destroy
      $0.destroy = ["web-prod": .delete]
    }
    XCTAssertEqual(both.refusals, [:])
    let left = await bench.inventory()
    XCTAssertEqual(left, [])
  }

  func testAFailedExporterHoldsUpItsImportersAlone() async throws {
    let net = ToyFleet.stack("core", [ToyFleet.net("Net", note: "x")])
    let importer = ToyFleet.stack(
      "web", [ToyFleet.host("Host", in: ToyFleet.ref("Net", in: "core-prod"))])
    let other = ToyFleet.stack("zeta", [ToyFleet.host("Host")])
    let bench = try Bench()
    var faults = InMemoryCloud.Faults()
    faults.denied = ["CreateNet"]
    await bench.cloud.set(faults)
    let first = try await bench.apply(ToyFleet.desired(net, importer, other))
    XCTAssertEqual(
      first.lines,
      [
        "create core-prod/Net new failed", "create web-prod/Host new skipped",
        "create zeta-prod/Host new succeeded",
      ])
    await bench.cloud.set(InMemoryCloud.Faults())
    try await bench.apply(ToyFleet.desired(net, importer, other))
    faults.denied = ["DescribeNets"]
    await bench.cloud.set(faults)
    let blind = try await bench.apply(ToyFleet.desired(net, importer, other))
    XCTAssertEqual(blind.lines, [], "nothing is changed by what could not be looked at")
  }
}
