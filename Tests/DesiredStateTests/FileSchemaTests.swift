import Document
import TrueupCore
import XCTest

@testable import DesiredState

final class FileSchemaTests: XCTestCase {
  /// A member that the reader takes is never called unknown, whatever its value; any other is.
  func testTheReadersTakeTheMembersOfTheSchemasAndNoOthers() throws {
    let manifest = try FileSchema.manifestDocument(
      Fixture("{ \"Resources\": { \"A\": {} } }").files)
    for (path, subject, schema) in [
      ("fleet.jsonc", "the fleet", FileSchema.fleetDocument),
      ("clients/acme-prod.jsonc", "the manifest", manifest),
      ("blueprints/base.jsonc", "the blueprint", FileSchema.templateDocument(.toys)),
    ] {
      let members = try XCTUnwrap(schema["properties"]?.object).keys.sorted()
      XCTAssertGreaterThan(members.count, 4, "\(subject) should have members")
      for member in members + ["unheardOf"] {
        let isUnknown = Fixture([path: "{ \"\(member)\": null }"]).findings
          .contains("\(subject) has no member")
        XCTAssertEqual(isUnknown, member == "unheardOf", "\(member) of \(subject)")
      }
    }
  }

  func testSchemasInADotFolderAreNoPartOfTheDesiredState() {
    XCTAssertFalse(DesiredFiles.isPart(".schemas/fleet.json"))
    XCTAssertFalse(DesiredFiles.isPart(".schemas/clients/x.jsonc"))
  }

  private func parameters(_ text: String) throws -> Document {
    let files = Fixture("{ \"Parameters\": { \(text) }, \"Resources\": { \"A\": {} } }").files
    let schema = try FileSchema.manifestDocument(files, blueprint: "base")
    return try XCTUnwrap(schema["allOf"]?[0]?["then"])
  }

  func testAParameterIsDescribedByItsTypeAndLimits() throws {
    let cases: [(declared: String, schema: Document)] = [
      (#"{ "Type": "String" }"#, ["type": "string"]),
      (
        #"{ "Type": "String", "Default": "a", "AllowedValues": ["a", "b"], "Description": "It" }"#,
        ["type": "string", "default": "a", "enum": ["a", "b"], "description": "It"]
      ),
      (
        #"{ "Type": "String", "AllowedPattern": "[a-z]+", "MinLength": 2, "MaxLength": "5" }"#,
        ["type": "string", "pattern": "^(?:[a-z]+)$", "minLength": 2, "maxLength": 5]
      ),
      (
        #"{ "Type": "Number", "Default": 3, "MinValue": 1, "MaxValue": 9 }"#,
        ["type": "number", "default": 3, "minimum": 1.0, "maximum": 9.0]
      ),
      (
        #"{ "Type": "CommaDelimitedList", "Default": "a,b" }"#,
        [
          "anyOf": [["type": "array", "items": ["type": "string"]], ["type": "string"]],
          "default": ["a", "b"],
        ]
      ),
      (#"{ "Type": "AWS::EC2::VPC::Id" }"#, ["type": "string", "pattern": "^vpc-."]),
      (#"{ "Type": "AWS::SSM::Parameter::Value<AWS::EC2::VPC::Id>" }"#, ["type": "string"]),
    ]
    for (declared, schema) in cases {
      XCTAssertEqual(
        try parameters("\"It\": \(declared)")["properties"]?["parameters"]?["properties"]?["It"],
        schema, declared)
    }
  }

  func testWhatHasNoDefaultIsRequiredAndSecretsStandUnderSecrets() throws {
    let then = try parameters(
      """
      "Client": { "Type": "String" }, "A": { "Type": "String" },
      "B": { "Type": "String", "Default": "x" },
      "Token": { "Type": "String", "NoEcho": true, "Description": "The bot's" }
      """)
    let parameters = then["properties"]?["parameters"]
    XCTAssertEqual(parameters?["required"], ["A"])
    XCTAssertEqual(parameters?["properties"]?.object?.keys.sorted(), ["A", "B"])
    XCTAssertEqual(then["required"], ["parameters"])
    let secrets = then["properties"]?["secrets"]?["properties"]
    XCTAssertEqual(secrets?.object?.keys.sorted(), ["Token"])
    XCTAssertEqual(secrets?["Token"]?["description"], "The bot's")
    XCTAssertEqual(secrets?["Token"]?["maxProperties"], 1)
  }

  func testABlueprintThatCannotBeReadIsNamedWithItsPlace() {
    XCTAssertThrowsError(
      try FileSchema.manifestDocument(Fixture("{ \"Parameters\": { \"A\": {} } }").files)
    ) {
      XCTAssertEqual(
        "\($0)",
        "desired-state/blueprints/base.jsonc:1:1 cannot be read: the blueprint needs \"Resources\"")
    }
    XCTAssertThrowsError(try FileSchema.manifestDocument(Fixture("{").files)) {
      XCTAssert("\($0)".hasPrefix("desired-state/blueprints/base.jsonc:1:"), "\($0)")
    }
  }

  func testUnsupportedAndReadOnlyPropertiesAreLeftOutOfTemplates() throws {
    let definitions = try XCTUnwrap(FileSchema.templateDocument(.toys)["definitions"])
    let cases = try XCTUnwrap(definitions["Resource"]?["allOf"]?.list)
    let bucket = cases.first {
      $0["if"]?["properties"]?["Type"]?["const"] == "AWS::S3::Bucket"
    }?["then"]?["properties"]?["Properties"]?["properties"]
    XCTAssertNotNil(bucket?["BucketName"])
    XCTAssertNil(bucket?["Arn"], "only AWS sets it")
    XCTAssertNil(bucket?["ReplicationConfiguration"], "it is not supported")
    let rule = definitions["AWS::S3::Bucket.Rule"]?["anyOf"]?[0]?["properties"]
    XCTAssertNotNil(rule?["Transitions"])
    XCTAssertNil(rule?["Transition"], "it is not supported, in any rule")
  }
}
