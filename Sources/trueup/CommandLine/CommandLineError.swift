/// Why a command line was not understood. Exits with 1.
enum CommandLineError: Error, Equatable, CustomStringConvertible {
  case noCommand
  case unknownCommand(String, nearest: String?)
  case commandComesFirst(option: String)
  case unknownOption(String, command: CommandName, nearest: String?)
  case missingValue(OptionUse)
  case unexpectedValue(option: String)
  case repeated(option: String)
  case notAnInteger(OptionUse, value: String, range: ClosedRange<Int>)
  case notAChoice(OptionUse, value: String, nearest: String?)
  case unexpectedArgument(String, command: CommandName)
  case missingArgument(placeholder: String, command: CommandName)

  /// An option, and where its value came from.
  struct OptionUse: Equatable, Sendable {
    /// `--desired DIR`.
    var spelling: String
    /// The environment variable that gave the value; `nil` where it stood on the command line.
    var variable: String?

    var name: String { variable ?? String(spelling.prefix { $0 != " " }) }
  }

  var description: String {
    switch self {
    case .noCommand: "no command was given; trueup --help lists them"
    case .unknownCommand(let word, let nearest):
      "there is no command \"\(word)\"\(Self.hint(nearest) ?? "; trueup --help lists them")"
    case .commandComesFirst(let option):
      "the command comes before its options: trueup plan \(option)"
    case .unknownOption(let option, let command, let nearest):
      "trueup \(command.rawValue) has no option \"\(option)\""
        + (Self.hint(nearest) ?? "; trueup \(command.rawValue) --help lists them")
    case .missingValue(let use):
      use.variable.map { "\($0) is empty" } ?? "\(use.name) needs a value: \(use.spelling)"
    case .unexpectedValue(let option): "\(option) takes no value"
    case .repeated(let option): "\(option) was given twice"
    case .notAnInteger(let use, let value, let range):
      "\(use.name) needs a whole number \(Self.text(range)), not \"\(value)\""
    case .notAChoice(let use, let value, let nearest):
      "\(use.name) cannot be \"\(value)\": \(use.spelling)\(Self.hint(nearest) ?? "")"
    case .unexpectedArgument(let argument, let command):
      "trueup \(command.rawValue) does not take \"\(argument)\"; see trueup \(command.rawValue) --help"
    case .missingArgument(let placeholder, let command):
      "trueup \(command.rawValue) needs a \(placeholder); see trueup \(command.rawValue) --help"
    }
  }

  private static func hint(_ nearest: String?) -> String? {
    nearest.map { "; did you mean \"\($0)\"?" }
  }

  private static func text(_ range: ClosedRange<Int>) -> String {
    range.upperBound == .max
      ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
  }
}
