import Foundation
import XCTest

/// Runs Graphviz, which `make setup` installs: tests that need it fail without it.
enum Dot {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// What `dot -Tsvg` makes of the sources.
  static func svg(_ sources: [String]) throws -> String {
    let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let input = directory.appending(path: "in.dot")
    let (output, errors) = (directory.appending(path: "out"), directory.appending(path: "err"))
    try sources.joined().write(to: input, atomically: true, encoding: .utf8)
    for file in [output, errors] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["dot", "-Tsvg", input.path]
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    let said = try String(contentsOf: errors, encoding: .utf8)
    guard process.terminationStatus == 0 else {
      throw Failure(
        description: "dot ended with \(process.terminationStatus): \(said)(make setup installs it)")
    }
    guard said.isEmpty else { throw Failure(description: "dot complains: \(said)") }
    return try String(contentsOf: output, encoding: .utf8)
  }
}
