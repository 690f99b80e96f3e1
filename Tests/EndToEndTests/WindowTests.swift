import Foundation
import XCTest

/// Change windows, end dates and suspended stacks, as people write them.
final class WindowTests: FaultTestCase {
  private let fleet = "desired-state/fleet.jsonc"

  /// A window that is open on the day after tomorrow alone.
  private var closed: String {
    let names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let day = calendar.component(.weekday, from: Date(timeIntervalSinceNow: 2 * 86_400))
    return """
      { "days": "\(names[day - 1])", "from": "00:00", "to": "24:00", "zone": "UTC" }
      """
  }

  private func windows(_ workspace: Workspace, _ windows: String) throws {
    try workspace.write(
      fleet,
      Fixtures.fleet.replacingOccurrences(
        of: "\"limits\"", with: "\"windows\": \(windows), \"limits\""))
    try workspace.commit("Windows")
  }

  func testOutsideItsWindowsNothingIsChanged() throws {
    let workspace = try workspace(Fixtures.logs)
    try windows(workspace, "[\(closed)]")
    try endpoint.forgetCalls()
    let refused = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(refused.code, 3, refused.everything)
    XCTAssert(
      refused.everything.contains("outside its change windows")
        && refused.everything.contains("--now"),
      refused.everything)
    let reconciled = try workspace.trueup("reconcile", "--once")
    XCTAssertEqual(reconciled.code, 2, "it only reports: \(reconciled.everything)")
    let planned = try workspace.trueup("plan")
    XCTAssertEqual(planned.code, 2)
    XCTAssert(planned.output.contains("trueup apply --now"), planned.output)
    XCTAssertEqual(try mutations(), [])
    let forced = try workspace.trueup("apply", "--yes", "--now")
    XCTAssertEqual(forced.code, 0, forced.everything)
    for command in [["apply", "--yes"], ["reconcile", "--once"]] {
      let idle = try workspace.start(command).finish()
      XCTAssertEqual(idle.code, 0, idle.everything)
    }
    try windows(
      workspace, #"[{ "from": "00:00", "to": "24:00", "zone": "Pacific/Auckland" }]"#)
    try workspace.edit(blueprint, "30", "60")
    try workspace.commit("Longer")
    try report(workspace, "apply", "--yes", exits: 0)
  }

  func testAWindowThatNeverOpensIsAnError() throws {
    let workspace = try workspace(Fixtures.logs)
    for (windows, message) in [
      (#"[{ "days": "Mon", "from": "09:00", "to": "09:00", "zone": "UTC" }]"#, "never opens"),
      (#"[{ "days": "Mon", "from": "09:00", "to": "09:04", "zone": "UTC" }]"#, "never opens"),
      ("[]", "nothing could ever be changed"),
      (#"[{ "days": "Mon-Thr", "from": "09:00", "to": "16:00", "zone": "UTC" }]"#, "did you mean"),
      (#"[{ "from": "9:00", "to": "16:00", "zone": "UTC" }]"#, "time of day such as 09:00"),
      (#"[{ "from": "24:00", "to": "16:00", "zone": "UTC" }]"#, "time of day such as 09:00"),
      (
        #"[{ "from": "09:00", "to": "16:00", "zone": "Europe/Berlim" }]"#,
        "did you mean \"Europe/Berlin\""
      ),
      (#"[{ "from": "09:00", "to": "16:00", "zone": "CEST" }]"#, "no time zone"),
      (#"[{ "from": "09:00", "to": "16:00" }]"#, "needs \"zone\""),
    ] {
      try self.windows(workspace, windows)
      let finished = try workspace.trueup("validate")
      XCTAssertEqual(finished.code, 1, "\(windows): \(finished.everything)")
      XCTAssert(
        finished.errors.contains(message) && finished.errors.contains("\(fleet):"),
        "\(windows): \(finished.errors)")
    }
  }

  func testAnEndDateIsReportedInEveryFormatAndRemovesNothing() throws {
    let workspace = try workspace(Fixtures.logs)
    try converge(workspace)
    try manifest(workspace, #""expires": "2020-01-31""#)
    for format in ["text", "json", "markdown", "html"] {
      let planned = try workspace.trueup("plan", "--format", format)
      XCTAssertEqual(planned.code, 0, planned.everything)
      XCTAssert(
        planned.output.contains("2020-01-31")
          && planned.output.contains("trueup offboard acme prod"),
        "\(format): \(planned.output)")
    }
    try endpoint.forgetCalls()
    try report(workspace, "apply", "--yes", exits: 0)
    XCTAssertEqual(try mutations(), [])
    try manifest(workspace, #""expires": "31.01.2027""#)
    let wrong = try workspace.trueup("validate")
    XCTAssertEqual(wrong.code, 1)
    XCTAssert(wrong.errors.contains("must be a day such as 2027-01-31"), wrong.errors)
  }

  func testASuspendedStackIsLeftAloneInSnapshotsToo() throws {
    let workspace = try workspace(Fixtures.logs)
    try converge(workspace)
    XCTAssertEqual(try workspace.trueup("snapshot").code, 0)
    try workspace.edit(blueprint, "30", "60")
    try manifest(workspace, #""suspend": true"#)
    for command in [
      ["plan"], ["drift"], ["plan", "--snapshot", "snapshots"],
      ["drift", "--snapshot", "snapshots"],
      ["apply", "--yes"], ["reconcile", "--once"],
    ] {
      try endpoint.forgetCalls()
      let finished = try workspace.start(command).finish()
      XCTAssertEqual(finished.code, 0, "\(command): \(finished.everything)")
      XCTAssert(finished.output.contains("suspended"), "\(command): \(finished.everything)")
      XCTAssertEqual(try mutations(), [], "\(command)")
    }
    for command in [["destroy", "acme-prod", "--yes"], ["adopt", "acme-prod", "--yes"]] {
      let refused = try workspace.start(command).finish()
      XCTAssertEqual(refused.code, 3, "\(command): \(refused.everything)")
      XCTAssertEqual(try mutations(), [], "\(command)")
    }
  }
}
