import AWSClient
import Document
import TrueupCore
import XCTest

/// The regions that a manifest may name are those of the pinned partitions.
final class RegionTests: XCTestCase {
  func testTheRegionsAreThoseOfThePartitions() throws {
    let partitions = try XCTUnwrap(ServiceModel.embeddedPartitions().object)
    let regions = partitions.values.flatMap { $0["regions"]?.list?.compactMap(\.string) ?? [] }
    XCTAssertGreaterThan(regions.count, 30)
    XCTAssertEqual(regions.filter { !$0.hasSuffix("-global") }.sorted(), Region.known.sorted())
  }
}
