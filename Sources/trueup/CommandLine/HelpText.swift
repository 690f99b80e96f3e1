/// Help texts, made of the definitions of the commands.
enum HelpText {
  /// The program's help; ends in a line break.
  static func program(_ commands: [CommandDefinition] = CommandDefinition.all) -> String {
    """
    Trueup keeps AWS as the desired state in git says.

    Usage: trueup COMMAND [options]

    Commands:
    \(table(commands.map { ($0.name.rawValue, $0.summary) }))

    trueup COMMAND --help tells more of each, with an example.

    Exit codes:
      0  in sync, or done
      1  an error
      2  changes or drift were found
      3  refused by a guard: a budget, a wrong account, a resource that is not ours

    Environment:
      AWS_PROFILE, AWS_REGION, AWS_ACCESS_KEY_ID and the others that the AWS CLI reads
      AWS_ENDPOINT_URL, AWS_CA_BUNDLE  another endpoint than AWS's
      TRUEUP_JOURNAL                   the journal's file
      NO_COLOR                         no colour, also on a terminal

    Example:
      trueup plan --client acme

    """
  }

  /// A command's help; ends in a line break.
  static func command(_ command: CommandDefinition) -> String {
    var sections = [command.summary + ".", "Usage: \(command.usage)"]
    if !command.discussion.isEmpty { sections.append(command.discussion) }
    if let positional = command.positional {
      sections.append("Arguments:\n" + table([(positional.placeholder, positional.help)]))
    }
    let options = command.options + [.help]
    sections.append("Options:\n" + table(options.map { ($0.listing, explanation($0)) }))
    sections.append("Example:\n  \(command.example)")
    return sections.joined(separator: "\n\n") + "\n"
  }

  private static func explanation(_ option: OptionDefinition) -> String {
    var notes: [String] = []
    if option.isRepeatable { notes.append("may be repeated") }
    if let value = option.defaultValue { notes.append("default \(value)") }
    if let variable = option.variable { notes.append("environment \(variable)") }
    return notes.isEmpty ? option.help : "\(option.help) (\(notes.joined(separator: ", ")))"
  }

  private static func table(_ rows: [(String, String)]) -> String {
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { name, text in
      "  \(name)\(String(repeating: " ", count: width - name.count))  \(text)"
    }.joined(separator: "\n")
  }
}
