import Document
import TrueupCore
import XCTest

@testable import DesiredState

/// Sections of a blueprint besides its functions and properties.
final class TemplateTests: XCTestCase {
  func testWrongTemplatesAreErrorsAtTheirPlace() {
    let role =
      #""R": { "Type": "AWS::IAM::Role", "Properties": { "AssumeRolePolicyDocument": {} } }"#
    let cases: [(reason: String, blueprint: String, findings: String)] = [
      ("an object is expected", "[]", "1:1: the blueprint must be an object, not a list"),
      (
        "a syntax error", "{ \"Resources\": { ",
        "1:16: the '{' here has no '}': expected a key in double quotes, found the end of the text"
      ),
      (
        "unknown section", "{ \"Resource\": {}, \"Resources\": { \(role) } }",
        #"1:3: the blueprint has no member "Resource"; did you mean "Resources"?"#
      ),
      ("no resources", "{}", #"1:1: the blueprint needs "Resources""#),
      (
        "empty resources", "{ \"Resources\": {} }",
        #"1:1: "Resources" of the blueprint must not be empty"#
      ),
      (
        "wrong version", "{ \"AWSTemplateFormatVersion\": \"2010\", \"Resources\": { \(role) } }",
        #"1:31: AWSTemplateFormatVersion must be "2010-09-09", not "2010""#
      ),
      (
        "macro", "{ \"Transform\": [\"AWS::Serverless-2016-10-31\"], \"Resources\": { \(role) } }",
        #"1:17: transform "AWS::Serverless-2016-10-31" is not supported, only AWS::LanguageExtensions"#
      ),
      (
        "unknown type", #"{ "Resources": { "R": { "Type": "AWS::EC2::VPCs" } } }"#,
        #"1:33: AWS::EC2::VPCs is not supported; did you mean "AWS::EC2::VPC"?"#
      ),
      (
        "a type far from all", #"{ "Resources": { "R": { "Type": "AWS::Braket::Thing" } } }"#,
        "1:33: AWS::Braket::Thing is not supported; trueup kinds lists what is"
      ),
      (
        "custom resource", #"{ "Resources": { "R": { "Type": "Custom::Thing" } } }"#,
        "1:33: custom resources are not supported: Custom::Thing"
      ),
      (
        "nested stack", #"{ "Resources": { "R": { "Type": "AWS::CloudFormation::Stack" } } }"#,
        "1:33: nested stacks are not supported; give the nested stack a manifest"
      ),
      (
        "no type", #"{ "Resources": { "R": { "Properties": {} } } }"#,
        #"1:23: resource "R" needs "Type""#
      ),
      (
        "unknown attribute of a resource",
        #"{ "Resources": { "R": { "Type": "AWS::S3::Bucket", "DependOn": "X" } } }"#,
        #"1:52: resource "R" has no member "DependOn"; did you mean "DependsOn"?"#
      ),
      (
        "logical id", #"{ "Resources": { "R-1": { "Type": "AWS::S3::Bucket" } } }"#,
        #"1:18: logical id "R-1" must have letters and digits only"#
      ),
      (
        "DependsOn",
        "{ \"Resources\": { \"Bucket\": { \"Type\": \"AWS::S3::Bucket\", \"DependsOn\": [\"r\", \"Rx\"] }, \(role) } }",
        #"""
        1:71: DependsOn names no resource: "r"; did you mean "R"?
        1:76: DependsOn names no resource: "Rx"
        """#
      ),
      (
        "a snapshot of what has none",
        #"{ "Resources": { "B": { "Type": "AWS::S3::Bucket", "DeletionPolicy": "Snapshot" } } }"#,
        "1:70: DeletionPolicy cannot be Snapshot: AWS::S3::Bucket has no snapshots"
      ),
      (
        "policies",
        #"{ "Resources": { "B": { "Type": "AWS::S3::Bucket", "DeletionPolicy": "Keep", "UpdateReplacePolicy": "RetainExceptOnCreate" } } }"#,
        #"""
        1:70: DeletionPolicy must be one of Delete, Retain, Snapshot, RetainExceptOnCreate, not "Keep"
        1:101: UpdateReplacePolicy must be one of Delete, Retain, Snapshot, not "RetainExceptOnCreate"
        """#
      ),
      (
        "ignored policies are told",
        #"{ "Resources": { "B": { "Type": "AWS::S3::Bucket", "UpdatePolicy": {} } } }"#,
        "1:52: warning: UpdatePolicy has no effect: Trueup itself decides when a resource is ready"
      ),
      (
        "our metadata",
        #"{ "Resources": { "B": { "Type": "AWS::S3::Bucket", "Metadata": { "Trueup": { "Replace": "first", "Was": "B", "Region": "x", "Acount": "y" } } } } }"#,
        #"""
        1:89: Replace must be "delete-first", not "first"
        1:105: Was names a resource that the blueprint still has: "B"
        1:120: "x" is no region such as us-east-1
        1:125: Metadata.Trueup of B has no member "Acount"; did you mean "Account"?
        """#
      ),
      (
        "owners of properties",
        #"{ "Resources": { "B": { "Type": "AWS::S3::Bucket", "Metadata": { "Trueup": { "Owners": { "BucketName": "ci", "/BucketNam": "ci", "/Arn": "ci", "/Tags/A": "robot", "/Tags": "ci", "/VersioningConfiguration/Status": "create-only" } } } } } }"#,
        #"""
        1:90: Owners of B: a property is named by its path, "/BucketName"
        1:110: Owners of B: AWS::S3::Bucket has no property "/BucketNam"; did you mean "BucketName"?
        1:130: Owners of B: nobody can set /Arn
        1:155: the owner of /Tags/A must be one of git, autoscaler, ci, create-only, not "robot"
        1:164: Owners of B: a tag is named by its key, "/Tags/CostCenter"
        """#
      ),
      (
        "condition of a resource",
        #"{ "Resources": { "B": { "Type": "AWS::S3::Bucket", "Condition": "C" } } }"#,
        #"1:65: the blueprint has no condition "C""#
      ),
      (
        "condition that depends on itself",
        "{ \"Conditions\": { \"A\": { \"Condition\": \"B\" }, \"B\": { \"Fn::Not\": [{ \"Condition\": \"A\" }] } }, \"Resources\": { \(role) } }",
        "1:80: condition A depends on itself"
      ),
      (
        "condition functions",
        "{ \"Conditions\": { \"A\": { \"Fn::Equal\": [1, 2] }, \"B\": true, \"C\": { \"Fn::And\": [] } }, \"Resources\": { \(role) } }",
        #"""
        1:26: Fn::Equal is no condition function; did you mean "Fn::Equals"?
        1:54: a condition must be one function, such as Fn::Equals
        1:78: Fn::And wants a list of 2 to 10 conditions
        """#
      ),
      (
        "conditions know no resource",
        "{ \"Conditions\": { \"A\": { \"Fn::Equals\": [{ \"Ref\": \"R\" }, 2] } }, \"Resources\": { \(role) } }",
        "1:41: a condition cannot depend on resource R"
      ),
      (
        "mappings",
        "{ \"Mappings\": { \"M\": { \"a\": 1, \"b\": { \"c\": {} } } }, \"Resources\": { \(role) } }",
        #"""
        1:29: mapping "M" must have two levels of keys
        1:44: a value of mapping "M" must be a string or a list of strings, not an object
        """#
      ),
      (
        "outputs",
        "{ \"Resources\": { \(role) },\n\"Outputs\": { \"A\": {}, \"B\": { \"Value\": [1] }, \"C\": { \"Value\": \"x\", \"Valu\": 1 }, \"D\": { \"Value\": \"x\", \"Export\": {} } } }",
        #"""
        2:14: output "A" needs "Value"
        2:39: output B must be a string, not a list
        2:67: output "C" has no member "Valu"; did you mean "Value"?
        2:111: "Export" of output "D" needs "Name"
        """#
      ),
      (
        "reserved tags",
        #"{ "Resources": { "B": { "Type": "AWS::S3::Bucket", "Properties": { "Tags": [{ "Key": "aws:x", "Value": "" }, { "Key": "trueup:stack", "Value": "" }, { "Key": "a", "Value": "" }, { "Key": "a", "Value": "" }] } } } }"#,
        #"""
        1:86: tag "aws:x" cannot be declared: AWS itself writes tags in aws:
        1:119: tag "trueup:stack" cannot be declared: Trueup itself writes tags in trueup:
        1:188: tag "a" is declared twice
        """#
      ),
    ]
    for (reason, blueprint, findings) in cases {
      let expected = findings.split(separator: "\n").map { "blueprints/base.jsonc:\($0)" }
      assertFindings(
        Fixture(["blueprints/base.jsonc": blueprint]), expected.joined(separator: "\n"), reason)
    }
  }

  func testAWholeResource() throws {
    let compilation = Fixture([
      "fleet.jsonc": """
      { "project": "cosyworld", "accounts": { "main": { "id": "123456789012", "region": "eu-west-1" } },
        "tags": { "Project": "${Project}", "Client": "${Client}", "Owner": "fleet", "Cost": "fleet" } }
      """,
      "clients/acme-prod.jsonc": """
      { "client": "acme", "environment": "prod", "blueprint": "base", "adopt": ["Group"],
        "tags": { "Owner": "${Client}-${Environment}", "Cost": "manifest" } }
      """,
      "blueprints/base.jsonc": """
      { "Conditions": { "Never": { "Fn::Equals": [1, 2] } },
        "Resources": {
          "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.0.0.0/16" } },
          "Role": { "Type": "AWS::IAM::Role", "Properties": { "AssumeRolePolicyDocument": {} } },
          "Off": { "Type": "AWS::S3::Bucket", "Condition": "Never" },
          // comments are welcome
          "Group": { "Type": "AWS::EC2::SecurityGroup", "DependsOn": ["Role", "Off"],
            "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain", "Description": "for people",
            "Metadata": { "Trueup": { "Replace": "delete-first", "Was": "Old",
              "Owners": { "/SecurityGroupIngress": "ci", "/VpcId": "git" } } },
            "Properties": { "GroupDescription": "x", "VpcId": { "Ref": "Vpc" },
              "Tags": [{ "Key": "Cost", "Value": { "Ref": "Vpc" } }, { "Key": "Port", "Value": 80 }] } } },
        "Outputs": {
          "Group": { "Value": { "Ref": "Group" }, "Description": "the group",
            "Export": { "Name": { "Fn::Sub": "${AWS::StackName}-group" } } },
          "Off": { "Condition": "Never", "Value": { "Ref": "Off" } } } }
      """,
    ]).compile()
    XCTAssertEqual(compilation.diagnostics.map(\.description), [])
    let stack = try XCTUnwrap(compilation.desired?.stacks.first)
    let vpc = Address(stack: "acme-prod", resource: "Vpc")
    XCTAssertEqual(stack.resources.map(\.address.resource), ["Vpc", "Role", "Group"])
    XCTAssertEqual(stack.resources[1].scope, Scope(account: "123456789012", region: nil))
    let group = Address(stack: "acme-prod", resource: "Group")
    XCTAssertEqual(
      stack.resources[2],
      DesiredResource(
        address: group, type: "AWS::EC2::SecurityGroup",
        scope: Scope(account: "123456789012", region: "eu-west-1"),
        properties: .object(["GroupDescription": .string("x"), "VpcId": .reference(Reference(vpc))]
        ),
        tags: [
          "Project": .string("cosyworld"), "Client": .string("acme"), "Owner": .string("acme-prod"),
          "Cost": .reference(Reference(vpc)), "Port": .string("80"),
        ],
        dependsOn: [Address(stack: "acme-prod", resource: "Role")], deletionPolicy: .retain,
        updateReplacePolicy: .retain, replaceDeleteFirst: true,
        location: SourceLocation(
          file: "desired-state/blueprints/base.jsonc", position: Position(line: 7, column: 5)),
        adopt: true, was: "Old", owners: ["/SecurityGroupIngress": .ci]))
    XCTAssertEqual(
      stack.outputs,
      [
        DesiredOutput(
          name: "Group", value: .reference(Reference(group)), description: "the group",
          export: "acme-prod-group")
      ])
  }

  func testWhatIsNotCreatedCannotBeUsed() {
    assertFindings(
      Fixture(
        """
        { "Conditions": { "Never": { "Fn::Equals": [1, 2] } },
          "Resources": {
            "Off": { "Type": "AWS::S3::Bucket", "Condition": "Never",
              "Properties": { "BucketName": { "Ref": "Nowhere" } } },
            "On": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": { "Ref": "Off" } } },
            "Fine": { "Type": "AWS::S3::Bucket",
              "Properties": { "BucketName": { "Fn::If": ["Never", { "Ref": "Off" }, "fine"] } } } } }
        """),
      """
      blueprints/base.jsonc:4:37: the blueprint has no parameter or resource "Nowhere"
      blueprints/base.jsonc:5:70: Off cannot be used: Off is not created, as condition Never is false
      """)
  }

  func testCyclesAreNamedOnce() {
    assertFindings(
      Fixture(
        """
        { "Resources": {
            "A": { "Type": "AWS::EC2::SecurityGroup", "Properties": { "GroupDescription": "a",
              "SecurityGroupIngress": [
                { "IpProtocol": "-1", "SourceSecurityGroupId": { "Ref": "B" } }] } },
            "B": { "Type": "AWS::EC2::SecurityGroup", "DependsOn": "C",
              "Properties": { "GroupDescription": "b" } },
            "C": { "Type": "AWS::S3::Bucket",
              "Properties": { "BucketName": { "Fn::Sub": "x-${A.GroupId}" } } },
            "D": { "Type": "AWS::S3::Bucket", "DependsOn": "A" },
            "E": { "Type": "AWS::S3::Bucket", "DependsOn": "E" } } }
        """),
      """
      blueprints/base.jsonc:4:56: resources form a cycle: A -> B -> C -> A
      blueprints/base.jsonc:10:52: resources form a cycle: E -> E
      """)
  }

  func testRules() {
    let blueprint = """
      { "Parameters": { "Size": { "Type": "String", "Default": "s" }, "Environment": { "Type": "String" },
          "NetA": { "Type": "AWS::EC2::VPC::Id", "Default": "vpc-1" },
          "NetB": { "Type": "AWS::EC2::VPC::Id", "Default": "vpc-1" } },
        "Rules": {
          "Prod": { "RuleCondition": { "Fn::Equals": [{ "Ref": "Environment" }, "prod"] }, "Assertions": [
            { "Assert": { "Fn::Contains": [["l", "xl"], { "Ref": "Size" }] },
              "AssertDescription": "production is large" }] },
          "Dev": { "RuleCondition": { "Fn::Equals": [{ "Ref": "Environment" }, "dev"] }, "Assertions": [
            { "Assert": { "Fn::Equals": [1, 2] } }] },
          "OneNet": { "Assertions": [
            { "Assert": { "Fn::EachMemberEquals": [{ "Fn::RefAll": "AWS::EC2::VPC::Id" }, "vpc-1"] } },
            { "Assert": { "Fn::EachMemberIn": [["a"], ["a", "b"]] } }] } },
        "Resources": { "B": { "Type": "AWS::S3::Bucket" } } }
      """
    assertFindings(
      Fixture(blueprint),
      """
      clients/acme-prod.jsonc:2:17: rule Prod of blueprint base is not met: production is large \
      (blueprints/base.jsonc:6:7)
      """)
    assertFindings(Fixture(blueprint, parameters: #"{ "Size": "xl" }"#), "")
    assertFindings(
      Fixture(blueprint, parameters: #"{ "Size": "xl", "NetB": "vpc-2" }"#),
      """
      clients/acme-prod.jsonc:2:17: rule OneNet of blueprint base is not met \
      (blueprints/base.jsonc:11:7)
      """)
  }

  func testDecisionsUseFactsWhereTheyAreKnown() throws {
    var fixture = Fixture(
      """
      { "Parameters": { "Size": { "Type": "AWS::SSM::Parameter::Value<String>", "Default": "/size" } },
        "Conditions": { "Large": { "Fn::Equals": [{ "Ref": "Size" }, "l"] } },
        "Resources": { "B": { "Type": "AWS::S3::Bucket" },
          "L": { "Type": "AWS::S3::Bucket", "Condition": "Large",
            "Properties": { "BucketName": { "Ref": "Size" } } } } }
      """)
    assertFindings(
      fixture,
      """
      blueprints/base.jsonc:2:45: a condition depends on parameter Size, which is known only when AWS \
      is asked
      """)
    let fact = Fact.parameter(
      name: "/size", isList: false, account: "123456789012", region: "us-east-1")
    XCTAssertEqual(fixture.compile().requiredFacts, [fact], "what to ask is known in spite of it")
    fixture.facts = [fact: "l"]
    let large = try XCTUnwrap(fixture.compile().desired?.stacks[0].resources.last)
    XCTAssertEqual(large.address.resource, "L")
    XCTAssertEqual(
      large.properties["BucketName"], .fact(fact), "a plan must see that the value is a fact")
  }
}
