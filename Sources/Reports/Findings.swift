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

  var changesAnything: Bool { plan.changes.contains { !$0.action.leavesAsIs } }

  var isClean: Bool {
    refusals.isEmpty && plan.stacks.allSatisfy { $0.error == nil && $0.changes.isEmpty }
  }

  /// How many changes have the action.
  func count(_ action: Change.Action) -> Int { plan.changes.count { $0.action == action } }

  /// How many changes ended so.
  func count(_ result: Outcome.Result) -> Int {
    plan.changes.count { $0.outcome?.result == result }
  }

  /// Failed and refused stacks first, then those with changes, the worst ones first, then those in sync.
  var stacksWorstFirst: [Plan.Stack] {
    plan.stacks.map { (badness: badness($0), stack: $0) }
      .sorted { ($0.badness, $0.stack.id.name) < ($1.badness, $1.stack.id.name) }.map(\.stack)
  }

  /// The smaller, the worse: what could not be planned, then what the worst change of a stack is.
  func badness(_ stack: Plan.Stack) -> Int { badness(stack, stack.changes) }

  /// The same where only some of the stack's changes are meant.
  func badness(_ stack: Plan.Stack, _ changes: [Change]) -> Int {
    rank(stack) * 10_000 + (changes.map(\.severity).min() ?? 9_999)
  }

  /// Whether there is more to say of the stack than that it is in sync.
  func isNews(_ stack: Plan.Stack) -> Bool { rank(stack) < 3 }

  func rank(_ stack: Plan.Stack) -> Int {
    if stack.error != nil { return 0 }
    if refusals[stack.id.name] != nil { return 1 }
    if stack.isSuspended { return 4 }
    return stack.changes.isEmpty ? 3 : 2
  }

  /// What the changes are called with how often they occur, the worst first.
  static func tally(_ changes: [Change]) -> [(verdict: Verdict, count: Int)] {
    let counts = changes.reduce(into: [:]) { $0[Verdict($1), default: 0] += 1 }
    return Verdict.allCases.compactMap { verdict in counts[verdict].map { (verdict, $0) } }
  }
}

extension Change {
  /// Whether something is lost by it.
  var isDestructive: Bool { action == .delete || action == .replace || isLoss }

  /// Orders changes for people, the worst news first.
  static func worstFirst(_ left: Change, _ right: Change) -> Bool {
    (left.severity, left.address, left.id ?? "") < (right.severity, right.address, right.id ?? "")
  }

  /// The smaller, the worse: how it ended, whether security is at stake, then what it does, then why.
  var severity: Int {
    let results: [Outcome.Result?] = [.failed, .stalled, .skipped, .progressing, nil, .succeeded]
    let causes: [Cause] = [.conflict, .drift, .unknown, .orphan, .removed, .pending, .new]
    let ended = results.firstIndex(of: outcome?.result) ?? 0
    let does = Verdict.allCases.firstIndex(of: Verdict(self)) ?? 0
    return ((ended * 2 + (isSecurityFinding ? 0 : 1)) * 10 + does) * 10
      + (causes.firstIndex(of: cause) ?? 0)
  }
}

extension Change.Action {
  /// What loses something, then what changes something, then what adds something.
  static let worstFirst: [Self] = [.delete, .replace, .update, .blocked, .stalled, .adopt, .create]

  /// `created`; a blocked or stalled change never ends so.
  var past: String {
    switch self {
    case .create: "created"
    case .update: "updated"
    case .replace: "replaced"
    case .delete: "deleted"
    case .adopt: "adopted"
    case .blocked: "blocked"
    case .stalled: "stalled"
    }
  }
}

extension Outcome.Result {
  var symbol: String {
    switch self {
    case .succeeded: "✓"
    case .failed: "✗"
    case .skipped: "-"
    case .stalled: "!"
    case .progressing: "…"
    }
  }

  var paint: TextStyle.Paint {
    switch self {
    case .succeeded: .green
    case .failed, .stalled: .red
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
    return "\(Wording.count(items.count, "property", plural: "properties")) not checked "
      + "(\(shown.joined(separator: "; "))\(more))"
  }
}

extension Plan.Stack {
  /// What else there is to say of it, a line each.
  var notesAndWait: [String] { [waits].compactMap(\.self) + notes }
}
