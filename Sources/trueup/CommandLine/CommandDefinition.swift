/// What `trueup` can be told to do.
enum CommandName: String, CaseIterable, Sendable {
  case validate, plan, apply, drift, reconcile, deploy, approve, rollback, status, destroy, outputs
  case history
  case onboard, offboard, adopt, snapshot, diff, compile
  case kinds, explain, schema, completion, version
}

/// A command as it is parsed and as its help shows it.
struct CommandDefinition: Sendable {
  /// Arguments without dashes.
  struct Positional: Sendable {
    /// How help texts call one: `STACK`.
    var placeholder: String
    /// How many there may be.
    var count: ClosedRange<Int>
    var help: String
  }

  var name: CommandName
  /// One line, for the list of commands.
  var summary: String
  /// What else a user should know.
  var discussion: String
  var positional: Positional?
  var options: [OptionDefinition]
  var example: String

  /// `trueup destroy STACK... [options]`.
  var usage: String {
    var parts = ["trueup \(name.rawValue)"]
    if let positional {
      let dots = positional.count.upperBound == .max ? "..." : ""
      let text = positional.placeholder + dots
      parts.append(positional.count.lowerBound == 0 ? "[\(text)]" : text)
    }
    if !options.isEmpty { parts.append("[options]") }
    return parts.joined(separator: " ")
  }
}
