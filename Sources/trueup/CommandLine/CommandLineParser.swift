import DesiredState

/// Reads a command line by the definitions of the commands. Pure: the environment is passed in.
struct CommandLineParser {
  enum Result: Equatable {
    /// Help for a command, or for the program (`nil`).
    case help(CommandName?)
    case run(Invocation)
  }

  var commands: [CommandDefinition] = CommandDefinition.all
  /// Where options that name a variable find their value if they are not given.
  var environment: [String: String] = [:]

  /// - Parameter arguments: the words after the program's name.
  func parse(_ arguments: [String]) throws(CommandLineError) -> Result {
    var words = arguments[...]
    guard let first = words.popFirst() else { throw .noCommand }
    switch first {
    case "--help", "-h": return .help(nil)
    case "help":
      guard let word = words.first else { return .help(nil) }
      return .help(try command(word).name)
    case "--version": return .run(Invocation(command: .version, values: [:], positionals: []))
    case _ where first.hasPrefix("-"): throw .commandComesFirst(option: first)
    default: break
    }
    let definition = try command(first)
    if words.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
      return .help(definition.name)
    }
    return .run(try invocation(of: definition, words))
  }

  private func command(_ word: String) throws(CommandLineError) -> CommandDefinition {
    if let definition = commands.first(where: { $0.name.rawValue == word }) { return definition }
    throw .unknownCommand(
      word, nearest: Spelling.nearest(to: word, among: commands.map(\.name.rawValue)))
  }

  private func invocation(
    of definition: CommandDefinition, _ arguments: ArraySlice<String>
  ) throws(CommandLineError) -> Invocation {
    var result = Invocation(command: definition.name, values: [:], positionals: [])
    var words = arguments
    while let word = words.popFirst() {
      if word == "--" {
        result.positionals += words
        break
      }
      guard word.hasPrefix("-"), word != "-" else {
        result.positionals.append(word)
        continue
      }
      let (option, attached) = try option(word, of: definition)
      if option.argument == .none {
        guard attached == nil else { throw .unexpectedValue(option: option.name) }
        result.values[option.name] = []
        continue
      }
      let following = words.first.flatMap { $0.hasPrefix("--") ? nil : $0 }
      if attached == nil, following != nil { words.removeFirst() }
      let value = try checked(attached ?? following ?? "", for: option)
      guard option.isRepeatable || result.values[option.name] == nil else {
        throw .repeated(option: option.name)
      }
      result.values[option.name, default: []].append(value)
    }
    try checkPositionals(result.positionals, of: definition)
    try fillIn(&result, definition)
    return result
  }

  /// The option that a word names, and the value behind its `=`.
  private func option(
    _ word: String, of definition: CommandDefinition
  ) throws(CommandLineError) -> (OptionDefinition, String?) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? word
    guard let option = definition.options.first(where: { $0.name == name }) else {
      throw .unknownOption(
        name, command: definition.name,
        nearest: Spelling.nearest(to: name, among: definition.options.map(\.name)))
    }
    return (option, parts.count > 1 ? String(parts[1]) : nil)
  }

  private func checked(
    _ value: String, for option: OptionDefinition, from variable: String? = nil
  ) throws(CommandLineError) -> String {
    let use = CommandLineError.OptionUse(spelling: option.spelling, variable: variable)
    guard !value.isEmpty else { throw .missingValue(use) }
    switch option.argument {
    case .none, .text: break
    case .integer(_, let range):
      guard let number = Int(value), range.contains(number) else {
        throw .notAnInteger(use, value: value, range: range)
      }
    case .choice(let words):
      guard words.contains(value) else {
        throw .notAChoice(use, value: value, nearest: Spelling.nearest(to: value, among: words))
      }
    }
    return value
  }

  private func checkPositionals(
    _ words: [String], of definition: CommandDefinition
  ) throws(CommandLineError) {
    let count = definition.positional?.count ?? 0...0
    if words.count > count.upperBound {
      throw .unexpectedArgument(words[count.upperBound], command: definition.name)
    }
    if let positional = definition.positional, words.count < count.lowerBound {
      throw .missingArgument(placeholder: positional.placeholder, command: definition.name)
    }
  }

  /// What was not given comes from the environment, else from the default.
  private func fillIn(
    _ result: inout Invocation, _ definition: CommandDefinition
  ) throws(CommandLineError) {
    for option in definition.options where result.values[option.name] == nil {
      if let variable = option.variable, let value = environment[variable], !value.isEmpty {
        result.values[option.name] = [try checked(value, for: option, from: variable)]
      } else if let value = option.defaultValue {
        result.values[option.name] = [value]
      }
    }
  }
}
