import Document
import XCTest

@testable import DesiredState

/// Values of DNS records by their type.
final class RecordCheckTests: XCTestCase {
  func testValuesThatRoute53Refuses() {
    let cases: [(type: String, value: String)] = [
      ("A", "10.0.0"), ("A", "10.0.0.256"), ("A", "www.example.com"), ("A", "2001:db8::1"),
      ("A", "10.0.0.0/24"),
      ("AAAA", "192.0.2.1"), ("AAAA", "2001:db8:::1"), ("AAAA", "2001:db8::1/64"),
      ("CNAME", "www..example.com"), ("CNAME", "www example.com"), ("CNAME", ""),
      ("CNAME", String(repeating: "a", count: 64) + ".com"),
      ("MX", "mail.example.com"), ("MX", "ten mail.example.com"), ("MX", "70000 mail.example.com"),
      ("MX", "10 mail..example.com"), ("TXT", "v=spf1 -all"), ("TXT", "\"open"), ("TXT", "\"a\" b"),
      ("TXT", "\"" + String(repeating: "a", count: 256) + "\""), ("SPF", "v=spf1"),
      ("SRV", "10 5269 xmpp.example.com"), ("SRV", "1 10 99999 xmpp.example.com"),
      ("CAA", "issue \"amazon.com\""), ("CAA", "0 issue amazon.com"), ("CAA", "256 issue \"a\""),
      ("NS", "ns 1"), ("PTR", "a..b"), ("DS", "1 2 3"), ("DS", "1 2 3 xyz"),
      ("SOA", "ns. admin. 1 2 3"),
      ("SSHFP", "1 1"), ("TLSA", "1 1 1 q"), ("NAPTR", "1 2 x"), ("HTTPS", "example.com"),
    ]
    for (type, value) in cases {
      XCTAssertNotNil(RecordValue.problem(value, type: type), "\(type) \(value)")
    }
  }

  func testValuesThatRoute53Takes() {
    let cases: [(type: String, value: String)] = [
      ("A", "192.0.2.1"), ("AAAA", "2001:DB8::1"), ("AAAA", "::ffff:192.0.2.1"),
      ("CNAME", "www.example.com."),
      ("CNAME", "_abc.acm-validations.aws."), ("CNAME", "*.example.com"),
      ("MX", "10 mail.example.com"),
      ("MX", "0 ."), ("TXT", "\"v=spf1 -all\""), ("TXT", "\"a\" \"b\""), ("TXT", "\"a\\\"b\""),
      ("TXT", "\"\""),
      ("TXT", "\"\\303\\251\""), ("SRV", "1 10 5269 xmpp.example.com."), ("SRV", "0 0 0 ."),
      ("CAA", "0 issue \"amazon.com\""), ("CAA", "128 issue \"ca.example; policy=ev\""),
      ("CAA", "0 issue \";\""),
      ("NS", "ns-1.awsdns-01.com."), ("DS", "12345 13 2 0A1B"),
      ("SOA", "ns. admin. 1 7200 900 1209600 86400"),
      ("SSHFP", "1 1 0a1b"), ("TLSA", "3 1 1 0A1B"),
      ("NAPTR", "100 50 \"u\" \"E2U+sip\" \"!^.*$!sip:a@b!\" ."),
      ("HTTPS", "1 . alpn=\"h2\""), ("NEW", "anything"),
    ]
    for (type, value) in cases {
      XCTAssertNil(RecordValue.problem(value, type: type), "\(type) \(value)")
      XCTAssertNil(RecordValue.doubt(value, type: type), "\(type) \(value)")
    }
  }

  func testMembersThatDoNotGoTogether() throws {
    let name = #""HostedZoneName": "ex.org.", "Name": "www.ex.org", "Type": "A""#
    let cases: [(members: String, says: String)] = [
      (name, "needs \"ResourceRecords\""),
      (name + #", "ResourceRecords": ["192.0.2.1"]"#, "needs \"TTL\""),
      (name + #", "TTL": 60, "AliasTarget": {}"#, "can have no \"TTL\""),
      (name + #", "TTL": "1h", "ResourceRecords": ["192.0.2.1"]"#, "number of seconds"),
      (
        name + #", "TTL": 60, "ResourceRecords": ["192.0.2.1"], "Weight": 1"#,
        "needs \"SetIdentifier\""
      ),
      (
        name + #", "TTL": 60, "ResourceRecords": ["192.0.2.1"], "SetIdentifier": "a""#,
        "needs one of"
      ),
      (name + #", "TTL": 60, "ResourceRecords": ["192.0.2.1", "192.0.2.1"]"#, "twice"),
      (
        #""Name": "a.b", "Type": "CNAME", "TTL": 60, "ResourceRecords": ["a.c", "a.d"]"#,
        "has one value"
      ),
      (
        #""Name": "a.b", "Type": "CNAM", "TTL": 60, "ResourceRecords": ["a.c"]"#,
        "did you mean \"CNAME\""
      ),
      (
        #""Name": "a.b", "Type": "CNAME", "TTL": 60, "ResourceRecords": ["192.0.2.1"]"#,
        "an address"
      ),
      (#""Name": "a..b", "Type": "A", "TTL": 60, "ResourceRecords": ["192.0.2.1"]"#, "two dots"),
    ]
    for (members, says) in cases {
      var check = RecordCheck()
      check.check(
        LocatedValue(.known(try JSON.read("{ \(members) }")), at: Position(line: 1, column: 1)))
      let messages = check.findings.all.map(\.message)
      XCTAssertEqual(messages.count, 1, "\(members): \(messages)")
      XCTAssert(messages.first?.contains(says) ?? false, "\(members): \(messages)")
    }
  }
}
