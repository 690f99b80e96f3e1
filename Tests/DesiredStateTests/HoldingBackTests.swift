import TrueupCore
import XCTest

@testable import DesiredState

/// What is wrong in one stack holds back that stack, and no other.
final class HoldingBackTests: XCTestCase {
  private static let vpc = """
    { "Resources": { "Vpc": { "Type": "AWS::EC2::VPC",
      "Properties": { "CidrBlock": "10.0.0.0/16" } } } }
    """
  private static let good: [String: String] = [
    "blueprints/base.jsonc": vpc, "blueprints/other.jsonc": vpc,
    "clients/acme-prod.jsonc": manifest("acme"),
    "clients/beta-prod.jsonc": manifest("beta", "other"),
    "clients/gamma-prod.jsonc": manifest("gamma", "other"),
  ]

  private static func manifest(_ client: String, _ blueprint: String = "base") -> String {
    #"{ "client": "\#(client)", "environment": "prod", "blueprint": "\#(blueprint)" }"#
  }

  private static func files(_ changes: [String: String?], at revision: String) -> DesiredFiles {
    var contents = good.merging(["fleet.jsonc": Fixture.fleet]) { $1 }
    for (path, text) in changes { contents[path] = text }
    return DesiredFiles(revision: revision, contents: contents.mapValues { Array($0.utf8) })
  }

  /// Compiles `changes` on top of the good files; all stacks were last good at `old`.
  private func compile(
    _ changes: [String: String?], old: [String: String?] = [:],
    known: [String] = ["acme", "beta", "gamma"]
  ) -> HoldingCompilation {
    let lastGood = Dictionary(
      uniqueKeysWithValues: known.map {
        ("\($0)-prod", LastGoodRevision(revision: "old", at: 1))
      })
    return Compiler(catalog: .toys).compile(
      Self.files(changes, at: "new"), holdingBackTo: lastGood,
      filesAt: { $0 == "old" ? Self.files(old, at: "old") : nil })
  }

  private func summary(_ holding: HoldingCompilation) -> String {
    let stacks = holding.compilation.desired?.stacks.map { stack in
      "\(stack.id)\(stack.resources.map { "/" + $0.address.resource }.joined())"
        + (stack.manifest.file.hasSuffix("@old") ? "@old" : "")
    }
    let held = holding.heldBack.map { "\($0.stack)=\($0.revision ?? "none")" }
    return (stacks?.sorted().joined(separator: " ") ?? "nothing") + " | "
      + held.joined(separator: " ")
  }

  private struct Case {
    var reason: String
    var changes: [String: String?]
    var old: [String: String?] = [:]
    var known = ["acme", "beta", "gamma"]
    var expected: String
  }

  private static let broken = vpc.replacing("CidrBlock", with: "CidrBlok")
  private static let network = """
    { "Metadata": { "Trueup": { "DisjointCidrs": ["Range"] } },
      "Parameters": { "Range": { "Type": "String" } },
      "Resources": { "Vpc": { "Type": "AWS::EC2::VPC",
        "Properties": { "CidrBlock": { "Ref": "Range" } } } } }
    """

  private static func ranged(_ client: String, _ range: String) -> String {
    """
    { "client": "\(client)", "environment": "prod", "blueprint": "network",
      "parameters": { "Range": "\(range)" } }
    """
  }

  private let cases = [
    Case(
      reason: "without errors nothing is held", changes: [:],
      expected: "acme-prod/Vpc beta-prod/Vpc gamma-prod/Vpc | "),
    Case(
      reason: "a manifest's error holds its stack",
      changes: ["clients/beta-prod.jsonc": manifest("beta", "othr")],
      expected: "acme-prod/Vpc beta-prod/Vpc@old gamma-prod/Vpc | beta-prod=old"),
    Case(
      reason: "a manifest that is no JSON holds its stack",
      changes: ["clients/beta-prod.jsonc": "{"],
      expected: "acme-prod/Vpc beta-prod/Vpc@old gamma-prod/Vpc | beta-prod=old"),
    Case(
      reason: "a blueprint's error holds all its stacks",
      changes: ["blueprints/other.jsonc": broken],
      expected: "acme-prod/Vpc beta-prod/Vpc@old gamma-prod/Vpc@old | beta-prod=old gamma-prod=old"),
    Case(
      reason: "a blueprint that is no JSON holds all its stacks",
      changes: ["blueprints/other.jsonc": "]"],
      expected: "acme-prod/Vpc beta-prod/Vpc@old gamma-prod/Vpc@old | beta-prod=old gamma-prod=old"),
    Case(
      reason: "a blueprint that nobody uses holds nobody",
      changes: ["blueprints/unused.jsonc": "]"],
      expected: "acme-prod/Vpc beta-prod/Vpc gamma-prod/Vpc | "),
    Case(
      reason: "an error of the fleet holds all at their revisions, with the fleet of then",
      changes: ["fleet.jsonc": "{"],
      expected: "acme-prod/Vpc@old beta-prod/Vpc@old gamma-prod/Vpc@old | "
        + "acme-prod=old beta-prod=old gamma-prod=old"),
    Case(
      reason: "a stack that was never in force is left out",
      changes: ["clients/beta-prod.jsonc": "{"], known: ["acme", "gamma"],
      expected: "acme-prod/Vpc gamma-prod/Vpc | beta-prod=none"),
    Case(
      reason: "a stack whose old revision does not hold it is left out",
      changes: ["clients/beta-prod.jsonc": "{"], old: ["clients/beta-prod.jsonc": nil],
      expected: "acme-prod/Vpc gamma-prod/Vpc | beta-prod=none"),
    Case(
      reason: "a stack that was removed is not brought back by an error of the fleet",
      changes: ["fleet.jsonc": "{", "clients/gamma-prod.jsonc": nil],
      expected: "acme-prod/Vpc@old beta-prod/Vpc@old | acme-prod=old beta-prod=old"),
    Case(
      reason: "an importer of a stack that is held goes on with what that exports still",
      changes: [
        "clients/acme-prod.jsonc": "{",
        "blueprints/other.jsonc": vpc.replacing(
          "\"10.0.0.0/16\"", with: "{ \"Fn::ImportValue\": \"range\" }"),
      ],
      old: [
        "blueprints/base.jsonc": vpc.dropLast(2)
          + ", \"Outputs\": { \"Range\": { \"Value\": \"10.0.0.0/16\", "
          + "\"Export\": { \"Name\": \"range\" } } } }"
      ],
      expected: "acme-prod/Vpc@old beta-prod/Vpc gamma-prod/Vpc | acme-prod=old"),
    Case(
      reason: "the rules of the fleet hold also with what is held back",
      changes: [
        "blueprints/network.jsonc": network,
        "clients/acme-prod.jsonc": ranged("acme", "10.7.0.0/99"),
        "clients/beta-prod.jsonc": ranged("beta", "10.1.0.0/16"),
      ],
      old: [
        "blueprints/network.jsonc": network,
        "clients/acme-prod.jsonc": ranged("acme", "10.1.0.0/16"),
        "clients/beta-prod.jsonc": ranged("beta", "10.2.0.0/16"),
      ],
      expected: "acme-prod/Vpc@old beta-prod/Vpc@old gamma-prod/Vpc | "
        + "acme-prod=old beta-prod=old"),
    Case(
      reason: "where nothing can stay in force, the errors of the files are told",
      changes: ["fleet.jsonc": "{"], known: [], expected: "nothing | "),
  ]

