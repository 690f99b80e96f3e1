import Document
import TrueupCore
import XCTest

/// Resources that live elsewhere than their stack, and what parameters name in AWS.
final class ScopeTests: XCTestCase {
  private let fleet = """
    { "project": "cosyworld", "region": "eu-west-1", "account": "main",
      "accounts": {
        "main": { "id": "111111111111" },
        "dns": { "id": "222222222222", "region": "us-east-1" } } }
    """

  private func fixture(_ metadata: String, type: String = "AWS::Logs::LogGroup") -> Fixture {
    Fixture([
      "fleet.jsonc": fleet,
      "blueprints/base.jsonc": """
      { "Parameters": { "Where": { "Type": "String", "Default": "us-east-1" } },
        "Resources": { "It": { "Type": "\(type)",
          "Metadata": { "Trueup": \(metadata) },
          "Properties": { "LogGroupName": { "Fn::Sub": "${AWS::AccountId}-${AWS::Region}" } } } } }
      """,
    ])
  }

  func testAResourceLivesWhereItsMetadataSays() throws {
    let cases: [(metadata: String, scope: Scope, reason: String)] = [
      ("{}", Scope(account: "111111111111", region: "eu-west-1"), "nothing said"),
      (
        #"{ "Account": "dns" }"#, Scope(account: "222222222222", region: "eu-west-1"),
        "an account by its name, in the stack's region"
      ),
      (
        #"{ "Account": "222222222222", "Region": "us-east-1" }"#,
        Scope(account: "222222222222", region: "us-east-1"), "an account by its id"
      ),
      (
        #"{ "Account": "333333333333" }"#, Scope(account: "333333333333", region: "eu-west-1"),
        "an account that the fleet does not name: the credentials at hand must be its own"
      ),
      (
        #"{ "Region": { "Ref": "Where" } }"#, Scope(account: "111111111111", region: "us-east-1"),
        "a function of parameters"
      ),
    ]
    for (metadata, scope, reason) in cases {
      let compilation = fixture(metadata).compile()
      XCTAssertEqual(compilation.errors.map(\.description), [], reason)
      let resource = try XCTUnwrap(compilation.desired?.stacks[0].resources.first, reason)
      XCTAssertEqual(resource.scope, scope, reason)
      XCTAssertEqual(
        resource.properties["LogGroupName"], .string("111111111111-eu-west-1"),
        "pseudo parameters are the stack's, as in CloudFormation")
    }
  }

