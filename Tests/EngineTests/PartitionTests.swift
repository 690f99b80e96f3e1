import AWSClient
import TrueupCore
import XCTest

/// What ARNs and templates call a partition, beside the data by which calls are made.
final class PartitionTests: XCTestCase {
  func testEveryRegionBelongsToThePartitionThatAWSsSDKsSay() throws {
    let partitions = try XCTUnwrap(ServiceModel.embeddedPartitions().object)
    XCTAssertGreaterThan(partitions.count, 7)
    for (name, partition) in partitions {
      let home = partition["services"]?["iam"]?["plain"]?["signingRegion"]?.string
      for region in (partition["regions"]?.list ?? []).compactMap(\.string)
      where !region.hasSuffix("-global") {
        XCTAssert(Partition.isRegion(region), "\(region) is a region")
        XCTAssertEqual(Partition.name(ofRegion: region), name, "partition of \(region)")
        XCTAssertEqual(
          Partition.urlSuffix(ofRegion: region), partition["dnsSuffix"]?.string,
          "suffix in \(region)")
        XCTAssertEqual(
          Partition.homeRegion(ofRegion: region), home,
          "IAM in \(region) is signed for the region that answers for global services")
      }
    }
  }
}
