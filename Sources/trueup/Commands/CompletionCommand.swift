import DesiredState
import Kinds
import Reports
import TrueupCore

extension CommandRunner {
  /// Prints the script by which a shell completes command lines.
  func completion(_ invocation: Invocation) throws -> ExitStatus {
    let word = invocation.positionals.first ?? ""
    guard let shell = Shell(rawValue: word) else {
      let names = Shell.allCases.map(\.rawValue)
      let nearest = Spelling.nearest(to: word, among: names)
      throw EarlyEnd(
        message: "there are no completions for \"\(word)\""
          + (nearest.map { "; did you mean \"\($0)\"?" }
            ?? ", only for \(names.joined(separator: ", "))"))
    }
    terminal.write(shell.script(CommandDefinition.all, types: Catalog.standard.types))
    return .done
  }
}
