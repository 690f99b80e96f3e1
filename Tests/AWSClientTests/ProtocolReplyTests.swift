import Document
import XCTest

@testable import AWSClient

final class ProtocolReplyTests: XCTestCase {
  private func reply(
    _ service: String, _ operation: String, status: Int, _ body: String,
    headers: [HTTPRequest.Header] = []
  ) throws -> Result<Document, AWSError> {
    let model = try ServiceModel.embedded(service)
    return model.reply(
      try model.operation(operation),
      HTTPResponse(status: status, headers: headers, body: Array(body.utf8)))
  }

  // MARK: Errors

  private struct ErrorCase {
    var reason: String
    var service: String
    var operation: String
    var status = 400
    var body: String
    var headers: [HTTPRequest.Header] = []
    var code: String
    var message: String
    var requestID: String?
    var details: Document = [:]
  }

  private let errors: [ErrorCase] = [
    ErrorCase(
      reason: "ec2's errors stand two levels down", service: "ec2", operation: "DescribeVpcs",
      body: """
        <?xml version="1.0" encoding="UTF-8"?>
        <Response><Errors><Error><Code>InvalidVpcID.NotFound</Code><Message>gone</Message></Error>
        </Errors><RequestID>r-1</RequestID></Response>
        """,
      code: "InvalidVpcID.NotFound", message: "gone", requestID: "r-1"),
    ErrorCase(
      reason: "query errors carry the wire's code, not the shape's name", service: "iam",
      operation: "DeleteRole", status: 404,
      body: """
        <ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>
        <Code>NoSuchEntity</Code><Message>no role</Message></Error><RequestId>r-2</RequestId>
        </ErrorResponse>
        """,
      code: "NoSuchEntity", message: "no role", requestID: "r-2",
      details: ["Type": "Sender"]),
    ErrorCase(
      reason: "json errors lose their namespace", service: "logs", operation: "CreateLogGroup",
      body: #"{"__type":"com.amazonaws.logs#ResourceAlreadyExistsException","message":"there"}"#,
      headers: [.init("x-amzn-RequestId", "r-3")],
      code: "ResourceAlreadyExistsException", message: "there", requestID: "r-3"),
    ErrorCase(
      reason: "S3's errors are the root", service: "s3", operation: "GetBucketTagging",
      status: 404,
      body: """
        <Error><Code>NoSuchTagSet</Code><Message>none</Message><BucketName>b</BucketName>
        <RequestId>r-4</RequestId><HostId>h</HostId></Error>
        """,
      code: "NoSuchTagSet", message: "none", requestID: "r-4", details: ["BucketName": "b"]),
    ErrorCase(
      reason: "the material of a signature stays out of an error", service: "s3",
      operation: "ListBuckets", status: 403,
      body: """
        <Error><Code>SignatureDoesNotMatch</Code><Message>no</Message><StringToSign>s</StringToSign>
        <AWSAccessKeyId>AKID</AWSAccessKeyId></Error>
        """,
      code: "SignatureDoesNotMatch", message: "no"),
    ErrorCase(
      reason: "a reply without a body has only its status", service: "s3",
      operation: "GetBucketVersioning",
      status: 404, body: "", headers: [.init("x-amz-request-id", "r-5")],
      code: "404", message: "HTTP status 404 with no body", requestID: "r-5"),
    ErrorCase(
      reason: "a page of a proxy is opaque", service: "ec2", operation: "DescribeVpcs",
      status: 502, body: "<html><body><p>Bad gateway</body>", code: "502",
      message: "HTTP status 502 with a body of 33 bytes that is no error of AWS"),
    ErrorCase(
      reason: "a page of a proxy is opaque for json too", service: "logs",
      operation: "DescribeLogGroups", status: 500, body: "oops", code: "500",
      message: "HTTP status 500 with a body of 4 bytes that is no error of AWS"),
    ErrorCase(
      reason: "S3 may fail after it has said 200", service: "s3", operation: "CreateBucket",
      status: 200,
      body:
        "<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code><Message>m</Message></Error>",
      code: "InternalError", message: "m"),
  ]

  func testErrorsOfEveryProtocolAreUnderstood() throws {
    for test in errors {
      let result = try reply(
        test.service, test.operation, status: test.status, test.body, headers: test.headers)
      XCTAssertEqual(
        result,
        .failure(
          .service(
            ServiceError(
              service: test.service, operation: test.operation, code: test.code,
              message: test.message, status: test.status, requestID: test.requestID,
              details: test.details))),
        test.reason)
    }
  }

