import XCTest

@testable import TrueupCore

final class NetworkTests: XCTestCase {
  func testNetworksHaveOneForm() {
    let table: [(text: String, form: String?, reason: String)] = [
      ("10.1.2.3/8", "10.0.0.0/8", "host bits are cleared"),
      ("10.1.2.3", "10.1.2.3/32", "a bare address is a network of one"),
      ("10.1.255.255/20", "10.1.240.0/20", "a mask may end within a byte"),
      ("1.2.3.4/0", "0.0.0.0/0", "everything"),
      ("2001:DB8:0:0:0:0:0:1/64", "2001:db8::/64", "lower case, and zeros shortened"),
      ("::/0", "::/0", "everything in IPv6"),
      ("::1", "::1/128", "a bare IPv6 address"),
      ("2001:db8:0:0:1:0:0:1/128", "2001:db8::1:0:0:1/128", "the first of equal runs is shortened"),
      ("2001:db8:0:1:1:1:1:1/128", "2001:db8:0:1:1:1:1:1/128", "one zero group is not shortened"),
      ("::ffff:10.1.2.3/128", "::ffff:a01:203/128", "a dotted tail"),
      ("10.0.0.0/33", nil, "too long a mask"),
      ("10.0.0/8", nil, "three parts"),
      ("10.0.0.256/8", nil, "a part beyond a byte"),
      ("10.0.0.0/", nil, "no mask after the slash"),
      ("10.0.0.0/+8", nil, "a sign"),
      ("10.0.0.-1/8", nil, "a negative part"),
      ("1::2::3/64", nil, "two shortenings"),
      ("1:2:3:4:5:6:7/64", nil, "seven groups"),
      ("12345::/16", nil, "five digits"),
      (":1::/16", nil, "a single colon in front"),
      ("10.1.2.3:4::/16", nil, "a dotted part that is no tail"),
      ("sg-1", nil, "no network at all"),
      ("", nil, "nothing"),
    ]
    for (text, form, reason) in table {
      XCTAssertEqual(Network(text)?.description, form, "\(text): \(reason)")
    }
  }

  func testNetworksOverlapWhereTheyShareAnAddress() {
    let table: [(left: String, right: String, overlaps: Bool)] = [
      ("10.0.0.0/8", "10.200.0.0/16", true), ("10.0.0.0/9", "10.128.0.0/9", false),
      ("10.0.0.0/20", "10.0.15.0/24", true), ("10.0.0.0/20", "10.0.16.0/24", false),
      ("0.0.0.0/0", "::/0", false), ("2001:db8::/32", "2001:db8:1::/48", true),
    ]
    for (left, right, overlaps) in table {
      guard let one = Network(left), let other = Network(right) else {
        XCTFail("\(left) or \(right) could not be read")
        continue
      }
      XCTAssertEqual(one.overlaps(other), overlaps, "\(left) and \(right)")
      XCTAssertEqual(other.overlaps(one), overlaps, "\(right) and \(left)")
    }
  }
}