  func testOnlyWhatIsWrongIsHeldBack() {
    for test in cases {
      let holding = compile(test.changes, old: test.old, known: test.known)
      XCTAssertEqual(
        summary(holding), test.expected,
        "\(test.reason): \(holding.compilation.diagnostics.map(\.description))")
      for held in holding.heldBack {
        XCTAssert(
          held.reason.contains("@new"), "\(test.reason): the place is told: \(held.reason)")
      }
    }
  }

  func testAStackThatHangsOnWhatAWSDoesNotTellHoldsUpNoOther() {
    let hanging = """
      { "Conditions": { "East": { "Fn::Equals": [
          { "Fn::Select": [0, { "Fn::GetAZs": "" }] }, "us-east-1a"] } },
        "Resources": { "Vpc": { "Type": "AWS::EC2::VPC", "Condition": "East",
          "Properties": { "CidrBlock": "10.0.0.0/16" } } } }
      """
    let changes = ["blueprints/base.jsonc": hanging]
    func holding(old: [String: String?], areFactsAsked: Bool) -> HoldingCompilation {
      Compiler(catalog: .toys).compile(
        Self.files(changes, at: "new"),
        holdingBackTo: ["acme-prod": LastGoodRevision(revision: "old", at: 1)],
        filesAt: { $0 == "old" ? Self.files(old, at: "old") : nil }, areFactsAsked: areFactsAsked)
    }
    XCTAssertTrue(
      holding(old: [:], areFactsAsked: false).compilation.isUndecided, "AWS is asked first")
    XCTAssertEqual(
      summary(holding(old: [:], areFactsAsked: true)),
      "acme-prod/Vpc@old beta-prod/Vpc gamma-prod/Vpc | acme-prod=old")
    XCTAssertEqual(
      summary(holding(old: changes, areFactsAsked: true)),
      "beta-prod/Vpc gamma-prod/Vpc | acme-prod=none", "its last good revision hangs on it too")
  }

  func testTheErrorsAreThoseOfTheNewFiles() {
    let holding = compile(["fleet.jsonc": "{"], known: [])
    XCTAssert(
      holding.compilation.errors.contains { $0.description.contains("fleet.jsonc@new:1:1") },
      "\(holding.compilation.errors)")
  }

  func testSuspendMustBeTrueOrFalse() {
    assertFindings(
      Fixture([
        "blueprints/base.jsonc": Self.vpc,
        "clients/acme-prod.jsonc": """
        { "client": "acme", "environment": "prod", "blueprint": "base", "suspend": "yes" }
        """,
      ]), "clients/acme-prod.jsonc:1:76: \"suspend\" must be true or false")
  }

  func testAFollowedBranchIsOneOfARemote() {
    let cases: [(name: String, remotes: [String], expected: String?)] = [
      ("origin/main", ["origin"], "origin main"),
      ("origin/release/1", ["origin"], "origin release/1"),
      ("a/b/main", ["a", "a/b"], "a/b main"),
      ("main", ["origin"], nil), ("other/main", ["origin"], nil), ("origin/", ["origin"], nil),
    ]
    for test in cases {
      let followed = FollowedBranch(test.name, remotes: test.remotes)
      XCTAssertEqual(
        followed.map { "\($0.remote) \($0.branch)" }, test.expected, "of \(test.name)")
    }
  }
}
