import Foundation
import XCTest

@testable import DesiredState

/// A git repository in a temporary directory, gone with the value.
final class GitDirectory {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("repository-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.resolvingSymlinksInPath().path
    try git("init", "-q", "-b", "main")
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String) throws {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  /// Commits files as they are, with these written or (`nil`) removed before. Returns the commit's id.
  @discardableResult
  func commit(_ files: [String: String?] = [:]) throws -> String {
    for (name, text) in files {
      if let text {
        try write(name, text)
      } else {
        try FileManager.default.removeItem(atPath: "\(path)/\(name)")
      }
    }
    try git("add", "-A")
    try git("commit", "-q", "--allow-empty", "-m", "change")
    return try git("rev-parse", "HEAD")
  }

  @discardableResult
  func git(_ arguments: String...) throws -> String {
    let identity = [
      "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false", "-c",
      "core.hooksPath=/dev/null",
    ]
    let result = try GitProgram.run(["-C", path] + identity + arguments)
    XCTAssertEqual(result.status, 0, "git \(arguments.joined(separator: " ")): \(result.errors)")
    return result.line
  }
}
