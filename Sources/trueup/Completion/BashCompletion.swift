/// Completions for bash 4 and later, without the bash-completion package.
struct BashCompletion {
  var commands: [CommandDefinition]
  var types: [String]

  var script: String {
    """
    # Completions of trueup for bash; made by: trueup completion bash

    \(Shell.readers)

    __trueup_offer() {
      local IFS=$'\\n'
      COMPREPLY=($(compgen -W "$1" -- "$2"))
    }

    # Bash splits types at their colons: only what stands behind the last one is replaced.
    __trueup_offer_types() {
      local full=${COMP_LINE:0:COMP_POINT}
      full=${full##* }
      __trueup_offer "$1" "$full"
      [[ $COMP_WORDBREAKS == *:* ]] && COMPREPLY=("${COMPREPLY[@]#"${full%"${full##*:}"}"}")
    }

    _trueup() {
      local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
      local command="" index __trueup_desired=""
      COMPREPLY=()
      # Bash splits --option=value at the equals sign.
      if [[ $word == "=" ]]; then word=""
      elif [[ $before == "=" ]]; then before=${COMP_WORDS[COMP_CWORD-2]}
      fi
      for ((index = 1; index < COMP_CWORD; index++)); do
        case ${COMP_WORDS[index]} in
          --desired)
            __trueup_desired=${COMP_WORDS[index+1]}
            [[ $__trueup_desired == "=" ]] && __trueup_desired=${COMP_WORDS[index+2]} ;;
          -*) ;;
          *) [[ -z $command ]] && command=${COMP_WORDS[index]} ;;
        esac
      done
      if [[ -z $command ]]; then
        __trueup_offer \(Shell.quoted(lines(commands.map(\.name.rawValue) + ["help", "--help", "--version"]))) "$word"
        return
      fi
      case $command in
    \(commands.map(branch).joined(separator: "\n"))
        help) __trueup_offer \(Shell.quoted(lines(commands.map(\.name.rawValue)))) "$word" ;;
      esac
    }

    complete -F _trueup trueup

    """
  }

  private func lines(_ words: [String]) -> String { words.joined(separator: "\n") }

  private func branch(_ command: CommandDefinition) -> String {
    let valued = command.options.filter { $0.argument != .none }
    var text = "    \(command.name.rawValue))\n"
    if !valued.isEmpty {
      text += "      case $before in\n"
      for option in valued {
        text += "        \(option.name)) \(offer(CompletedValue(option))); return ;;\n"
      }
      text += "      esac\n"
    }
    text += "      if [[ $word == -* ]]; then\n"
    let options = (command.options + [.help]).map(\.name)
    text += "        __trueup_offer \(Shell.quoted(lines(options))) \"$word\"\n"
    if let positional = command.positional {
      text += "      else\n        \(offer(CompletedValue(positional)))\n"
    }
    return text + "      fi ;;"
  }

  private func offer(_ value: CompletedValue) -> String {
    switch value {
    case .words(let words): return "__trueup_offer \(Shell.quoted(lines(words))) \"$word\""
    case .directories: return "compopt -o filenames; COMPREPLY=($(compgen -d -- \"$word\"))"
    case .files: return "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$word\"))"
    case .types:
      return "__trueup_offer_types \(Shell.quoted(lines(types)))"
    case .nothing: return ":"
    case .clients, .environments, .stacks, .blueprints:
      return "__trueup_offer \"$(\(value.reader ?? ":"))\" \"$word\""
    }
  }
}
