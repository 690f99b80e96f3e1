/// A shell that `trueup completion` writes a script for.
enum Shell: String, CaseIterable, Sendable {
  case bash, zsh, fish

  /// The script, ending in a line break. It calls nothing: names of clients, environments, stacks and
  /// blueprints are read from the files of the desired state below the working directory, or where
  /// `--desired` says.
  func script(_ commands: [CommandDefinition], types: [String]) -> String {
    switch self {
    case .bash: BashCompletion(commands: commands, types: types).script
    case .zsh: ZshCompletion(commands: commands, types: types).script
    case .fish: FishCompletion(commands: commands, types: types).script
    }
  }

  /// The text in single quotes, as bash and zsh read it.
  static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: #"'\''"#))'" }
}

/// What a shell offers in the place of a value.
enum CompletedValue: Equatable {
  case words([String])
  case directories, files
  /// Read from the desired state.
  case clients, environments, stacks, blueprints
  /// Resource types.
  case types
  /// A number, a name that is to be made up: nothing to offer.
  case nothing

  init(_ option: OptionDefinition) {
    switch (option.name, option.argument) {
    case (_, .choice(let words)): self = .words(words)
    case ("--client", _): self = .clients
    case ("--environment", _): self = .environments
    case ("--blueprint", _): self = .blueprints
    case (_, .text("DIR")): self = .directories
    case (_, .text("FILE")): self = .files
    case (_, .none), (_, .integer), (_, .text): self = .nothing
    }
  }

  init(_ positional: CommandDefinition.Positional) {
    let alternatives = positional.placeholder.split(separator: "|").map(String.init)
    if alternatives.allSatisfy({ $0 == $0.lowercased() }) {
      self = .words(alternatives)
    } else if ["STACK", "SERVICE"].contains(where: positional.placeholder.hasPrefix)
      || positional.placeholder.contains("STACK")
    {
      self = .stacks
    } else if positional.placeholder.hasPrefix("TYPE") {
      self = .types
    } else if positional.placeholder.contains("CLIENT") {
      self = .clients
    } else if positional.placeholder.contains("SNAPSHOT") {
      self = .directories
    } else {
      self = .nothing
    }
  }

  /// The shell function that lists the values; `nil` where nothing is read from the desired state.
  var reader: String? {
    switch self {
    case .clients: "__trueup_members client"
    case .environments: "__trueup_members environment"
    case .stacks: "__trueup_names clients"
    case .blueprints: "__trueup_names blueprints"
    case .words, .directories, .files, .types, .nothing: nil
    }
  }
}
