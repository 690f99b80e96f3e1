import Document
import XCTest

@testable import TrueupCore

/// What AWS keeps a snapshot of when it is deleted, and the versions of engines.
final class PlannerSnapshotTests: XCTestCase {
  private func cache(_ properties: [String: Value] = [:]) -> DesiredResource {
    Fleet.resource("Cache", ToyKind.cache, properties)
  }

  /// For each deletion of the plan, whether it leaves a snapshot.
  private func snapshots(_ plan: Plan) -> [Bool] {
    plan.steps.filter { $0.id.action == .delete }.map(\.keepsSnapshot)
  }

  func testADeletionPolicyLeavesASnapshot() {
    for (policy, lines, left) in [
      (RemovalPolicy.snapshot, ["delete Cache removed", "create Net new"], [true]),
      (.delete, ["delete Cache removed", "create Net new"], [false]),
      (.retain, ["update Cache removed", "create Net new"], []),
    ] {
      var world = TestWorld()
      world.converge(Fleet.desired(cache().with { $0.deletionPolicy = policy }))
      let plan = world.plan(Fleet.desired(Fleet.net()))
      XCTAssertEqual(plan.lines, lines, "\(policy)")
      XCTAssertEqual(snapshots(plan), left, "\(policy)")
      XCTAssertEqual(
        plan.change(of: "Cache")?.reason?.contains("AWS keeps a snapshot of it") ?? false,
        policy == .snapshot, "\(policy) is told")
    }
  }

  func testAReplacementLeavesASnapshotWhereItIsTo() {
    for (policy, left) in [(RemovalPolicy.snapshot, true), (.delete, false)] {
      let first = cache(["Zone": .string("a")]).with { $0.updateReplacePolicy = policy }
      var world = TestWorld()
      world.converge(Fleet.desired(first))
      let plan = world.plan(Fleet.desired(first.setting("Zone", .string("b"))))
      XCTAssertEqual(plan.lines, ["replace Cache pending"])
      XCTAssertEqual(snapshots(plan), [left], "\(policy)")
    }
  }

  func testDestroyLeavesSnapshotsWhereTheManifestSaysSo() {
    let resources = [cache(), Fleet.store()]
    for (disposal, policy, lines, left) in [
      (DataDisposal.snapshot, nil, ["delete Cache removed", "update Store removed"], [true]),
      (.snapshot, .delete, ["delete Cache removed", "update Store removed"], [false]),
      (.retain, .snapshot, ["delete Cache removed", "update Store removed"], [true]),
      (.delete, .snapshot, ["delete Cache removed", "delete Store removed"], [true, false]),
      (.delete, nil, ["delete Cache removed", "delete Store removed"], [false, false]),
    ] as [(DataDisposal, RemovalPolicy?, [String], [Bool])] {
      let own = [resources[0].with { $0.deletionPolicy = policy }, resources[1]]
      var world = TestWorld()
      world.converge(Fleet.desired([Fleet.stack("acme", own)]))
      let plan = world.plan(Fleet.desired([Fleet.stack("acme", own, destroy: disposal)]))
      let name = "\(disposal), \(policy?.rawValue ?? "no policy")"
      XCTAssertEqual(plan.lines, lines, name)
      XCTAssertEqual(snapshots(plan), left, name)
      XCTAssertFalse(plan.changes.contains(where: \.losesData), "\(name) is a consent")
    }
  }

  func testAVersionIsComparedAsPreciselyAsItIsDeclaredAndNeverLowered() {
    let declared = Fleet.desired(cache(["Version": .string("7.1")]))
    var world = TestWorld()
    world.converge(declared)
    func run(_ version: Document) {
      world.change("Cache") { $0.properties = $0.properties.setting("Version", version) }
    }
    run("7.1.4")
    XCTAssertEqual(world.plan(declared).lines, [])
    XCTAssertEqual(world.plan(declared).stacks.flatMap(\.notChecked), [])
    run("7.2.0")
    XCTAssertEqual(world.plan(declared).lines, [], "AWS upgraded by itself")
    XCTAssertEqual(
      world.plan(declared).stacks.flatMap(\.notChecked).map(\.reason),
      ["left as is: AWS runs 7.2.0, and no version is lowered"])
    XCTAssertEqual(world.plan(declared, withBase: false).lines, [])
    XCTAssertEqual(
      world.plan(Fleet.desired(cache(["Version": .string("6.2")]))).lines,
      ["update Cache conflict"], "whoever asks for an older one is told so by the kind")
    XCTAssertEqual(
      world.plan(Fleet.desired(cache(["Version": .string("8")]))).lines, ["update Cache conflict"])
    run("6.2.6")
    XCTAssertEqual(world.plan(declared).lines, ["update Cache drift"])
  }
}
