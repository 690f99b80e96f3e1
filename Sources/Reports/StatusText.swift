import Document
import TrueupCore

/// How one stack stood when it was last looked at.
public struct StackStatus: Hashable, Sendable {
  /// `acme-prod`.
  public var stack: String
  public var state: StackState
  /// The command of the last run.
  public var command: String
  /// When the last run that looked at it ended, in seconds since 1970.
  public var lastRun: Double
  /// When it was last changed; `nil` where the journal knows of no change.
  public var lastChange: Double?
  /// The revision in force.
  public var revision: String?
  public var commit: Commit?

  public init(
    stack: String, state: StackState, command: String, lastRun: Double, lastChange: Double? = nil,
    revision: String? = nil, commit: Commit? = nil
  ) {
    self.stack = stack
    self.state = state
    self.command = command
    self.lastRun = lastRun
    self.lastChange = lastChange
    self.revision = revision
    self.commit = commit
  }
}

/// The fleet at a glance: `trueup status`.
public enum StatusText {
  /// A line per stack, the worst first, and a summary; ends in a line break.
  public static func render(_ stacks: [StackStatus], style: TextStyle = .plain) -> String {
    guard !stacks.isEmpty else {
      return "No stack was looked at yet; trueup plan and trueup reconcile do.\n"
    }
    let sorted = stacks.sorted { (rank($0), $0.stack) < (rank($1), $1.stack) }
    let rows = aligned(sorted.map(cells))
    var lines: [String] = []
    for (stack, row) in zip(sorted, rows) {
      let status = stack.state.status
      lines.append("\(style.paint(symbol(status), paint(status))) \(row)")
      if let note = stack.state.note, status != .suspended { lines.append("    \(note.printable)") }
    }
    let tally = StackState.Status.allCases.compactMap { status in
      let count = stacks.count { $0.state.status == status }
      return count > 0 ? "\(count) \(status.rawValue)" : nil
    }
    lines += ["", "\(Wording.count(stacks.count, "stack")): \(tally.joined(separator: ", "))"]
    return lines.map { $0.withoutTrailingSpaces + "\n" }.joined()
  }

  /// The same for programs, sorted by name: `formatVersion` 1.
  public static func json(_ stacks: [StackStatus]) -> Document {
    [
      "formatVersion": 1,
      "stacks": .list(
        stacks.sorted { $0.stack < $1.stack }.map { stack in
          [
            "stack": .string(stack.stack),
            "status": .string(stack.state.status.rawValue),
            "inSync": .integer(stack.state.inSync),
            "drifted": .integer(stack.state.drifted),
            "pending": .integer(stack.state.pending),
            "failed": .integer(stack.state.failed),
            "note": Document(text: stack.state.note),
            "lastRun": .string(Wording.timestamp(stack.lastRun)),
            "command": .string(stack.command),
            "lastChange": Document(text: stack.lastChange.map(Wording.timestamp)),
            "revision": Document(text: stack.revision),
            "author": Document(text: stack.commit?.author),
            "subject": Document(text: stack.commit?.subject),
          ]
        }),
    ]
  }

  /// 0 where all is in sync or suspended, 1 where a stack failed, else 2.
  public static func exitStatus(_ stacks: [StackStatus]) -> ExitStatus {
    let found = Set(stacks.map(\.state.status))
    if found.contains(.failed) { return .error }
    return found.isSubset(of: [.inSync, .suspended]) ? .done : .found
  }

  private static func cells(_ stack: StackStatus) -> [String] {
    let state = stack.state
    let isQuiet = state.status == .inSync || state.status == .suspended
    let counts = [
      (state.failed, "failed"), (state.drifted, "drifted"), (state.pending, "pending"),
      (state.inSync, "in sync"),
    ].compactMap { $0.0 > 0 ? "\($0.0) \($0.1)" : nil }
    return [
      stack.stack.printable, state.status.rawValue,
      isQuiet ? Wording.count(state.inSync, "resource") : counts.joined(separator: ", "),
      "\(stack.command) \(Wording.minute(stack.lastRun))",
      stack.lastChange.map { "changed \(Wording.minute($0))" } ?? "never changed",
      stack.revision.map { revision in
        (["at \(revision.prefix(7))"] + [stack.commit?.subject.printable].compactMap(\.self))
          .joined(separator: " ")
      } ?? "",
    ]
  }

  private static func rank(_ stack: StackStatus) -> Int {
    StackState.Status.allCases.firstIndex(of: stack.state.status) ?? 0
  }

  private static func symbol(_ status: StackState.Status) -> String {
    switch status {
    case .failed: "✗"
    case .drifted: "~"
    case .pending: "…"
    case .inSync: "✓"
    case .suspended: "-"
    }
  }

  private static func paint(_ status: StackState.Status) -> TextStyle.Paint {
    switch status {
    case .failed: .red
    case .drifted, .pending, .suspended: .yellow
    case .inSync: .green
    }
  }
}
