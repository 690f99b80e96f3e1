import AWSClient
import Document
import XCTest

final class ProtocolValidationTests: XCTestCase {
  private struct Case {
    var reason: String
    var service = "ec2"
    var operation = "CreateVpc"
    var input: Document
    var errors: [String] = []
    var warnings: [String] = []
  }

  private let cases: [Case] = [
    Case(
      reason: "an input that fits has nothing to say",
      input: ["CidrBlock": "10.0.0.0/16", "InstanceTenancy": "default", "DryRun": .null]),
    Case(
      reason: "an unknown member is an error, with the spelling that was meant",
      input: ["cidrBlock": "10.0.0.0/16"],
      errors: ["/cidrBlock: CreateVpcRequest has no such member; it is spelled CidrBlock"]),
    Case(
      reason: "a wrong type is an error",
      input: ["CidrBlock": 10, "DryRun": "yes"],
      errors: [
        "/CidrBlock: expected a string, found an integer",
        "/DryRun: expected true or false, found a string",
      ]),
    Case(
      reason: "the place in a list is a JSON pointer",
      input: ["TagSpecifications": [["Tags": [["Key": "a"], ["Key": true]]]]],
      errors: ["/TagSpecifications/0/Tags/1/Key: expected a string, found a boolean"]),
    Case(
      reason: "a missing required member is an error, and null is missing",
      operation: "DeleteVpc", input: ["VpcId": .null], errors: ["/VpcId: is required"]),
    Case(
      reason: "a value that the pinned enum lacks is a warning",
      input: ["InstanceTenancy": "shared"],
      warnings: [
        "/InstanceTenancy: 'shared' is none of the known values: default, dedicated, host"
      ]),
    Case(
      reason: "a length out of range and a broken pattern are warnings",
      service: "iam", operation: "DeleteRole", input: ["RoleName": ""],
      warnings: [
        "/RoleName: 0 characters, but at least 1 expected",
        "/RoleName: '' does not match the pattern [\\w+=,.@-]+",
      ]),
    Case(
      reason: "a value that breaks the pattern is a warning",
      service: "iam", operation: "DeleteRole", input: ["RoleName": "a/b"],
      warnings: ["/RoleName: 'a/b' does not match the pattern [\\w+=,.@-]+"]),
    Case(
      reason: "a sensitive value is not quoted",
      service: "sts", operation: "AssumeRoleWithWebIdentity",
      input: [
        "RoleArn": "arn:aws:iam::1:role/a", "RoleSessionName": "ab", "WebIdentityToken": "é",
      ],
      warnings: ["/WebIdentityToken: 1 characters, but at least 4 expected"]),
    Case(
      reason: "a timestamp is a number or ISO 8601",
      service: "s3", operation: "PutBucketLifecycleConfiguration",
      input: [
        "Bucket": "b",
        "LifecycleConfiguration": [
          "Rules": [
            ["Status": "Enabled", "Expiration": ["Date": "2030-01-01T00:00:00Z"]],
            ["Status": "Enabled", "Expiration": ["Date": "tomorrow"]],
          ]
        ],
      ],
      errors: [
        "/LifecycleConfiguration/Rules/1/Expiration/Date: expected a timestamp "
          + "(seconds since 1970, or ISO 8601), found a string"
      ]),
  ]

  func testInputsAreCheckedAgainstTheModel() throws {
    for test in cases {
      let model = try ServiceModel.embedded(test.service)
      let result = model.validate(try model.operation(test.operation), input: test.input)
      XCTAssertEqual(result.errors.map { "\($0.path): \($0.reason)" }, test.errors, test.reason)
      XCTAssertEqual(
        result.warnings.map { "\($0.path): \($0.reason)" },
        test.warnings, test.reason)
    }
  }

  func testAnInputWithAnErrorGivesNoRequest() throws {
    let model = try ServiceModel.embedded("ec2")
    XCTAssertThrowsError(
      try model.request(
        model.operation("DeleteVpc"), input: [:], target: .init(host: "ec2.example.com"),
        idempotencyToken: { "" })
    ) {
      XCTAssertEqual(
        $0 as? AWSError,
        .invalidInput(
          service: "ec2", operation: "DeleteVpc", path: "/VpcId", reason: "is required"))
    }
  }

  func testAnEmptyPathLabelGivesNoRequest() throws {
    // An empty bucket would turn DeleteBucket into a request for the service itself.
    let model = try ServiceModel.embedded("s3")
    XCTAssertThrowsError(
      try model.request(
        model.operation("DeleteBucket"), input: ["Bucket": ""],
        target: .init(host: "s3.example.com"), idempotencyToken: { "" })
    ) {
      XCTAssertEqual(
        $0 as? AWSError,
        .invalidInput(
          service: "s3", operation: "DeleteBucket", path: "/Bucket",
          reason: "must not be empty: it is part of the path"))
    }
  }

  func testALineBreakCannotBeginAnotherHeader() throws {
    let model = try ServiceModel.embedded("s3")
    XCTAssertThrowsError(
      try model.request(
        model.operation("GetBucketTagging"),
        input: ["Bucket": "bucket", "ExpectedBucketOwner": "1\r\nx-evil: 1"],
        target: .init(host: "s3.example.com"), idempotencyToken: { "" })
    ) {
      XCTAssertEqual(
        $0 as? AWSError,
        .invalidInput(
          service: "s3", operation: "GetBucketTagging", path: "/ExpectedBucketOwner",
          reason: "has a control character, which no header can carry"))
    }
  }

  func testSecretsAreReplacedWhereverTheModelMarksThem() throws {
    let sts = try ServiceModel.embedded("sts")
    let operation = try sts.operation("AssumeRoleWithWebIdentity")
    XCTAssertEqual(
      sts.redacted(
        ["RoleArn": "a", "WebIdentityToken": "hunter2"], try XCTUnwrap(operation.input)),
      ["RoleArn": "a", "WebIdentityToken": .secret(nil)])
    let output = try XCTUnwrap(operation.output)
    XCTAssertEqual(
      sts.redacted(
        [
          "Credentials": ["AccessKeyId": "AKID", "SecretAccessKey": "hunter2"], "Other": "hunter2",
        ],
        output),
      ["Credentials": ["AccessKeyId": "AKID", "SecretAccessKey": .secret(nil)]],
      "what the model does not know is left out")
  }
}
