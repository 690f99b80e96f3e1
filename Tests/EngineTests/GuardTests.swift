import Document
import Journal
import TrueupCore
import XCTest

@testable import Engine

/// What is refused before anything is changed, and what of others goes on.
final class GuardTests: XCTestCase {
  private let elsewhere = "222222222222"

  private func failure(_ message: String) -> CallFailure {
    CallFailure(
      reason: .credentials, service: "sts", operation: "GetCallerIdentity", message: message)
  }

  func testOneOfThreeStacksFailsAlone() async throws {
    let bench = try Bench()
    let third = "333333333333"
    var faults = InMemoryCloud.Faults()
    faults.accounts = [third: .failure(failure("the token is expired"))]
    await bench.cloud.set(faults)
    let desired = ToyFleet.desired(
      ToyFleet.stack("acme", [ToyFleet.net("Net")]),
      ToyFleet.stack("beta", account: third, [ToyFleet.net("Net")]),
      ToyFleet.stack("gamma", account: elsewhere, [ToyFleet.net("Net")]))
    let report = try await bench.apply(desired)
    XCTAssertEqual(
      report.lines, ["create acme-prod/Net new succeeded", "create gamma-prod/Net new succeeded"])
    XCTAssertEqual(
      report.plan.stacks.map(\.error), [nil, "the token is expired", nil])
  }

  func testCredentialsOfAnotherAccountAreRefusedBeforeAnyChange() async throws {
    let bench = try Bench()
    var faults = InMemoryCloud.Faults()
    faults.accounts = [elsewhere: .success("999999999999")]
    await bench.cloud.set(faults)
    let beta = ToyFleet.stack("beta", account: elsewhere, [ToyFleet.net("Net")])
    // One that imports from the refused stack must not bring it back in.
    let importer = ToyFleet.stack(
      "gamma", [ToyFleet.host("Host", in: ToyFleet.ref("Net", in: "beta-prod"))])
    let report = try await bench.apply(
      ToyFleet.desired(ToyFleet.stack("acme", [ToyFleet.net("Net")]), beta, importer))
    XCTAssertEqual(
      report.refusals,
      [
        "beta-prod":
          "the credentials belong to account 999999999999, not to 222222222222 of the manifest"
      ])
    XCTAssertEqual(
      report.lines, ["create acme-prod/Net new succeeded", "blocked gamma-prod/Host new"])
    XCTAssertEqual(
      report.change(of: "gamma-prod/Host")?.reason, "needs beta-prod/Net, which is not in this run")
    let inventory = await bench.inventory()
    XCTAssertEqual(inventory, ["Net"])
  }

  func testWithoutAnyUsableAccountThereIsNoRun() async throws {
    let bench = try Bench()
    var faults = InMemoryCloud.Faults()
    faults.accounts = [ToyFleet.account: .failure(failure("the endpoint cannot be reached"))]
    await bench.cloud.set(faults)
    do {
      _ = try await bench.apply(ToyFleet.acme(ToyFleet.net("Net")))
      XCTFail("the run began")
    } catch let error as EngineError {
      guard case .unusable(let message) = error else { return XCTFail("\(error)") }
      XCTAssertEqual(message, "the endpoint cannot be reached")
    }
    let log = await bench.cloud.log
    XCTAssertEqual(log, [])
  }

  func testASelectionThatMatchesNothingIsAnError() async throws {
    let bench = try Bench()
    do {
      _ = try await bench.plan(ToyFleet.acme(ToyFleet.net("Net"))) { $0.selected = ["nobody-prod"] }
      XCTFail("there was something to plan")
    } catch let error as EngineError {
      XCTAssertEqual(error.message, "no stack matches nobody-prod")
    }
  }

