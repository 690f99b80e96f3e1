import Document
import TrueupCore
import XCTest

final class UniqueKeyTests: XCTestCase {
  private typealias Case = (
    key: UniqueKey, one: Document, other: Document, expected: UniqueKey.Conflict
  )

  private let records = UniqueKey("Name", "Set", within: ["ZoneId", "ZoneName"])
  private let ranges = UniqueKey("Cidr", within: ["Vpc"], comparison: .overlap)
  private let bodies = UniqueKey("Name", comparison: .caseless)
  private let addresses = UniqueKey.exclusive("Address", "Further")
  private let routes = UniqueKey("Tables", within: ["Service"], comparison: .holding)

  private var cases: [Case] {
    [
      (records, ["Name": "a", "ZoneId": "z"], ["Name": "a", "ZoneId": "z"], .same),
      (records, ["Name": "a", "ZoneId": "z"], ["Name": "b", "ZoneId": "z"], .different),
      (records, ["Name": "a", "ZoneId": "z"], ["Name": "a", "ZoneId": "y"], .different),
      // Two ways of saying within what: one of them in common is enough.
      (
        records, ["Name": "a", "ZoneName": "x."],
        ["Name": "a", "ZoneId": "z", "ZoneName": "x."], .same
      ),
      (records, ["Name": "a", "ZoneName": "x."], ["Name": "a", "ZoneId": "z"], .different),
      // One has a part that the other lacks.
      (
        records, ["Name": "a", "Set": "1", "ZoneId": "z"], ["Name": "a", "ZoneId": "z"], .different
      ),
      (records, ["Name": .unknown("n"), "ZoneId": "z"], ["Name": "a", "ZoneId": "z"], .unknown),
      (records, ["Name": "a", "ZoneId": .unknown("z")], ["Name": "a", "ZoneId": "z"], .unknown),
      // What differs already cannot be made equal by what is not known.
      (records, ["Name": "b", "ZoneId": .unknown("z")], ["Name": "a", "ZoneId": "z"], .different),
      (ranges, ["Vpc": "v", "Cidr": "10.0.0.0/16"], ["Vpc": "v", "Cidr": "10.0.1.0/24"], .same),
      (
        ranges, ["Vpc": "v", "Cidr": "10.0.0.0/24"], ["Vpc": "v", "Cidr": "10.0.1.0/24"], .different
      ),
      (
        ranges, ["Vpc": "v", "Cidr": "10.0.0.0/24"], ["Vpc": "w", "Cidr": "10.0.0.0/24"], .different
      ),
      (bodies, ["Name": "Web"], ["Name": "web"], .same),
      (bodies, ["Name": "web"], ["Name": "app"], .different),
      (addresses, ["Address": "e1"], ["Address": "e2", "Further": ["e1"]], .same),
      (addresses, ["Address": "e1"], ["Address": "e2", "Further": ["e3"]], .different),
      (addresses, ["Address": .unknown("e")], ["Address": "e2"], .unknown),
      (addresses, [:], ["Address": .unknown("e")], .different),
      (
        routes, ["Service": "s3", "Tables": ["a", "b"]], ["Service": "s3", "Tables": ["b"]], .same
      ),
      (
        routes, ["Service": "s3", "Tables": ["a"]], ["Service": "s3", "Tables": ["b"]], .different
      ),
      (
        routes, ["Service": "s3", "Tables": ["a"]], ["Service": "db", "Tables": ["a"]], .different
      ),
    ]
  }

  func testTwoAreTheSameWhereAWSAllowsOneOfThem() {
    for (key, one, other, expected) in cases {
      XCTAssertEqual(key.conflict(one, other), expected, "\(one) and \(other)")
      XCTAssertEqual(key.conflict(other, one), expected, "\(other) and \(one)")
    }
  }

  func testAnIndexedTextIsEqualForTheSame() {
    for (key, one, other, expected) in cases where key.comparison != .overlap && key.tells {
      let places: [String?] = key.within.isEmpty ? [nil] : key.within.map(Optional.some)
      let isShared = places.contains {
        guard let text = key.fingerprint(one, within: $0) else { return false }
        return text == key.fingerprint(other, within: $0)
      }
      XCTAssertEqual(isShared, expected == .same, "\(one) and \(other)")
    }
  }
}
