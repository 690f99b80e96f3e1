import Document
import TrueupCore
import XCTest

@testable import DesiredState

final class SchemaCheckTests: XCTestCase {
  /// A blueprint in which the properties stand on line 3 from column 1.
  private func fixture(_ type: String, _ properties: String) -> Fixture {
    Fixture(
      """
      { "Parameters": { "Ids": { "Type": "List<AWS::EC2::Subnet::Id>", "Default": "subnet-1" } },
        "Resources": { "It": { "Type": "\(type)", "Properties":
      \(properties) },
          "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.0.0.0/16" } },
          "Group": { "Type": "AWS::EC2::SecurityGroup",
            "Properties": { "GroupDescription": "x", "VpcId": { "Ref": "Vpc" } } },
          "Role": { "Type": "AWS::IAM::Role", "Properties": { "AssumeRolePolicyDocument": {} } },
          "Bucket": { "Type": "AWS::S3::Bucket" } } }
      """)
  }

  func testWrongPropertiesAreErrorsAtTheirPlace() {
    let subnet = "AWS::EC2::Subnet"
    let group = "AWS::EC2::SecurityGroup"
    let cases: [(type: String, properties: String, column: Int, message: String)] = [
      (
        subnet, #"{ "VpcId": "vpc-1", "CidrBlok": "10.0.0.0/24" }"#, 21,
        #"AWS::EC2::Subnet has no property "CidrBlok"; did you mean "CidrBlock"?"#
      ),
      (
        "AWS::S3::Bucket",
        #"{ "VersioningConfiguration": { "Statuss": "Enabled", "Status": "Enabled" } }"#, 32,
        #"AWS::S3::Bucket /VersioningConfiguration has no property "Statuss"; did you mean "Status"?"#
      ),
      (subnet, #"{ "CidrBlock": "10.0.0.0/24" }"#, 1, #"AWS::EC2::Subnet needs "VpcId""#),
      (
        subnet, #"{ "VpcId": "vpc-1" }"#, 1,
        #"AWS::EC2::Subnet needs one of "CidrBlock", "Ipv4IpamPoolId", "Ipv6IpamPoolId", "Ipv6CidrBlock""#
      ),
      (
        subnet, #"{ "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", "SubnetId": "subnet-1" }"#, 49,
        "AWS::EC2::Subnet /SubnetId is set by AWS and cannot be declared"
      ),
      (
        subnet,
        #"{ "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", "AvailabilityZone": "a", "AvailabilityZoneId": "b" }"#,
        74,
        #"AWS::EC2::Subnet can have only one of "AvailabilityZone", "AvailabilityZoneId""#
      ),
      (
        subnet, #"{ "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", "Ipv6IpamPoolId": "p" }"#, 49,
        #"AWS::EC2::Subnet with "Ipv6IpamPoolId" needs "Ipv6NetmaskLength""#
      ),
      (
        subnet, #"{ "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/33" }"#, 34,
        #"AWS::EC2::Subnet /CidrBlock is "10.0.0.0/33"; it must be an IPv4 network such as 10.0.0.0/16"#
      ),
      (
        subnet, #"{ "VpcId": "vpc-1", "Ipv6CidrBlock": "10.0.0.0/24" }"#, 38,
        #"AWS::EC2::Subnet /Ipv6CidrBlock is "10.0.0.0/24"; it must be an IPv6 network such as 2001:db8::/56"#
      ),
      (
        subnet, #"{ "VpcId": ["vpc-1"], "CidrBlock": "10.0.0.0/24" }"#, 12,
        "AWS::EC2::Subnet /VpcId wants a string, not a list"
      ),
      (
        subnet, #"{ "VpcId": { "Ref": "Ids" }, "CidrBlock": "10.0.0.0/24" }"#, 12,
        "AWS::EC2::Subnet /VpcId wants a string, not a list"
      ),
      (
        subnet, #"{ "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", "MapPublicIpOnLaunch": "yes" }"#,
        72,
        #"AWS::EC2::Subnet /MapPublicIpOnLaunch wants a boolean, not "yes""#
      ),
      (
        subnet, #"{ "VpcId": "vpc-1", "CidrBlock": { "Fn::GetAZs": "" } }"#, 34,
        "AWS::EC2::Subnet /CidrBlock wants a string; Fn::GetAZs gives a list"
      ),
      (
        "AWS::EC2::VPC",
        #"{ "CidrBlock": "10.0.0.0/16", "Ipv4IpamPoolId": "p", "Ipv4NetmaskLength": 8 }"#, 31,
        #"AWS::EC2::VPC can have only one of "CidrBlock", "Ipv4IpamPoolId""#
      ),
      ("AWS::EC2::VPC", "{}", 1, #"AWS::EC2::VPC needs one of "CidrBlock", "Ipv4IpamPoolId""#),
      (
        "AWS::Logs::LogGroup", #"{ "RetentionInDays": 31 }"#, 22,
        "AWS::Logs::LogGroup /RetentionInDays is 31; it must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, …"
      ),
      (
        "AWS::Logs::LogGroup", #"{ "LogGroupClass": "STANDART" }"#, 20,
        #"AWS::Logs::LogGroup /LogGroupClass is "STANDART"; it must be one of STANDARD, INFREQUENT_ACCESS, DELIVERY; did you mean "STANDARD"?"#
      ),
      (
        "AWS::Logs::LogGroup", #"{ "LogGroupName": "a b" }"#, 19,
        #"AWS::Logs::LogGroup /LogGroupName is "a b"; it must match ^[.\-_/#A-Za-z0-9]{1,512}\Z"#
      ),
      (
        "AWS::Logs::LogGroup", #"{ "DataProtectionPolicy": "{" }"#, 27,
        "AWS::Logs::LogGroup /DataProtectionPolicy is no JSON: 1:2: expected a key in double quotes, found the end of the text"
      ),
      (
        "AWS::IAM::Role", #"{ "AssumeRolePolicyDocument": {}, "MaxSessionDuration": 60 }"#, 57,
        "AWS::IAM::Role /MaxSessionDuration is 60; it must be at least 3600"
      ),
      (
        "AWS::IAM::Role",
        #"{ "AssumeRolePolicyDocument": {}, "ManagedPolicyArns": ["arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/A"] }"#,
        86,
        "AWS::IAM::Role /ManagedPolicyArns has the same element twice"
      ),
      (
        "AWS::IAM::Role", #"{ "AssumeRolePolicyDocument": {}, "RoleName": "" }"#, 47,
        "AWS::IAM::Role /RoleName needs at least 1 characters, not 0"
      ),
      (
        "AWS::S3::Bucket", #"{ "ReplicationConfiguration": { "Role": "r", "Rules": [] } }"#, 3,
        "AWS::S3::Bucket /ReplicationConfiguration is not supported: buckets are not replicated by this tool"
      ),
      (
        "AWS::S3::Bucket",
        #"{ "LifecycleConfiguration": { "Rules": [{ "Status": "Enabled", "ExpirationInDays": 1, "Transition": { "StorageClass": "GLACIER", "TransitionInDays": 1 } }] } }"#,
        87,
        "AWS::S3::Bucket /LifecycleConfiguration/Rules/0/Transition is not supported: use Transitions"
      ),
      (
        group,
        #"{ "GroupDescription": "x", "VpcId": { "Ref": "Bucket" } }"#, 37,
        "AWS::EC2::SecurityGroup /VpcId wants AWS::EC2::VPC.Id; Bucket gives the BucketName of AWS::S3::Bucket"
      ),
      (
        group,
        #"{ "GroupDescription": "x", "VpcId": { "Fn::GetAtt": "Vpc.DefaultSecurityGroup" } }"#, 37,
        "AWS::EC2::SecurityGroup /VpcId wants AWS::EC2::VPC.Id; Vpc.DefaultSecurityGroup gives the attribute DefaultSecurityGroup of AWS::EC2::VPC; use { \"Ref\": \"Vpc\" }"
      ),
      (
        group,
        #"{ "GroupDescription": "x", "VpcId": { "Fn::GetAtt": "Vpc.CidrBlockAssociations" } }"#, 37,
        "AWS::EC2::SecurityGroup /VpcId wants a string; Vpc.CidrBlockAssociations gives a list"
      ),
      (
        group,
        #"{ "GroupDescription": "x", "SecurityGroupIngress": [{ "IpProtocol": "-1", "SourceSecurityGroupId": { "Ref": "Vpc" } }] }"#,
        100,
        "AWS::EC2::SecurityGroup /SecurityGroupIngress/0/SourceSecurityGroupId wants AWS::EC2::SecurityGroup.Id; Vpc gives the VpcId of AWS::EC2::VPC"
      ),
      (
        group,
        #"{ "GroupDescription": "x", "SecurityGroupIngress": [{ "IpProtocol": "-1" }] }"#, 53,
        #"AWS::EC2::SecurityGroup /SecurityGroupIngress/0 needs one of "CidrIp", "CidrIpv6", "SourcePrefixListId", "SourceSecurityGroupId", "SourceSecurityGroupName""#
      ),
      (group, #""x""#, 1, "the properties of a resource must be an object"),
    ]
    for (type, properties, column, message) in cases {
      var fixture = fixture(type, properties)
      fixture.isStrict = true
      assertFindings(
        fixture, "blueprints/base.jsonc:3:\(column): \(message)",
        "wrong properties must give one error: \(properties)")
    }
  }

  func testValuesBeyondThePinnedSchemasAreWarningsOutsideOfTests() throws {
    let fixture = fixture("AWS::Logs::LogGroup", #"{ "LogGroupClass": "GLACIAL" }"#)
    assertFindings(
      fixture,
      """
      blueprints/base.jsonc:3:20: warning: AWS::Logs::LogGroup /LogGroupClass is "GLACIAL"; it must \
      be one of STANDARD, INFREQUENT_ACCESS, DELIVERY
      """)
    XCTAssertNotNil(fixture.compile().desired, "a warning does not stop a plan")
  }

  func testScalarsGetTheTypesOfTheSchema() throws {
    let cases: [(reason: String, type: String, properties: String, expected: Document)] = [
      (
        "text to a boolean", "AWS::EC2::VPC",
        #"{ "CidrBlock": "10.0.0.0/16", "EnableDnsSupport": "true", "EnableDnsHostnames": "False" }"#,
        ["CidrBlock": "10.0.0.0/16", "EnableDnsSupport": true, "EnableDnsHostnames": false]
      ),
      (
        "text to a number", "AWS::Logs::LogGroup", #"{ "RetentionInDays": "30" }"#,
        ["RetentionInDays": 30]
      ),
      (
        "a number with an empty fraction", "AWS::Logs::LogGroup", #"{ "RetentionInDays": 30.0 }"#,
        ["RetentionInDays": 30]
      ),
      (
        "a number to text, in lists too", "AWS::EC2::SecurityGroup",
        #"{ "GroupDescription": 7, "SecurityGroupEgress": [{ "IpProtocol": -1, "FromPort": "1", "CidrIp": "10.0.0.0/8" }], "VpcId": "vpc-1" }"#,
        [
          "GroupDescription": "7", "VpcId": "vpc-1",
          "SecurityGroupEgress": [["IpProtocol": "-1", "FromPort": 1, "CidrIp": "10.0.0.0/8"]],
        ]
      ),
      (
        "free objects are left as they are", "AWS::IAM::Role",
        #"{ "AssumeRolePolicyDocument": { "a": 1, "b": ["true", true] } }"#,
        ["AssumeRolePolicyDocument": ["a": 1, "b": ["true", true]]]
      ),
      (
        "an empty list beside a member that excludes it is left out", "AWS::CloudWatch::Alarm",
        #"{ "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Dimensions": [], "Metrics": [{ "Id": "e", "Expression": "1" }] }"#,
        [
          "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1,
          "Metrics": [["Id": "e", "Expression": "1"]],
        ]
      ),
      (
        "an empty list by itself stays", "AWS::CloudWatch::Alarm",
        #"{ "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "MetricName": "m", "Dimensions": [] }"#,
        [
          "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1,
          "MetricName": "m", "Dimensions": [],
        ]
      ),
    ]
    for (reason, type, properties, expected) in cases {
      let compilation = fixture(type, properties).compile()
      XCTAssertEqual(compilation.errors.map(\.description), [], reason)
      let resource = try XCTUnwrap(compilation.desired?.stacks[0].resources[0])
      XCTAssertEqual(resource.properties, .known(expected), reason)
    }
  }

  func testRightReferencesPass() {
    let cases = [
      (
        "AWS::EC2::Subnet",
        #"{ "CidrBlock": "10.0.0.0/24", "VpcId": { "Fn::GetAtt": "Vpc.VpcId" } }"#
      ),
      (
        "AWS::EC2::Subnet",
        #"{ "CidrBlock": "10.0.0.0/24", "VpcId": { "Fn::GetAtt": ["Group", "VpcId"] } }"#
      ),
      (
        "AWS::EC2::Subnet",
        #"{ "CidrBlock": { "Fn::GetAtt": "Vpc.CidrBlock" }, "VpcId": { "Ref": "Vpc" } }"#
      ),
      (
        "AWS::EC2::SecurityGroup",
        #"{ "GroupDescription": "x", "SecurityGroupIngress": [{ "IpProtocol": "-1", "SourceSecurityGroupId": { "Ref": "Group" } }, { "IpProtocol": "-1", "SourceSecurityGroupId": { "Fn::GetAtt": "Vpc.DefaultSecurityGroup" } }] }"#
      ),
      (
        "AWS::EC2::Subnet",
        #"{ "CidrBlock": { "Fn::Select": [0, { "Fn::GetAZs": "" }] }, "VpcId": "v" }"#
      ),
    ]
    for (type, properties) in cases {
      assertFindings(fixture(type, properties), "", "a right reference is no error: \(properties)")
    }
  }

  func testEveryPatternOfTheRegistryIsUnderstood() throws {
    var count = 0
    func patterns(_ document: Document) -> [String] {
      switch document {
      case .object(let members):
        members.flatMap { key, value in
          key == "pattern" ? [value.string].compactMap(\.self) : patterns(value)
        }
      case .list(let elements): elements.flatMap(patterns)
      default: []
      }
    }
    for type in ResourceSchema.types {
      let schema = try XCTUnwrap(ResourceSchema.embedded(type))
      for pattern in patterns(schema.document) {
        count += 1
        XCTAssertNotNil(Pattern(pattern), "\(type): \(pattern)")
      }
    }
    XCTAssertGreaterThan(count, 0, "the registry has patterns")
  }

  func testPatternsMeanWhatTheyMeanInTheRegistry() throws {
    let description = try XCTUnwrap(
      ResourceSchema.embedded("AWS::EC2::SecurityGroup")?["/GroupDescription"]?.pattern)
    let cases: [(pattern: String, text: String, matches: Bool)] = [
      (description, "a [b] & c", true), (description, "tab\t", false),
      (#"^[a-z]+\Z"#, "abc", true), (#"^[a-z]+\Z"#, "abc\n", false), ("^a$", "a\n", false),
      ("b", "abc", true), (#"^[\]x]+$"#, "]x", true), ("[--]{2}", "a--b", true),
      ("[--]{2}", "a-b", false), ("^[a-]+$", "-a", true), ("^[-a]+$", "a-", true),
      ("^[+--]+$", "+,-", true), ("^[^-]+$", "a-", false),
    ]
    for (source, text, matches) in cases {
      let pattern = try XCTUnwrap(Pattern(source), source)
      XCTAssertEqual(pattern.matches(text), matches, "\(source) on \(text.debugDescription)")
    }
  }
}
