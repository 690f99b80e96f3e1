import Document
import Reports
import TrueupCore
import XCTest

/// A kind of a made-up type, which only annotates.
private struct ThingKind: Kind {
  let type = "AWS::Example::Thing"
  let facts = TypeFacts(
    Identity(ref: "Name", name: NameRule(property: "Name", maximumLength: 64)),
    placement: .global,
    ownership: .byName,
    lifecycle: Lifecycle(holdsData: true),
    properties: [
      "/Rules": .keyed("Id").ownedWhole([]),
      "/Zones": .set.notResettable("there must be one"),
      "/Rules/*/Range": .normal(.cidr),
      "/Mode": .defaultsTo("plain").createOnly,
      "/Free": .updatable,
      "/Old": .unsupported("AWS takes no new ones"),
      "/Password": .notReadable("AWS never shows it"),
    ])

  func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [] }
  func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] { [] }
  func next(_ step: Step, _ replies: [Reply]) -> Next { .failed("it is only explained") }
}

final class ExplainTests: XCTestCase {
  private static let schema = ResourceSchema(
    type: "AWS::Example::Thing",
    document: [
      "properties": [
        "Arn": ["type": "string", "format": "AWS::Example::Thing.Arn"],
        "Name": [
          "type": "string", "minLength": 1, "maxLength": 64, "format": "AWS::Example::Thing.Name",
        ],
        "Free": ["type": "boolean"], "Mode": ["type": "string", "enum": ["plain", "fancy"]],
        "Old": ["type": "string"], "Password": ["type": "string", "pattern": "^.+$"],
        "Place": ["type": "string"], "Size": ["type": "integer", "minimum": 1, "default": 3],
        "Zones": ["type": "array", "items": ["type": "string"], "minItems": 1],
        "Other": ["type": "string", "format": "AWS::Example::Thing.Arn"],
        "Rules": ["type": "array", "items": ["$ref": "#/definitions/Rule"]],
      ],
      "definitions": [
        "Rule": [
          "type": "object", "required": ["Id"],
          "properties": [
            "Id": ["type": "string"],
            "Range": ["type": "string", "format": "ipv4-network"],
            "Source": ["type": "string", "format": "AWS::Example::Thing.Arn"],
            "Peer": ["type": "string", "format": "AWS::Example::Thing.Name"],
          ],
        ]
      ],
      "required": ["Name"], "readOnlyProperties": ["/properties/Arn"],
      "createOnlyProperties": ["/properties/Name", "/properties/Free"],
      "conditionalCreateOnlyProperties": ["/properties/Place"],
    ])

  private let explainer = Explainer(Catalog([ThingKind()])) { _ in schema }

  private func text(_ query: String) throws -> String {
    ExplainText.render(try explainer.explain(query))
  }

  func testATypeIsExplainedByWhatItIsAndWhatItHas() throws {
    XCTAssertEqual(
      try text("AWS::Example::Thing"),
      """
      AWS::Example::Thing
        Ref gives   Name
        name        Name; made of stack and logical id where it is not declared
        holds data  yes: destroy retains it unless the manifest says otherwise
        lives       once per account
        tags        carries none

      Attributes, for Fn::GetAtt:
        Arn  string

      Properties:
        Free      boolean
        Mode      string  replaces
        Name      string  required, replaces
        Old       string  not supported
        Other     string
        Password  string  not compared
        Place     string  may replace
        Rules     list of objects
        Size      integer
        Zones     list of strings

      """)
  }

  func testAPropertyIsExplainedByWhatItTakesAndDoes() throws {
    let cases: [(query: String, lines: [String])] = [
      ("Arn", ["type    string", "set by  AWS alone; Fn::GetAtt gives it"]),
      (
        "Name",
        ["required  yes", "a change  replaces the resource", "length    1 to 64 characters"]
      ),
      ("Free", ["required  no", "a change  updates in place"]),
      ("Mode", ["a change  replaces the resource", "default   plain", "allowed   plain, fancy"]),
      ("Place", ["a change  may replace the resource"]),
      ("Old", ["not supported  AWS takes no new ones"]),
      ("Password", ["not compared  AWS never shows it", "pattern       ^.+$"]),
      ("Size", ["default   3", "range     at least 1"]),
      (
        "Zones",
        ["not reset  there must be one", "order      means nothing", "elements   at least 1"]
      ),
      (
        "Rules",
        [
          "elements     are told apart by Id",
          "owned whole  yes: what is not declared is taken away", "Members:",
          "Id      string  required",
        ]
      ),
      (
        "Rules.Source",
        ["refers to  AWS::Example::Thing.Arn, by { \"Fn::GetAtt\": [\"…\", \"Arn\"] }"]
      ),
      ("Rules.Id", ["required  yes"]),
      ("Rules/0/Id", ["required  yes"]),
      ("Rules.*.Range", ["compared  as a network", "format    ipv4-network"]),
      (
        "Rules.Peer",
        ["refers to  AWS::Example::Thing.Name, by { \"Ref\": … }"]
      ),
    ]
    for (query, lines) in cases {
      let text = try text("AWS::Example::Thing.\(query)")
      for line in lines {
        XCTAssert(text.contains("  \(line)") || text.contains("\n\(line)"), "\(line) in\n\(text)")
      }
      for line in text.split(separator: "\n") {
        XCTAssertFalse(line.hasSuffix(" "), "trailing space: \(line)")
      }
    }
  }

  func testJSONHoldsValuesAndNotTexts() throws {
    let json = ExplainText.json(try explainer.explain("AWS::Example::Thing.Mode"))
    XCTAssertEqual(
      json,
      [
        "formatVersion": 1, "name": "AWS::Example::Thing.Mode", "type": "string",
        "required": false, "change": "replace", "default": "plain",
        "allowedValues": ["plain", "fancy"], "members": [],
      ])
    let type = ExplainText.json(try explainer.explain("AWS::Example::Thing"))
    XCTAssertEqual(type["attributes"]?[0]?["name"], "Arn")
    XCTAssertEqual(type["name"], "AWS::Example::Thing")
    XCTAssertEqual(type["stateful"], true)
  }

  func testWhatThereIsNotIsSaidWithWhatThereIs() {
    XCTAssertThrowsError(try explainer.explain("AWS::Example::Thin")) {
      XCTAssertEqual(
        $0 as? ExplainError,
        .unknownType("AWS::Example::Thin", known: ["AWS::Example::Thing"]))
    }
    XCTAssertThrowsError(try explainer.explain("AWS::Example::Thing.Rules.Rang")) {
      XCTAssertEqual(
        $0 as? ExplainError,
        .unknownMember(
          "Rang", of: "AWS::Example::Thing.Rules", known: ["Id", "Peer", "Range", "Source"]))
    }
  }
}
