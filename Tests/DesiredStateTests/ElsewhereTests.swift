import Document
import XCTest

@testable import DesiredState

/// Errors for people who come from other tools.
final class ElsewhereTests: XCTestCase {
  private func error(_ text: String) -> String { Fixture(text).findings }

  func testOtherLanguagesAreNamedWithTheWayOut() {
    let cases: [(text: String, says: [String])] = [
      ("AWSTemplateFormatVersion: '2010-09-09'\nResources:\n", ["this is YAML", "cfn-flip"]),
      ("# a comment\n---\nResources:\n", ["this is YAML"]), ("- a\n- b\n", ["this is YAML"]),
      ("resource \"aws_vpc\" \"main\" {\n}\n", ["Terraform", "from-terraform"]),
      ("variable \"x\" {}\n", ["Terraform"]),
      ("import * as cdk from 'aws-cdk-lib'\n", ["cdk synth"]),
      ("region = \"us-east-1\"\n", ["list of settings"]), ("", ["is empty"]),
      ("{ \"Resources\": { \"V\": !Ref X } }", ["!Ref is YAML's short form", "\"Ref\""]),
      ("{ \"Resources\": { \"V\": !GetAtt X.Y } }", ["\"Fn::GetAtt\""]),
      ("{ \"Resources\": { \"V\": 'x' } }", ["double quotes alone"]),
      ("{ \"Resources\": { \"V\": True } }", ["JSON writes true"]),
      ("{ \"Resources\": {\n<<<<<<< HEAD\n} }", ["merge"]),
    ]
    for (text, says) in cases {
      let found = error(text)
      for word in says { XCTAssert(found.contains(word), "\(text): \(found)") }
      XCTAssert(found.contains("base.jsonc:"), found)
    }
    XCTAssertFalse(error("{ \"Resources\": { \"V\": { } ").contains("YAML"))
  }

  func testWordsOfOtherToolsPointToWhatTheyAreHere() {
    func resource(_ members: String) -> String {
      "{ \"Resources\": { \"V\": { \"Type\": \"AWS::EC2::VPC\", \(members) \"Properties\": { \"CidrBlock\": \"10.0.0.0/16\" } } } }"
    }
    let cases: [(text: String, says: String)] = [
      (resource("\"count\": 3,"), "Fn::ForEach"), (resource("\"for_each\": {},"), "Fn::ForEach"),
      (resource("\"Lifecycle\": {},"), "DeletionPolicy"),
      (resource("\"lifecycle\": {},"), "DeletionPolicy"),
      (resource("\"depends_on\": [],"), "DependsOn"),
      (resource("\"provider\": \"x\","), "Metadata"),
      (resource("\"CidrBlock\": \"10.0.0.0/16\","), "under \"Properties\""),
      (resource("\"Tags\": [],"), "under \"Properties\""),
      ("{ \"variable\": {}, \"Resources\": {} }", "Parameters"),
      ("{ \"locals\": {}, \"Resources\": {} }", "Mappings"),
      ("{ \"provider\": {}, \"Resources\": {} }", "fleet.jsonc"),
      ("{ \"apiVersion\": \"v1\" }", "Kubernetes"),
      ("{ \"Resources\": { \"V\": { \"Type\": \"aws_vpc\" } } }", "here it is AWS::EC2::VPC"),
      ("{ \"Resources\": { \"V\": { \"Type\": \"aws_iam_role\" } } }", "here it is AWS::IAM::Role"),
      (
        "{ \"Resources\": { \"V\": { \"Type\": \"aws_route53_record\" } } }",
        "AWS::Route53::RecordSet"
      ),
      ("{ \"Resources\": { \"V\": { \"Type\": \"aws_lambda_function\" } } }", "CloudFormation's"),
      (
        "{ \"Resources\": { \"V\": { \"Type\": \"aws:ec2/vpc:Vpc\" } } }",
        "here it is AWS::EC2::VPC"
      ),
      ("{ \"Resources\": { \"V\": { \"Type\": \"google_compute_network\" } } }", "Google"),
      (
        "{ \"Resources\": { \"V\": { \"Type\": \"AWS::S3::Bucket\", \"Properties\": { \"Lifecycle\": {} } } } }",
        "LifecycleConfiguration"
      ),
      (
        "{ \"Resources\": { \"V\": { \"Type\": \"AWS::EC2::VPC\", \"Properties\": { \"CidrBlock\": { \"Ref\": \"var.cidr\" } } } } }",
        "Terraform"
      ),
    ]
    for (text, says) in cases {
      XCTAssert(error(text).contains(says), "\(text): \(error(text)) lacks \(says)")
    }
    let manifest = Fixture([
      "blueprints/base.jsonc": "{ \"Resources\": { \"B\": { \"Type\": \"AWS::S3::Bucket\" } } }",
      "clients/acme-prod.jsonc":
        "{ \"client\": \"acme\", \"environment\": \"prod\", \"blueprint\": \"base\", \"vars\": {} }",
    ])
    XCTAssert(manifest.findings.contains("it is called \"parameters\""), manifest.findings)
  }

  func testFilesInOtherFormsAreNamed() {
    for (ending, says) in [("yaml", "cfn-flip"), ("json", "rename blueprints/base.json")] {
      let found = Fixture(["blueprints/base.\(ending)": "{}"]).findings
      XCTAssert(found.contains(says), "\(ending): \(found)")
    }
    let manifest = Fixture([
      "blueprints/base.jsonc": "{ \"Resources\": { \"B\": { \"Type\": \"AWS::S3::Bucket\" } } }",
      "clients/acme-prod.yaml": "client: acme\n",
    ]).findings
    XCTAssert(manifest.contains("yq -o=json"), manifest)
  }

  func testAWrongAttributeListsThoseThatThereAre() {
    let found = error(
      """
      { "Resources": { "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.0.0.0/16" } } },
        "Outputs": { "O": { "Value": { "Fn::GetAtt": ["Vpc", "Arn"] } } } }
      """)
    for name in ["VpcId", "DefaultSecurityGroup", "CidrBlock"] {
      XCTAssert(found.contains(name), found)
    }
  }

  func testAMissingBraceIsToldWhereItWasOpened() throws {
    let whole = """
      {
        "Resources": {
          "Vpc": {
            "Type": "AWS::EC2::VPC",
            "Properties": { "CidrBlock": "10.0.0.0/16" }
          },
          "Subnet": {
            "Type": "AWS::EC2::Subnet",
            "Properties": {
              "VpcId": { "Ref": "Vpc" },
              "Tags": [
                { "Key": "a", "Value": "b" }
              ]
            }
          }
        }
      }
      """
    let lines = whole.split(separator: "\\n", omittingEmptySubsequences: false).map(String.init)
      .flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
    // The line that is left out, and the line and column of what it would have closed.
    let cases: [(line: Int, opened: String)] = [
      (6, "3:12"), (13, "11:17"), (14, "9:21"), (15, "7:15"), (16, "2:16"), (17, "1:1"),
    ]
    for (line, opened) in cases {
      var text = lines
      text.remove(at: line - 1)
      let found = error(text.joined(separator: "\n"))
      XCTAssert(
        found.hasPrefix("blueprints/base.jsonc:\(opened): the '"), "without line \(line): \(found)")
    }
  }
}
