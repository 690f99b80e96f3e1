import Document
import XCTest

@testable import TrueupCore

/// What does not go on until what is wanted changes, or a person says so.
final class PlannerStalledTests: XCTestCase {
  private let store = Address(stack: "acme-prod", resource: "Store")
  private let stall = Stall("it was rolled back", remedy: "trueup deploy --again acme-prod/Store")

  private func desired(_ text: String, size: Int = 10, _ more: DesiredResource...) -> Desired {
    var desired = Fleet.desired(
      Fleet.resource("Recipe", ToyKind.recipe, ["Text": .string(text)]),
      Fleet.store("Store", ["Source": Fleet.ref("Recipe"), "Size": .known(.integer(size))]))
    desired.stacks[0].resources += more
    return desired
  }

  private func plan(
    _ world: TestWorld, _ desired: Desired, standing: Standing? = nil, answer: Answer? = nil
  ) -> Plan {
    var options = Planner.Options(revision: world.git.commit(desired, as: nil))
    if let answer { options.answers = [store: answer] }
    var evidence = world.evidence()
    if let standing { evidence.standings = [store: standing] }
    return Planner(
      catalog: ToyKind.catalog, desired: desired, snapshot: world.snapshot, evidence: evidence,
      options: options
    ).plan()
  }

  private func converged() -> TestWorld {
    var world = TestWorld()
    XCTAssertEqual(world.converge(desired("a")), [])
    return world
  }

  func testWhatIsStalledIsLeftAsItIsAndKeepsWhatItUses() {
    let plan = plan(converged(), desired("b"), standing: .stalled(stall))
    XCTAssertEqual(plan.lines, ["replace Recipe pending", "stalled Store pending"])
    let change = plan.change(of: "Store")
    XCTAssertEqual(change?.reason, stall.reason)
    XCTAssertEqual(change?.hint, stall.remedy)
    XCTAssertEqual(change?.differences.map(\.path), ["/Source"])
    XCTAssertEqual(change?.isFinding, true)
    XCTAssertEqual(
      plan.steps.map(\.id.description), ["create acme-prod/Recipe"],
      "the old revision is still used")
  }

  func testWhatIsAsDesiredMayBeStalled() {
    let plan = plan(converged(), desired("a"), standing: .stalled(stall))
    XCTAssertEqual(plan.lines, ["stalled Store pending"])
    XCTAssertNil(plan.settled[store], "it has not come about")
    XCTAssertTrue(plan.steps.isEmpty)
    XCTAssertEqual(plan.change(of: "Store")?.findings(project: "p").map(\.reason), [stall.text])
  }

  func testWhatMovedBesidesIsToldAsWhatItIs() {
    var world = converged()
    world.change("Store") { $0.properties = $0.properties.setting("Size", 11) }
    func findings(_ text: String) -> [DriftFinding] {
      plan(world, desired(text), standing: .stalled(stall)).change(of: "Store")?
        .findings(project: "p") ?? []
    }
    XCTAssertEqual(findings("a").map(\.id.path), ["/Size"])
    XCTAssertEqual(findings("b").map(\.id.path), ["", "/Size"], "git wants something, too")
    let put = plan(world, desired("a")).change(of: "Store")?.findings(project: "p") ?? []
    XCTAssertEqual(findings("a").map(\.fingerprint), put.map(\.fingerprint), "no other news")
  }

  func testWhatIsMadeFromItWaitsWithIt() {
    let board = Fleet.resource("Board", ToyKind.board, ["Source": Fleet.ref("Store")])
    let plan = plan(converged(), desired("b", board), standing: .stalled(stall))
    XCTAssertEqual(
      plan.lines, ["stalled Board new", "replace Recipe pending", "stalled Store pending"])
    XCTAssertEqual(
      plan.change(of: "Board")?.reason, "needs acme-prod/Store, which is stalled")
  }

  func testWhatIsUnderWayIsANote() {
    let plan = plan(converged(), desired("a"), standing: .progressing("1 of 2 run"))
    XCTAssertEqual(plan.lines, [])
    XCTAssertEqual(plan.stacks.first?.notes, ["Store: 1 of 2 run"])
  }

  func testAPersonStartsItAgain() {
    let differing = plan(converged(), desired("b"), answer: .again)
    let step = differing.steps.first { $0.id.address == store }
    XCTAssertEqual(step?.answer, .again)
    XCTAssertEqual(step?.changed, ["Source"])
    let same = plan(converged(), desired("a"), answer: .again)
    XCTAssertEqual(same.lines, ["update Store pending"])
    XCTAssertEqual(same.change(of: "Store")?.reason, "it is started once more")
    XCTAssertEqual(same.steps.map(\.answer), [.again])
    XCTAssertEqual(same.steps.map(\.changed), [[]])
  }

  func testAnAnswerToWhatIsUnderWayChangesNothingElse() {
    for answer in [Answer.approve, .rollback] {
      let plan = plan(converged(), desired("a", size: 11), answer: answer)
      XCTAssertEqual(plan.lines, ["update Store pending"])
      XCTAssertEqual(plan.change(of: "Store")?.differences, [])
      XCTAssertEqual(plan.steps.map(\.answer), [answer])
      XCTAssertEqual(plan.steps.map(\.changed), [[]])
    }
    let new = plan(TestWorld(), desired("a"), answer: .approve)
    XCTAssertTrue(new.steps.allSatisfy { $0.answer == nil }, "there is nothing to answer")
  }
}
