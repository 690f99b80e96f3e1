import Document
import XCTest

@testable import DesiredState

/// What `trueup compile` prints is a template that other tools take.
final class CompiledTemplateTests: XCTestCase {
  func testWhatIsLeftOverOfExtensionsNeedsTheirTransform() throws {
    let left = try compiled(
      #"{ "Fn::ToJsonString": { "vpc": { "Ref": "Vpc" } } }"#)
    XCTAssertEqual(left["Transform"], "AWS::LanguageExtensions")
    XCTAssertNil(try compiled(#"{ "Fn::ToJsonString": { "vpc": 1 } }"#)["Transform"])
  }

  func testTagsStandWhereTheSchemaHasThem() throws {
    let resources = try XCTUnwrap(try compiled(#""x""#)["Resources"])
    XCTAssertEqual(
      resources["Vpc"]?["Properties"]?["Tags"], [["Key": "Client", "Value": "acme"]])
    XCTAssertNil(
      resources["Mail"]?["Properties"]?["Tags"], "the registry knows none of a subscription")
  }

  private func compiled(_ expression: String) throws -> Document {
    let compilation = Fixture([
      "fleet.jsonc": """
      { "project": "shop", "accounts": { "main": { "id": "123456789012", "region": "us-east-1" } },
        "tags": { "Client": "${Client}" } }
      """,
      "clients/acme-prod.jsonc":
        #"{ "client": "acme", "environment": "prod", "blueprint": "base", "account": "main" }"#,
      "blueprints/base.jsonc": """
      { "Transform": "AWS::LanguageExtensions", "Resources": {
        "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.0.0.0/16" } },
        "Mail": { "Type": "AWS::SNS::Subscription", "Properties": { "Protocol": "email",
          "TopicArn": "arn:aws:sns:us-east-1:123456789012:topic", "Endpoint": "a@example.com" } },
        "Role": { "Type": "AWS::IAM::Role", "Properties": {
          "AssumeRolePolicyDocument": { "It": \(expression) } } } } }
      """,
    ]).compile()
    XCTAssertEqual(compilation.errors.map(\.description), [])
    let stack = try XCTUnwrap(compilation.desired?.stacks.first)
    return CompiledTemplate(stack, catalog: .toys).document
  }
}
