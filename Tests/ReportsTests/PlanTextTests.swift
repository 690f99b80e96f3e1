import Document
import TrueupCore
import XCTest

@testable import Reports

final class PlanTextTests: XCTestCase {
  func testReportsReadAsTheCommittedTranscripts() throws {
    let reports: [(name: String, report: RunReport)] = [
      ("first-plan", Examples.firstPlan),
      ("first-apply", Examples.firstApply),
      ("nothing-to-do", Examples.nothingToDo),
      ("drift", Examples.drift),
      ("replacement-with-cascade", Examples.replacement),
      ("blocked-collision", Examples.blocked),
      ("stalled", Examples.stalled),
      ("access-denied-in-mid-apply", Examples.accessDenied),
      ("one-of-three-clients-failing", Examples.oneClientFails),
      ("refused-by-budget", Examples.refused),
    ]
    for (name, report) in reports {
      try assertGolden(PlanText.render(report), "\(name).txt")
      try assertGolden(PlanJSON.render(report).json(indent: 2) + "\n", "\(name).json")
    }
  }

  func testAPlanBeyondTheBudgetNamesTheOptionThatAllowsIt() {
    let report = Examples.report(
      .plan, [Examples.stack("acme", changes: Examples.replacements(3))])
    let text = PlanText.render(
      report, budget: Budget(deletes: 5, replaces: 2), options: ["--client acme"])
    XCTAssertTrue(
      text.hasSuffix(
        "Apply it with:  trueup apply --client acme --allow-replaces 3   "
          + "(3 replacements in one stack are more than the 2 allowed)\n"),
      "the plan should end in the command that applies it, but reads:\n\(text)")
  }

  func testWhatAnUpdateTakesAwayIsSaidBesideItInEveryFormat() {
    var change = Examples.change("acme-prod/Logs", "Logs::LogGroup", .update, .pending)
    var difference = Difference(
      path: "/RetentionInDays", desired: 1, observed: 30, effect: .update, cause: .pending)
    difference.loss = "it falls from 30 to 1"
    change.differences = [difference]
    let report = Examples.report(.plan, [Examples.stack("acme", changes: [change])])
    for text in [
      PlanText.render(report), PlanMarkdown.render(report), PlanHTML.render(report, at: 0),
    ] {
      XCTAssert(text.contains("counts as a deletion: it falls from 30 to 1"), text)
    }
    XCTAssertEqual(
      PlanText.question(report), "Apply 1 change in acme-prod (1 takes something away)?")
  }

  func testDriftWithOnlyPendingChangesSaysThatItHidesThem() {
    let pending = Examples.change("acme-prod/Vpc", "EC2::VPC", .update, .pending)
    let report = Examples.report(
      .drift, [Examples.stack("acme", changes: [pending], inSync: 2)], calls: ["ec2": 1])
    XCTAssertEqual(
      PlanText.render(report),
      "No drift: 1 stack, 2 resources, 1 API call, 0.6 s   (desired state 4f2c91e, clean)   "
        + "1 pending change not shown (trueup plan shows it)\n")
  }

  func testColourIsThereOnlyWhenAskedFor() {
    XCTAssertFalse(
      PlanText.render(Examples.drift).contains("\u{1B}"), "plain text should hold no escapes")
    let colored = PlanText.render(Examples.drift, style: TextStyle(color: true))
    XCTAssertTrue(colored.contains("\u{1B}[31m-\u{1B}[0m"), "a deletion should be red:\n\(colored)")
    XCTAssertEqual(
      colored.replacing(#/\u{1B}\[\d+m/#, with: ""), PlanText.render(Examples.drift),
      "without its escapes, the coloured text should be the plain one")
  }

  func testWhatDoesNotFitIsCounted() {
    let differences = (1...20).map {
      Examples.difference(
        PropertyPath(["Property\($0)"]), desired: .integer($0), observed: nil)
    }
    let change = Examples.change("acme-prod/Vpc", "EC2::VPC", .update, .pending, differences)
    let text = PlanText.render(Examples.report(.plan, [Examples.stack("acme", changes: [change])]))
    XCTAssertTrue(text.contains("… and 11 more\n"), "hidden lines should be counted:\n\(text)")
  }

  func testControlCharactersFromOutsideDoNotReachTheTerminal() {
    let change = Examples.change(
      "acme-prod/Vpc", "EC2::VPC", .update, .drift, reason: "tag \u{1B}[2Jgone\nnext",
      [Examples.difference("/Tags/X", desired: nil, observed: "a\u{9B}31m\u{7}")])
    let text = PlanText.render(Examples.report(.plan, [Examples.stack("acme", changes: [change])]))
    XCTAssertFalse(
      text.unicodeScalars.contains {
        $0.properties.generalCategory == .control && $0 != "\n"
      }, "no control characters should be left in:\n\(text)")
  }
}
