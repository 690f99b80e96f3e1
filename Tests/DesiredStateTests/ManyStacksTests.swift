import TrueupCore
import XCTest

@testable import DesiredState

/// Stacks are compiled at once; what is found does not depend on which is done first.
final class ManyStacksTests: XCTestCase {
  private func fixture(_ blueprint: String, shared: String? = nil) -> Fixture {
    var contents = ["blueprints/base.jsonc": blueprint]
    for index in 0..<120 {
      contents["clients/c\(index)-prod.jsonc"] = """
        { "client": "c\(index)", "environment": "prod", "blueprint": "base",
          "parameters": { "Name": "n\(index)" } }
        """
    }
    contents["blueprints/shared.jsonc"] = shared
    if shared != nil {
      contents["clients/shared-prod.jsonc"] =
        #"{ "client": "shared", "environment": "prod", "blueprint": "shared" }"#
    }
    return Fixture(contents)
  }

  private static func group(_ name: String, _ more: String = "") -> String {
    """
    { "Parameters": { "Name": { "Type": "String" } },
      "Conditions": { "Odd": { "Fn::Equals": [{ "Ref": "Name" }, "n7"] } },
      "Resources": { "Group": { "Type": "AWS::Logs::LogGroup",
        "Properties": { "LogGroupName": \(name) \(more) } } },
      "Outputs": { "Own": { "Value": { "Ref": "Name" } } } }
    """
  }

  func testStacksKeepTheirOrder() throws {
    let desired = try XCTUnwrap(fixture(Self.group(#"{ "Ref": "Name" }"#)).compile().desired)
    XCTAssertEqual(
      desired.stacks.map(\.id.name),
      (0..<120).map { "c\($0)-prod.jsonc" }.sorted().map {
        $0.replacing(".jsonc", with: "")
      })
    for stack in desired.stacks {
      XCTAssertEqual(
        stack.resources.first?.properties["LogGroupName"],
        .string(stack.id.client.replacing("c", with: "n")))
    }
  }

  func testWhatAllShareIsToldOnceAndWhatOneHasForItself() {
    let key = #""arn:aws:kms:us-east-1:123456789012:key/k""#
    let blueprint = Self.group(
      #"{ "Ref": "Name" }"#,
      #", "RetentionInDays": "x", "KmsKeyId": { "Fn::If": ["Odd", { "Ref": "None" }, \#(key)] }"#)
    let expected = """
      blueprints/base.jsonc:4:76: AWS::Logs::LogGroup /RetentionInDays wants a whole number, not \
      "x"
      blueprints/base.jsonc:4:113: the blueprint has no parameter or resource "None"
      """
    for _ in 0..<5 { assertFindings(fixture(blueprint), expected) }
  }

  func testImportsOfManyFromOne() throws {
    let shared = """
      { "Resources": { "Vpc": { "Type": "AWS::EC2::VPC",
          "Properties": { "CidrBlock": "10.0.0.0/16" } } },
        "Outputs": { "Vpc": { "Value": { "Ref": "Vpc" }, "Export": { "Name": "vpc" } },
          "Peer": { "Value": { "Fn::GetStackOutput":
            { "StackName": "c5-prod", "OutputName": "Own" } } } } }
      """
    let importing = """
      { "Parameters": { "Name": { "Type": "String" } },
        "Resources": { "Role": { "Type": "AWS::IAM::Role", "Properties": {
          "AssumeRolePolicyDocument": { "It": { "Fn::ImportValue": "vpc" } } } } },
        "Outputs": { "Own": { "Value": { "Ref": "Name" } } } }
      """
    let compilation = fixture(importing, shared: shared).compile()
    let desired = try XCTUnwrap(compilation.desired, "\(compilation.errors)")
    let vpc = Value.reference(Reference(Address(stack: "shared-prod", resource: "Vpc")))
    for stack in desired.stacks where stack.id.client != "shared" {
      XCTAssertEqual(
        stack.resources.first?.properties["AssumeRolePolicyDocument"]?["It"], vpc, stack.id.name)
    }
    XCTAssertEqual(desired.stacks.last?.outputs.map(\.value), [vpc, .string("n5")])
    XCTAssertEqual(desired.stacks.last?.outputs.map(\.export), ["vpc", nil])
  }
}
