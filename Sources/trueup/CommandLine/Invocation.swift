import Reports

/// A command line that was understood: the command, its options with defaults filled in, and the
/// arguments without dashes.
struct Invocation: Sendable, Equatable {
  var command: CommandName
  /// Values by option name; a flag that was given has none.
  var values: [String: [String]]
  var positionals: [String]

  /// Whether the option was given (or has a default).
  func has(_ option: String) -> Bool { values[option] != nil }

  /// The option's value; `nil` where it was not given and has no default.
  func string(_ option: String) -> String? { values[option]?.last }

  /// All values of a repeatable option.
  func strings(_ option: String) -> [String] { values[option] ?? [] }

  /// The value of an option that takes a number, as the parser has checked.
  func integer(_ option: String) -> Int? { string(option).flatMap { Int($0) } }

  /// The stacks that are named, where the command's arguments are stacks.
  var stacks: [String] {
    switch command {
    case .plan, .drift, .apply, .destroy, .outputs: positionals
    default: []
    }
  }

  /// The directory of the desired state.
  var directory: String { string("--desired") ?? "desired-state" }

  /// The form of the output.
  var format: ReportFormat { string("--format").flatMap(ReportFormat.init) ?? .text }

  /// Whether the output is for programs.
  var isJSON: Bool { format == .json }

  /// Whether events are for log collectors.
  var logsJSON: Bool { string("--log-format") == "json" }

  /// How the output is dressed, with how much of it was asked for.
  func style(_ terminal: Terminal) -> TextStyle {
    TextStyle(
      color: terminal.style.color, width: terminal.style.width,
      showsContents: has("--details"), isFull: has("--full"))
  }

  /// What narrows the run, or widens what it may do, as the user would write it again: `acme-prod`,
  /// `--client acme`.
  var narrowingOptions: [String] {
    positionals.map(Self.shellWord)
      + ["--desired", "--client", "--environment", "--revision"].flatMap { option in
        strings(option).filter { option != "--desired" || $0 != "desired-state" }
          .map { "\(option) \(Self.shellWord($0))" }
      } + ["--allow-orphans", "--allow-partial"].filter(has)
  }

  /// What `apply` is told of a plan that was written to a file: what narrows it stands there, what allows
  /// more does not.
  var reviewedOptions: [String] {
    [string("--out").map(Self.shellWord)].compactMap(\.self)
      + ["--desired", "--allow-deletes", "--allow-replaces"].compactMap { option in
        string(option).flatMap { value in
          value == "desired-state" ? nil : "\(option) \(Self.shellWord(value))"
        }
      } + ["--allow-orphans", "--allow-partial"].filter(has)
  }

  /// The word as a POSIX shell reads it back.
  private static func shellWord(_ word: String) -> String {
    let isPlain = word.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:@+=~^".contains($0))
    }
    return isPlain ? word : "'\(word.replacing("'", with: #"'\''"#))'"
  }
}
