import Reports
import TrueupCore

/// The program as far as it needs neither AWS nor files: help, errors of the command line, `version`
/// and `kinds`.
struct Program {
  enum Start: Equatable {
    /// All is said: to write, and the exit code.
    case finished(output: String, error: String, exitCode: Int32)
    /// A command that has yet to be carried out.
    case command(Invocation)
  }

  var catalog: Catalog
  /// The create-only properties of a type, from its registry schema.
  var createOnly: (String) -> [PropertyPath]
  var environment: [String: String]
  var style: TextStyle

  /// - Parameter arguments: the words after the program's name.
  func start(_ arguments: [String]) -> Start {
    do throws(CommandLineError) {
      switch try CommandLineParser(environment: environment).parse(arguments) {
      case .help(let name): return said(help(name))
      case .run(let invocation): return start(invocation)
      }
    } catch {
      return .finished(output: "", error: "trueup: \(error)\n", exitCode: ExitStatus.error.rawValue)
    }
  }

  private func start(_ invocation: Invocation) -> Start {
    switch invocation.command {
    case .version: return said(Version.text + "\n")
    case .kinds:
      let kinds = KindCoverage.all(catalog, createOnly: createOnly)
      switch invocation.string("--format") {
      case "json": return said(KindsText.json(kinds).json(indent: 2) + "\n")
      case "markdown": return said(KindsMarkdown.render(kinds))
      default: return said(KindsText.render(kinds, style: style))
      }
    default: return .command(invocation)
    }
  }

  private func help(_ name: CommandName?) -> String {
    guard let name, let command = CommandDefinition.all.first(where: { $0.name == name }) else {
      return HelpText.program()
    }
    return HelpText.command(command)
  }

  private func said(_ text: String) -> Start {
    .finished(output: text, error: "", exitCode: ExitStatus.done.rawValue)
  }
}
