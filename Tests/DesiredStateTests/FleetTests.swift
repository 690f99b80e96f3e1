import Document
import TrueupCore
import XCTest

@testable import DesiredState

/// `fleet.jsonc`, manifests, and what must hold across them.
final class FleetTests: XCTestCase {
  private static let bucket = #"{ "Resources": { "B": { "Type": "AWS::S3::Bucket" } } }"#

  private func fixture(fleet: String? = nil, manifest: String? = nil) -> Fixture {
    var contents = ["blueprints/base.jsonc": Self.bucket]
    contents["fleet.jsonc"] = fleet
    contents["clients/acme-prod.jsonc"] = manifest
    return Fixture(contents)
  }

  func testWrongFleetFilesAreErrorsAtTheirPlace() {
    let accounts = #""accounts": { "main": { "id": "123456789012", "region": "us-east-1" } }"#
    let cases: [(reason: String, fleet: String, findings: String)] = [
      (
        "unknown member", "{ \"project\": \"p\", \(accounts), \"tag\": {} }",
        #"1:92: the fleet has no member "tag"; did you mean "tags"?"#
      ),
      ("no project", "{ \(accounts) }", #"1:1: the fleet needs "project""#),
      (
        "a project's name", "{ \"project\": \"my fleet\", \(accounts) }",
        #"1:14: project "my fleet" must begin with a letter and have only letters, digits and hyphens, at most 64"#
      ),
      (
        "a former name", "{ \"project\": \"p\", \"was\": \"my fleet\", \(accounts) }",
        #"1:26: "was" "my fleet" must begin with a letter and have only letters, digits and hyphens, at most 64"#
      ),
      (
        "a former name that is the same", "{ \"project\": \"p\", \"was\": \"p\", \(accounts) }",
        #"1:26: "was" must be another name than "project" has; it is the one that the project had"#
      ),
      (
        "no accounts", #"{ "project": "p" }"#,
        #"1:1: the fleet needs "accounts": { "main": { "id": "123456789012" } }"#
      ),
      (
        "an account's id",
        #"{ "project": "p", "region": "us-east-1", "accounts": { "main": { "id": "1234" } } }"#,
        #"1:72: "id" of account "main" must be twelve digits, not "1234""#
      ),
      (
        "an account's member",
        #"{ "project": "p", "region": "us-east-1", "accounts": { "main": { "id": "123456789012", "externalID": "x" } } }"#,
        #"1:88: account "main" has no member "externalID"; did you mean "externalId"?"#
      ),
      (
        "default account", "{ \"project\": \"p\", \"account\": \"mian\", \(accounts) }",
        #"1:30: fleet.jsonc has no account "mian"; did you mean "main"?"#
      ),
      (
        "limits",
        "{ \"project\": \"p\", \"limits\": { \"deletes\": -1, \"replace\": 1 }, \(accounts) }",
        #"""
        1:42: "deletes" of "limits" must be a whole number from 0 on
        1:46: "limits" has no member "replace"; did you mean "replaces"?
        """#
      ),
      (
        "tags",
        "{ \"project\": \"p\", \"tags\": { \"trueup:x\": \"a\", \"A\": \"${Cleint}\", \"B\": [] }, \(accounts) }",
        #"""
        1:29: tag "trueup:x" cannot be declared: Trueup itself writes tags in trueup:
        1:51: tags know no ${Cleint}, only ${Client}, ${Environment} and ${Project}; did you mean "Client"?
        1:69: tag "B" must be a string, not a list
        """#
      ),
      (
        "a duplicate key", #"{ "project": "p", "project": "q" }"#,
        #"1:19: the key "project" occurs twice; the first is at 1:3"#
      ),
    ]
    for (reason, fleet, findings) in cases {
      let expected = findings.split(separator: "\n").map { "fleet.jsonc:\($0)" }
      assertFindings(fixture(fleet: fleet), expected.joined(separator: "\n"), reason)
    }
  }

  func testTheFormerNameOfTheProjectIsCompiled() throws {
    let accounts = #""accounts": { "main": { "id": "123456789012", "region": "us-east-1" } }"#
    for (was, name) in [("", nil), (#""was": "shop", "#, "shop")] {
      let fleet = "{ \"project\": \"shopp\", \(was)\(accounts) }"
      let desired = try XCTUnwrap(fixture(fleet: fleet).compile().desired, fleet)
      XCTAssertEqual(desired.project, "shopp")
      XCTAssertEqual(desired.formerProject, name)
    }
  }

  func testWrongManifestsAreErrorsAtTheirPlace() {
    let start = #""client": "acme", "environment": "prod", "blueprint": "base""#
    let cases: [(reason: String, manifest: String, findings: String)] = [
      (
        "unknown member", "{ \(start), \"parameter\": {} }",
        #"1:65: the manifest has no member "parameter"; did you mean "parameters"?"#
      ),
      (
        "nothing", "{}",
        #"""
        1:1: the manifest needs "blueprint"
        1:1: the manifest needs "client"
        1:1: the manifest needs "environment"
        """#
      ),
      (
        "file name", #"{ "client": "acme", "environment": "dev", "blueprint": "base" }"#,
        #"1:13: the manifest of client "acme" in environment "dev" must be clients/acme-dev.jsonc, not clients/acme-prod.jsonc"#
      ),
      (
        "name", #"{ "client": "ac me", "environment": "prod", "blueprint": "base" }"#,
        #"1:13: client "ac me" must begin with a letter and have only letters, digits and hyphens, at most 64"#
      ),
      (
        "blueprint", #"{ "client": "acme", "environment": "prod", "blueprint": "bsae" }"#,
        #"1:57: there is no blueprint "bsae" (blueprints/bsae.jsonc); did you mean "base"?"#
      ),
      (
        "a pin that was not read",
        #"{ "client": "acme", "environment": "prod", "blueprint": { "name": "base", "revision": "v1" } }"#,
        #"1:67: blueprint "base" was not read at revision v1"#
      ),
      (
        "account", "{ \(start), \"account\": \"mian\" }",
        #"1:76: fleet.jsonc has no account "mian"; did you mean "main"?"#
      ),
      (
        "region", "{ \(start), \"region\": \"us-east1\" }",
        #"1:75: "us-east1" is no region such as us-east-1; did you mean "us-east-1"?"#
      ),
      (
        "secrets",
        "{ \(start), \"secrets\": { \"A\": { \"env\": \"X\", \"file\": \"Y\" }, \"B\": { \"generate\": 4 }, \"C\": { \"envv\": \"X\" } } }",
        #"""
        1:83: secret "A" needs one source: { "env": VARIABLE }, { "file": PATH } or { "generate": LENGTH }
        1:131: secret "B" can be generated with 8 to 4096 characters, not 4
        1:143: secret "C" has no member "envv"; did you mean "env"?
        """#
      ),
      (
        "destroy", "{ \(start), \"destroy\": { \"data\": \"keep\" } }",
        #"1:86: "data" must be "retain", "snapshot" or "delete", not "keep""#
      ),
      (
        "adopt", "{ \(start), \"adopt\": [\"C\"] }",
        #"1:75: "adopt" names no resource of blueprint base: "C""#
      ),
    ]
    for (reason, manifest, findings) in cases {
      let expected = findings.split(separator: "\n").map { "clients/acme-prod.jsonc:\($0)" }
      assertFindings(fixture(manifest: manifest), expected.joined(separator: "\n"), reason)
    }
  }

  func testParametersAreCheckedWhereTheManifestGivesThem() {
    let blueprint = """
      { "Parameters": {
          "Client": { "Type": "String" },
          "Size": { "Type": "String", "AllowedValues": ["small", "large"], "Default": "small" },
          "Count": { "Type": "Number", "MinValue": 1, "MaxValue": 9, "Default": 1 },
          "Name": { "Type": "String", "AllowedPattern": "[a-z]+", "MinLength": 2, "MaxLength": 4,
            "ConstraintDescription": "a short word", "Default": "ab" },
          "Ports": { "Type": "List<Number>", "Default": "1,2" },
          "Vpc": { "Type": "AWS::EC2::VPC::Id", "Default": "vpc-1" },
          "Subnets": { "Type": "List<AWS::EC2::Subnet::Id>", "Default": "subnet-1,subnet-2" },
          "Key": { "Type": "String", "NoEcho": true, "MinLength": 8 },
          "Cidr": { "Type": "String" } },
        "Resources": { "B": { "Type": "AWS::S3::Bucket" } } }
      """
    let cases: [(parameters: String, findings: String)] = [
      (
        "{}",
        "2:17: parameter Cidr of blueprint base has no value (declared at blueprints/base.jsonc:11:5)"
      ),
      (
        #"{ "Cird": "x" }"#,
        #"2:19: blueprint base has no parameter "Cird"; did you mean "Cidr"?"#
      ),
      (
        #"{ "Cidr": "x", "Sizee": "small" }"#,
        #"2:32: blueprint base has no parameter "Sizee"; did you mean "Size"?"#
      ),
      (
        #"{ "Cidr": "x", "Size": "smal" }"#,
        #"2:40: Size is "smal"; it must be one of small, large; did you mean "small"?"#
      ),
      (#"{ "Cidr": "x", "Count": "x" }"#, #"2:41: Count is "x"; it must be a number"#),
      (#"{ "Cidr": "x", "Count": 10 }"#, #"2:41: Count is "10"; it must be at most 9"#),
      (#"{ "Cidr": "x", "Count": 0 }"#, #"2:41: Count is "0"; it must be at least 1"#),
      (
        #"{ "Cidr": "x", "Name": "abc1" }"#,
        #"2:40: Name is "abc1"; it must match [a-z]+: a short word"#
      ),
      (
        #"{ "Cidr": "x", "Name": "a" }"#,
        #"2:40: Name is "a"; it must have at least 2 characters: a short word"#
      ),
      (
        #"{ "Cidr": "x", "Name": "abcde" }"#,
        #"2:40: Name is "abcde"; it must have at most 4 characters: a short word"#
      ),
      (#"{ "Cidr": "x", "Name": ["ab"] }"#, "2:40: Name must be a string, not a list"),
      (#"{ "Cidr": "x", "Ports": [1, "x"] }"#, #"2:41: Ports is "x"; it must be a number"#),
      (
        #"{ "Cidr": "x", "Vpc": "igw-1" }"#,
        #"2:39: Vpc is "igw-1"; it must begin with vpc- (AWS::EC2::VPC::Id)"#
      ),
      (
        #"{ "Cidr": "x", "Subnets": ["vpc-1"] }"#,
        #"2:43: Subnets is "vpc-1"; it must begin with subnet- (List<AWS::EC2::Subnet::Id>)"#
      ),
      (
        #"{ "Cidr": "x", "Client": "other" }"#,
        #"2:32: Client is filled from "client" and cannot be given"#
      ),
      (
        #"{ "Cidr": "x", "Key": "hunter22" }"#,
        #"2:32: Key is NoEcho: name its source under "secrets" instead of its value"#
      ),
      (#"{ "Cidr": "x", "Name": "abcd", "Count": "9", "Ports": [3], "Vpc": "vpc-9" }"#, ""),
    ]
    for (parameters, findings) in cases {
      // That Key has no source is a warning.
      let errors = Fixture(blueprint, parameters: parameters).compile().errors.map(\.description)
      XCTAssertEqual(
        errors.joined(separator: "\n").replacing("desired-state/", with: ""),
        findings.isEmpty ? "" : "clients/acme-prod.jsonc:\(findings)", parameters)
    }
  }

  func testWrongDeclarationsOfParameters() {
    let cases: [(parameter: String, findings: String?)] = [
      (
        #"{ "Type": "Strin" }"#,
        #"1:34: there is no parameter type "Strin"; did you mean "String"?"#
      ),
      (
        #"{ "Type": "AWS::EC2::Vpc::Id" }"#,
        #"1:34: there is no parameter type "AWS::EC2::Vpc::Id"; did you mean "AWS::EC2::VPC::Id"?"#
      ),
      (
        #"{ "Type": "String", "Defualt": 1 }"#,
        #"1:44: parameter "P" has no member "Defualt"; did you mean "Default"?"#
      ),
      (
        #"{ "Type": "Number", "Default": "x" }"#,
        #"1:55: the default of P is "x"; it must be a number"#
      ),
      (
        #"{ "Type": "String", "Default": "x", "AllowedPattern": "(" }"#,
        #"1:78: AllowedPattern "(" is no regular expression"#
      ),
      (
        #"{ "Type": "String", "Default": "x", "MinLength": "y" }"#,
        "1:73: MinLength must be a number"
      ),
      (
        #"{ "Type": "String", "Default": "x", "AllowedValues": [] }"#,
        "1:77: AllowedValues must be a list that is not empty"
      ),
      (
        #"{ "Type": "String", "Default": "x", "NoEcho": true }"#,
        "1:55: warning: the default of NoEcho parameter P stands in clear in the blueprint"
      ),
      (#"{ "Type": "String", "Default": "", "NoEcho": true }"#, nil),
    ]
    for (parameter, findings) in cases {
      let blueprint =
        "{ \"Parameters\": { \"P\": \(parameter) }, \"Resources\": { \"B\": { \"Type\": \"AWS::S3::Bucket\" } } }"
      let found = Fixture(["blueprints/base.jsonc": blueprint]).findings.split(separator: "\n")
      XCTAssertEqual(
        found.first.map(String.init), findings.map { "blueprints/base.jsonc:\($0)" }, parameter)
    }
  }

  func testSecretsComeFromTheManifest() throws {
    let fixture = Fixture([
      "blueprints/base.jsonc": """
      { "Parameters": { "A": { "Type": "String", "NoEcho": "true" }, "B": { "Type": "String", "NoEcho": true },
          "C": { "Type": "String", "NoEcho": true }, "D": { "Type": "String", "NoEcho": true } },
        "Resources": { "G": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": { "Ref": "D" } } } } }
      """,
      "clients/acme-prod.jsonc": """
      { "client": "acme", "environment": "prod", "blueprint": "base", "secrets": {
        "A": { "env": "ACME_A" }, "B": { "file": "../secrets/b" }, "C": { "generate": 32 } } }
      """,
    ])
    assertFindings(
      fixture,
      "clients/acme-prod.jsonc:1:76: warning: NoEcho parameter D of blueprint base has no source "
        + "(declared at blueprints/base.jsonc:2:48); name it: \"secrets\": { \"D\": { \"env\": "
        + "\"VARIABLE\" } }",
      "an apply that has to write it will be refused")
    let stack = try XCTUnwrap(fixture.compile().desired?.stacks.first)
    XCTAssertEqual(
      stack.secretSources,
      [
        "A": .environment(variable: "ACME_A"), "B": .file(path: "../secrets/b"),
        "C": .generate(length: 32),
      ])
    XCTAssertEqual(
      stack.resources[0].properties["BucketName"],
      .secret(SecretReference(stack: "acme-prod", parameter: "D")))
    assertFindings(
      Fixture([
        "blueprints/base.jsonc":
          #"{ "Parameters": { "A": { "Type": "String", "Default": "" } }, "Resources": { "B": { "Type": "AWS::S3::Bucket" } } }"#,
        "clients/acme-prod.jsonc":
          #"{ "client": "acme", "environment": "prod", "blueprint": "base", "secrets": { "A": { "env": "X" }, "Z": { "env": "X" } } }"#,
      ]),
      """
      clients/acme-prod.jsonc:1:78: A is not NoEcho (blueprints/base.jsonc:1:19): its value belongs \
      under "parameters"
      clients/acme-prod.jsonc:1:99: blueprint base has no parameter "Z"
      """)
  }

  func testNetworksAndUniqueValuesAreComparedAcrossTheFleet() {
    func manifest(_ client: String, _ parameters: String) -> String {
      """
      { "client": "\(client)", "environment": "prod", "blueprint": "base",
        "parameters": \(parameters) }
      """
    }
    assertFindings(
      Fixture([
        "blueprints/base.jsonc": """
        { "Metadata": { "Trueup": { "Unique": ["Domain", "Domian"], "DisjointCidrs": ["Cidrs"] } },
          "Parameters": { "Domain": { "Type": "String" }, "Cidrs": { "Type": "CommaDelimitedList" } },
          "Resources": { "B": { "Type": "AWS::S3::Bucket" } } }
        """,
        "clients/acme-prod.jsonc": manifest(
          "acme", #"{ "Domain": "a.example", "Cidrs": "10.1.0.0/16" }"#),
        "clients/beta-prod.jsonc": manifest(
          "beta", #"{ "Domain": "a.example", "Cidrs": "10.1.128.0/17,x" }"#),
        "clients/zeta-prod.jsonc": manifest(
          "zeta", #"{ "Domain": "z.example", "Cidrs": "10.2.0.0/16,10.2.1.0/24" }"#),
      ]),
      """
      blueprints/base.jsonc:1:50: Unique names no parameter of the blueprint: "Domian"; did you mean \
      "Domain"?
      clients/beta-prod.jsonc:2:29: Domain a.example is also that of acme-prod \
      (clients/acme-prod.jsonc:2:29)
      clients/beta-prod.jsonc:2:51: Cidrs 10.1.128.0/17 overlaps 10.1.0.0/16 of acme-prod \
      (clients/acme-prod.jsonc:2:51)
      clients/beta-prod.jsonc:2:51: Cidrs must be a network such as 10.0.0.0/16, not "x"
      """)
  }

  func testImportsAreEdgesBetweenStacks() throws {
    let exporter = """
      { "Resources": { "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.0.0.0/16" } } },
        "Outputs": { "Vpc": { "Value": { "Ref": "Vpc" }, "Export": { "Name": "shared-vpc" } } } }
      """
    func importer(_ name: String) -> String {
      """
      { "Resources": { "S": { "Type": "AWS::EC2::Subnet", "Properties": {
          "CidrBlock": "10.0.0.0/24", "VpcId": { "Fn::ImportValue": "\(name)" } } } } }
      """
    }
    func files(_ name: String, region: String = "us-east-1") -> Fixture {
      Fixture([
        "blueprints/shared.jsonc": exporter, "blueprints/base.jsonc": importer(name),
        "clients/acme-prod.jsonc": Fixture.manifest,
        "clients/core-prod.jsonc":
          #"{ "client": "core", "environment": "prod", "blueprint": "shared", "region": "\#(region)" }"#,
      ])
    }
    let stack = try XCTUnwrap(files("shared-vpc").compile().desired?.stacks.first)
    XCTAssertEqual(
      stack.resources[0].properties["VpcId"],
      .reference(Reference(Address(stack: "core-prod", resource: "Vpc"))),
      "an import is the exporter's value with its references")
    assertFindings(
      files("shared-vcp"),
      """
      blueprints/base.jsonc:2:42: no stack of the fleet exports "shared-vcp" in 123456789012 us-east-1; \
      did you mean "shared-vpc"?
      """)
    assertFindings(
      files("shared-vpc", region: "eu-west-1"),
      """
      blueprints/base.jsonc:2:42: no stack of the fleet exports "shared-vpc" in 123456789012 us-east-1; \
      it is exported in 123456789012 eu-west-1, and imports do not cross regions
      """)
    var acrossAccounts = files("shared-vpc")
    acrossAccounts.files.contents["fleet.jsonc"] = Array(
      """
      { "project": "cosyworld", "region": "us-east-1", "account": "main",
        "accounts": { "main": { "id": "123456789012" }, "two": { "id": "222222222222" } } }
      """.utf8)
    acrossAccounts.files.contents["clients/core-prod.jsonc"] = Array(
      #"{ "client": "core", "environment": "prod", "blueprint": "shared", "account": "two" }"#.utf8)
    assertFindings(
      acrossAccounts,
      """
      blueprints/base.jsonc:2:42: no stack of the fleet exports "shared-vpc" in 123456789012 us-east-1; \
      it is exported in 222222222222 us-east-1, and imports do not cross accounts
      """)
    var removed = files("shared-vpc")
    removed.files.contents["blueprints/shared.jsonc"] = Array(
      exporter.replacing(#", "Export": { "Name": "shared-vpc" }"#, with: "").utf8)
    assertFindings(
      removed,
      """
      blueprints/base.jsonc:2:42: no stack of the fleet exports "shared-vpc" in 123456789012 us-east-1
      """, "an export that is imported cannot be removed")
    var twice = files("shared-vpc")
    twice.files.contents["clients/dup-prod.jsonc"] = Array(
      #"{ "client": "dup", "environment": "prod", "blueprint": "shared" }"#.utf8)
    assertFindings(
      twice,
      """
      blueprints/shared.jsonc:2:72: export "shared-vpc" of dup-prod is also one of core-prod
      """)
  }

  func testOutputsOfOtherStacksNeedNoExport() throws {
    let exporter = """
      { "Resources": { "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.0.0.0/16" } } },
        "Conditions": { "Never": { "Fn::Equals": [1, 2] } },
        "Outputs": { "Vpc": { "Value": { "Ref": "Vpc" } },
          "Off": { "Condition": "Never", "Value": "x" } } }
      """
    func fixture(_ arguments: String) -> Fixture {
      Fixture([
        "blueprints/shared.jsonc": exporter,
        "blueprints/base.jsonc": """
        { "Resources": { "S": { "Type": "AWS::EC2::Subnet", "Properties": { "CidrBlock": "10.0.0.0/24",
          "VpcId": { "Fn::GetStackOutput": { \(arguments) } } } } } }
        """,
        "fleet.jsonc": """
        { "project": "cosyworld", "region": "us-east-1", "account": "main",
          "accounts": { "main": { "id": "123456789012" }, "two": { "id": "222222222222" } } }
        """,
        "clients/acme-prod.jsonc": Fixture.manifest,
        "clients/core-prod.jsonc":
          #"{ "client": "core", "environment": "prod", "blueprint": "shared", "account": "two", "region": "eu-west-1" }"#,
      ])
    }
    let plain = #""StackName": "core-prod", "OutputName": "Vpc""#
    for place in [
      "", #", "Region": "eu-west-1""#,
      #", "Region": "eu-west-1", "RoleArn": "arn:aws:iam::222222222222:role/reader""#,
    ] {
      let stack = try XCTUnwrap(fixture(plain + place).compile().desired?.stacks.first, place)
      XCTAssertEqual(
        stack.resources[0].properties["VpcId"],
        .reference(Reference(Address(stack: "core-prod", resource: "Vpc"))),
        "a reference across accounts and regions")
    }
    let wrong = [
      (
        #""StackName": "cor-prod", "OutputName": "Vpc""#,
        #"12: the fleet has no stack "cor-prod"; did you mean "core-prod"?"#
      ),
      (
        #""StackName": "core-prod", "OutputName": "Vcp""#,
        #"12: stack core-prod has no output "Vcp"; did you mean "Vpc"?"#
      ),
      (
        #""StackName": "core-prod", "OutputName": "Off""#,
        #"12: stack core-prod has no output "Off""#
      ),
      (
        plain + #", "Region": "us-east-1""#,
        "12: stack core-prod is in 222222222222 eu-west-1, not in 222222222222 us-east-1"
      ),
      (
        #""StackName": "core-prod""#,
        #"36: Fn::GetStackOutput wants "StackName" and "OutputName""#
      ),
    ]
    for (arguments, finding) in wrong {
      assertFindings(fixture(arguments), "blueprints/base.jsonc:2:\(finding)")
    }
  }

  func testImportsThatGoRoundAreErrors() {
    let blueprint = """
      { "Parameters": { "Client": { "Type": "String" }, "Other": { "Type": "String" } },
        "Resources": { "B": { "Type": "AWS::S3::Bucket" } },
        "Outputs": { "O": { "Value": { "Fn::ImportValue": { "Ref": "Other" } },
          "Export": { "Name": { "Ref": "Client" } } } } }
      """
    assertFindings(
      Fixture([
        "blueprints/base.jsonc": blueprint,
        "clients/a-prod.jsonc":
          #"{ "client": "a", "environment": "prod", "blueprint": "base", "parameters": { "Other": "b" } }"#,
        "clients/b-prod.jsonc":
          #"{ "client": "b", "environment": "prod", "blueprint": "base", "parameters": { "Other": "a" } }"#,
      ]), "blueprints/base.jsonc:3:21: output O depends on itself through another stack (in a-prod)"
    )
  }

  func testErrorsOfOneStackSayWhichAndThoseOfAllDoNot() {
    func manifest(_ client: String) -> String {
      #"{ "client": "\#(client)", "environment": "prod", "blueprint": "base" }"#
    }
    assertFindings(
      Fixture([
        "blueprints/base.jsonc": """
        { "Parameters": { "Client": { "Type": "String" } },
          "Resources": { "V": { "Type": "AWS::EC2::VPC", "Properties": {
            "CidrBlok": 1, "CidrBlock": { "Fn::Select": [0, { "Fn::Cidr": [
              { "Fn::FindInMap": ["M", { "Ref": "Client" }, "c"] }, 1, 8] }] } } } },
          "Mappings": { "M": { "a": { "c": "10.0.0.0/16" } } } }
        """,
        "clients/a-prod.jsonc": manifest("a"), "clients/b-prod.jsonc": manifest("b"),
        "clients/c-prod.jsonc": manifest("c"),
      ]),
      """
      blueprints/base.jsonc:3:5: AWS::EC2::VPC has no property "CidrBlok"; did you mean "CidrBlock"?
      blueprints/base.jsonc:4:7: mapping M has no key "b" (in b-prod)
      blueprints/base.jsonc:4:7: mapping M has no key "c" (in c-prod)
      """)
  }

  func testWhatStandsBesidesManifests() {
    assertFindings(
      Fixture([
        "blueprints/base.jsonc": Self.bucket, "clients/acme-prod.jsonc": Fixture.manifest,
        "clients/beta-prod.json": "{}", "clients/old/x-prod.jsonc": "{}", "clients/README.md": "",
      ]),
      """
      clients/beta-prod.json is no manifest; manifests are clients/<client>-<environment>.jsonc
      clients/old/x-prod.jsonc is no manifest; manifests are clients/<client>-<environment>.jsonc
      """)
    var empty = Fixture(["blueprints/base.jsonc": Self.bucket])
    empty.files.contents["clients/acme-prod.jsonc"] = nil
    assertFindings(
      empty, "clients holds no manifest; a stack is removed with \"destroy\" in its manifest")
    empty = Fixture(["blueprints/base.jsonc": Self.bucket])
    empty.files.contents["fleet.jsonc"] = nil
    assertFindings(empty, "fleet.jsonc is missing; it names the project and its accounts")
  }

  func testTwoManifestsOfOneStack() {
    assertFindings(
      Fixture([
        "blueprints/base.jsonc": Self.bucket, "clients/acme-prod.jsonc": Fixture.manifest,
        "clients/copy.jsonc": Fixture.manifest,
      ]),
      """
      clients/copy.jsonc:1:13: stack acme-prod is also declared in clients/acme-prod.jsonc:1:13
      clients/copy.jsonc:1:13: the manifest of client "acme" in environment "prod" must be \
      clients/acme-prod.jsonc, not clients/copy.jsonc
      """)
  }

  func testAFleetAsItIsWanted() throws {
    let fixture = Fixture([
      "fleet.jsonc": """
      { "$schema": "x", "project": "cosyworld", "account": "b", "limits": { "deletes": 1 }, "accounts": {
          "a": { "id": "111111111111", "region": "eu-west-1", "role": "arn:aws:iam::1:role/x", "externalId": "e" },
          "b": { "id": "222222222222" } }, "region": "us-west-2" }
      """,
      "blueprints/base.jsonc": Self.bucket,
      "clients/acme-prod.jsonc": Fixture.manifest,
      "clients/beta-dev.jsonc": """
      { "$schema": "x", "client": "beta", "environment": "dev", "blueprint": "base", "account": "a",
        "destroy": {} }
      """,
    ])
    let desired = try XCTUnwrap(fixture.compile().desired)
    XCTAssertEqual(desired.project, "cosyworld")
    XCTAssertEqual(desired.budget, Budget(deletes: 1, replaces: 2))
    XCTAssertEqual(
      desired.accounts[0],
      FleetAccount(
        name: "a", id: "111111111111", region: "eu-west-1", role: "arn:aws:iam::1:role/x",
        externalID: "e"))
    XCTAssertEqual(desired.stacks.map(\.id.owner), ["cosyworld/acme-prod", "cosyworld/beta-dev"])
    XCTAssertEqual(desired.stacks.map(\.account), ["222222222222", "111111111111"])
    XCTAssertEqual(desired.stacks.map(\.region), ["us-west-2", "eu-west-1"])
    XCTAssertEqual(desired.stacks.map(\.destroy), [nil, .retain])
  }

  func testPinnedBlueprintsAreThoseOfTheirRevision() throws {
    let pin = PinnedBlueprint(name: "base", revision: "v1")
    var fixture = fixture(
      manifest:
        #"{ "client": "acme", "environment": "prod", "blueprint": { "name": "base", "revision": "v1" } }"#
    )
    fixture.files.pinned[pin] = .success(
      Array(
        #"{ "Resources": { "Old": { "Type": "AWS::S3::Bucket" }, "X": { "Type": "No" } } }"#.utf8))
    assertFindings(
      fixture, "blueprints/base.jsonc@v1:1:71: No is not supported; trueup kinds lists what is")
    fixture.files.pinned[pin] = .success(
      Array(#"{ "Resources": { "Old": { "Type": "AWS::S3::Bucket" } } }"#.utf8))
    XCTAssertEqual(
      fixture.compile().desired?.stacks[0].resources.map(\.address.resource), ["Old"])
    fixture.files.pinned[pin] = .failure(.unknownRevision("v1", reason: "Needed a single revision"))
    assertFindings(
      fixture,
      """
      clients/acme-prod.jsonc:1:67: git knows no revision v1: Needed a single revision; git fetch may \
      bring it
      """)
  }

  func testTagKeysThatDifferInCaseOnlyAreRefusedWhereAWSIgnoresCase() {
    func findings(_ type: String, _ tags: String, properties: String) -> String {
      Fixture([
        "fleet.jsonc": """
        { "project": "p", "accounts": { "main": { "id": "123456789012" } }, "region": "us-east-1",
          "tags": { "CostCenter": "7" } }
        """,
        "blueprints/base.jsonc": """
        { "Resources": { "It": { "Type": "\(type)", "Properties": { \(properties),
          "Tags": [\(tags)] } } } }
        """,
      ]).findings
    }
    let role = #""AssumeRolePolicyDocument": {}"#
    let same = #"{ "Key": "CostCenter", "Value": "8" }"#
    let other = #"{ "Key": "costcenter", "Value": "8" }"#
    XCTAssertEqual(findings("AWS::IAM::Role", same, properties: role), "")
    XCTAssertEqual(
      findings("AWS::IAM::Role", other, properties: role),
      """
      blueprints/base.jsonc:2:21: tags "CostCenter" and "costcenter" differ in case only, and \
      AWS::IAM::Role ignores the case of tag keys: spell them the same
      """)
    XCTAssertEqual(
      findings("AWS::EC2::VPC", other, properties: #""CidrBlock": "10.0.0.0/16""#), "")
  }
}
