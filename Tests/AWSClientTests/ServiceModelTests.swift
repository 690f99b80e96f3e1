import Document
import Foundation
import XCTest

@testable import AWSClient

final class ServiceModelTests: XCTestCase {
  static let services = [
    "ec2", "iam", "logs", "resourcegroupstaggingapi", "s3", "s3control", "ssm", "sts",
  ]

  func testEveryEmbeddedServiceCanBeReadAndSaysHowItIsSpoken() throws {
    let facts: [(String, ServiceModel.WireProtocol, String, String, String)] = [
      ("ec2", .ec2, "ec2", "EC2", "2016-11-15"),
      ("iam", .query, "iam", "IAM", "2010-05-08"),
      ("logs", .json, "logs", "CloudWatch Logs", "2014-03-28"),
      ("resourcegroupstaggingapi", .json, "tagging", "Resource Groups Tagging API", "2017-01-26"),
      ("s3", .restXML, "s3", "S3", "2006-03-01"),
      ("s3control", .restXML, "s3", "S3 Control", "2018-08-20"),
      ("ssm", .json, "ssm", "SSM", "2014-11-06"),
      ("sts", .query, "sts", "STS", "2011-06-15"),
    ]
    XCTAssertEqual(facts.map(\.0), Self.services, "every service has its line")
    for (name, wire, signing, id, version) in facts {
      let model = try ServiceModel.embedded(name)
      XCTAssertEqual(model.wireProtocol, wire, "\(name)'s protocol")
      XCTAssertEqual(model.signingName, signing, "\(name)'s name in signatures")
      XCTAssertEqual(model.serviceID, id, "\(name)'s service id")
      XCTAssertEqual(model.apiVersion, version, "\(name)'s version")
      XCTAssertFalse(model.operations.isEmpty, "\(name) has operations")
    }
  }

  func testAnUnknownServiceOrOperationIsAnError() throws {
    for name in ["nosuch", "versions", "partitions", "ec2\": {"] {
      XCTAssertThrowsError(try ServiceModel.embedded(name), "there is no service \(name)") {
        XCTAssertEqual($0 as? AWSError, .unknownOperation(service: name, operation: ""))
      }
    }
    let model = try ServiceModel.embedded("sts")
    XCTAssertThrowsError(try model.operation("DescribeVpcs")) {
      XCTAssertEqual($0 as? AWSError, .unknownOperation(service: "sts", operation: "DescribeVpcs"))
    }
  }

  func testMembersStandInTheModelsOrder() throws {
    let model = try ServiceModel.embedded("s3")
    let shape = try XCTUnwrap(model.shapes.first { $0.name == "LifecycleRule" })
    XCTAssertEqual(
      shape.members.map(\.name).prefix(4), ["Expiration", "ID", "Prefix", "Filter"],
      "the order is that of the XML elements")
  }

  func testOperationsThatOnlyReadAreKnownAsSuch() throws {
    let facts = [
      ("ec2", "DescribeVpcs", true), ("ec2", "CreateVpc", false), ("s3", "GetBucketAcl", true),
      ("iam", "ListRoles", true), ("s3", "ListBuckets", true), ("iam", "UpdateRole", false),
      ("sts", "AssumeRole", false), ("iam", "TagRole", false),
    ]
    for (service, operation, isRead) in facts {
      XCTAssertEqual(
        try ServiceModel.embedded(service).operation(operation).isRead, isRead,
        "\(operation) \(isRead ? "reads" : "changes something")")
    }
  }

  func testTraitsThatDecideHowACallIsMadeAreCarried() throws {
    let sts = try ServiceModel.embedded("sts")
    XCTAssertEqual(try sts.operation("AssumeRoleWithWebIdentity").authentication, .none)
    XCTAssertEqual(try sts.operation("AssumeRole").authentication, .signed)
    let s3 = try ServiceModel.embedded("s3")
    let checksum = try s3.operation("PutBucketTagging").checksum
    XCTAssertEqual(checksum, .init(isRequired: true, algorithmMember: "ChecksumAlgorithm"))
    XCTAssertNil(try s3.operation("GetBucketTagging").checksum, "a read needs no checksum")
  }

  func testPaginatorsOfTheEmbeddedModelsUseOnlyPathsThatAreUnderstood() throws {
    let path = try NSRegularExpression(pattern: "^[A-Za-z]+(\\.[A-Za-z]+)*$")
    var count = 0
    for service in Self.services {
      let model = try ServiceModel.embedded(service)
      for operation in model.operations.values {
        guard let paginator = operation.paginator else { continue }
        count += 1
        XCTAssertEqual(
          paginator.inputTokens.count, paginator.outputTokens.count, "\(operation.name)'s tokens")
        let paths =
          paginator.outputTokens + paginator.resultKeys
          + [paginator.moreResults]
          .compactMap { $0 }
        for text in paths {
          let range = NSRange(text.startIndex..., in: text)
          XCTAssertNotNil(
            path.firstMatch(in: text, range: range), "\(operation.name) pages by '\(text)'")
        }
      }
    }
    XCTAssertGreaterThan(count, 20, "there should be dozens of paginators")
  }

  func testPartitionsSayWhereGlobalServicesAreSigned() throws {
    let partitions = try ServiceModel.embeddedPartitions()
    XCTAssertEqual(partitions["aws"]?["dnsSuffix"], "amazonaws.com")
    let iam = partitions["aws-cn"]?["services"]?["iam"]?["plain"]
    XCTAssertEqual(iam?["signingRegion"], "cn-north-1")
  }

  func testAModelWithADanglingShapeIsRefused() {
    let model: Document = [
      "metadata": ["protocol": "query"],
      "operations": ["Go": ["input": ["shape": "Missing"]]],
    ]
    XCTAssertThrowsError(try ServiceModel(name: "toy", document: model)) {
      XCTAssertEqual(
        $0 as? AWSError,
        .configuration(
          place: "API model of toy, Go.input", reason: "there is no shape 'Missing'"))
    }
  }

  func testAContractFilesMembersAreCutOutWhole() {
    let text = "{\n\"a\": {\n \"b\": 1\n},\n\"b\": {\"c\": 2},\n\"d\": 3\n}\n"
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      let cut = ["a", "b", "d", "c"].map { name in
        ContractFile.member(name, of: bytes).map { String(decoding: $0, as: UTF8.self) }
      }
      XCTAssertEqual(
        cut.map { $0?.filter { !$0.isWhitespace } }, ["{\"b\":1}", "{\"c\":2}", "3", nil])
    }
  }
}
