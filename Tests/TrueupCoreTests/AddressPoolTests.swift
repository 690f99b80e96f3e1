import XCTest

@testable import TrueupCore

final class AddressPoolTests: XCTestCase {
  private func pool(_ range: String, _ prefix: Int) throws -> AddressPool {
    AddressPool(
      parameter: "VpcCidr", range: try XCTUnwrap(Network(range)), prefixLength: prefix)
  }

  func testTheNextFreeNetworkIsTheFirstGap() throws {
    let cases: [(reason: String, range: String, prefix: Int, used: [String], free: String?)] = [
      ("nothing is used", "10.0.0.0/8", 16, [], "10.0.0.0/16"),
      ("the first are used", "10.0.0.0/8", 16, ["10.1.0.0/16", "10.0.0.0/16"], "10.2.0.0/16"),
      ("a gap comes first", "10.0.0.0/8", 16, ["10.0.0.0/16", "10.2.0.0/16"], "10.1.0.0/16"),
      ("a smaller one takes its whole place", "10.0.0.0/8", 16, ["10.0.7.0/24"], "10.1.0.0/16"),
      ("a larger one is passed over", "10.0.0.0/8", 16, ["10.0.0.0/14"], "10.4.0.0/16"),
      ("one in another", "10.0.0.0/8", 16, ["10.0.0.0/14", "10.1.0.0/16"], "10.4.0.0/16"),
      ("others do not matter", "10.0.0.0/8", 16, ["192.168.0.0/16", "fd00::/8"], "10.0.0.0/16"),
      ("all is used", "10.0.0.0/15", 16, ["10.0.0.0/16", "10.1.0.0/16"], nil),
      ("one covers the pool", "10.0.0.0/15", 16, ["10.0.0.0/8"], nil),
      ("the last is free", "10.0.0.0/15", 16, ["10.0.0.0/16"], "10.1.0.0/16"),
      ("one network is the pool", "10.0.0.0/16", 16, [], "10.0.0.0/16"),
      ("IPv6", "fd00::/16", 56, ["fd00::/56", "fd00:0:0:100::/64"], "fd00:0:0:200::/56"),
      ("all of IPv6 by addresses", "::/0", 128, ["::/1"], "8000::/128"),
      ("all of IPv6 is used", "::/0", 128, ["::/0"], nil),
    ]
    for test in cases {
      let free = try pool(test.range, test.prefix).nextFree(
        avoiding: test.used.compactMap { Network($0) })
      XCTAssertEqual(free?.description, test.free, test.reason)
    }
  }

  func testNoTwoNetworksOfAPoolOverlapUntilItIsUsedUp() throws {
    var random = SeededGenerator(state: 7)
    for _ in 0..<40 {
      let prefix = Int.random(in: 18...26, using: &random)
      let pool = try pool("10.64.0.0/18", prefix)
      var used = (0..<Int.random(in: 0...6, using: &random)).compactMap { _ in
        Network(
          "10.\(Int.random(in: 63...65, using: &random)).\(Int.random(in: 0...255, using: &random))"
            + ".0/\(Int.random(in: 12...30, using: &random))")
      }
      while let next = pool.nextFree(avoiding: used) {
        XCTAssertEqual(next.prefixLength, prefix)
        XCTAssert(next.overlaps(pool.range), "\(next) is not in \(pool.range)")
        let other = used.first { $0.overlaps(next) }
        XCTAssertNil(other, "\(next) overlaps \(other?.description ?? "")")
        used.append(next)
      }
      // Used up: every place that the pool could give overlaps something.
      for index in 0..<(1 << (prefix - 18)) {
        let place = try XCTUnwrap(
          Network(
            number: pool.range.number + UInt128(index) << UInt128(32 - prefix), width: 32,
            prefixLength: prefix))
        XCTAssert(used.contains { $0.overlaps(place) }, "\(place) of \(pool.range) is left")
      }
    }
  }
}
