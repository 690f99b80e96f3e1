import Document
import XCTest

@testable import TrueupCore

final class NormalisationTests: XCTestCase {
  func testValuesThatMeanTheSameHaveOneForm() {
    let table: [(rule: Normalisation, value: Document, form: Document)] = [
      (.cidr, "10.1.2.3/16", "10.1.0.0/16"), (.cidr, "pl-1", "pl-1"), (.cidr, 7, 7),
      (.json, #"{"a": [1, 2]}"#, ["a": [1, 2]]), (.json, "{broken", "{broken"),
      (.json, ["a": 1], ["a": 1]),
      (.lowercased, "AbC", "abc"), (.lowercased, true, true),
      (.ipProtocol, "6", "tcp"), (.ipProtocol, 17, "udp"), (.ipProtocol, "TCP", "tcp"),
      (.ipProtocol, 1, "icmp"), (.ipProtocol, "58", "icmpv6"), (.ipProtocol, "all", "-1"),
      (.ipProtocol, -1, "-1"), (.ipProtocol, "50", "50"),
      (.scalarText, true, "true"), (.scalarText, 30, "30"), (.scalarText, 30.0, "30"),
      (.scalarText, 0.5, "0.5"), (.scalarText, "30", "30"), (.scalarText, ["x"], ["x"]),
      (.timestamp, "2026-11-20T22:41:07Z", 1_795_214_467.0),
      (.timestamp, "2026-11-20T22:41:07.000+00:00", 1_795_214_467.0),
      (.timestamp, 1_795_214_467, 1_795_214_467.0), (.timestamp, "soon", "soon"),
      (.logGroupARN, "arn:aws:logs:r:1:log-group:x:*", "arn:aws:logs:r:1:log-group:x"),
      (.logGroupARN, "arn:aws:logs:r:1:log-group:x", "arn:aws:logs:r:1:log-group:x"),
    ]
    for (rule, value, form) in table {
      XCTAssertEqual(rule.apply(to: value), form, "\(rule) of \(value.json())")
    }
  }

  func testInstantsAreReadInAnyPrecision() {
    let table: [(text: Document, seconds: Double?)] = [
      ("1970-01-01", 0), ("1970-01-01T00:01Z", 60), ("1970-01-01T00:00:01.5Z", 1.5),
      ("1969-12-31T23:59:59Z", -1), ("2000-02-29T00:00:00Z", 951_782_400),
      ("2100-03-01T00:00:00Z", 4_107_542_400), (12.5, 12.5), ("yesterday", nil), (true, nil),
    ]
    for (text, seconds) in table {
      XCTAssertEqual(Timestamp.seconds(text), seconds, text.json())
    }
  }

  func testNormalisationsReachIntoListsAndLeaveOutNull() {
    let table: PropertyTable = ["/Rules/*/Cidr": .normal(.cidr)]
    XCTAssertEqual(
      table.normal(["Rules": [["Cidr": "10.1.2.3/8", "Note": .null]], "Cidr": "10.1.2.3/8"]),
      ["Rules": [["Cidr": "10.0.0.0/8"]], "Cidr": "10.1.2.3/8"])
  }
}
