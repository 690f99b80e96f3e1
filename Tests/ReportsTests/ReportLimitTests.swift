import Document
import Foundation
import XCTest

@testable import Reports
@testable import TrueupCore

/// Reports of large fleets: within the limits of whoever shows them, and honest about it.
final class ReportLimitTests: XCTestCase {
  private func fleet(stacks: Int, changes: Int, value: String = "x") -> RunReport {
    let actions: [Change.Action] = [.update, .create, .delete, .update]
    return Examples.report(
      .plan,
      (1...stacks).map { number in
        let client = "client\(String(number + 1000).dropFirst())"
        return Examples.stack(
          client,
          changes: (1...changes).map { index in
            Examples.change(
              "\(client)-prod/Resource\(index)", "EC2::VPC", actions[index % 4], .pending,
              id: "vpc-\(index)",
              [
                Examples.difference(
                  "/Name", desired: .string("\(number) \(value)"), observed: "old")
              ])
          }, inSync: 3)
      })
  }

  func testACommentOnALargePlanFitsGitHubAndCountsWhatIsLeftOut() throws {
    for (stacks, changes) in [(500, 1), (500, 20), (40, 60), (2, 3000)] {
      let report = fleet(stacks: stacks, changes: changes)
      let text = PlanMarkdown.render(report, isFull: true)
      let place = "\(stacks) stacks of \(changes) changes"
      XCTAssertLessThanOrEqual(text.utf8.count, 65_536, place)
      XCTAssertEqual(
        text.components(separatedBy: "<details").count,
        text.components(separatedBy: "</details>").count, "\(place): parts should be closed")
      let total = stacks * changes
      let shown = text.matches(of: #/(?m)^[-+!] (update|create|delete) /#).count
      let cut = text.matches(of: #/… and (\d+) more change/#).compactMap { Int($0.1) }
      let left =
        text.firstMatch(of: #/limit: \d+ clients?, ([\d]+) change/#)
        .flatMap { Int($0.1) } ?? 0
      XCTAssertEqual(
        shown + cut.reduce(0, +) + left, total,
        "\(place): \(shown) shown, \(cut) cut and \(left) left out should be all")
      XCTAssertGreaterThan(text.utf8.count, min(20_000, total * 40), "\(place): room is used")
    }
  }

  func testALimitIsKeptWhateverThereIsToSay() {
    var report = fleet(
      stacks: 30, changes: 20, value: String(repeating: "😀`", count: 4000))
    for index in report.plan.stacks.indices where index % 3 == 0 {
      report.plan.stacks[index].error = String(repeating: "<error>", count: 5000)
    }
    for limit in [3_000, 10_000, 65_536] {
      let text = PlanMarkdown.render(report, limit: limit)
      XCTAssertLessThanOrEqual(text.utf8.count, limit)
      XCTAssertTrue(text.hasPrefix("<!-- trueup:plan -->\n"), "the marker is never cut")
      XCTAssertTrue(text.contains("left out") || text.contains("Left out"), "and says so")
    }
  }

  func testAHistoryIsCutToItsLatestRuns() {
    let runs = (0..<200).map { number -> PastRun in
      var run = FleetExample.runs[3]
      run.id = "run-\(number)"
      return run
    }
    let text = HistoryMarkdown.render(runs)
    XCTAssertLessThanOrEqual(text.utf8.count, 65_536)
    let shown = text.components(separatedBy: "<details").count - 1
    XCTAssertTrue(
      text.hasSuffix("Left out: \(200 - shown) older runs.\n"),
      "it should count:\n\(text.suffix(99))")
  }

  func testMermaidDrawsAsManyStacksAsItCan() throws {
    var report = fleet(stacks: 100, changes: 4)
    report.plan.resources = report.plan.stacks.flatMap { FleetExample.resources($0.id.name) }
    let text = GraphMermaid.render(report)
    XCTAssertLessThanOrEqual(text.utf8.count, 50_000)
    XCTAssertLessThanOrEqual(text.matches(of: #/ -\.?->? /#).count, 500)
    let drawn = text.components(separatedBy: "subgraph ").count - 1
    XCTAssertGreaterThan(drawn, 10)
    XCTAssertTrue(text.contains("… \(100 - drawn) stacks left out"), "the others are counted")
  }

  func testAPageHasGraphsOfTheWorstStacksAndSectionsOfAll() throws {
    var report = fleet(stacks: 60, changes: 2)
    report.plan.resources = report.plan.stacks.flatMap { FleetExample.resources($0.id.name) }
    XCTAssertEqual(PlanHTML.graphs(report).count, 24)
    let elements = try PageElements(PlanHTML.render(report, at: 1, isFull: true)).all
    XCTAssertEqual(elements.count { $0.attributes["class"] == "stack-part" }, 60)
  }

  func testTheOrderOfWhatComesInChangesNothing() {
    var generator = SystemRandomNumberGenerator()
    func all(_ report: RunReport) -> [String] {
      [
        PlanMarkdown.render(report), PlanHTML.render(report, at: FleetExample.now),
        GraphDOT.render(report), GraphMermaid.render(report),
        GraphDOT.picture(of: "acme-prod", in: report),
      ]
    }
    let expected = all(FleetExample.drift)
    for _ in 1...5 {
      var report = FleetExample.drift
      report.plan.stacks.shuffle(using: &generator)
      report.plan.resources.shuffle(using: &generator)
      for index in report.plan.stacks.indices {
        report.plan.stacks[index].changes.shuffle(using: &generator)
      }
      XCTAssertEqual(all(report), expected)
    }
  }
}
