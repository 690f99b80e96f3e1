import Reports

/// An option of a command: how it is written, what it takes, what it is for.
struct OptionDefinition: Sendable {
  enum Argument: Sendable, Equatable {
    case none
    /// Any text that is not empty; the name stands in help texts: `DIR`.
    case text(String)
    /// A whole number within a range.
    case integer(String, ClosedRange<Int>)
    /// One of these words.
    case choice([String])
  }

  /// With its dashes: `--desired`.
  var name: String
  var argument: Argument
  /// May be given several times.
  var isRepeatable = false
  var defaultValue: String?
  /// The environment variable that is read where the option is not given.
  var variable: String?
  var help: String

  /// As help texts list it: more words than a column has room for stand in the explanation instead.
  var listing: String {
    guard case .choice(let words) = argument, words.count > 3 else { return spelling }
    return "\(name) \(name.drop { $0 == "-" }.uppercased())"
  }

  /// How help texts call its value, `DIR`; `nil` for a flag.
  var placeholder: String? {
    switch argument {
    case .none: nil
    case .text(let placeholder), .integer(let placeholder, _): placeholder
    case .choice(let words): words.joined(separator: "|")
    }
  }

  /// `--desired DIR`.
  var spelling: String { placeholder.map { "\(name) \($0)" } ?? name }
}

extension OptionDefinition {
  static let help = OptionDefinition(
    name: "--help", argument: .none, help: "show this text (-h)")
  static let desired = OptionDefinition(
    name: "--desired", argument: .text("DIR"), defaultValue: "desired-state",
    help: "the directory of the desired state")
  static let client = OptionDefinition(
    name: "--client", argument: .text("NAME"), isRepeatable: true,
    help: "only stacks of this client")
  static let environment = OptionDefinition(
    name: "--environment", argument: .text("NAME"), isRepeatable: true,
    help: "only stacks of this environment")
  static let format = OptionDefinition(
    name: "--format", argument: .choice(["text", "json"]), defaultValue: "text",
    help: "text for people, json for programs")
  /// Of commands whose results are also reports.
  static let reportFormat = OptionDefinition(
    name: "--format", argument: .choice(ReportFormat.allCases.map(\.rawValue)),
    defaultValue: "text",
    help: "text, json, markdown (a comment), html (a page), dot or mermaid (the graph)")
  static let historyFormat = OptionDefinition(
    name: "--format", argument: .choice(["text", "json", "markdown", "html"]),
    defaultValue: "text",
    help: "text, json, markdown (a comment) or html (a page)")
  static let parallelism = OptionDefinition(
    name: "--parallelism", argument: .integer("N", 1...64), defaultValue: "10",
    help: "calls in flight at once, 1 to 64; what waits does not count")
  static let trace = OptionDefinition(
    name: "--trace", argument: .text("FILE"),
    help: "append one line per API call to FILE; never a secret")
  static let yes = OptionDefinition(
    name: "--yes", argument: .none, help: "do not ask; needed where nobody can be asked")
  static let details = OptionDefinition(
    name: "--details", argument: .none, help: "show what new resources will hold")
  static let full = OptionDefinition(
    name: "--full", argument: .none,
    help: "values in full, every stack by itself, nothing left out")
  static let destroys = OptionDefinition(
    name: "--destroy", argument: .none,
    help: "preview what destroy would delete of the named stacks")
  static let out = OptionDefinition(
    name: "--out", argument: .text("FILE"),
    help: "write the plan to FILE, for apply FILE to do exactly that")
  static let noWait = OptionDefinition(
    name: "--no-wait", argument: .none,
    help: "do not wait for readiness that nothing else in the run needs")
  static let journal = OptionDefinition(
    name: "--journal", argument: .text("FILE"), variable: "TRUEUP_JOURNAL",
    help: "the journal, by default .trueup/journal.db in the git root")
  static let revision = OptionDefinition(
    name: "--revision", argument: .text("REV"),
    help: "the desired state as it is at this git revision")
  static let allowDeletes = OptionDefinition(
    name: "--allow-deletes", argument: .integer("N", 0...Int.max),
    help: "deletions allowed per stack, instead of the limit in fleet.jsonc")
  static let allowReplaces = OptionDefinition(
    name: "--allow-replaces", argument: .integer("N", 0...Int.max),
    help: "replacements allowed per stack, instead of the limit in fleet.jsonc")
  static let allowFleetDeletes = OptionDefinition(
    name: "--allow-fleet-deletes", argument: .integer("N", 0...Int.max),
    help: "deletions allowed in all stacks together, instead of the limit in fleet.jsonc")
  static let allowFleetReplaces = OptionDefinition(
    name: "--allow-fleet-replaces", argument: .integer("N", 0...Int.max),
    help: "replacements allowed in all stacks together, instead of the limit in fleet.jsonc")
  static let allowDataLoss = OptionDefinition(
    name: "--allow-data-loss", argument: .text("ADDRESS"), isRepeatable: true,
    help: "delete or replace this resource (STACK/RESOURCE) although it holds data")
  static let since = OptionDefinition(
    name: "--since", argument: .text("REV"),
    help: "the limits of this revision hold until a run has seen those of today")
  static let now = OptionDefinition(
    name: "--now", argument: .none, help: "also outside of the change windows")
  static let checks = OptionDefinition(
    name: "--checks", argument: .none, variable: nil,
    help: "run the checks that fleet.jsonc names (also: TRUEUP_CHECKS=on)")
  static let allowOrphans = OptionDefinition(
    name: "--allow-orphans", argument: .none,
    help: "also replace and delete what carries our tags and is not proven to be ours")
  static let allowPartial = OptionDefinition(
    name: "--allow-partial", argument: .none,
    help: "create what is missing of a new stack although other parts of it wait to be adopted")
  static let strict = OptionDefinition(
    name: "--strict", argument: .none, help: "take warnings for errors")
  static let limit = OptionDefinition(
    name: "--limit", argument: .integer("N", 1...Int.max), defaultValue: "50",
    help: "show at most so many changes, the latest")
}