  func testASecondRunOnTheSameStackIsRefused() async throws {
    let bench = try Bench()
    let desired = ToyFleet.desired(
      ToyFleet.stack("acme", [ToyFleet.net("Net")]), ToyFleet.stack("beta", [ToyFleet.net("Net")]))
    let locks = FileStackLocks(directory: bench.directory)
    let held = locks.lock(desired.stacks[0].id)
    let report = try await bench.apply(desired)
    XCTAssertEqual(report.lines, ["create beta-prod/Net new succeeded"])
    XCTAssertTrue(
      report.refusals["acme-prod"]?.hasPrefix("another run is changing acme-prod") ?? false,
      "\(report.refusals)")
    withExtendedLifetime(held) {}
    let planned = try await bench.plan(desired)
    XCTAssertEqual(planned.lines, ["create acme-prod/Net new"], "a plan needs no lock")
  }

  func testALockGoesWithTheRun() async throws {
    let bench = try Bench()
    let desired = ToyFleet.acme(ToyFleet.net("Net"))
    try await bench.apply(desired)
    let again = try await bench.apply(ToyFleet.acme(ToyFleet.net("Net", note: "x")))
    XCTAssertEqual(again.refusals, [:])
    XCTAssertEqual(again.lines, ["update acme-prod/Net pending succeeded"])
  }

  func testBudgetsRefuseAStackBeforeAnyChange() async throws {
    let bench = try Bench()
    let nets = (1...3).map { ToyFleet.net("Net\($0)", cidr: "10.\($0).0.0/16") }
    try await bench.apply(
      ToyFleet.desired(ToyFleet.stack("acme", nets), ToyFleet.stack("beta", [])))
    await bench.cloud.set(InMemoryCloud.Faults())
    let desired = ToyFleet.desired(
      ToyFleet.stack("acme", [ToyFleet.net("New", cidr: "10.8.0.0/16")]),
      ToyFleet.stack(
        "beta",
        [
          ToyFleet.net("Own"),
          ToyFleet.host("Guest", in: ToyFleet.ref("New", in: "acme-prod")),
        ]))
    let tight = { (request: inout Reconciler.Request) in request.budget = Budget(deletes: 2) }
    let report = try await bench.apply(desired, tight)
    XCTAssertEqual(
      report.refusals["acme-prod"],
      "3 deletions are more than the 2 allowed; allow them with --allow-deletes 3")
    let changes = await bench.cloud.changes
    XCTAssertEqual(changes, ["CreateNet"], "only the other stack is changed")
    XCTAssertEqual(report.change(of: "beta-prod/Own")?.outcome?.result, .succeeded)
    XCTAssertEqual(report.change(of: "beta-prod/Guest")?.outcome?.result, .skipped)
    XCTAssertEqual(
      report.change(of: "beta-prod/Guest")?.outcome?.error,
      "needs New of acme-prod, which is refused")
    XCTAssertNil(report.change(of: "acme-prod/New")?.outcome)
    let planned = try await bench.plan(desired, tight)
    XCTAssertEqual(planned.refusals, [:], "a plan is shown whatever it would delete")
    let allowed = try await bench.apply(desired) { $0.budget = Budget(deletes: 3) }
    XCTAssertEqual(allowed.refusals, [:])
    let after = try await bench.plan(desired)
    XCTAssertEqual(after.lines, [])
  }

  func testAccessDeniedInTheMiddleFailsWhatItHits() async throws {
    let bench = try Bench()
    var faults = InMemoryCloud.Faults()
    faults.denied = ["ModifyNet"]
    await bench.cloud.set(faults)
    let desired = ToyFleet.acme(
      ToyFleet.net("Net", note: "x"), ToyFleet.net("Plain", cidr: "10.1.0.0/16"))
    let report = try await bench.apply(desired)
    XCTAssertEqual(
      report.lines, ["create acme-prod/Net new failed", "create acme-prod/Plain new succeeded"])
    await bench.cloud.set(InMemoryCloud.Faults())
    let next = try await bench.apply(desired)
    XCTAssertEqual(
      next.lines, ["update acme-prod/Net pending succeeded"],
      "what was made is not made again, and what was never reached has not drifted")
    let inventory = await bench.inventory()
    XCTAssertEqual(inventory, ["Net", "Plain"])
  }
}
