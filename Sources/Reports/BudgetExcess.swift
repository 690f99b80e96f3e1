import TrueupCore

/// By how much a plan exceeds what one run may delete and replace per stack, and the options that
/// allow it.
struct BudgetExcess {
  /// The most deletes and replaces of any stack, where they exceed the budget.
  private var deletes: Int?
  private var replaces: Int?
  private var budget: Budget

  init(_ plan: Plan, budget: Budget) {
    self.budget = budget
    func most(_ action: Change.Action, _ allowed: Int) -> Int? {
      let most = plan.stacks.map { $0.changes.count { $0.action == action } }.max() ?? 0
      return most > allowed ? most : nil
    }
    deletes = most(.delete, budget.deletes)
    replaces = most(.replace, budget.replaces)
  }

  /// `["--allow-replaces 3"]`; empty within the budget.
  var options: [String] {
    [deletes.map { "--allow-deletes \($0)" }, replaces.map { "--allow-replaces \($0)" }]
      .compactMap(\.self)
  }

  /// `3 replacements in one stack are more than the 2 allowed`; `nil` within the budget.
  var reason: String? {
    let parts = [
      deletes.map { exceeds($0, "deletion", budget.deletes) },
      replaces.map { exceeds($0, "replacement", budget.replaces) },
    ].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  private func exceeds(_ count: Int, _ noun: String, _ allowed: Int) -> String {
    "\(Wording.count(count, noun)) in one stack \(count == 1 ? "is" : "are") "
      + "more than the \(allowed) allowed"
  }
}
