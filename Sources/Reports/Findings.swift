import TrueupCore

extension RunReport {
  /// The report as it is shown: for `drift`, only what did not come from the desired state itself.
  var shown: RunReport {
    guard command == .drift else { return self }
    var report = self
    for index in report.plan.stacks.indices {
      report.plan.stacks[index].changes.removeAll { !$0.isFinding }
    }
    return report
  }

  /// Changes that `drift` does not show: they wait for an apply.
  var pendingChanges: Int { plan.changes.count { !$0.isFinding } }

  /// Whether a run has carried out (parts of) the plan.
  var isApplied: Bool { run != nil || plan.changes.contains { $0.outcome != nil } }

  var resourcesInSync: Int { plan.stacks.reduce(0) { $0 + $1.inSync } }

  var changesAnything: Bool { plan.changes.contains { $0.action != .blocked } }

  var isClean: Bool {
    refusals.isEmpty && plan.stacks.allSatisfy { $0.error == nil && $0.changes.isEmpty }
  }

  /// How many changes have the action.
  func count(_ action: Change.Action) -> Int { plan.changes.count { $0.action == action } }

  /// How many changes ended so.
  func count(_ result: Outcome.Result) -> Int {
    plan.changes.count { $0.outcome?.result == result }
  }

  /// Failed and refused stacks first, then those with changes, then those in sync.
  var stacksWorstFirst: [Plan.Stack] {
    plan.stacks.sorted { (rank($0), $0.id.name) < (rank($1), $1.id.name) }
  }

  /// Whether there is more to say of the stack than that it is in sync.
  func isNews(_ stack: Plan.Stack) -> Bool { rank(stack) < 3 }

  func rank(_ stack: Plan.Stack) -> Int {
    if stack.error != nil { return 0 }
    if refusals[stack.id.name] != nil { return 1 }
    if stack.isSuspended { return 4 }
    return stack.changes.isEmpty ? 3 : 2
  }

  /// Actions with how often they occur in the stack, the worst first.
  static func tally(_ changes: [Change]) -> [(action: Change.Action, count: Int)] {
    Change.Action.worstFirst.compactMap { action in
      let count = changes.count { $0.action == action }
      return count > 0 ? (action, count) : nil
    }
  }
}

extension Change {
  /// Whether something is lost by it.
  var isDestructive: Bool { action == .delete || action == .replace }

  /// Orders changes for people, the worst news first.
  static func worstFirst(_ left: Change, _ right: Change) -> Bool {
    (left.severity, left.address, left.id ?? "") < (right.severity, right.address, right.id ?? "")
  }

  /// The smaller, the worse: how it ended, then what it does, then why.
  private var severity: Int {
    let results: [Outcome.Result?] = [.failed, .skipped, .progressing, nil, .succeeded]
    let causes: [Cause] = [.conflict, .drift, .unknown, .orphan, .removed, .pending, .new]
    let ended = results.firstIndex(of: outcome?.result) ?? 0
    let does = Action.worstFirst.firstIndex(of: action) ?? 0
    return (ended * 10 + does) * 10 + (causes.firstIndex(of: cause) ?? 0)
  }
}

extension Change.Action {
  /// What loses something, then what changes something, then what adds something.
  static let worstFirst: [Self] = [.delete, .replace, .update, .blocked, .adopt, .create]

  var symbol: String {
    switch self {
    case .create: "+"
    case .update: "~"
    case .replace: "±"
    case .delete: "-"
    case .adopt: "»"
    case .blocked: "!"
    }
  }

  var paint: TextStyle.Paint {
    switch self {
    case .create, .adopt: .green
    case .update: .yellow
    case .replace, .delete, .blocked: .red
    }
  }

  /// `created`; a blocked change never ends so.
  var past: String {
    switch self {
    case .create: "created"
    case .update: "updated"
    case .replace: "replaced"
    case .delete: "deleted"
    case .adopt: "adopted"
    case .blocked: "blocked"
    }
  }
}

extension Outcome.Result {
  var symbol: String {
    switch self {
    case .succeeded: "✓"
    case .failed: "✗"
    case .skipped: "-"
    case .progressing: "…"
    }
  }

  var paint: TextStyle.Paint {
    switch self {
    case .succeeded: .green
    case .failed: .red
    case .skipped, .progressing: .yellow
    }
  }
}

extension NotChecked {
  /// `1 property not checked (AppSecret /SecretString: no source for OpenRouterApiKey here)`.
  static func text(_ items: [NotChecked], limit: Int) -> String {
    let sorted = items.sorted { ($0.address, $0.path) < ($1.address, $1.path) }
    let shown = sorted.prefix(limit).map {
      "\($0.address.resource) \($0.path): \($0.reason)".printable
    }
    let more = items.count > limit ? "; \(items.count - limit) more" : ""
    return "\(Wording.count(items.count, "property", "properties")) not checked "
      + "(\(shown.joined(separator: "; "))\(more))"
  }
}

extension Plan.Stack {
  /// What else there is to say of it, a line each.
  var notesAndWait: [String] { [waits].compactMap(\.self) + notes }
}
