import Document
import Foundation
import TrueupCore
import XCTest

@testable import Engine

final class SnapshotTests: XCTestCase {
  private let catalog = Catalog([ToyNet(), ToyHost()])

  private func record(_ bench: Bench, _ desired: Desired) async throws -> SnapshotRecording {
    try await bench.engine().record(Reconciler.Request(command: .plan, desired: desired))
  }

  private func planRecorded(
    _ desired: Desired, _ stacks: [StackSnapshot], _ bench: Bench
  ) async throws -> RunReport {
    try await SnapshotPlanner(catalog: catalog, journal: nil, clock: bench.clock.engineClock).plan(
      Reconciler.Request(command: .plan, desired: desired), from: stacks, in: "snapshots",
      origin: "snapshots")
  }

  private var desired: Desired {
    ToyFleet.acme(
      ToyFleet.net("Net", note: "a"), ToyFleet.host("Host", in: ToyFleet.ref("Net"), note: "b"),
      ToyFleet.host(
        "Keeper", password: .secret(SecretReference(stack: "acme-prod", parameter: "Token"))))
  }

  func testASnapshotHoldsWhatIsDeclaredAndNoSecret() async throws {
    let bench = try Bench()
    let engine = try bench.engine(environment: ["TOKEN": "canary-7f3a"])
    try await bench.apply(desired, by: engine)
    let recording = try await record(bench, desired)
    let stack = try XCTUnwrap(recording.stacks.first)
    let text = stack.document.json(indent: 2)
    XCTAssertFalse(text.contains("canary"), text)
    let keeper = try XCTUnwrap(stack.resources.first { $0.logicalID == "Keeper" })
    XCTAssertEqual(keeper.properties["Password"], StackSnapshot.secret)
    let host = try XCTUnwrap(stack.resources.first { $0.logicalID == "Host" })
    XCTAssertNil(host.properties["Password"], "what nobody declares is not recorded")
    let again = try await record(bench, desired)
    XCTAssertEqual(
      again.stacks.map { $0.document.json() }, recording.stacks.map { $0.document.json() })
  }

  func testAPlanFromASnapshotHasTheActionsOfALivePlan() async throws {
    let bench = try Bench()
    let before = desired
    try await bench.apply(before, by: bench.engine(environment: ["TOKEN": "t"]))
    try await bench.apply(
      ToyFleet.desired(
        before.stacks[0], ToyFleet.stack("gone", [ToyFleet.net("Net", cidr: "10.9.0.0/16")])),
      by: bench.engine(environment: ["TOKEN": "t"]))
    await bench.cloud.drift { things in
      for index in things.indices where things[index].tags[OwnershipTags.resource] == "Host" {
        things[index].properties["Note"] = "drifted"
      }
      for index in things.indices where things[index].tags[OwnershipTags.resource] == "Keeper" {
        things[index].tags = [:]
      }
    }
    var after = before
    after.stacks[0].resources[0] =
      ToyFleet.stack(
        "acme", [ToyFleet.net("Net", cidr: "10.1.0.0/16", note: "a")]
      ).resources[0]
    let recording = try await record(bench, before)
    XCTAssertEqual(recording.stacks.map(\.id.name), ["acme-prod", "gone-prod"])
    bench.loseJournal()
    for desired in [before, after] {
      let live = try await bench.plan(desired)
      let recorded = try await planRecorded(desired, recording.stacks, bench)
      XCTAssertEqual(recorded.lines, live.lines)
      XCTAssertFalse(live.lines.isEmpty)
      XCTAssertEqual(recorded.calls.total, 0)
      XCTAssertEqual(recorded.snapshot, "snapshots")
    }
  }

  func testAStackWithoutASnapshotIsAnErrorOfItsOwn() async throws {
    let bench = try Bench()
    let desired = ToyFleet.desired(
      ToyFleet.stack("acme", [ToyFleet.net("Net")]), ToyFleet.stack("beta", [ToyFleet.net("Net")]))
    try await bench.apply(desired)
    let recording = try await record(bench, desired)
    let report = try await planRecorded(desired, [recording.stacks[0]], bench)
    XCTAssertNil(report.plan.stacks[0].error)
    XCTAssertEqual(report.plan.stacks[0].inSync, 1)
    XCTAssertEqual(
      report.plan.stacks[1].error,
      "there is no snapshot of beta-prod in snapshots; take one, with credentials: "
        + "trueup snapshot --client beta --environment prod")
  }

  func testAPropertyThatWasNotDeclaredThenIsSaidToBeUnknown() async throws {
    let bench = try Bench()
    try await bench.apply(ToyFleet.acme(ToyFleet.net("Net")))
    let recording = try await record(bench, ToyFleet.acme(ToyFleet.net("Net")))
    let report = try await planRecorded(
      ToyFleet.acme(ToyFleet.net("Net", note: "new")), recording.stacks, bench)
    XCTAssertEqual(report.plan.stacks[0].changes.map(\.action), [.update])
    XCTAssertEqual(report.plan.stacks[0].notChecked.map(\.path), ["/Note"])
  }

  func testFilesAreWrittenOnlyWhenTheyChange() async throws {
    let bench = try Bench()
    let directory = bench.directory + "/snapshots"
    var stack = StackSnapshot(
      id: StackID(project: "fleet", client: "acme", environment: "prod"), account: "1",
      region: "us-east-1")
    XCTAssertEqual(try SnapshotFiles.write(stack, to: directory), .written)
    XCTAssertEqual(try SnapshotFiles.write(stack, to: directory), .unchanged)
    stack.region = "eu-west-1"
    XCTAssertEqual(try SnapshotFiles.write(stack, to: directory), .written)
    XCTAssertEqual(try SnapshotFiles.read(directory).stacks, ["acme-prod.json": stack])
    try "{ \"formatVersion\": 1 }".write(
      toFile: directory + "/bad.json", atomically: true, encoding: .utf8)
    XCTAssertThrowsError(try SnapshotFiles.read(directory)) {
      XCTAssert("\($0)".contains("bad.json: it is no snapshot"), "\($0)")
    }
    XCTAssertEqual(SnapshotFiles.present(in: directory).count, 1)
    XCTAssertThrowsError(try SnapshotFiles.read(bench.directory + "/none"))
  }
}
