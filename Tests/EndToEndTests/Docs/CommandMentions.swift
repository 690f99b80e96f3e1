import Foundation

/// The commands of the program and their options, as its help texts tell them.
struct CommandMentions {
  /// By command.
  private let options: [String: Set<String>]

  init(_ workspace: Workspace) throws {
    let help = try workspace.trueup("--help").output
    let list =
      help.components(separatedBy: "Commands:\n").last?.components(separatedBy: "\n\n").first ?? ""
    var options: [String: Set<String>] = [:]
    for line in list.components(separatedBy: "\n") {
      guard let name = line.split(separator: " ").first.map(String.init) else { continue }
      options[name] = Set(
        try Self.matches(#"--[a-z][a-z-]*"#, workspace.trueup(name, "--help").output))
    }
    guard options["plan"]?.contains("--client") == true else {
      throw HarnessError("the help texts could not be read:\n\(help)")
    }
    self.options = options
  }

  var commands: [String] { options.keys.sorted() }

  /// What a piece of code says of the program that is not so.
  func problems(in code: String) throws -> [String] {
    var problems: [String] = []
    let mention = try NSRegularExpression(
      pattern: #"(?<![\w.:@-])trueup +([a-z][a-z-]*)([^|;&#]*)"#)
    for match in mention.matches(in: code, range: NSRange(code.startIndex..., in: code)) {
      guard let word = Range(match.range(at: 1), in: code),
        let rest = Range(match.range(at: 2), in: code)
      else { continue }
      let name = String(code[word])
      if name == "help" { continue }
      guard let known = options[name] else {
        problems.append("there is no command \"trueup \(name)\"")
        continue
      }
      for option in try Self.matches(#"(?<!\S)--[a-z][a-z-]*"#, String(code[rest]))
      where !known.contains(option) {
        problems.append("\"trueup \(name)\" has no option \(option)")
      }
    }
    return problems
  }

  /// The same of a code span, which may be an option alone; an option of another program is written
  /// behind that program's name.
  func problems(inSpan span: String) throws -> [String] {
    var found = try problems(in: span)
    if span.hasPrefix("--"), let option = try Self.matches(#"^--[a-z][a-z-]*"#, span).first,
      !options.values.contains(where: { $0.contains(option) }), option != "--version"
    {
      found.append("no command of trueup has the option \(option)")
    }
    return found
  }

  static func matches(_ pattern: String, _ text: String) throws -> [String] {
    let expression = try NSRegularExpression(pattern: pattern)
    return expression.matches(in: text, range: NSRange(text.startIndex..., in: text))
      .compactMap { Range($0.range, in: text).map { String(text[$0]) } }
  }
}
