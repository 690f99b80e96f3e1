import Document
import TrueupCore
import XCTest

@testable import DesiredState

final class IntrinsicFunctionTests: XCTestCase {
  private static let secrets = #"{ "Token": { "env": "TOKEN" } }"#
  private static let attributes =
    "; AWS sets CidrBlockAssociations, DefaultNetworkAcl, DefaultSecurityGroup, Ipv6CidrBlocks, VpcId; its "
    + "properties can be asked for as well: CidrBlock, EnableDnsHostnames, EnableDnsSupport, "
    + "InstanceTenancy, Ipv4IpamPoolId, Ipv4NetmaskLength"

  private let sections = """
    "Parameters": {
      "Names": { "Type": "CommaDelimitedList", "Default": "a, b,c" },
      "Name": { "Type": "String", "Default": "web" },
      "Count": { "Type": "Number", "Default": 2 },
      "Environment": { "Type": "String" }, "Client": { "Type": "String" },
      "Project": { "Type": "String" },
      "Image": { "Type": "AWS::SSM::Parameter::Value<String>", "Default": "/image" },
      "Token": { "Type": "String", "NoEcho": true } },
    "Mappings": { "Sizes": { "prod": { "size": "large", "zones": ["x", "y"] },
      "dev": { "size": "small" }, "ssm": { "names": ["a", "{{resolve:ssm:/image}}"] } } },
    "Conditions": {
      "IsProd": { "Fn::Equals": [{ "Ref": "Environment" }, "prod"] },
      "IsDev": { "Fn::Not": [{ "Condition": "IsProd" }] },
      "Both": { "Fn::And": [{ "Condition": "IsProd" }, { "Fn::Equals": [true, "true"] }] },
      "Either": { "Fn::Or": [{ "Condition": "IsDev" },
        { "Fn::Equals": [{ "Fn::FindInMap": ["Sizes", { "Ref": "Environment" }, "size"] },
          "large"] }] } }
    """

  private func value(
    _ expression: String, file: StaticString = #filePath, line: UInt = #line
  ) -> Value? {
    Fixture(expression: expression, sections: sections, secrets: Self.secrets).value(
      file: file, line: line)
  }

