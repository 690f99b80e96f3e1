import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A program that runs; its output goes to files, so that it never blocks on a full pipe.
final class Program {
  /// How a program ended.
  struct Finished {
    /// The exit code, or 128 + the signal that ended it.
    let code: Int
    let output: String
    let errors: String

    /// Both streams, for failure messages.
    var everything: String { output + errors }
  }

  private let process = Process()
  private let outputFile: URL
  private let errorFile: URL

  /// Starts `executable`. The environment is exactly `environment`, nothing is inherited.
  init(
    _ executable: URL, _ arguments: [String], in folder: URL, environment: [String: String]
  ) throws {
    let base = FileManager.default.temporaryDirectory
      .appendingPathComponent("trueup-run-\(UUID().uuidString)")
    outputFile = base.appendingPathExtension("out")
    errorFile = base.appendingPathExtension("err")
    for file in [outputFile, errorFile] {
      guard FileManager.default.createFile(atPath: file.path, contents: nil) else {
        throw HarnessError("\(file.path) cannot be written")
      }
    }
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
  }

  deinit {
    for file in [outputFile, errorFile] { try? FileManager.default.removeItem(at: file) }
  }

  var isRunning: Bool { process.isRunning }

  /// Ends the program as `kill -9` does.
  func kill9() { send(SIGKILL) }

  /// Asks the program to end, as ctrl-C (`SIGINT`) and systemd (`SIGTERM`) do.
  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for the end; a program that takes longer than `timeout` seconds is killed and an error.
  func finish(timeout: Double = 120) throws -> Finished {
    let deadline = Date().addingTimeInterval(timeout)
    while process.isRunning {
      guard Date() < deadline else {
        kill9()
        throw HarnessError(
          "\(process.arguments ?? []) did not end within \(timeout) s; it had written:\n"
            + text(outputFile) + text(errorFile))
      }
      usleep(5_000)
    }
    process.waitUntilExit()
    let status = Int(process.terminationStatus)
    return Finished(
      code: process.terminationReason == .uncaughtSignal ? 128 + status : status,
      output: text(outputFile), errors: text(errorFile))
  }

  /// Runs a program to its end.
  static func run(
    _ executable: URL, _ arguments: [String], in folder: URL, environment: [String: String],
    timeout: Double = 120
  ) throws -> Finished {
    try Program(executable, arguments, in: folder, environment: environment).finish(
      timeout: timeout)
  }

  private func text(_ file: URL) -> String {
    guard let data = FileManager.default.contents(atPath: file.path) else { return "" }
    return String(decoding: data, as: UTF8.self)
  }
}
