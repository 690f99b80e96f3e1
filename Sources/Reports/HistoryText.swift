import Document
import TrueupCore

/// One change of a past run.
public struct HistoryEntry: Hashable, Sendable {
  /// When it ended, in seconds since 1970.
  public var time: Double
  /// The id of the run.
  public var run: String
  public var stack: String
  /// The logical id.
  public var resource: String
  /// `create`, `update`, `replace`, …
  public var action: String
  /// `new`, `pending`, `drift`, …
  public var cause: String
  /// `succeeded`, `failed`, `skipped`, `progressing`; `unfinished` where the run was killed.
  public var outcome: String
  public var error: String?
  /// API calls.
  public var calls: Int
  public var seconds: Double
  public var type: String
  /// The id of the resource in AWS, where it is known.
  public var physicalID: String?
  /// What changed, from what to what.
  public var differences: [Difference]
  /// The revision that asked for it, and who committed it.
  public var revision: String?
  public var commit: Commit?
  /// The desired state had changes that were not committed.
  public var isDirty: Bool

  public init(
    time: Double, run: String, stack: String, resource: String, action: String, cause: String,
    outcome: String, error: String? = nil, calls: Int, seconds: Double, type: String = "",
    physicalID: String? = nil, differences: [Difference] = [], revision: String? = nil,
    commit: Commit? = nil, isDirty: Bool = false
  ) {
    self.time = time
    self.run = run
    self.stack = stack
    self.resource = resource
    self.action = action
    self.cause = cause
    self.outcome = outcome
    self.error = error
    self.calls = calls
    self.seconds = seconds
    self.type = type
    self.physicalID = physicalID
    self.differences = differences
    self.revision = revision
    self.commit = commit
    self.isDirty = isDirty
  }
}

/// What was done before: `trueup history`.
public enum HistoryText {
  /// The entries in the order given, with a heading wherever the run changes; ends in a line break.
  ///
  /// - Parameter showsValues: under each entry, what changed, from what to what.
  public static func render(
    _ entries: [HistoryEntry], showsValues: Bool = false, style: TextStyle = .plain
  ) -> String {
    guard !entries.isEmpty else { return "Nothing was applied yet.\n" }
    let rows = aligned(entries.map(cells))
    var lines: [String] = []
    var shown: (run: String, revision: String?)?
    for (entry, row) in zip(entries, rows) {
      if shown?.run != entry.run || shown?.revision != entry.revision {
        shown = (entry.run, entry.revision)
        let run = "\(style.paint("run", .dim)) \(style.paint(entry.run.printable, .bold))"
        lines.append(run + (because(entry).map { "   \($0)" } ?? ""))
      }
      lines.append("  \(symbol(entry.outcome, style: style)) \(row)")
      if let error = entry.error { lines.append("      \(error.printable)") }
      if showsValues { lines += entry.values(style).map { "      \($0)".withoutTrailingSpaces } }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The same for programs.
  public static func json(_ entries: [HistoryEntry]) -> Document {
    [
      "formatVersion": 1,
      "entries": .list(
        entries.map { entry in
          [
            "time": .string(Wording.timestamp(entry.time)),
            "run": .string(entry.run),
            "address": .string("\(entry.stack)/\(entry.resource)"),
            "stack": .string(entry.stack),
            "resource": .string(entry.resource),
            "action": .string(entry.action),
            "cause": .string(entry.cause),
            "outcome": .string(entry.outcome),
            "type": Document(text: entry.type.isEmpty ? nil : entry.type),
            "id": Document(text: entry.physicalID),
            "differences": .list(
              entry.differences.map {
                [
                  "path": .string($0.path.description), "desired": $0.desired ?? .null,
                  "observed": $0.observed ?? .null, "effect": .string($0.effect.rawValue),
                ]
              }),
            "error": Document(text: entry.error),
            "calls": .integer(entry.calls),
            "seconds": .double(entry.seconds),
            "revision": Document(text: entry.revision),
            "dirty": .bool(entry.isDirty),
            "author": Document(text: entry.commit?.author),
            "subject": Document(text: entry.commit?.subject),
          ]
        }),
    ]
  }

  /// `at 4f2c91e Keep logs for a year (Ada <ada@example.com>), with changes that are not committed`.
  private static func because(_ entry: HistoryEntry) -> String? {
    guard let revision = entry.revision else { return nil }
    var text = "at \(revision.prefix(7))"
    if let commit = entry.commit {
      text += " \(commit.subject.printable) (\(commit.author.printable))"
    }
    return text + (entry.isDirty ? ", with changes that are not committed" : "")
  }

  private static func cells(_ entry: HistoryEntry) -> [String] {
    [
      Wording.timestamp(entry.time), "\(entry.stack)/\(entry.resource)".printable, entry.action,
      entry.cause, entry.outcome,
      "\(Wording.count(entry.calls, "call")), \(Wording.duration(entry.seconds))",
    ]
  }

  private static func symbol(_ outcome: String, style: TextStyle) -> String {
    guard let result = Outcome.Result(rawValue: outcome) else { return "?" }
    return style.paint(result.symbol, result.paint)
  }
}
