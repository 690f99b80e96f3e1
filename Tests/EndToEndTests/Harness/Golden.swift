import Foundation
import XCTest

/// Comparison with the texts under `Tests/EndToEndTests/Golden/`.
///
/// `TRUEUP_RECORD=1` records them again (`make record-golden`); a first recording fails the test,
/// so that nothing unseen becomes the norm.
enum Golden {
  static func assertMatches(
    _ text: String, _ name: String, replacing: [(pattern: String, by: String)] = [],
    file: StaticString = #filePath, line: UInt = #line
  ) throws {
    let actual = try normalised(text, replacing)
    let path = "Tests/EndToEndTests/Golden/\(name).txt"
    let golden = Paths.repository.appendingPathComponent(path)
    let recorded = FileManager.default.contents(atPath: golden.path)
      .map { String(decoding: $0, as: UTF8.self) }
    if recorded == actual { return }
    if recorded == nil || ProcessInfo.processInfo.environment["TRUEUP_RECORD"] == "1" {
      try FileManager.default.createDirectory(
        at: golden.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(actual.utf8).write(to: golden)
      XCTFail("\(path) was recorded; look at it and commit it", file: file, line: line)
      return
    }
    XCTFail(
      "\(path) differs (make record-golden records it again). It says:\n"
        + "\(recorded ?? "")\nbut now it is:\n\(actual)", file: file, line: line)
  }

  /// What differs from run to run: ids, times, durations, revisions, ports.
  private static let changing: [(pattern: String, by: String)] = [
    (#"\b(vpc|subnet|sg|sgr|rtb|rtbassoc|acl|igw|nat|vpce|fl)-[0-9a-f]{8,17}\b"#, "$1-…"),
    (#"\b127\.[0-9]+\.[0-9]+\.[0-9]+\b"#, "ADDRESS"),
    (#"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"#, "REQUEST"),
    (#"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,12}Z-[0-9a-f]{4,}"#, "RUN"),
    (#"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,12}Z"#, "TIME"),
    (#"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} UTC"#, "TIME"),
    (#"history [0-9a-f]{4,}"#, "history RUN"),
    (#"[0-9]+(\.[0-9]+)? m?s\b"#, "# s"),
    (#" +# s"#, " # s"),
    (#"127\.0\.0\.1:[0-9]+"#, "127.0.0.1:PORT"),
    (#"(desired state|revision) [0-9a-f]{7,40}"#, "$1 REVISION"),
  ]

  private static func normalised(
    _ text: String, _ replacing: [(pattern: String, by: String)]
  ) throws -> String {
    var result = text
    for (pattern, replacement) in replacing + changing {
      let expression = try NSRegularExpression(pattern: pattern)
      let range = NSRange(result.startIndex..., in: result)
      result = expression.stringByReplacingMatches(
        in: result, range: range, withTemplate: replacement)
    }
    return result
  }
}
