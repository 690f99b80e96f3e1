/// Completions for fish.
struct FishCompletion {
  var commands: [CommandDefinition]
  var types: [String]

  var script: String {
    let lines =
      commands.map { command in
        "complete -c trueup -n __fish_use_subcommand -a \(command.name.rawValue) "
          + "-d \(Self.quoted(command.summary))"
      } + commands.flatMap(completions)
    return """
      # Completions of trueup for fish; made by: trueup completion fish

      function __trueup_desired
          set -l words (commandline -opc)
          for index in (seq (count $words))
              switch $words[$index]
                  case '--desired=*'
                      string replace -- '--desired=' '' $words[$index]
                      return
                  case --desired
                      if test $index -lt (count $words)
                          echo $words[(math $index + 1)]
                          return
                      end
              end
          end
          echo desired-state
      end

      # Values of a member of all manifests: __trueup_members client
      function __trueup_members
          set -l files (__trueup_desired)/clients/*.jsonc
          test -n "$files"
          and cat $files | string replace -rf '.*"'$argv[1]'"\\s*:\\s*"([A-Za-z0-9-]*)".*' '$1' | sort -u
      end

      # File names without their extension: __trueup_names blueprints
      function __trueup_names
          for file in (__trueup_desired)/$argv[1]/*.jsonc
              string match -r '^[A-Za-z0-9._-]+(?=\\.jsonc$)' (basename $file)
          end
      end

      complete -c trueup -f
      complete -c trueup -n __fish_use_subcommand -a help -d 'Show what a command does'
      complete -c trueup -n __fish_use_subcommand -l version -d 'Show the version'
      \(lines.joined(separator: "\n"))

      """
  }

  private func completions(of command: CommandDefinition) -> [String] {
    let start = "complete -c trueup -n '__fish_seen_subcommand_from \(command.name.rawValue)'"
    var lines = (command.options + [.help]).map { option in
      let value =
        option.argument == .none ? "" : " " + offer(CompletedValue(option), isOption: true)
      return "\(start) -l \(option.name.dropFirst(2))\(value) -d \(Self.quoted(option.help))"
    }
    if let positional = command.positional {
      let offered = offer(CompletedValue(positional), isOption: false)
      if !offered.isEmpty { lines.append("\(start) \(offered)") }
    }
    return lines
  }

  /// - Parameter isOption: the option needs a value, which is no file's name unless it says so.
  private func offer(_ value: CompletedValue, isOption: Bool) -> String {
    let exclusive = isOption ? "-x " : ""
    switch value {
    case .words(let words): return exclusive + "-a \(Self.quoted(words.joined(separator: " ")))"
    case .types: return exclusive + "-a \(Self.quoted(types.joined(separator: " ")))"
    case .directories: return exclusive + "-a '(__fish_complete_directories)'"
    case .files: return isOption ? "-r -F" : "-F"
    case .clients, .environments, .stacks, .blueprints:
      return exclusive + "-a '(\(value.reader ?? ""))'"
    case .nothing: return isOption ? "-x" : ""
    }
  }

  private static func quoted(_ text: String) -> String {
    "'\(text.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
  }
}
