import TrueupCore

/// What a command's exit code says to scripts.
public enum ExitStatus: Int32, Sendable {
  /// In sync, or done.
  case done = 0
  /// An error; with several things to say, this one wins.
  case error = 1
  /// Changes or drift were found.
  case found = 2
  /// A guard refused (budget, wrong account), or an apply had to leave something blocked or stalled.
  case refused = 3

  /// How a `plan`, `drift`, `apply` or `destroy` ends.
  public init(_ report: RunReport) {
    let shown = report.shown
    let isRun = report.command.changesAWS
    let changes = shown.plan.changes
    let results = changes.map(\.outcome?.result)
    // What needs something that is stalled was skipped for that.
    let isStalled = results.contains(.stalled)
    let isBroken =
      shown.plan.stacks.contains { $0.error != nil }
      || !report.heldBack.isEmpty
      || results.contains(.failed) || results.contains(.skipped) && !isStalled
    let waiting = Set(shown.plan.stacks.filter { $0.waits != nil }.map(\.id.name))
    if isBroken {
      self = .error
    } else if report.checks.contains(where: { $0.refusal != nil }) {
      self = .refused
    } else if !report.refusals.isEmpty || isStalled
      || (isRun && changes.contains { $0.action.leavesAsIs })
    {
      self = .refused
    } else if isRun {
      // What waits for its change window was only looked at.
      let open = changes.filter { $0.outcome == nil }
      let isLeft = open.contains { !waiting.contains($0.address.stack) }
      self = isLeft ? .error : !open.isEmpty || shown.hasUnkeptSecurity ? .found : .done
    } else {
      self = changes.isEmpty && !shown.hasUnkeptSecurity ? .done : .found
    }
  }
}
