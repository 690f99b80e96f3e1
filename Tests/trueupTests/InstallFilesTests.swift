import Foundation
import XCTest

@testable import trueup

/// What `deploy/` offers can be installed as it is.
final class InstallFilesTests: XCTestCase {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
  }

  /// Runs a program to its end; a program that is missing is an error, never a skipped test.
  private func run(_ program: String, _ arguments: [String]) throws -> (code: Int32, text: String) {
    guard FileManager.default.isExecutableFile(atPath: program) else {
      throw CocoaError(
        .fileNoSuchFile, userInfo: [NSLocalizedDescriptionKey: "\(program): run make setup"])
    }
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  /// The units in a directory of their own, with a program that exists in the place of ours.
  private func withUnits(_ body: (_ service: String, _ timer: String) throws -> Void) throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    for name in ["trueup.service", "trueup.timer"] {
      try text("deploy/\(name)").replacing("/usr/local/bin/trueup", with: "/bin/true")
        .write(to: directory.appending(path: name), atomically: true, encoding: .utf8)
    }
    try body(
      directory.appending(path: "trueup.service").path,
      directory.appending(path: "trueup.timer").path)
  }

  func testTheUnitsPassSystemdsOwnCheck() throws {
    try withUnits { service, timer in
      let verified = try run("/usr/bin/systemd-analyze", ["verify", service, timer])
      XCTAssertEqual(verified.code, 0, verified.text)
      XCTAssertEqual(verified.text, "", "there is nothing to complain of")
    }
  }

  func testTheServiceIsHardened() throws {
    try withUnits { service, _ in
      // 0 is best, 100 worst; a service that needs the network cannot be much below 13.
      let secured = try run(
        "/usr/bin/systemd-analyze",
        ["security", "--offline=true", "--no-pager", "--threshold=15", service])
      XCTAssertEqual(secured.code, 0, secured.text)
    }
    let service = try text("deploy/trueup.service")
    for line in [
      "Type=oneshot", "DynamicUser=yes", "StateDirectory=trueup", "ProtectSystem=strict",
      "CapabilityBoundingSet=", "LoadCredential=secret:/etc/trueup/credentials",
    ] {
      XCTAssert(service.contains("\n\(line)\n"), "trueup.service lacks \(line)")
    }
  }

  func testTheContainersEntryPointIsAShellScript() throws {
    let path = Self.root.appending(path: "deploy/entrypoint.sh").path
    XCTAssert(FileManager.default.isExecutableFile(atPath: path), "it has to be executable")
    let checked = try run("/bin/sh", ["-n", path])
    XCTAssertEqual(checked.code, 0, checked.text)
  }

  func testTheCronLineIsOneOfCron() throws {
    let lines = try text("deploy/trueup.cron").split(separator: "\n").filter {
      !$0.hasPrefix("#") && !$0.contains(#/^[A-Z_]+=/#)
    }
    XCTAssertEqual(lines.count, 1)
    let field = #"(\*|[0-9]+)(/[0-9]+)?"#
    let pattern = try Regex("(\(field) ){5}[a-z]+ \\S.*")
    for line in lines { XCTAssertNotNil(line.wholeMatch(of: pattern), "\(line)") }
  }

  func testEveryCommandIsOneThatTheProgramTakes() throws {
    var commands: [[String]] = []
    for path in [
      "docs/operations.md", "deploy/trueup.service", "deploy/trueup.cron", "deploy/trueup.env",
    ] {
      for line in try text(path).split(separator: "\n") {
        guard
          let found = line.firstMatch(
            of: #/(?:^|^\$ |`|ExecStart=/usr/local/bin/| fleet )trueup ((?:[^`|2]|2(?!>))+)/#)
        else { continue }
        let command = found.1.prefix { $0 != "#" }
        commands.append(command.split(separator: " ").map(String.init))
      }
    }
    XCTAssertGreaterThan(commands.count, 8, "\(commands)")
    for words in commands {
      let arguments = words.filter { !$0.hasPrefix("$") }
      XCTAssertNoThrow(
        try CommandLineParser().parse(arguments), "trueup \(words.joined(separator: " "))")
    }
  }
}
