import Document
import TrueupCore
import XCTest

@testable import Reports

/// A kind with something to say in every part of its coverage.
private struct ExampleKind: Kind {
  let type: String
  let facts: TypeFacts

  func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [] }
  func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] { [] }
  func next(_ step: Step, _ replies: [Reply]) -> Next { .failed("an example does nothing") }
}

final class ListingTests: XCTestCase {
  private let kinds = KindCoverage.all(
    Catalog([
      ExampleKind(
        type: "AWS::EC2::VPC",
        facts: TypeFacts(
          Identity(ref: "VpcId"))),
      ExampleKind(
        type: "AWS::Example::Thing",
        facts: TypeFacts(
          Identity(ref: "Id"),
          placement: .global,
          ownership: .byName,
          lifecycle: Lifecycle(holdsData: true),
          properties: [
            "/Mutable": .updatable,
            "/Odd": .createOnly,
            "/Old": .unsupported("AWS takes no new ones"),
            "/Password": .notReadable("AWS never shows it"),
            "/Mode": .notResettable("AWS can change it, not unset it"),
          ])),
    ]),
    createOnly: { $0 == "AWS::EC2::VPC" ? ["/CidrBlock"] : ["/Name", "/Mutable", "/Old"] })

  func testKindsListWhatTheyCoverAndWhyNotAll() throws {
    try assertGolden(KindsText.render(kinds), "kinds.txt")
    try assertGolden(KindsText.json(kinds).json(indent: 2) + "\n", "kinds.json")
  }

  func testHistoryIsGroupedByRun() throws {
    let entries = [
      HistoryEntry(
        time: 1_795_214_467, run: Examples.run, stack: "acme-prod", resource: "TaskRole",
        action: "create", cause: "new", outcome: "failed", error: "iam CreateRole was denied",
        calls: 1, seconds: 0.2),
      HistoryEntry(
        time: 1_795_214_466, run: Examples.run, stack: "acme-prod", resource: "Vpc",
        action: "update", cause: "drift", outcome: "succeeded", calls: 5, seconds: 12),
      HistoryEntry(
        time: 1_795_100_000, run: "2026-11-19T14:53:20Z-01ab", stack: "acme-prod",
        resource: "Vpc", action: "create", cause: "new", outcome: "unfinished", calls: 1,
        seconds: 200),
    ]
    try assertGolden(HistoryText.render(entries), "history.txt")
    try assertGolden(HistoryText.json(entries).json(indent: 2) + "\n", "history.json")
    XCTAssertEqual(HistoryText.render([]), "Nothing was applied yet.\n")
  }

  func testOutputsAreWholeAndSecretsAreNot() throws {
    let outputs: [String: [String: Document]] = [
      "acme-prod": [
        "VpcId": "vpc-1", "Zones": ["a", "b"], "Token": .secret(nil),
        "Arn": .string("arn:aws:" + String(repeating: "x", count: 100)),
        "GroupId": .unknown("acme-prod/Group.GroupId"), "Text": "two words",
      ],
      "beta-prod": [:],
    ]
    try assertGolden(OutputsText.render(outputs), "outputs.txt")
    try assertGolden(OutputsText.json(outputs).json(indent: 2) + "\n", "outputs.json")
  }

  func testErrorsOfTheDesiredStateAreAllListedByPlaceAndCounted() throws {
    func at(_ file: String, _ line: Int, _ message: String) -> LocatedMessage {
      LocatedMessage(
        location: SourceLocation(
          file: "desired-state/\(file)", position: Position(line: line, column: 18)),
        message: message)
    }
    let messages = [
      at("clients/beta-prod.jsonc", 7, "VpcCidr 10.1.0.0/16 overlaps 10.1.0.0/16 of acme-prod"),
      at("blueprints/base.jsonc", 41, #"AWS::EC2::Subnet has no property "CidrBlok""#),
      at("blueprints/base.jsonc", 9, "a reference to nothing"),
      LocatedMessage(location: nil, message: "no manifest matches --client nobody"),
    ]
    try assertGolden(DiagnosticsText.render(messages), "diagnostics.txt")
    XCTAssertEqual(DiagnosticsText.render([]), "")
    XCTAssertEqual(
      DiagnosticsText.render([LocatedMessage(location: nil, message: "empty")]),
      "empty\n1 error; nothing was sent to AWS.\n")
  }
}
