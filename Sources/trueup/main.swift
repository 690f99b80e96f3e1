import Foundation
import Reports
import TrueupCore

private let environment = ProcessInfo.processInfo.environment
private let program = Program(
  catalog: Catalog([]), createOnly: { _ in [] }, environment: environment,
  style: TextStyle(
    color: isatty(STDOUT_FILENO) == 1 && environment["NO_COLOR", default: ""].isEmpty)
)

switch program.start(Array(CommandLine.arguments.dropFirst())) {
case .finished(let output, let error, let exitCode):
  FileHandle.standardOutput.write(Data(output.utf8))
  FileHandle.standardError.write(Data(error.utf8))
  exit(exitCode)
case .command(let invocation):
  let name = invocation.command.rawValue
  FileHandle.standardError.write(Data("trueup: \(name) is not part of this build\n".utf8))
  exit(ExitStatus.error.rawValue)
}
