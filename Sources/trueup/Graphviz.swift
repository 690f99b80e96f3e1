import Dispatch
import Document
import Foundation
import Reports

/// Draws graphs with the `dot` program of Graphviz, where it is installed.
struct Graphviz: Sendable {
  /// The path of `dot`.
  var program: String
  /// Seconds after which a drawing is given up.
  var timeout: Double = 20

  /// `nil` where no directory of the PATH has `dot`.
  init?(environment: [String: String]) {
    let directories = environment["PATH", default: ""].split(separator: ":")
    let program = directories.map { "\($0)/dot" }.first(
      where: FileManager.default.isExecutableFile)
    guard let program else { return nil }
    self.program = program
  }

  /// The drawings of the sources, in order; `nil` where `dot` fails or takes too long: a report then
  /// does without them.
  func draw(_ sources: [String]) -> [Drawing]? {
    guard !sources.isEmpty else { return [] }
    let directory = FileManager.default.temporaryDirectory
      .appending(path: "trueup-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: directory) }
      // Files rather than pipes: nothing can fill up while this waits.
      let (input, output) = (
        directory.appending(path: "in.dot"), directory.appending(path: "out.svg")
      )
      try Data(sources.joined().utf8).write(to: input)
      try Data().write(to: output)
      guard try run(["-Tsvg", input.path], to: FileHandle(forWritingTo: output)) else { return nil }
      let drawings = try Drawing.read(String(contentsOf: output, encoding: .utf8))
      return drawings.count == sources.count ? drawings : nil
    } catch {
      return nil
    }
  }

  /// Whether the program ended well within its time.
  private func run(_ arguments: [String], to output: FileHandle) throws -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    guard ended.wait(timeout: .now() + timeout) == .success else {
      kill(process.processIdentifier, SIGKILL)
      return false
    }
    return process.terminationStatus == 0
  }
}
