import TrueupCore

/// What of a plan an apply would refuse, and the options that allow it: limits that are exceeded, data
/// that would be lost, change windows that are closed.
struct BudgetExcess {
  private let excesses: [BudgetCheck.Excess]
  private let data: [String]
  private let isWaiting: Bool

  /// - Parameter budget: what a run may delete and replace, where the report does not say which limits
  ///   hold.
  init(_ report: RunReport, budget: Budget) {
    excesses = BudgetCheck.excesses(
      report.plan, limits: report.limits ?? Limits(written: budget))
    data = DataGuard.options(report.plan)
    isWaiting = report.plan.stacks.contains { $0.waits != nil }
  }

  /// `["--allow-replaces 3"]`; empty where nothing is refused.
  var options: [String] {
    // One option holds for all stacks: the one that allows most.
    let most = Dictionary(grouping: excesses) { "\($0.isFleet)\($0.kind.rawValue)" }
      .compactMap { $0.value.max { $0.count < $1.count } }
    return most.map(\.option).sorted() + data + (isWaiting ? ["--now"] : [])
  }

  /// `3 replacements in one stack are more than the 2 allowed`; `nil` where nothing is refused.
  var reason: String? {
    var parts: [String] = []
    for kind in [BudgetCheck.Excess.Kind.deletes, .replaces] {
      let noun = kind == .deletes ? "deletion" : "replacement"
      let own = excesses.filter { $0.kind == kind && !$0.isFleet }.max { $0.count < $1.count }
      if let own {
        parts.append(
          "\(Wording.count(own.count, noun)) in one stack \(own.count == 1 ? "is" : "are") "
            + "more than the \(own.allowed) allowed")
      }
      parts += excesses.filter { $0.kind == kind && $0.isFleet }.map(\.reason)
    }
    if !data.isEmpty { parts.append("data would be lost") }
    if isWaiting { parts.append("outside the change windows") }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}
