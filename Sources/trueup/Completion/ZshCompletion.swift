/// Completions for zsh: a file `_trueup` in `fpath`, or to be sourced after `compinit`.
struct ZshCompletion {
  var commands: [CommandDefinition]
  var types: [String]

  var script: String {
    """
    #compdef trueup
    # Completions of trueup for zsh; made by: trueup completion zsh

    \(Shell.readers)

    _trueup_clients() { compadd "$@" -- ${(f)"$(__trueup_members client)"} }
    _trueup_environments() { compadd "$@" -- ${(f)"$(__trueup_members environment)"} }
    _trueup_stacks() { compadd "$@" -- ${(f)"$(__trueup_names clients)"} }
    _trueup_blueprints() { compadd "$@" -- ${(f)"$(__trueup_names blueprints)"} }
    _trueup_types() { compadd "$@" -- \(types.joined(separator: " ")) }

    _trueup() {
      local __trueup_desired="" index
      for ((index = 2; index < CURRENT; index++)); do
        case $words[index] in
          --desired) __trueup_desired=$words[index+1] ;;
          --desired=*) __trueup_desired=${words[index]#--desired=} ;;
        esac
      done
      if ((CURRENT == 2)); then
        local -a commands=(
    \(commands.map(described).joined(separator: "\n"))
          'help:Show what a command does'
        )
        _describe command commands
        return
      fi
      shift words
      ((CURRENT--))
      case $words[1] in
    \(commands.map(branch).joined(separator: "\n"))
        help) compadd -- \(commands.map(\.name.rawValue).joined(separator: " ")) ;;
      esac
    }

    if [[ $funcstack[1] == _trueup ]]; then _trueup "$@"; else compdef _trueup trueup; fi

    """
  }

  private func described(_ command: CommandDefinition) -> String {
    "      " + Shell.quoted("\(command.name.rawValue):\(command.summary)")
  }

  private func branch(_ command: CommandDefinition) -> String {
    var specifications = (command.options + [.help]).map { option in
      let help = "[\(Self.escaped(option.help))]"
      let repeated = option.isRepeatable ? "*" : ""
      guard let name = option.placeholder else { return repeated + option.name + help }
      let action = action(CompletedValue(option))
      return "\(repeated)\(option.name)=\(help):\(Self.escaped(name)):\(action)"
    }
    if let positional = command.positional {
      let many = positional.count.upperBound > 1 ? "*" : ""
      specifications.append(
        "\(many):\(Self.escaped(positional.placeholder)):\(action(CompletedValue(positional)))")
    }
    let lines = specifications.map { "        " + Shell.quoted($0) }
    return "    \(command.name.rawValue))\n      _arguments -S \\\n"
      + lines.joined(separator: " \\\n") + " ;;"
  }

  private func action(_ value: CompletedValue) -> String {
    switch value {
    case .words(let words): "(\(words.joined(separator: " ")))"
    case .directories: "_directories"
    case .files: "_files"
    case .clients: "_trueup_clients"
    case .environments: "_trueup_environments"
    case .stacks: "_trueup_stacks"
    case .blueprints: "_trueup_blueprints"
    case .types: "_trueup_types"
    case .nothing: " "
    }
  }

  /// As a specification of `_arguments` wants it (zshcompsys, "_arguments").
  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing(":", with: "\\:").replacing("[", with: "\\[")
      .replacing("]", with: "\\]")
  }
}
