import Document
import Foundation
import XCTest

@testable import Reports
@testable import TrueupCore

/// The reports of a whole fleet in every form, as they are committed under `Golden/`.
final class ReportFormatTests: XCTestCase {
  func testTheFleetReadsAsTheCommittedReports() throws {
    let (drift, plan, runs) = (FleetExample.drift, FleetExample.plan, FleetExample.runs)
    let now = FleetExample.now
    let budget = Budget(deletes: 0, replaces: 0)
    try assertGolden(PlanText.render(drift), "fleet-drift.txt")
    try assertGolden(PlanJSON.render(drift).json(indent: 2) + "\n", "fleet-drift.json")
    try assertGolden(PlanMarkdown.render(drift), "fleet-drift.md")
    try assertGolden(
      PlanMarkdown.render(plan, budget: budget, options: ["--environment prod"]), "fleet-plan.md")
    try assertGolden(PlanHTML.render(drift, at: now, runs: runs), "fleet-drift.html")
    try assertGolden(GraphDOT.render(plan), "fleet-plan.dot")
    try assertGolden(GraphMermaid.render(plan), "fleet-plan.mmd")
    try assertGolden(HistoryText.render(runs.flatMap(\.changes)), "fleet-history.txt")
    try assertGolden(HistoryMarkdown.render(runs), "fleet-history.md")
    try assertGolden(HistoryHTML.render(runs, at: now), "fleet-history.html")
    try assertGolden(PlanMarkdown.render(Examples.nothingToDo), "nothing-to-do.md")
    try assertGolden(
      PlanMarkdown.render(Examples.oneClientFails), "one-of-three-clients-failing.md")
  }

  func testTheExampleIsAsLargeAsItSays() {
    let plan = FleetExample.drift.plan
    XCTAssertEqual(plan.resources.count, 60, "resources")
    XCTAssertEqual(plan.changes.count, 10, "findings")
    XCTAssertEqual(Set(plan.stacks.map(\.id.client)).count, 3, "clients")
  }
}
