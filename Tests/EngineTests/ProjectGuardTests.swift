import AWSClient
import Document
import Journal
import TrueupCore
import XCTest

@testable import Engine

/// A fleet is not built a second time because its project was renamed.
final class ProjectGuardTests: XCTestCase {
  private typealias Owner = ProjectGuard.Owner

  /// The project of the fleet file at this path: `shop` at `r1`, `shopp` at `r2`; git knows no other.
  private func guarding(_ project: String, was: String? = nil) -> ProjectGuard {
    ProjectGuard(project: project, formerProject: was) { revisions in
      ["r1": "shop", "r2": "shopp"].filter { revisions.contains($0.key) }
    }
  }

  private struct Case {
    var reason: String
    var project = "shopp"
    var was: String?
    var owners: Set<ProjectGuard.Owner>
    var lastRun: String?
    var isRefused: Bool
  }

  func testTheJournalTellsARenaming() async {
    let cases = [
      Case(
        reason: "renamed", owners: [Owner(name: "shop/acme-prod", revision: "r1")], lastRun: "r1",
        isRefused: true),
      Case(
        reason: "renamed, and another fleet ran since",
        owners: [
          Owner(name: "shop/acme-prod", revision: "r1"),
          Owner(name: "other/acme-prod", revision: "r2"),
        ], lastRun: "r2", isRefused: true),
      Case(
        reason: "renamed, and the row's revision was rewritten",
        owners: [Owner(name: "shop/acme-prod", revision: "gone")], lastRun: "r1", isRefused: true),
      Case(
        reason: "renamed together with its clients",
        owners: [Owner(name: "shop/gone-prod", revision: "r1")], lastRun: "r1", isRefused: true),
      Case(
        reason: "renamed by \"was\"", was: "shop",
        owners: [Owner(name: "shop/acme-prod", revision: "r1")], lastRun: "r1", isRefused: false),
      Case(
        reason: "\"was\" names something else", was: "shops",
        owners: [Owner(name: "shop/acme-prod", revision: "r1")], lastRun: "r1", isRefused: true),
      Case(
        reason: "the same project", project: "shop",
        owners: [Owner(name: "shop/acme-prod", revision: "r1")], lastRun: "r1", isRefused: false),
      Case(
        reason: "another directory with the same journal",
        owners: [Owner(name: "other/acme-prod", revision: "r1")], lastRun: "r1", isRefused: false),
      Case(
        reason: "another repository with the same journal",
        owners: [Owner(name: "shop/acme-prod", revision: "theirs")], lastRun: "theirs",
        isRefused: false),
      Case(
        reason: "outside of a repository",
        owners: [Owner(name: "shop/acme-prod", revision: nil)], lastRun: nil, isRefused: false),
      Case(
        reason: "nothing of it is left", owners: [], lastRun: "r1", isRefused: false),
      Case(
        reason: "a project whose name begins alike",
        owners: [Owner(name: "shop-eu/acme-prod", revision: "r1")], lastRun: "r1",
        isRefused: false),
    ]
    for test in cases {
      let refusal = await guarding(test.project, was: test.was)
        .refusal(journaled: test.owners, lastRun: test.lastRun)
      XCTAssertEqual(refusal != nil, test.isRefused, "\(test.reason): \(refusal ?? "goes on")")
    }
    let refusal = await guarding("shopp").refusal(
      journaled: [Owner(name: "shop/acme-prod", revision: "r1")], lastRun: "r1")
    XCTAssertEqual(
      refusal,
      "fleet.jsonc names the project \"shopp\", but \"shop\" at revision r1, and the journal knows "
        + "shop/acme-prod from there: all of it would be made a second time; \"was\": \"shop\" in "
        + "fleet.jsonc renames what exists")
  }

  func testWhatAWSShowsRefusesTheStacksThatItConcerns() async {
    let seen: Set = [
      Owner(name: "shop/acme-prod", revision: "r1"), Owner(name: "shop/acme-prod", revision: "r2"),
      Owner(name: "shop/acme-dev", revision: "r2"), Owner(name: "shop/beta-prod", revision: nil),
      Owner(name: "other/gamma-prod", revision: "r1"),
      Owner(name: "shop/delta-prod", revision: "x"),
      Owner(name: "shop/nobody-prod", revision: "r1"), Owner(name: "forged", revision: "r1"),
    ]
    let stacks: Set = ["acme-prod", "acme-dev", "beta-prod", "gamma-prod", "delta-prod", "forged"]
    let refusals = await guarding("shopp").refusals(stacks: stacks, owners: seen)
    XCTAssertEqual(Array(refusals.keys), ["acme-prod"])
    XCTAssertEqual(
      refusals["acme-prod"]?.contains("AWS has shop/acme-prod from there"), true, "\(refusals)")
    let renamed = await guarding("shopp", was: "shop").refusals(stacks: stacks, owners: seen)
    XCTAssertEqual(renamed, [:])
    let unchanged = await guarding("shop").refusals(stacks: stacks, owners: seen)
    XCTAssertEqual(unchanged, [:])
  }