  func testWrongPlacesAreErrorsWhereTheyStand() {
    assertFindings(
      fixture(#"{ "Account": "dsn" }"#),
      "blueprints/base.jsonc:3:42: fleet.jsonc has no account \"dsn\"; did you mean \"dns\"?")
    assertFindings(
      fixture(#"{ "Region": "virginia" }"#),
      "blueprints/base.jsonc:3:41: \"virginia\" is no region such as us-east-1")
  }

  func testRecordsOfValidationMayStandInAnotherAccount() throws {
    func certificate(_ account: String) -> Fixture {
      Fixture([
        "fleet.jsonc": fleet,
        "blueprints/base.jsonc": """
        { "Resources": { "It": { "Type": "AWS::CertificateManager::Certificate",
          "Metadata": { "Trueup": { "ValidationAccount": "\(account)" } },
          "Properties": { "DomainName": "example.com" } } } }
        """,
      ])
    }
    for (named, account) in [
      ("dns", "222222222222"), ("333333333333", "333333333333"), ("main", nil),
    ] {
      let compilation = certificate(named).compile()
      XCTAssertEqual(compilation.errors.map(\.description), [])
      let resource = try XCTUnwrap(compilation.desired?.stacks[0].resources.first)
      XCTAssertEqual(resource.validationAccount, account, named)
      XCTAssertEqual(resource.scope.account, "111111111111")
    }
    assertFindings(
      certificate("dsn"),
      "blueprints/base.jsonc:2:50: fleet.jsonc has no account \"dsn\"; did you mean \"dns\"?")
    assertFindings(
      fixture(#"{ "ValidationAccount": "dns" }"#),
      "blueprints/base.jsonc:3:52: AWS::Logs::LogGroup has no ValidationAccount: certificates have")
  }

  func testAPropertyThatNamesTheRegionIsWhereItLives() {
    func subscription(_ properties: String) -> Fixture {
      Fixture([
        "fleet.jsonc": fleet,
        "blueprints/base.jsonc": """
        { "Parameters": { "Where": { "Type": "String", "Default": "us-east-1" } },
          "Resources": { "It": { "Type": "AWS::SNS::Subscription",
            "Properties": { "TopicArn": "arn:aws:sns:us-east-1:111111111111:alarms",
              "Protocol": "email", "Endpoint": "a@example.com" \(properties) } } } }
        """,
      ])
    }
    for (properties, region) in [
      ("", "eu-west-1"), (#", "Region": { "Ref": "AWS::Region" }"#, "eu-west-1"),
      (#", "Region": { "Ref": "Where" }"#, "us-east-1"),
    ] {
      XCTAssertEqual(
        subscription(properties).compile().desired?.stacks[0].resources.first?.scope,
        Scope(account: "111111111111", region: region), properties)
    }
  }

  func testWhatIsGlobalHasAnAccountAndNoRegion() throws {
    func role(_ metadata: String) -> Fixture {
      Fixture([
        "fleet.jsonc": fleet,
        "blueprints/base.jsonc": """
        { "Resources": { "It": { "Type": "AWS::IAM::Role",
          "Metadata": { "Trueup": \(metadata) }, "Properties": { "AssumeRolePolicyDocument": {} } } } }
        """,
      ])
    }
    XCTAssertEqual(
      role(#"{ "Account": "dns" }"#).compile().desired?.stacks[0].resources.first?.scope,
      Scope(account: "222222222222", region: nil))
    assertFindings(
      role(#"{ "Region": "us-east-1" }"#),
      "blueprints/base.jsonc:2:39: AWS::IAM::Role lives once per account: It can have no Region")
  }

  func testParametersOfAWSTypesNameWhatMustBeThere() throws {
    func parameters(_ type: String, _ value: String) throws -> [GivenIdentifier] {
      let fixture = Fixture(
        """
        { "Parameters": { "P": { "Type": "\(type)" } },
          "Resources": { "It": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.0.0.0/16" } } } }
        """, parameters: "{ \"P\": \(value) }")
      let compilation = fixture.compile()
      XCTAssertEqual(compilation.errors.map(\.description), [], type)
      return try XCTUnwrap(compilation.desired?.stacks[0].givenIdentifiers, type)
    }
    for (type, value) in [
      ("String", "\"x\""), ("List<Number>", "[1, 2]"), ("CommaDelimitedList", "\"a, b\""),
      ("AWS::SSM::Parameter::Value<String>", "\"/x\""),
      ("AWS::SSM::Parameter::Value<List<String>>", "\"/x\""),
    ] {
      XCTAssertEqual(try parameters(type, value), [], "\(type) names nothing")
    }
    let subnets = try parameters("List<AWS::EC2::Subnet::Id>", #""subnet-1, subnet-2""#)
    XCTAssertEqual(subnets.map(\.type), ["AWS::EC2::Subnet::Id"])
    XCTAssertEqual(subnets.map(\.value), [.known(["subnet-1", "subnet-2"])])
    XCTAssertEqual(
      subnets.map(\.location.description), ["desired-state/clients/acme-prod.jsonc:2:24"])
    let image = try parameters("AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "\"/ami\"")
    XCTAssertEqual(
      image.map(\.value),
      [
        .fact(
          .parameter(name: "/ami", isList: false, account: "123456789012", region: "us-east-1"))
      ])
  }
}
