import AWSClient
import TrueupCore
import XCTest

@testable import Engine
@testable import Journal

final class IntentTests: XCTestCase {
  private let desired = ToyFleet.acme(
    ToyFleet.net("Net", note: "a"), ToyFleet.host("Host", in: ToyFleet.ref("Net")))

  func testEveryMutatingCallIsOnDiskBeforeItLeaves() async throws {
    let bench = try Bench(parallelism: 1)
    let path = bench.journalPath
    let noted = Locked<[String]>([])
    await bench.cloud.set(
      InMemoryCloud.Faults(),
      beforeChange: { call in
        let open = try? Journal(path: path).unfinishedIntents()
        noted.access { $0.append("\(call.operation) \(open?.map(\.start.operation) ?? [])") }
      })
    let report = try await bench.apply(desired)
    XCTAssertEqual(
      noted.access { $0 },
      [
        #"CreateNet ["CreateNet"]"#, #"ModifyNet ["ModifyNet"]"#, #"CreateHost ["CreateHost"]"#,
      ])
    let journal = try Journal(path: path)
    let run = try XCTUnwrap(report.run)
    let intents = try journal.intents(of: RunID(rawValue: run))
    XCTAssertEqual(intents.map(\.start.operation), ["CreateNet", "ModifyNet", "CreateHost"])
    XCTAssertTrue(intents.allSatisfy { $0.end?.outcome == .succeeded })
    XCTAssertTrue(intents.allSatisfy { $0.start.stack == "fleet/acme-prod" })
    XCTAssertTrue(intents.allSatisfy { $0.start.token?.count == 64 })
    XCTAssertEqual(try journal.runs(limit: 1).first?.end?.outcome, .succeeded)
    XCTAssertEqual(try journal.unfinishedIntents().count, 0)
  }

  func testTokensAreTheSameAfterACrashAndDifferForAnotherStack() async throws {
    var tokens: [String] = []
    for _ in 0..<2 {
      let bench = try Bench()
      let report = try await bench.apply(
        ToyFleet.desired(
          ToyFleet.stack("acme", [ToyFleet.net("Net")]),
          ToyFleet.stack("beta", [ToyFleet.net("Net")])))
      let intents = try Journal(path: bench.journalPath)
        .intents(of: RunID(rawValue: report.run ?? ""))
      tokens.append(
        intents.map { "\($0.start.stack) \($0.start.token ?? "")" }.sorted()
          .joined(separator: "\n"))
    }
    XCTAssertEqual(tokens[0], tokens[1])
    XCTAssertEqual(Set(tokens[0].split(separator: "\n").map { $0.suffix(64) }).count, 2)
  }

  func testARunWithNothingToDoLeavesNoTrace() async throws {
    let bench = try Bench()
    try await bench.apply(desired)
    await bench.cloud.set(InMemoryCloud.Faults())
    let report = try await bench.apply(desired)
    XCTAssertNil(report.run)
    XCTAssertEqual(try Journal(path: bench.journalPath).runs(limit: 9).count, 1)
    let changes = await bench.cloud.changes
    XCTAssertEqual(changes, [])
  }

  func testAJournalThatCannotBeWrittenStopsTheRun() async throws {
    let bench = try Bench(parallelism: 1)
    let engine = try bench.engine()
    let path = bench.journalPath
    await bench.cloud.set(
      InMemoryCloud.Faults(),
      beforeChange: { call in
        // Something takes the table away.
        if call.operation == "CreateNet" { Self.dropIntents(path) }
      })
    let report = try await bench.apply(desired, by: engine)
    let changes = await bench.cloud.changes
    XCTAssertEqual(changes, ["CreateNet"], "nothing is sent that could not be noted")
    XCTAssertEqual(
      report.lines, ["create acme-prod/Host new skipped", "create acme-prod/Net new failed"])
  }

  private static func dropIntents(_ path: String) {
    do throws(JournalError) {
      try Journal(path: path).connection.execute("DROP TABLE intents")
    } catch {
      XCTFail("\(error)")
    }
  }
}
