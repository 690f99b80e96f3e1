import Document
import TrueupCore
import XCTest

@testable import DesiredState

/// What would be one and the same in AWS, and what has to wait for what another resource brings about.
final class CollisionTests: XCTestCase {
  func testTwoResourcesOfOneNameAreAnErrorOfBoth() {
    assertFindings(
      Fixture(
        """
        { "Resources": {
          "A": { "Type": "AWS::Logs::LogGroup", "Properties": { "LogGroupName": "same" } },
          "B": { "Type": "AWS::Logs::LogGroup",
            "Properties": { "LogGroupName": { "Fn::Sub": "sa${Suffix}" } } },
          "C": { "Type": "AWS::Logs::LogGroup", "Properties": { "LogGroupName": "another" } },
          "D": { "Type": "AWS::Logs::LogGroup" }, "E": { "Type": "AWS::Logs::LogGroup" } },
          "Parameters": { "Suffix": { "Type": "String", "Default": "me" } } }
        """),
      """
      blueprints/base.jsonc:2:3: A and B have the same LogGroupName: AWS has one such \
      AWS::Logs::LogGroup
      blueprints/base.jsonc:3:3: A and B have the same LogGroupName: AWS has one such \
      AWS::Logs::LogGroup
      """)
  }

  func testANameIsTakenOncePerAccountAndRegion() {
    func findings(_ regions: [String?], destroy: String = "") -> String {
      var contents = [
        "blueprints/base.jsonc":
          #"{ "Resources": { "A": { "Type": "AWS::Logs::LogGroup", "Properties": { "LogGroupName": "same" } } } }"#
      ]
      for (index, region) in regions.enumerated() {
        let place = region.map { #", "region": "\#($0)""# } ?? ""
        contents["clients/c\(index)-prod.jsonc"] =
          #"{ "client": "c\#(index)", "environment": "prod", "blueprint": "base"\#(place)\#(index == 0 ? destroy : "") }"#
      }
      return Fixture(contents).findings
    }
    XCTAssertEqual(
      findings([nil, nil, nil, nil, nil]),
      """
      blueprints/base.jsonc:1:18: c0-prod/A, c1-prod/A, c2-prod/A and 2 more have the same \
      LogGroupName: AWS has one such AWS::Logs::LogGroup
      """)
    XCTAssertEqual(findings([nil, "eu-west-1"]), "")
    XCTAssertEqual(
      findings([nil, nil], destroy: #", "destroy": { "data": "delete" }"#), "",
      "what goes makes way")
  }

  func testWhatAWSAllowsOnceIsToldApartByAllThatSaysWhichItIs() {
    func findings(_ first: String, _ second: String) -> String {
      Fixture(
        """
        { "Resources": {
          "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.0.0.0/16" } },
          "Other": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.0.0.0/16" } },
          "A": { "Type": "AWS::EC2::Subnet", "Properties": { \(first) } },
          "B": { "Type": "AWS::EC2::Subnet", "Properties": { \(second) } } } }
        """
      ).findings
    }
    let vpc = #""VpcId": { "Ref": "Vpc" }"#
    func part(_ index: Int) -> String {
      #""CidrBlock": { "Fn::Select": [\#(index), { "Fn::Cidr": [{ "Fn::GetAtt": "Vpc.CidrBlock" }, 2, 8] }] }"#
    }
    let both = """
      blueprints/base.jsonc:4:3: A and B have the same CidrBlock and VpcId: AWS has one such \
      AWS::EC2::Subnet
      blueprints/base.jsonc:5:3: A and B have the same CidrBlock and VpcId: AWS has one such \
      AWS::EC2::Subnet
      """
    XCTAssertEqual(
      findings("\(vpc), \"CidrBlock\": \"10.0.1.0/24\"", "\(vpc), \"CidrBlock\": \"10.0.1.7/24\""),
      both)
    XCTAssertEqual(findings("\(vpc), \(part(0))", "\(vpc), \(part(0))"), both)
    XCTAssertEqual(
      findings("\(vpc), \(part(0))", "\(vpc), \(part(1))"), "",
      "what is not known yet is not alike because it comes of the same")
    XCTAssertEqual(
      findings("\(vpc), \(part(0))", #""VpcId": { "Ref": "Other" }, \#(part(0))"#), "")
  }

  func testWhatRefersToWhatAnotherBringsAboutComesAfterIt() throws {
    let range = #""Fn::GetAtt": "Vpc.Ipv6CidrBlocks""#
    let compilation = Fixture(
      """
      { "Resources": {
        "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.0.0.0/16" } },
        "Range": { "Type": "AWS::EC2::VPCCidrBlock", "DependsOn": "Before",
          "Properties": { "VpcId": { "Ref": "Vpc" }, "AmazonProvidedIpv6CidrBlock": true } },
        "Before": { "Type": "AWS::IAM::Role",
          "Properties": { "AssumeRolePolicyDocument": { "It": { \(range) } } } },
        "After": { "Type": "AWS::IAM::Role",
          "Properties": { "AssumeRolePolicyDocument": { "It": { \(range) } } } },
        "Apart": { "Type": "AWS::IAM::Role",
          "Properties": { "AssumeRolePolicyDocument": { "It": { "Ref": "Vpc" } } } } } }
      """
    ).compile()
    XCTAssertEqual(compilation.errors.map(\.description), [])
    let resources = try XCTUnwrap(compilation.desired?.stacks.first?.resources)
    let dependsOn = Dictionary(
      uniqueKeysWithValues: resources.map { ($0.address.resource, $0.dependsOn.map(\.resource)) })
    XCTAssertEqual(
      dependsOn,
      ["Vpc": [], "Range": ["Before"], "Before": [], "After": ["Range"], "Apart": []],
      "but for what that one needs itself")
  }

  func testASecretThatHasASourceIsNotEmpty() throws {
    func isMade(_ secrets: String) throws -> Bool {
      let compilation = Fixture([
        "blueprints/base.jsonc": """
        { "Parameters": { "Token": { "Type": "String", "NoEcho": true, "Default": "" } },
          "Conditions": { "Has": { "Fn::Not": [{ "Fn::Equals": [{ "Ref": "Token" }, ""] }] } },
          "Resources": { "Always": { "Type": "AWS::S3::Bucket" },
            "Group": { "Type": "AWS::Logs::LogGroup", "Condition": "Has" } } }
        """,
        "clients/acme-prod.jsonc": """
        { "client": "acme", "environment": "prod", "blueprint": "base", "secrets": { \(secrets) } }
        """,
      ]).compile()
      XCTAssertEqual(compilation.errors.map(\.description), [])
      let resources = try XCTUnwrap(compilation.desired?.stacks.first?.resources)
      return resources.contains { $0.address.resource == "Group" }
    }
    XCTAssertTrue(try isMade(#""Token": { "env": "TOKEN" }"#))
    XCTAssertFalse(try isMade(""))
  }
}
