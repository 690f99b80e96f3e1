import Document
import TrueupCore
import XCTest

@testable import DesiredState

final class TombstoneTests: XCTestCase {
  private struct Case {
    let reason: String
    let before: String
    let after: String
  }

  private let cases = [
    Case(
      reason: "a trailing comma is kept",
      before:
        "{\n  // Who\n  \"client\": \"acme\", // the first\n  \"tags\": { \"A\": \"}\" },\n}\n",
      after: "{\n  // Who\n  \"client\": \"acme\", // the first\n  \"tags\": { \"A\": \"}\" },\n"
        + "  \"destroy\": { \"data\": \"retain\" },\n}\n"),
    Case(
      reason: "no trailing comma is made",
      before: "{\n    \"client\": \"acme\",\n    \"environment\": \"prod\"\n}",
      after: "{\n    \"client\": \"acme\",\n    \"environment\": \"prod\",\n"
        + "    \"destroy\": { \"data\": \"retain\" }\n}"),
    Case(
      reason: "comments behind the last member stay with it",
      before: "{\n\t\"client\": \"acme\" /* , */ // no comma, yet\n\t// the end }\n}\n",
      after: "{\n\t\"client\": \"acme\", /* , */ // no comma, yet\n\t// the end }\n"
        + "\t\"destroy\": { \"data\": \"retain\" }\n}\n"),
    Case(
      reason: "one line stays one line", before: "{ \"client\": \"a\\\"\", \"n\": 1 }\n",
      after: "{ \"client\": \"a\\\"\", \"n\": 1, \"destroy\": { \"data\": \"retain\" } }\n"),
    Case(
      reason: "one line with a trailing comma", before: "{ \"client\": [1, { \"b\": [] }], }",
      after: "{ \"client\": [1, { \"b\": [] }], \"destroy\": { \"data\": \"retain\" }, }"),
    Case(
      reason: "several members on a line",
      before: "{\n  \"client\": \"acme\", \"environment\": \"prod\"\n}\n",
      after: "{\n  \"client\": \"acme\", \"environment\": \"prod\", "
        + "\"destroy\": { \"data\": \"retain\" }\n}\n"),
    Case(
      reason: "line breaks of Windows and a byte order mark",
      before: "\u{FEFF}{\r\n  \"client\": \"acmé\",\r\n  \"last\": true\r\n}\r\n",
      after: "\u{FEFF}{\r\n  \"client\": \"acmé\",\r\n  \"last\": true,\r\n"
        + "  \"destroy\": { \"data\": \"retain\" }\r\n}\r\n"),
    Case(
      reason: "a tombstone that says otherwise",
      before:
        "{\n  \"destroy\": { /* all */ \"data\": \"delete\" }, // now\n  \"client\": \"a\"\n}",
      after: "{\n  \"destroy\": { /* all */ \"data\": \"retain\" }, // now\n  \"client\": \"a\"\n}"),
    Case(
      reason: "a tombstone that says so already",
      before: "{ \"destroy\": {}, \"client\": \"a\" }",
      after: "{ \"destroy\": {}, \"client\": \"a\" }"),
  ]

  func testNothingButTheTombstoneIsWritten() throws {
    for test in cases {
      XCTAssertEqual(
        try Tombstone(data: .retain).written(into: test.before), test.after, test.reason)
      XCTAssertEqual(
        try Tombstone(data: .retain).written(into: test.after), test.after,
        "\(test.reason), written twice")
    }
  }

  func testAnEmptyTombstoneIsFilledIn() throws {
    XCTAssertEqual(
      try Tombstone(data: .delete).written(into: "{ \"destroy\": {}, \"client\": \"a\" }"),
      "{ \"destroy\": { \"data\": \"delete\" }, \"client\": \"a\" }")
  }

  func testWhatCannotBeReadIsNotEdited() {
    XCTAssertThrowsError(try Tombstone(data: .retain).written(into: "{ \"client\": "))
    XCTAssertThrowsError(try Tombstone(data: .retain).written(into: "{}"))
  }
}