  func testGitIsAskedOnlyWhereSomethingCarriesAnotherName() async {
    let asked = Locked(0)
    let quiet = ProjectGuard(project: "shop") { _ in
      asked.access { $0 += 1 }
      return [:]
    }
    let own: Set = [Owner(name: "shop/acme-prod", revision: "r1")]
    _ = await quiet.refusal(journaled: own, lastRun: "r1")
    _ = await quiet.refusals(stacks: ["acme-prod"], owners: own)
    XCTAssertEqual(asked.access { $0 }, 0)
    _ = await quiet.refusal(journaled: [Owner(name: "x/acme-prod", revision: "r1")], lastRun: "r1")
    XCTAssertEqual(asked.access { $0 }, 1)
  }

  // MARK: In the engine

  private let runs = Locked<UInt16>(0)

  private func engine(_ bench: Bench) throws -> Reconciler {
    let runs = runs
    return Reconciler(
      catalog: Catalog([ToyNet(), ToyHost()]), cloud: bench.cloud,
      journal: try Journal(path: bench.journalPath),
      locks: FileStackLocks(directory: bench.directory), clock: bench.clock.engineClock,
      random: {
        runs.access {
          $0 += 1
          return $0
        }
      },
      projectsAt: { $0.contains("r1") ? ["r1": "fleet"] : [:] })
  }

  private func renamed(_ desired: Desired, was: String? = nil) -> Desired {
    var desired = desired
    desired.project = "fleet2"
    desired.formerProject = was
    for index in desired.stacks.indices {
      let id = desired.stacks[index].id
      desired.stacks[index].id = StackID(
        project: "fleet2", client: id.client, environment: id.environment)
    }
    return desired
  }

  func testARenamedProjectIsRefusedBeforeAnyCall() async throws {
    let bench = try Bench()
    let desired = ToyFleet.acme(ToyFleet.net("Net"))
    _ = try await bench.apply(desired, by: engine(bench)) { $0.revision = "r1" }
    let before = await bench.cloud.log.count
    for command in [RunReport.Command.plan, .drift, .apply, .reconcile, .adopt, .destroy] {
      let request = Reconciler.Request(command: command, desired: renamed(desired), revision: "r2")
      do {
        if command.changesAWS {
          _ = try await engine(bench).apply(request, by: .init(user: "u", host: "h"))
        } else {
          _ = try await engine(bench).plan(request)
        }
        XCTFail("\(command) went on")
      } catch let error as EngineError {
        guard case .refused(let reason) = error else { return XCTFail("\(command): \(error)") }
        XCTAssertTrue(reason.contains("\"was\": \"fleet\""), reason)
      }
    }
    let after = await bench.cloud.log.count
    XCTAssertEqual(after, before)
  }

  func testWasLetsItThroughAndTakesTheJournalAlong() async throws {
    let bench = try Bench()
    let desired = ToyFleet.acme(ToyFleet.net("Net"))
    _ = try await bench.apply(desired, by: engine(bench)) { $0.revision = "r1" }
    let journal = try Journal(path: bench.journalPath)
    let former = renamed(desired, was: "fleet")
    _ = try await bench.plan(former, by: engine(bench)) { $0.revision = "r2" }
    XCTAssertEqual(
      try journal.lastApplied().map(\.stack), ["fleet/acme-prod"], "a plan writes nothing")
    XCTAssertEqual(
      try JournalMemory(journal, project: "fleet2", formerProject: "fleet").base.resources.keys.map(
        \.description),
      ["acme-prod/Net"], "what was applied under the old name is known under the new one")
    XCTAssertEqual(
      try JournalMemory(journal, project: "fleet2", formerProject: nil).base.resources, [:])
    _ = try await bench.apply(former, by: engine(bench)) { $0.revision = "r2" }
    XCTAssertEqual(Set(try journal.lastApplied().map(\.stack)), ["fleet2/acme-prod"])
    // The key may go once it is applied.
    _ = try await bench.plan(renamed(desired), by: engine(bench)) { $0.revision = "r2" }
  }

  // MARK: Requests

  func testARequestTakesOverNothingAndAllowsNoOrphansUnlessItSaysSo() async throws {
    var request = Reconciler.Request(command: .adopt, desired: ToyFleet.acme(ToyFleet.net("Net")))
    XCTAssertEqual(request.takesOver, [])
    XCTAssertFalse(request.allowsOrphans)
    request.takesOver = ["acme-prod"]
    request.revision = "r1"
    request.selected = ["acme-prod"]
    let bench = try Bench()
    let report = try await engine(bench).apply(request, by: .init(user: "u", host: "h"))
    XCTAssertEqual(report.lines, ["create acme-prod/Net new succeeded"])
    let journal = try Journal(path: bench.journalPath)
    XCTAssertEqual(try journal.runs(limit: 1).first?.start.command, "adopt")
    XCTAssertEqual(try journal.stackRecords().map(\.revision), ["r1"], "it is in force")
  }

  func testWhatPutsADesiredStateInForce() {
    let commands: [(RunReport.Command, changes: Bool, inForce: Bool)] = [
      (.plan, false, false), (.drift, false, false), (.apply, true, true), (.reconcile, true, true),
      (.adopt, true, true), (.destroy, true, false),
    ]
    for (command, changes, inForce) in commands {
      XCTAssertEqual(command.changesAWS, changes, "\(command)")
      XCTAssertEqual(command.putsInForce, inForce, "\(command)")
    }
  }
}
