import Foundation
import Kinds
import Reports
import TrueupCore

let environment = ProcessInfo.processInfo.environment
let terminal = Terminal(environment: environment)
let program = Program(
  catalog: .standard, createOnly: { ResourceSchema.embedded($0)?.createOnly ?? [] },
  environment: environment, style: terminal.style)

switch program.start(Array(CommandLine.arguments.dropFirst())) {
case .finished(let output, let error, let exitCode):
  terminal.write(output)
  terminal.writeError(error)
  exit(exitCode)
case .command(let invocation):
  exit(await CommandRunner(terminal: terminal, environment: environment).run(invocation).rawValue)
}
