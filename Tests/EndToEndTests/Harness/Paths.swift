import Foundation

/// Where the tests find what they run.
enum Paths {
  /// The root of the repository that this file belongs to.
  static let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The built program, which lies beside the test bundle.
  static func trueup() throws -> URL {
    let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    return try existing(
      products.appendingPathComponent("trueup"),
      otherwise: "the program is not built: run `swift build --build-tests`")
  }

  /// A program of the virtual environment.
  static func tool(_ name: String) throws -> URL {
    try existing(
      repository.appendingPathComponent(".venv/bin/\(name)"),
      otherwise: "the Python tools are not installed: run `make setup`")
  }

  private static func existing(_ url: URL, otherwise sentence: String) throws -> URL {
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw HarnessError("\(url.path) does not exist; \(sentence)")
    }
    return url
  }
}
