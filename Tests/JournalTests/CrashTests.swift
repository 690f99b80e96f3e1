import Document
import Foundation
import Journal
import XCTest

final class CrashTests: JournalTestCase {
  private static let variable = "TRUEUP_TEST_CRASHING_JOURNAL"

  /// Runs itself in a second process, which writes intents and reports each one that is on disk
  /// until it is killed.
  func testAKilledProcessLeavesEveryIntentThatItWasToldOf() throws {
    if let path = ProcessInfo.processInfo.environment[Self.variable] {
      return try writeIntents(to: path)
    }
    for acknowledged in [1, 2, 9, 40] {
      let path = directory + "/killed-\(acknowledged).db"
      let reported = try killWriter(of: path, after: acknowledged)
      let journal = try Journal(path: path)
      let unfinished = try journal.unfinishedIntents().compactMap { $0.start.request?.integer }
      let written = try journal.runs(limit: 9).flatMap { try journal.intents(of: $0.start.id) }
      XCTAssertGreaterThanOrEqual(
        written.count, reported, "an intent was reported, and is not in the journal")
      XCTAssertTrue(
        unfinished.allSatisfy { $0 % 2 == 1 || $0 > reported },
        "one that has an outcome is unfinished: \(unfinished)")
      XCTAssertTrue(
        Set(unfinished).isSuperset(of: stride(from: 1, through: reported, by: 2)),
        "one without an outcome is missing: \(unfinished)")
    }
  }

  /// In the second process: even intents get their outcome before they are reported, odd ones none.
  private func writeIntents(to path: String) throws {
    let journal = try Journal(path: path)
    let run = runStart()
    try journal.beginRun(run)
    for number in 1... {
      var intent = intentStart(run.id)
      intent.request = .integer(number)
      let id = try journal.recordIntent(intent)
      if number.isMultiple(of: 2) {
        try journal.finishIntent(
          id, IntentEnd(outcome: .succeeded, requestID: nil, physicalID: nil, at: 1))
      }
      FileHandle.standardOutput.write(Data("\nintent \(number)\n".utf8))
    }
  }

  /// Starts the second process, kills it once it has reported so many intents, and returns how
  /// many it reported in all.
  private func killWriter(of path: String, after acknowledged: Int) throws -> Int {
    let writer = Process()
    let output = Pipe()
    writer.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
    writer.arguments = ["JournalTests.CrashTests"]
    writer.environment = ProcessInfo.processInfo.environment
      .merging([Self.variable: path]) { $1 }
    writer.standardOutput = output
    try writer.run()
    var text = ""
    var reported: Int { text.split(separator: "\n").count { $0.hasPrefix("intent ") } }
    while true {
      let data = output.fileHandleForReading.availableData
      text += String(decoding: data, as: UTF8.self)
      if data.isEmpty || reported >= acknowledged { break }
    }
    let isRunning = writer.isRunning
    kill(writer.processIdentifier, SIGKILL)
    text += String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    writer.waitUntilExit()
    XCTAssertTrue(isRunning, "the writer ended by itself: \(text)")
    XCTAssertEqual(writer.terminationReason, .uncaughtSignal)
    return reported
  }
}
