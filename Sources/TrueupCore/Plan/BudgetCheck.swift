/// Checks a plan against the budgets: nothing is deleted or replaced by surprise.
public enum BudgetCheck {
  /// Why each stack that is over its budget is refused, by stack name.
  public static func refusals(_ plan: Plan, budget: Budget) -> [String: String] {
    plan.stacks.reduce(into: [:]) { refusals, stack in
      let deletes = stack.changes.filter { $0.action == .delete }.count
      let replaces = stack.changes.filter { $0.action == .replace }.count
      var reasons: [String] = []
      if deletes > budget.deletes {
        reasons.append(
          "\(deletes) deletions are more than the \(budget.deletes) allowed; "
            + "allow them with --allow-deletes \(deletes)")
      }
      if replaces > budget.replaces {
        reasons.append(
          "\(replaces) replacements are more than the \(budget.replaces) allowed; "
            + "allow them with --allow-replaces \(replaces)")
      }
      if !reasons.isEmpty { refusals[stack.id.name] = reasons.joined(separator: "; ") }
    }
  }
}
