import Foundation
import XCTest

@testable import TrueupCore

/// When a change window is open, on the clock of its place.
final class ChangeWindowTests: XCTestCase {
  private func calendar(_ windows: ChangeWindow...) -> ChangeCalendar {
    ChangeCalendar(windows: windows) { zone, time in
      let zone = TimeZone(identifier: zone) ?? .gmt
      return Double(zone.secondsFromGMT(for: Date(timeIntervalSince1970: time)))
    }
  }

  private func time(_ text: String) throws -> Double {
    try Date(text, strategy: .iso8601).timeIntervalSince1970
  }

  private func window(
    _ days: ClosedRange<Int>, _ from: String, _ to: String, _ zone: String = "Europe/Berlin"
  ) -> ChangeWindow {
    func minutes(_ text: String) -> Int {
      let parts = text.split(separator: ":").compactMap { Int($0) }
      return parts[0] * 60 + parts[1]
    }
    return ChangeWindow(days: Set(days), from: minutes(from), to: minutes(to), zone: zone)
  }

  private func assertOpen(
    _ calendar: ChangeCalendar, _ cases: [(String, Bool)], file: StaticString = #filePath,
    line: UInt = #line
  ) throws {
    for (text, isOpen) in cases {
      XCTAssertEqual(calendar.isOpen(at: try time(text)), isOpen, text, file: file, line: line)
    }
  }

  func testWorkingHoursInSummerAndWinter() throws {
    // Berlin is two hours ahead of UTC in July, one in December.
    try assertOpen(
      calendar(window(0...3, "09:00", "16:00")),
      [
        ("2026-07-06T06:59:59Z", false), ("2026-07-06T07:00:00Z", true),
        ("2026-07-06T13:54:59Z", true), ("2026-07-06T13:55:00Z", false),
        ("2026-07-10T10:00:00Z", false), ("2026-12-07T07:59:59Z", false),
        ("2026-12-07T08:00:00Z", true), ("2026-12-06T10:00:00Z", false),
      ])
  }

  func testWithoutWindowsItIsAlwaysOpen() {
    XCTAssertTrue(calendar().isOpen(at: 0))
  }

  func testOverMidnight() throws {
    // From Friday into Saturday.
    let night = calendar(window(4...4, "22:00", "04:00", "UTC"))
    try assertOpen(
      night,
      [
        ("2026-12-04T21:59:00Z", false), ("2026-12-04T22:00:00Z", true),
        ("2026-12-05T03:00:00Z", true), ("2026-12-05T03:56:00Z", false),
        ("2026-12-05T22:30:00Z", false), ("2026-12-04T03:00:00Z", false),
      ])
    XCTAssertEqual(
      night.closing(at: try time("2026-12-04T23:00:00Z")), try time("2026-12-05T04:00:00Z"))
  }

  func testWhenTheClockIsSetForward() throws {
    // On 29 March 2026 at 02:00 it becomes 03:00 in Berlin: 01:00 UTC.
    let sunday = 6...6
    try assertOpen(
      calendar(window(sunday, "01:00", "04:00")),
      [
        ("2026-03-28T23:59:00Z", false), ("2026-03-29T00:00:00Z", true),
        ("2026-03-29T01:30:00Z", true), ("2026-03-29T02:00:00Z", false),
      ])
    // What lies within the hour that is left out does not open on that day, and does on others.
    let left = calendar(window(sunday, "02:10", "02:50"))
    try assertOpen(left, [("2026-03-29T01:00:00Z", false), ("2026-03-29T00:20:00Z", false)])
    XCTAssertEqual(
      left.opening(after: try time("2026-03-28T12:00:00Z"))?.time, try time("2026-04-05T00:10:00Z"))
    // One that begins there opens when the hour is over.
    try assertOpen(
      calendar(window(sunday, "02:30", "05:00")),
      [
        ("2026-03-29T00:59:00Z", false), ("2026-03-29T01:00:00Z", true),
        ("2026-03-29T03:00:00Z", false),
      ])
    // Over midnight, with the change in it.
    let night = calendar(window(5...5, "22:00", "06:00"))
    XCTAssertEqual(
      night.closing(at: try time("2026-03-28T22:00:00Z")), try time("2026-03-29T04:00:00Z"))
  }

  func testWhenTheClockIsSetBack() throws {
    // On 25 October 2026 at 03:00 it becomes 02:00 in Berlin: 01:00 UTC.
    let sunday = 6...6
    try assertOpen(
      calendar(window(sunday, "01:00", "04:00")),
      [
        ("2026-10-24T22:59:00Z", false), ("2026-10-24T23:00:00Z", true),
        ("2026-10-25T01:30:00Z", true), ("2026-10-25T02:54:00Z", true),
        ("2026-10-25T03:00:00Z", false),
      ])
    // It ends when its end is shown for the first time, and does not open twice.
    try assertOpen(
      calendar(window(sunday, "02:00", "02:30")),
      [
        ("2026-10-25T00:00:00Z", true), ("2026-10-25T00:40:00Z", false),
        ("2026-10-25T01:10:00Z", false),
      ])
  }

  func testTheNextOpeningIsNamedByTheClockOfThePlace() throws {
    let calendar = calendar(window(0...3, "09:00", "16:00"))
    let next = try XCTUnwrap(calendar.opening(after: try time("2026-03-27T12:00:00Z")))
    XCTAssertEqual(next.time, try time("2026-03-30T07:00:00Z"), "in summer time already")
    XCTAssertEqual(
      calendar.text(of: next.time, in: "Europe/Berlin"), "Mon 2026-03-30 09:00 Europe/Berlin")
  }

  func testWindowsThatTouchAreOne() throws {
    let calendar = calendar(
      window(0...6, "00:00", "24:00", "UTC"), window(2...2, "10:00", "11:00", "UTC"))
    try assertOpen(calendar, [("2026-12-02T23:57:00Z", true), ("2026-12-02T10:58:00Z", true)])
    XCTAssertNotNil(
      calendar.closing(at: try time("2026-12-02T10:00:00Z")), "it does not search for ever")
  }

  func testWhatNeverOpensIsKnown() {
    XCTAssertTrue(window(0...3, "09:00", "16:00").everOpens)
    XCTAssertTrue(window(0...3, "22:00", "04:00").everOpens)
    XCTAssertFalse(window(0...3, "09:00", "09:00").everOpens)
    XCTAssertFalse(
      window(0...3, "09:00", "09:05").everOpens, "nothing is begun in the last 5 minutes")
    XCTAssertTrue(window(0...3, "09:00", "09:06").everOpens)
    XCTAssertFalse(ChangeWindow(days: [], from: 0, to: 60, zone: "UTC").everOpens)
  }

  func testDays() {
    for text in [
      "1970-01-01", "2000-02-29", "2026-12-31", "2027-01-31", "2100-02-28", "1969-12-31",
    ] {
      XCTAssertEqual(Day(text)?.description, text)
    }
    for text in [
      "2027-02-29", "2027-1-31", "2027-13-01", "2027-00-10", "31.01.2027", "2027-04-31", "",
    ] {
      XCTAssertNil(Day(text), text)
    }
    XCTAssertEqual(Day(at: 0).description, "1970-01-01")
    XCTAssertEqual(Day("2026-12-07")?.weekday, 0)
  }
}
