import AWSClient
import Document
import Kinds
import TrueupCore
import XCTest

/// What the kinds say of the reads that AWS needs: of these the floor of a plan is made.
final class NeededReadTests: XCTestCase {
  func testEveryKindSaysWhatAWSNeedsInTermsOfAPIAndRegistry() throws {
    for kind in Catalog.standard.kinds {
      let needed = try XCTUnwrap(NeededRead.all(of: kind), "\(kind.type) does not say it")
      XCTAssertFalse(needed.isEmpty, kind.type)
      let schema = try XCTUnwrap(ResourceSchema.embedded(kind.type))
      for read in needed {
        XCTAssertNoThrow(
          try ServiceModel.embedded(read.service).operation(read.operation), kind.type)
        XCTAssert(
          Call(read.service, read.operation, [:]).isRead, "\(kind.type): \(read.operation)")
        let named = read.properties + [read.subject, read.place].compactMap { $0?.property }
        for name in named {
          XCTAssertNotNil(
            schema[PropertyPath([name])], "\(kind.type): \(read.operation) is of \(name)")
        }
      }
    }
  }

  /// A read that is made of each resource names it.
  func testWhatIsReadOfEachResourceIsToldFromWhatListsAll() throws {
    func needed(_ type: String, _ operation: String) throws -> NeededRead {
      let kind = try XCTUnwrap(Catalog.standard[type])
      return try XCTUnwrap(NeededRead.all(of: kind)?.first { $0.operation == operation })
    }
    XCTAssertEqual(
      try needed("AWS::EC2::VPC", "DescribeSecurityGroups").extent, .list(page: 1000))
    for (type, operation) in [
      ("AWS::EC2::VPC", "DescribeVpcAttribute"), ("AWS::Events::Rule", "ListTargetsByRule"),
      ("AWS::Logs::LogGroup", "DescribeResourcePolicies"),
      ("AWS::Logs::LogGroup", "GetDataProtectionPolicy"), ("AWS::KMS::Key", "GetKeyPolicy"),
    ] {
      XCTAssertEqual(try needed(type, operation).extent, .named(1), operation)
    }
  }
}
