import Document
import TrueupCore
import XCTest

@testable import DesiredState

/// What a manifest adopts, and how `trueup adopt` writes it.
final class AdoptionTests: XCTestCase {
  private static let blueprint = """
    { "Conditions": { "Never": { "Fn::Equals": [1, 2] } },
      "Resources": {
        "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.0.0.0/16" } },
        "Other": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } },
        "Logs": { "Type": "AWS::Logs::LogGroup" },
        "Off": { "Type": "AWS::Logs::LogGroup", "Condition": "Never" } } }
    """

  private static let start = #""client": "acme", "environment": "prod", "blueprint": "base""#

  private func fixture(_ adopt: String, _ more: [String: String] = [:]) -> Fixture {
    Fixture(
      [
        "blueprints/base.jsonc": Self.blueprint,
        "clients/acme-prod.jsonc": "{ \(Self.start), \"adopt\": \(adopt) }",
      ].merging(more) { _, new in new })
  }

  // MARK: Reading

  func testBothFormsAreCompiled() throws {
    let cases: [(adopt: String, adopted: [String: String?])] = [
      (#"["Logs"]"#, ["Logs": nil]), ("[]", [:]), ("{}", [:]),
      (#"{ "Vpc": "vpc-0123", "Logs": true }"#, ["Vpc": "vpc-0123", "Logs": nil]),
      (#"{ "Logs": "High CPU /é" }"#, ["Logs": "High CPU /é"]),
      (#"["Off"]"#, [:]),
    ]
    for (adopt, adopted) in cases {
      let compilation = fixture(adopt).compile()
      XCTAssertEqual(compilation.diagnostics.map(\.description), [], adopt)
      let resources = try XCTUnwrap(compilation.desired?.stacks.first?.resources)
      for resource in resources {
        let name = resource.address.resource
        XCTAssertEqual(resource.adopt, adopted.keys.contains(name), "\(name) of \(adopt)")
        XCTAssertEqual(resource.adoptedID, adopted[name] ?? nil, "\(name) of \(adopt)")
      }
    }
  }

  func testAnIDAloneSaysThatItIsAdopted() {
    let resource = DesiredResource(
      address: Address(stack: "a-b", resource: "Vpc"), type: "AWS::EC2::VPC",
      scope: Scope(account: "123456789012", region: nil), properties: .object(of: [:]),
      location: SourceLocation(file: "x", position: Position(line: 1, column: 1)),
      adoptedID: "vpc-1")
    XCTAssertTrue(resource.adopt)
  }

  func testMistakesAreToldAtTheirPlaces() {
    let cases: [(adopt: String, finding: String)] = [
      (
        #""Vpc""#,
        #"1:74: "adopt" of the manifest must be a list of logical ids, or an object with the ids of what exists, not a string"#
      ),
      (
        #"{ "Vcp": "vpc-1" }"#,
        #"1:76: "adopt" names no resource of blueprint base: "Vcp"; did you mean "Vpc"?"#
      ),
      (
        #"[{ "Vpc": "vpc-1" }]"#,
        #"1:75: "adopt" is a list of logical ids, or one object with the ids of what exists: "adopt": { "Vpc": "vpc-0123" }"#
      ),
      (#"[""]"#, #"1:75: "adopt" of the manifest must be a string that is not empty"#),
      (#"{ "Vpc": "" }"#, #"1:83: the id of "Vpc" in "adopt" is empty"#),
      (
        #"{ "Vpc": "vpc-1 " }"#,
        #"1:83: the id of "Vpc" in "adopt" must not begin or end with a space: "vpc-1 ""#
      ),
      (
        #"{ "Vpc": "a\u202Eb" }"#,
        #"1:83: the id of "Vpc" in "adopt" has characters that cannot be shown"#
      ),
      (
        #"{ "Vpc": "a\u0000b" }"#,
        #"1:83: the id of "Vpc" in "adopt" has characters that cannot be shown"#
      ),
      (
        #"{ "Vpc": false }"#,
        #"1:83: "Vpc" of "adopt" must be the id of what exists, or true where its name tells which it is, not false"#
      ),
      (
        #"{ "Vpc": 7 }"#,
        #"1:83: "Vpc" of "adopt" must be the id of what exists, or true where its name tells which it is, not 7"#
      ),
    ]
    for (adopt, finding) in cases {
      assertFindings(fixture(adopt), "clients/acme-prod.jsonc:\(finding)", adopt)
    }
  }

  func testWhatExistsOnceBelongsToOneResource() {
    assertFindings(
      fixture(#"{ "Vpc": "vpc-1", "Other": "vpc-1" }"#),
      #"clients/acme-prod.jsonc:1:101: "vpc-1" is adopted by acme-prod/Vpc already; what exists once belongs to one resource"#
    )
    let beta = #"{ "client": "beta", "environment": "prod", "blueprint": "base", "#
    assertFindings(
      fixture(
        #"{ "Vpc": "vpc-1" }"#,
        ["clients/beta-prod.jsonc": beta + #""adopt": { "Vpc": "vpc-1" } }"#]),
      #"clients/beta-prod.jsonc:1:83: "vpc-1" is adopted by acme-prod/Vpc already; what exists once belongs to one resource"#
    )
    assertFindings(
      fixture(
        #"{ "Vpc": "x", "Logs": "x" }"#,
        [
          "clients/beta-prod.jsonc": beta
            + #""region": "eu-west-1", "adopt": { "Vpc": "x" } }"#
        ]), "", "equal ids of other types and regions are not the same thing")
  }

  // MARK: Writing

  private typealias Entry = AdoptionEdit.Entry

  func testNothingButTheAdoptionIsWritten() throws {
    let cases: [(reason: String, entries: [Entry], before: String, after: String)] = [
      (
        "the first, by name", [Entry(resource: "Logs")], "{\n  // Who\n  \"client\": \"a\",\n}\n",
        "{\n  // Who\n  \"client\": \"a\",\n  \"adopt\": [\"Logs\"],\n}\n"
      ),
      (
        "the first, by id", [Entry(resource: "Vpc", id: "vpc-1")], "{ \"client\": \"a\" }",
        "{ \"client\": \"a\", \"adopt\": { \"Vpc\": \"vpc-1\" } }"
      ),
      (
        "both at once", [Entry(resource: "Logs"), Entry(resource: "Vpc", id: "vpc-1")],
        "{ \"client\": \"a\" }",
        "{ \"client\": \"a\", \"adopt\": { \"Logs\": true, \"Vpc\": \"vpc-1\" } }"
      ),
      (
        "a list stays a list", [Entry(resource: "B")], "{ \"adopt\": [\"A\"], \"client\": \"a\" }",
        "{ \"adopt\": [\"A\", \"B\"], \"client\": \"a\" }"
      ),
      (
        "a list of several lines", [Entry(resource: "B")],
        "{\n  \"adopt\": [\n    // found\n    \"A\" // one\n  ],\n}",
        "{\n  \"adopt\": [\n    // found\n    \"A\", // one\n    \"B\"\n  ],\n}"
      ),
      (
        "a list becomes an object", [Entry(resource: "B", id: "b/1 \"")],
        "{\n  \"adopt\": [\n    // found\n    \"A\", /* \"X\", */ \"C\", // one ]\n  ],\n}",
        "{\n  \"adopt\": {\n    // found\n    \"A\": true, /* \"X\", */ \"C\": true, \"B\": \"b/1 \\\"\", // one ]\n  },\n}"
      ),
      (
        "a list on one line becomes an object", [Entry(resource: "A", id: "a-1")],
        "{ \"adopt\": [\"A\", \"B\"] }", "{ \"adopt\": { \"A\": \"a-1\", \"B\": true } }"
      ),
      (
        "an empty list", [Entry(resource: "A")], "{ \"adopt\": [ /* none */ ] }",
        "{ \"adopt\": [\"A\" /* none */ ] }"
      ),
      (
        "an empty list and an id", [Entry(resource: "A", id: "1")], "{ \"adopt\": [] }",
        "{ \"adopt\": { \"A\": \"1\" } }"
      ),
      (
        "an empty object", [Entry(resource: "A")], "{ \"adopt\": {} }",
        "{ \"adopt\": { \"A\": true } }"
      ),
      (
        "an object", [Entry(resource: "B"), Entry(resource: "C", id: "c")],
        "{\r\n\t\"adopt\": {\r\n\t\t\"A\": \"a\" // first\r\n\t}\r\n}",
        "{\r\n\t\"adopt\": {\r\n\t\t\"A\": \"a\", // first\r\n\t\t\"B\": true,\r\n\t\t\"C\": \"c\"\r\n\t}\r\n}"
      ),
      (
        "another id", [Entry(resource: "A", id: "new")],
        "{ \"adopt\": { \"A\": \"old\" /* why */, } }",
        "{ \"adopt\": { \"A\": \"new\" /* why */, } }"
      ),
      (
        "an id in place of the name", [Entry(resource: "A", id: "new")],
        "{ \"adopt\": { \"A\": true } }", "{ \"adopt\": { \"A\": \"new\" } }"
      ),
      (
        "an id stays where none is given", [Entry(resource: "A")],
        "{ \"adopt\": { \"A\": \"old\" } }", "{ \"adopt\": { \"A\": \"old\" } }"
      ),
      (
        "it is there", [Entry(resource: "A")], "{ \"adopt\": [\"A\"] }", "{ \"adopt\": [\"A\"] }"
      ),
    ]
    for (reason, entries, before, after) in cases {
      let edit = AdoptionEdit(entries: entries)
      XCTAssertEqual(try edit.written(into: before), after, reason)
      XCTAssertEqual(try edit.written(into: after), after, "\(reason), written twice")
    }
  }

  func testWhatIsNotUnderstoodIsNotEdited() {
    let edit = AdoptionEdit(entries: [Entry(resource: "A", id: "1")])
    for text in [
      "{ \"adopt\": ", "{}", "[]", "{ \"adopt\": \"A\" }", "{ \"adopt\": [\"B\", \"B\"] }",
      "{ \"adopt\": [7] }",
    ] {
      XCTAssertThrowsError(try edit.written(into: text), text)
    }
    XCTAssertEqual(edit.member, #""adopt": { "A": "1" }"#)
  }

  // MARK: Proposals

  private func proposals(
    _ pairs: [(String, String, String?)], _ fixture: Fixture
  ) throws -> [Adoption.Proposal] {
    try Adoption(
      pairs: pairs.map { .init(address: Address(stack: $0.0, resource: $0.1), id: $0.2) }
    ).proposals(for: fixture.files, compiler: Compiler(catalog: .toys))
  }

  func testSeveralStacksAreProposedAtOnce() throws {
    let fixture = fixture(
      #"{ "Vpc": "vpc-1" }"#,
      [
        "clients/beta-prod.jsonc":
          #"{ "client": "beta", "environment": "prod", "blueprint": "base" }"#
      ])
    let proposals = try proposals(
      [("beta-prod", "Vpc", "vpc-2"), ("acme-prod", "Vpc", nil), ("beta-prod", "Logs", nil)],
      fixture)
    XCTAssertEqual(proposals.map(\.path), ["clients/acme-prod.jsonc", "clients/beta-prod.jsonc"])
    XCTAssertEqual(proposals.map(\.isChanged), [false, true])
    XCTAssertEqual(
      proposals.map(\.entries),
      [
        [Entry(resource: "Vpc", id: "vpc-1")],
        [Entry(resource: "Vpc", id: "vpc-2"), Entry(resource: "Logs")],
      ])
    XCTAssertEqual(proposals[1].types["Vpc"], "AWS::EC2::VPC")
    XCTAssertTrue(
      proposals[1].text.contains(#""adopt": { "Vpc": "vpc-2", "Logs": true }"#), proposals[1].text)
  }

  func testWhatCannotBeAdoptedIsRefused() throws {
    let plain = fixture("[]")
    func refusal(_ pairs: [(String, String, String?)], _ fixture: Fixture) -> Adoption.Refusal? {
      do {
        _ = try proposals(pairs, fixture)
        return nil
      } catch {
        return error as? Adoption.Refusal
      }
    }
    let vpc = Address(stack: "acme-prod", resource: "Vpc")
    XCTAssertEqual(
      refusal([("acme-prd", "Vpc", nil)], plain),
      .unknownStack("acme-prd", nearest: "acme-prod"))
    XCTAssertEqual(
      refusal([("acme-prod", "Vcp", "vpc-1")], plain),
      .unknownResource(
        Address(stack: "acme-prod", resource: "Vcp"), blueprint: "base", nearest: "Vpc"))
    XCTAssertEqual(
      refusal([("acme-prod", "Off", nil)], plain),
      .notCreated(Address(stack: "acme-prod", resource: "Off"), condition: "Never"))
    XCTAssertEqual(
      refusal([("acme-prod", "Vpc", "vpc-1"), ("acme-prod", "Vpc", "vpc-2")], plain), .twice(vpc))
    XCTAssertEqual(
      refusal([("acme-prod", "Vpc", " ")], plain),
      .invalidID(vpc, problem: "must not begin or end with a space: \" \""))
    guard
      case .invalid(let errors) = refusal(
        [("acme-prod", "Vpc", "vpc-1"), ("acme-prod", "Other", "vpc-1")], plain)
    else { return XCTFail("one thing is adopted by two") }
    XCTAssertEqual(errors.count, 1, "\(errors)")
    guard
      case .invalid = refusal(
        [("acme-prod", "Vpc", "vpc-1")], fixture("[]", ["clients/beta-prod.jsonc": "{"]))
    else { return XCTFail("an error elsewhere is told before anything is written") }
  }
}
