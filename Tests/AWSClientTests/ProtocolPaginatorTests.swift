import Document
import XCTest

@testable import AWSClient

final class ProtocolPaginatorTests: XCTestCase {
  private func paginator(_ service: String, _ operation: String) throws -> Paginator {
    let model = try ServiceModel.embedded(service)
    return try XCTUnwrap(
      Paginator(service: model, operation: model.operation(operation)), "\(operation) has pages")
  }

  func testTheNextInputCarriesTheTokenUntilThereIsNone() throws {
    let cases: [(String, String, Document, Document, Document?)] = [
      (
        "ec2", "DescribeVpcs", ["MaxResults": 5], ["NextToken": "a"],
        ["MaxResults": 5, "NextToken": "a"]
      ),
      ("ec2", "DescribeVpcs", ["NextToken": "a"], ["NextToken": "b"], ["NextToken": "b"]),
      ("ec2", "DescribeVpcs", ["NextToken": "a"], ["Vpcs": []], nil),
      ("resourcegroupstaggingapi", "GetResources", [:], ["PaginationToken": ""], nil),
      ("iam", "ListRoles", [:], ["IsTruncated": false, "Marker": "m"], nil),
      ("iam", "ListRoles", [:], ["IsTruncated": true, "Marker": "m"], ["Marker": "m"]),
      (
        "route53", "ListResourceRecordSets",
        ["HostedZoneId": "z", "StartRecordName": "a", "StartRecordIdentifier": "1"],
        ["IsTruncated": true, "NextRecordName": "b"],
        ["HostedZoneId": "z", "StartRecordName": "b"]
      ),
    ]
    for (service, operation, input, output, expected) in cases {
      XCTAssertEqual(
        try paginator(service, operation).next(input: input, output: output), expected,
        "\(operation) after \(output.json())")
    }
  }

  func testALoopThatDoesNotAdvanceIsAnError() throws {
    let cases: [(Document, Document, String)] = [
      (["Marker": "m"], ["IsTruncated": true, "Marker": "m"], "m"),
      ([:], ["IsTruncated": true], ""),
    ]
    for (input, output, token) in cases {
      XCTAssertThrowsError(
        try paginator("iam", "ListRoles").next(input: input, output: output),
        "\(output.json()) after \(input.json())"
      ) {
        XCTAssertEqual(
          $0 as? AWSError, .pagingStuck(service: "iam", operation: "ListRoles", token: token))
      }
    }
  }

  func testPagesJoinIntoOneOutput() throws {
    let pages: [Document] = [
      ["RoleDetailList": [1, 2], "Marker": "b"], ["RoleDetailList": [3], "Policies": [4]], [:],
    ]
    XCTAssertEqual(
      try paginator("iam", "GetAccountAuthorizationDetails").merge(pages),
      ["RoleDetailList": [1, 2, 3], "Policies": [4], "Marker": "b"])
  }

  func testThePageSizeIsSetWhereTheInputDoesNotSayIt() throws {
    let vpcs = try paginator("ec2", "DescribeVpcs")
    XCTAssertEqual(vpcs.first([:], pageSize: 7), ["MaxResults": 7])
    XCTAssertEqual(
      try paginator("route53", "ListHostedZones").first([:], pageSize: 7), ["MaxItems": "7"],
      "Route 53 takes it as text")
    XCTAssertEqual(vpcs.first(["MaxResults": 9], pageSize: 7), ["MaxResults": 9])
    XCTAssertEqual(vpcs.first([:]), [:])
  }

  func testAnOperationWithoutPagesHasNoPaginator() throws {
    let model = try ServiceModel.embedded("ec2")
    XCTAssertNil(
      Paginator(service: model, operation: try model.operation("DescribeVpcAttribute")))
  }

  func testDottedPathsReachIntoObjectsAndKnowAlternatives() {
    let document: Document = ["A": ["B": 1], "C": 2]
    XCTAssertEqual(DottedPath.value("A.B", in: document), 1)
    XCTAssertEqual(DottedPath.value("A.X || C", in: document), 2)
    XCTAssertNil(DottedPath.value("X.Y", in: document))
    XCTAssertEqual(
      DottedPath.setting("A.B", in: document, to: 3), ["A": ["B": 3], "C": 2])
  }
}
