import Foundation
import XCTest

/// Compares a text with the committed file `Golden/<name>`.
///
/// `TRUEUP_RECORD=1` writes the file anew; a first recording fails, so that nobody commits one unread.
func assertGolden(
  _ text: String, _ name: String, file: StaticString = #filePath, line: UInt = #line
) throws {
  let golden = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden/\(name)")
  let isRecorded = FileManager.default.fileExists(atPath: golden.path)
  if !isRecorded || ProcessInfo.processInfo.environment["TRUEUP_RECORD"] == "1" {
    try FileManager.default.createDirectory(
      at: golden.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: golden, atomically: true, encoding: .utf8)
    if !isRecorded {
      XCTFail("\(name) was recorded for the first time: read it", file: file, line: line)
    }
    return
  }
  XCTAssertEqual(
    text, try String(contentsOf: golden, encoding: .utf8),
    "\(name) reads differently; if that is wanted, record it with make record-golden",
    file: file, line: line)
  for (index, row) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
    XCTAssertFalse(
      row.hasSuffix(" "), "line \(index + 1) of \(name) ends in a space", file: file, line: line)
  }
}