  func testWhatIsKnownIsFolded() {
    let cases: [(reason: String, expression: String, expected: Document)] = [
      ("a parameter's default", #"{"Ref": "Name"}"#, "web"),
      ("a list parameter is a list without blanks", #"{"Ref": "Names"}"#, ["a", "b", "c"]),
      ("numbers are passed on as text", #"{"Ref": "Count"}"#, "2"),
      ("Client is filled", #"{"Ref": "Client"}"#, "acme"),
      ("Project is filled", #"{"Ref": "Project"}"#, "cosyworld"),
      ("account", #"{"Ref": "AWS::AccountId"}"#, "123456789012"),
      ("region", #"{"Ref": "AWS::Region"}"#, "us-east-1"),
      ("partition", #"{"Ref": "AWS::Partition"}"#, "aws"),
      ("suffix", #"{"Ref": "AWS::URLSuffix"}"#, "amazonaws.com"),
      ("stack", #"{"Ref": "AWS::StackName"}"#, "acme-prod"),
      ("nobody is notified", #"{"Ref": "AWS::NotificationARNs"}"#, []),
      (
        "Sub with parameters, pseudo parameters and variables",
        #"{"Fn::Sub": ["${Client}-${AWS::Region}-${X}", {"X": {"Ref": "Name"}}]}"#,
        "acme-us-east-1-web"
      ),
      ("a Sub's own variable wins", #"{"Fn::Sub": ["${Name}", {"Name": "own"}]}"#, "own"),
      ("a literal is left", #"{"Fn::Sub": "${!Name} ${Name} $ {Name}"}"#, "${Name} web $ {Name}"),
      ("Join of a list parameter", #"{"Fn::Join": ["-", {"Ref": "Names"}]}"#, "a-b-c"),
      (
        "Join leaves out AWS::NoValue",
        #"{"Fn::Join": ["-", ["a", {"Ref": "AWS::NoValue"}, "b"]]}"#, "a-b"
      ),
      ("Select", #"{"Fn::Select": [{"Ref": "Count"}, {"Ref": "Names"}]}"#, "c"),
      (
        "Select of Split",
        #"{"Fn::Select": [1, {"Fn::Split": ["-", {"Ref": "AWS::Region"}]}]}"#, "east"
      ),
      ("FindInMap", #"{"Fn::FindInMap": ["Sizes", {"Ref": "Environment"}, "size"]}"#, "large"),
      ("a map's list", #"{"Fn::FindInMap": ["Sizes", "prod", "zones"]}"#, ["x", "y"]),
      (
        "FindInMap's default",
        #"{"Fn::FindInMap": ["Sizes", "test", "size", {"DefaultValue": "medium"}]}"#, "medium"
      ),
      ("a condition", #"{"Fn::If": ["IsProd", "yes", "no"]}"#, "yes"),
      ("Not", #"{"Fn::If": ["IsDev", "yes", "no"]}"#, "no"),
      ("And, and booleans equal their text", #"{"Fn::If": ["Both", "yes", "no"]}"#, "yes"),
      ("Or", #"{"Fn::If": ["Either", "yes", "no"]}"#, "yes"),
      (
        "a member is left out with AWS::NoValue",
        #"{"a": {"Fn::If": ["IsDev", 1, {"Ref": "AWS::NoValue"}]}, "b": 2}"#, ["b": 2]
      ),
      (
        "an element is left out with AWS::NoValue",
        #"[1, {"Fn::If": ["IsDev", 1, {"Ref": "AWS::NoValue"}]}, 3]"#, [1, 3]
      ),
      ("Base64", #"{"Fn::Base64": {"Ref": "Name"}}"#, "d2Vi"),
      ("Cidr", #"{"Fn::Cidr": ["10.0.0.0/16", 2, 8]}"#, ["10.0.0.0/24", "10.0.1.0/24"]),
      ("Length", #"{"Fn::Length": {"Ref": "Names"}}"#, 3),
      (
        "ToJsonString", #"{"Fn::ToJsonString": {"b": {"Ref": "Name"}, "a": [1]}}"#,
        #"{"a":[1],"b":"web"}"#
      ),
      (
        "a condition element of a policy is no function",
        #"{"Condition": {"StringEquals": {"a": "b"}}}"#,
        ["Condition": ["StringEquals": ["a": "b"]]]
      ),
    ]
    for (reason, expression, expected) in cases {
      XCTAssertEqual(value(expression), .known(expected), reason)
    }
  }

  func testTheStackIDLooksLikeOneAndNeverChanges() {
    XCTAssertEqual(
      value(#"{"Ref": "AWS::StackId"}"#)?.document?.string?.split(separator: "/").dropLast(),
      ["arn:aws:cloudformation:us-east-1:123456789012:stack", "acme-prod"])
    let part = value(
      #"{"Fn::Select": [4, {"Fn::Split": ["-", {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}]}]}"#
    )
    XCTAssertEqual(part?.document?.string?.count, 12, "templates take its last part as a suffix")
    XCTAssertEqual(
      value(#"{"Ref": "AWS::StackId"}"#), value(#"{"Fn::Sub": "${AWS::StackId}"}"#))
  }

  func testWhatIsUnknownStaysSymbolic() {
    let vpc = Address(stack: "acme-prod", resource: "Vpc")
    let image = Value.fact(
      .parameter(name: "/image", isList: false, account: "123456789012", region: "us-east-1"))
    let zones = Value.fact(.availabilityZones(account: "123456789012", region: "us-east-1"))
    let secret = Value.secret(SecretReference(stack: "acme-prod", parameter: "Token"))
    let cases: [(reason: String, expression: String, expected: Value)] = [
      ("a resource", #"{"Ref": "Vpc"}"#, .reference(Reference(vpc))),
      (
        "an attribute", #"{"Fn::GetAtt": ["Vpc", "CidrBlock"]}"#,
        .reference(Reference(vpc, attribute: "CidrBlock"))
      ),
      (
        "an attribute as text", #"{"Fn::GetAtt": "Vpc.DefaultSecurityGroup"}"#,
        .reference(Reference(vpc, attribute: "DefaultSecurityGroup"))
      ),
      ("a Sub of one resource is that", #"{"Fn::Sub": "${Vpc}"}"#, .reference(Reference(vpc))),
      (
        "a Sub with an attribute is a join", #"{"Fn::Sub": "x-${Vpc.VpcId}-${Name}"}"#,
        .call(
          .join,
          [
            .string(""),
            .list([.string("x-"), .reference(Reference(vpc, attribute: "VpcId")), .string("-web")]),
          ])
      ),
      ("an SSM parameter", #"{"Ref": "Image"}"#, image),
      (
        "a secret in a text", #"{"Fn::Sub": "key=${Token}"}"#,
        .call(.join, [.string(""), .list([.string("key="), secret])])
      ),
      ("zones of the stack's region", #"{"Fn::GetAZs": ""}"#, zones),
      (
        "one zone", #"{"Fn::Select": [0, {"Fn::GetAZs": {"Ref": "AWS::Region"}}]}"#,
        .call(.select, [.known(0), zones])
      ),
      ("a dynamic reference", #""{{resolve:ssm:/image}}""#, image),
      (
        "a dynamic reference within a list of a map",
        #"{"Fn::FindInMap": ["Sizes", "ssm", "names"]}"#, .list([.string("a"), image])
      ),
      (
        "a stored secret", #""{{resolve:secretsmanager:db:SecretString:password}}""#,
        .secret(
          SecretReference(
            stack: "acme-prod", parameter: "{{resolve:secretsmanager:db:SecretString:password}}"))
      ),
      (
        "a stored secret that is named by a reference",
        #"{"Fn::Sub": "db://{{resolve:secretsmanager:${Vpc}:SecretString:a}}@${Vpc}"}"#,
        .call(
          .join,
          [
            .string(""),
            .list([
              .string("db://"),
              .call(
                .resolve,
                [
                  .call(
                    .join,
                    [
                      .string(""),
                      .list([
                        .string("secretsmanager:"), .reference(Reference(vpc)),
                        .string(":SecretString:a"),
                      ]),
                    ]), .string("acme-prod"),
                ]), .string("@"), .reference(Reference(vpc)),
            ]),
          ])
      ),
      (
        "a dynamic reference within a text", #"{"Fn::Sub": "a{{resolve:ssm:/${Name}:3}}b"}"#,
        .call(
          .join,
          [
            .string(""),
            .list([
              .string("a"),
              .fact(
                .parameter(
                  name: "/web:3", isList: false, account: "123456789012", region: "us-east-1")),
              .string("b"),
            ]),
          ])
      ),
    ]
    for (reason, expression, expected) in cases {
      XCTAssertEqual(value(expression), expected, reason)
    }
  }

  func testFactsThatAreAskedForAreListed() {
    let compilation = Fixture(
      expression: #"{"Fn::GetAZs": "eu-west-1"}"#, sections: sections, secrets: Self.secrets
    )
    .compile()
    XCTAssertEqual(
      compilation.requiredFacts,
      [
        .availabilityZones(account: "123456789012", region: "eu-west-1"),
        .parameter(name: "/image", isList: false, account: "123456789012", region: "us-east-1"),
      ])
  }

  func testWrongUsesAreErrorsAtTheirPlace() {
    let cases: [(expression: String, column: Int, message: String)] = [
      (
        #"{"Ref": "Nam"}"#, 9,
        #"the blueprint has no parameter or resource "Nam"; did you mean "Name"?"#
      ),
      (
        #"{"Ref": "AWS::Regoin"}"#, 9,
        #"the blueprint has no parameter or resource "AWS::Regoin"; did you mean "AWS::Region"?"#
      ),
      (#"{"Ref": ["a"]}"#, 17, "Ref wants a name"),
      (
        #"{"Fn::GetAtt": ["Vcp", "VpcId"]}"#, 9,
        #"the blueprint has no resource "Vcp"; did you mean "Vpc"?"#
      ),
      (
        #"{"Fn::GetAtt": ["Vpc", "VpcI"]}"#, 9,
        #"AWS::EC2::VPC has no attribute "VpcI"; did you mean "VpcId"?"# + Self.attributes
      ),
      (
        #"{"Fn::GetAtt": "Vpc"}"#, 24,
        #"Fn::GetAtt wants ["LogicalId", "Attribute"] or "LogicalId.Attribute""#
      ),
      (
        #"{"Fn::Sub": "${Vpc.Cidr}"}"#, 9,
        #"AWS::EC2::VPC has no attribute "Cidr""# + Self.attributes
      ),
      (
        #"{"Fn::Sub": "${Nam}"}"#, 9,
        #"the blueprint has no parameter or resource "Nam"; did you mean "Name"?"#
      ),
      (#"{"Fn::Sub": "${Name"}"#, 21, "Fn::Sub has ${ without }; write ${!…} for a literal one"),
      (
        #"{"Fn::Sub": "${Name:-x y}"}"#, 21,
        "Fn::Sub cannot substitute ${Name:-x y}; write ${!Name:-x y} for the literal text"
      ),
      (
        #"{"Fn::Sub": "${aws:username}"}"#, 21,
        "Fn::Sub cannot substitute ${aws:username}; write ${!aws:username} for the literal text"
      ),
      (
        #"{"Fn::FindInMap": ["{{resolve:ssm:/x}}", "a", "b"]}"#, 28,
        "a key of Fn::FindInMap cannot use a dynamic reference; use an SSM parameter type"
      ),
      (#"{"Fn::Sub": 7}"#, 21, "Fn::Sub wants a string, or [string, { name: value }]"),
      (
        #"{"Fn::Sub": ["${A}", {"A": {"Fn::Sub": "${A}"}}]}"#, 36,
        #"the blueprint has no parameter or resource "A""#
      ),
      (
        #"{"Fn::Sub": "${Names}"}"#, 21,
        "Fn::Sub can substitute strings only, not a list or an object"
      ),
      (#"{"Fn::Jion": ["", []]}"#, 10, #"there is no function Fn::Jion; did you mean "Fn::Join"?"#),
      (#"{"Fn::Join": "a"}"#, 22, "Fn::Join wants a list of arguments"),
      (#"{"Fn::Join": ["", []], "x": 1}"#, 10, "Fn::Join must be the only member of its object"),
      (
        #"{"Fn::Select": [3, {"Ref": "Names"}]}"#, 9, "Fn::Select wants an index from 0 to 2, not 3"
      ),
      (
        #"{"Fn::FindInMap": ["Size", "prod", "size"]}"#, 9,
        #"the blueprint has no mapping "Size"; did you mean "Sizes"?"#
      ),
      (
        #"{"Fn::FindInMap": ["Sizes", "prd", "size"]}"#, 9,
        #"mapping Sizes has no key "prd"; did you mean "prod"?"#
      ),
      (
        #"{"Fn::FindInMap": ["Sizes", "prod", "sizes"]}"#, 9,
        #"mapping Sizes/prod has no key "sizes"; did you mean "size"?"#
      ),
      (
        #"{"Fn::FindInMap": ["Sizes", {"Ref": "Vpc"}, "size"]}"#, 37,
        "a key of Fn::FindInMap cannot depend on resource Vpc"
      ),
      (
        #"{"Fn::FindInMap": ["Sizes", {"Ref": "Token"}, "size"]}"#, 37,
        "a key of Fn::FindInMap cannot depend on NoEcho parameter Token"
      ),
      (
        #"{"Fn::FindInMap": ["Sizes", {"Ref": "Image"}, "size"]}"#, 37,
        "a key of Fn::FindInMap depends on parameter Image, which is known only when AWS is asked"
      ),
      (
        #"{"Fn::If": ["IsPrd", 1, 2]}"#, 21,
        #"the blueprint has no condition "IsPrd"; did you mean "IsProd"?"#
      ),
      (
        #"{"Fn::If": ["IsProd", 1]}"#, 20,
        #"Fn::If wants ["Condition", value if true, value if false]"#
      ),
      (
        #"{"Fn::If": ["IsProd", 1, {"Ref": "Nme"}]}"#, 34,
        #"the blueprint has no parameter or resource "Nme"; did you mean "Name"?"#
      ),
      (#"{"Fn::Equals": [1, 2]}"#, 10, "Fn::Equals can stand only in Conditions and Rules"),
      (#"{"Fn::Transform": {"Name": "AWS::Include"}}"#, 10, "Fn::Transform is not supported"),
      (
        #"{"Fn::ImportValue": "Nothing"}"#, 9,
        #"no stack of the fleet exports "Nothing" in 123456789012 us-east-1"#
      ),
      (
        #"null"#, 9,
        #"null is not allowed in a blueprint; leave the member out, or use { "Ref": "AWS::NoValue" }"#
      ),
      (
        #""{{resolve:ssm-secure:x}}""#, 9,
        "{{resolve:ssm-secure:…}} is not supported; keep the secret in Secrets Manager, or give it "
          + "through a NoEcho parameter"
      ),
      (
        #""{{resolve:sms:x}}""#, 9,
        "{{resolve:sms:x}} is no dynamic reference; it is {{resolve:ssm:name}}, "
          + "{{resolve:ssm:name:version}} or {{resolve:secretsmanager:id:SecretString:key}}"
      ),
      (
        #""{{resolve:secretsmanager:x:SecretBinary}}""#, 9,
        "a dynamic reference to a secret is {{resolve:secretsmanager:secret-id:SecretString:json-key:"
          + "version-stage:version-id}}, not {{resolve:secretsmanager:x:SecretBinary}}"
      ),
      (
        #"{"Fn::Sub": "{{resolve:ssm:${Vpc}}}"}"#, 9,
        "a dynamic reference to a parameter must be known when the blueprint is compiled"
      ),
    ]
    for (expression, column, message) in cases {
      let fixture = Fixture(expression: expression, sections: sections, secrets: Self.secrets)
      let line = 1 + sections.split(separator: "\n").count + 3
      assertFindings(
        fixture, "blueprints/base.jsonc:\(line):\(column): \(message)",
        "a wrong use must give one error: \(expression)")
    }
  }

  func testExtensionsNeedTheTransform() {
    assertFindings(
      Fixture(
        """
        { "Parameters": { "L": { "Type": "CommaDelimitedList", "Default": "a" } },
          "Resources": { "R": { "Type": "AWS::IAM::Role", "Properties": {
            "Description": { "Fn::ToJsonString": { "n": { "Fn::Length": { "Ref": "L" } } } },
            "AssumeRolePolicyDocument": { "Fn::ForEach::X": ["X", ["a"], { "${X}": 1 }] } } } } }
        """),
      """
      blueprints/base.jsonc:3:22: Fn::ToJsonString needs "Transform": "AWS::LanguageExtensions"
      blueprints/base.jsonc:3:51: Fn::Length needs "Transform": "AWS::LanguageExtensions"
      blueprints/base.jsonc:4:35: Fn::ForEach needs "Transform": "AWS::LanguageExtensions"
      """)
  }
}