  func testSecretsOfAnErrorAreLeftOut() throws {
    let model = try ServiceModel(
      name: "toy",
      document: [
        "metadata": ["protocol": "json"],
        "operations": ["Go": ["errors": ["Refused"]]],
        "shapes": [
          "Refused": [
            "type": "structure", "exception": true,
            "members": [
              ["name": "Token", "shape": "Secret"], ["name": "Field", "shape": "Text"],
              ["name": "Inner", "shape": "Inner"],
            ],
          ],
          "Inner": ["type": "structure", "members": [["name": "Token", "shape": "Secret"]]],
          "Secret": ["type": "string", "sensitive": true], "Text": ["type": "string"],
        ],
      ])
    let body = #"{"__type":"Refused","Token":"hunter2","Field":"f","Inner":{"Token":"hunter2"}}"#
    let response = HTTPResponse(status: 400, body: Array(body.utf8))
    guard case .failure(.service(let error)) = model.reply(try model.operation("Go"), response)
    else { return XCTFail("an error was expected") }
    XCTAssertEqual(error.details, ["Field": "f", "Inner": ["Token": .secret(nil)]])
  }

  func testAServiceThatSpokeQueryOnceNamesErrorsAsThen() throws {
    let model = try ServiceModel(
      name: "queue",
      document: [
        "metadata": ["protocol": "json", "awsQueryCompatible": [:]], "operations": ["Go": [:]],
      ])
    let response = HTTPResponse(
      status: 400, headers: [.init("x-amzn-query-error", "AWS.Queue.NonExistent;Sender")],
      body: Array(#"{"__type":"aws#QueueDoesNotExist"}"#.utf8))
    guard case .failure(.service(let error)) = model.reply(try model.operation("Go"), response)
    else { return XCTFail("an error was expected") }
    XCTAssertEqual(error.code, "AWS.Queue.NonExistent")
    XCTAssertEqual(error.details["QueryErrorCode"], "QueueDoesNotExist")
  }

  // MARK: Outputs

  func testARealReplyOfEC2IsReadInTheModelsNames() throws {
    let output = try reply(
      "ec2", "DescribeVpcs", status: 200,
      """
      <DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
        <requestId>r</requestId>
        <vpcSet><item><vpcId>vpc-1</vpcId><isDefault>false</isDefault>
          <cidrBlockAssociationSet><item><cidrBlock>10.0.0.0/16</cidrBlock>
            <cidrBlockState><state>associated</state></cidrBlockState></item>
          </cidrBlockAssociationSet>
          <tagSet/><news>1</news></item></vpcSet>
      </DescribeVpcsResponse>
      """
    ).get()
    XCTAssertEqual(
      output,
      [
        "Vpcs": [
          [
            "VpcId": "vpc-1", "IsDefault": false, "Tags": [],
            "CidrBlockAssociationSet": [
              ["CidrBlock": "10.0.0.0/16", "CidrBlockState": ["State": "associated"]]
            ],
          ]
        ]
      ])
  }

  func testTimestampsAreSecondsWhateverTheWireSays() throws {
    let role = try reply(
      "iam", "CreateRole", status: 200,
      """
      <CreateRoleResponse><CreateRoleResult><Role><RoleName>r</RoleName>
      <CreateDate>2019-12-16T23:48:18Z</CreateDate></Role></CreateRoleResult></CreateRoleResponse>
      """
    ).get()
    XCTAssertEqual(role["Role"]?["CreateDate"], 1_576_540_098)
    let group = try reply(
      "logs", "DescribeResourcePolicies", status: 200,
      #"{"resourcePolicies":[{"policyName":"p","lastUpdatedTime":1576540098123}]}"#
    ).get()
    XCTAssertEqual(
      group["resourcePolicies"]?[0]?["lastUpdatedTime"], 1_576_540_098_123,
      "CloudWatch Logs has milliseconds, which its model calls a number")
  }

  func testAReplyThatBreaksTheModelIsAnErrorThatQuotesNothing() throws {
    let cases = [
      ("logs", "DescribeLogGroups", #"{"logGroups":"secret"}"#, "'logGroups' is not a list"),
      (
        "ec2", "DescribeVpcs", "<R><vpcSet><item><isDefault>secret</isDefault></item></vpcSet></R>",
        "'IsDefault' is not a boolean"
      ),
    ]
    for (service, operation, body, reason) in cases {
      XCTAssertEqual(
        try reply(service, operation, status: 200, body),
        .failure(
          .malformedReply(service: service, operation: operation, status: 200, reason: reason)))
    }
    guard
      case .failure(.malformedReply(_, _, _, let reason)) = try reply(
        "ec2", "DescribeVpcs", status: 200, "<DescribeVpcsResponse><vpcSet>")
    else { return XCTFail("a truncated reply is an error") }
    XCTAssertTrue(reason.hasPrefix("the body is not XML: "), reason)
  }

  func testATruncatedReplyIsAnErrorWhereverItIsCut() throws {
    let body = """
      <DescribeVpcsResponse><vpcSet><item><vpcId>vpc-1</vpcId><isDefault>true</isDefault>\
      <tagSet><item><key>a</key><value>&amp;</value></item></tagSet></item></vpcSet>\
      </DescribeVpcsResponse>
      """
    for count in 0..<body.count {
      guard
        case .failure = try reply("ec2", "DescribeVpcs", status: 200, String(body.prefix(count)))
      else { return XCTFail("the first \(count) characters alone are no reply") }
    }
    XCTAssertNotNil(try? reply("ec2", "DescribeVpcs", status: 200, body).get())
  }
}
