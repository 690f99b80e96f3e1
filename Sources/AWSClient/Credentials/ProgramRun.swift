import Foundation

/// One run of a program found on the path, with nothing to read and a limited time.
enum ProgramRun {
  /// Its exit status and what it wrote. Its time ends when it and all that hold its output have ended.
  static func result(
    of words: [String], seconds: Double
  ) async throws(ProgramFailure) -> ProgramResult {
    let result = await withCheckedContinuation { answer in
      DispatchQueue.global().async {
        answer.resume(returning: Result { () throws(ProgramFailure) in try run(words, seconds) })
      }
    }
    return try result.get()
  }

  private static func run(
    _ words: [String], _ seconds: Double
  ) throws(ProgramFailure) -> ProgramResult {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    let group = DispatchGroup()
    group.enter()
    process.terminationHandler = { _ in group.leave() }
    do { try process.run() } catch {
      group.leave()
      throw .notStarted(reason: error.localizedDescription)
    }
    // Both at once, so that a full pipe on one side never stops the other.
    let written = [output, errors].map { pipe in
      let data = Locked(Data())
      DispatchQueue.global().async(group: group) {
        let all = pipe.fileHandleForReading.readDataToEndOfFile()
        data.access { $0 = all }
      }
      return data
    }
    guard group.wait(timeout: .now() + seconds) == .success else {
      kill(process.processIdentifier, SIGKILL)
      throw .timedOut
    }
    let status = process.terminationStatus
    // What `env` answers with for a program that it does not find.
    guard status != 127 else { throw .notStarted(reason: "the program was not found") }
    return ProgramResult(
      status: status, output: Array(written[0].access { $0 }),
      errors: String(decoding: written[1].access { $0 }, as: UTF8.self))
  }
}
