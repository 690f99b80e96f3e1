import Dispatch
import Foundation

/// Runs the `git` program found on the path.
enum GitProgram {
  struct Result {
    var status: Int32
    var output: [UInt8]
    var errors: String

    /// The output's first line.
    var line: String {
      String(decoding: output.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// The first line of what git said on standard error.
    var reason: String {
      let first = errors.split(separator: "\n").first.map(String.init) ?? "exit status \(status)"
      return first.hasPrefix("fatal: ") ? String(first.dropFirst(7)) : first
    }
  }

  /// Makes a process one of git's, with an environment in which it never waits for anybody.
  static func prepare(_ process: Process, _ arguments: [String]) {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    var environment = ProcessInfo.processInfo.environment
    // Untranslated messages; and a read must not take the index's lock.
    environment["LC_ALL"] = "C"
    environment["GIT_OPTIONAL_LOCKS"] = "0"
    // Nobody is there to answer a question.
    environment["GIT_TERMINAL_PROMPT"] = "0"
    process.environment = environment
  }

  /// Runs git to its end. The input is written before it starts, so it must fit a pipe: 64 KiB.
  static func run(
    _ arguments: [String], input: [UInt8] = [], adding variables: [String: String] = [:]
  ) throws(DesiredStateError) -> Result {
    let process = Process()
    prepare(process, arguments)
    process.environment?.merge(variables) { $1 }
    let (standardOutput, standardError) = (Pipe(), Pipe())
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = standardOutput
    process.standardError = standardError
    do {
      if !input.isEmpty {
        let standardInput = Pipe()
        process.standardInput = standardInput
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input))
        try standardInput.fileHandleForWriting.close()
      }
      try process.run()
    } catch {
      throw .gitMissing(reason: error.localizedDescription)
    }
    // Both at once, so that a full pipe on one side never stops the other.
    let group = DispatchGroup()
    let errors = Collected()
    DispatchQueue.global().async(group: group) {
      errors.set(standardError.fileHandleForReading.readDataToEndOfFile())
    }
    let output = standardOutput.fileHandleForReading.readDataToEndOfFile()
    group.wait()
    process.waitUntilExit()
    let text = String(decoding: errors.get(), as: UTF8.self)
    guard process.terminationStatus != 127 else {
      throw .gitMissing(reason: "it is not installed or not on the PATH")
    }
    return Result(status: process.terminationStatus, output: Array(output), errors: text)
  }

  /// Bytes handed from one thread to another. Unchecked: the lock guards the only member.
  private final class Collected: @unchecked Sendable {
    private let lock = NSLock()
    private var data = Data()

    func set(_ data: Data) { lock.withLock { self.data = data } }
    func get() -> Data { lock.withLock { data } }
  }
}
