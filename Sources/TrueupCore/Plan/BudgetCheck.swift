/// Checks a plan against the limits: nothing is taken away by surprise.
public enum BudgetCheck {
  /// More than a limit allows.
  public struct Excess: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
      case deletes, replaces
    }

    public var kind: Kind
    /// The stacks that have a part in it, sorted: one for a stack's own limit.
    public var stacks: [String]
    /// Whether it is the limit of all stacks together.
    public var isFleet: Bool
    public var count: Int
    public var allowed: Int
    /// For people: `3 deletions are more than the 2 allowed`.
    public var reason: String

    /// What allows it: `--allow-deletes 3`.
    public var option: String { "--allow-\(isFleet ? "fleet-" : "")\(kind.rawValue) \(count)" }
  }

  /// Every limit that the plan exceeds, those of stacks first. What a stack's own limit refuses does not
  /// count for the fleet.
  public static func excesses(_ plan: Plan, limits: Limits) -> [Excess] {
    var excesses: [Excess] = []
    for stack in plan.stacks {
      let name = stack.id.name
      let deletions = stack.changes.filter(\.countsAsDeletion)
      let replaces = stack.changes.count(where: \.countsAsReplacement)
      if let allowed = limits.deletes(of: name), deletions.count > allowed {
        var reason = "\(counted(deletions)) are more than the \(allowed) allowed"
        if case .resources = limits.removals[name], limits.allowance.deletes == nil {
          reason += " by its \"destroy\""
        }
        excesses.append(
          Excess(
            kind: .deletes, stacks: [name], isFleet: false, count: deletions.count,
            allowed: allowed,
            reason: reason
              + raised(limits.written.deletes, allowed: allowed, limits: limits, stack: name)
          ))
      }
      let allowed = limits.replaces(of: name)
      if replaces > allowed {
        excesses.append(
          Excess(
            kind: .replaces, stacks: [name], isFleet: false, count: replaces, allowed: allowed,
            reason: "\(replaces) replacements are more than the \(allowed) allowed"
              + raised(limits.written.replaces, allowed: allowed, limits: limits, stack: name)))
      }
    }
    let refused = Set(excesses.flatMap(\.stacks))
    let left = plan.stacks.filter { !refused.contains($0.id.name) }
    excesses += fleet(.deletes, limit: limits.fleetDeletes, stacks: left) { stack in
      limits.countsForFleet(stack.id.name) ? stack.changes.count(where: \.countsAsDeletion) : 0
    }
    excesses += fleet(.replaces, limit: limits.fleetReplaces, stacks: left) { stack in
      stack.changes.count(where: \.countsAsReplacement)
    }
    return excesses
  }

  /// Why each stack that is over a limit is refused, by stack name.
  public static func refusals(_ plan: Plan, limits: Limits) -> [String: String] {
    refusals(excesses(plan, limits: limits))
  }

  public static func refusals(_ excesses: [Excess]) -> [String: String] {
    var reasons: [String: [String]] = [:]
    for excess in excesses {
      for stack in excess.stacks {
        reasons[stack, default: []].append("\(excess.reason); allow them with \(excess.option)")
      }
    }
    return reasons.mapValues { $0.joined(separator: "; ") }
  }

  private static func fleet(
    _ kind: Excess.Kind, limit: (count: Int, isWritten: Bool), stacks: [Plan.Stack],
    count: (Plan.Stack) -> Int
  ) -> [Excess] {
    let parts = stacks.map { ($0.id.name, count($0)) }.filter { $0.1 > 0 }
    let total = parts.reduce(0) { $0 + $1.1 }
    guard total > limit.count, limit.isWritten || parts.count > 1 else { return [] }
    let noun = kind == .deletes ? "deletions" : "replacements"
    return [
      Excess(
        kind: kind, stacks: parts.map(\.0).sorted(), isFleet: true, count: total,
        allowed: limit.count,
        reason: "\(total) \(noun) in \(parts.count) \(parts.count == 1 ? "stack" : "stacks") are "
          + "more than the \(limit.count) that one run may make in the whole fleet")
    ]
  }

  /// `7 deletions (2 of them by updates: Group, Logs)`.
  private static func counted(_ changes: [Change]) -> String {
    let losses = changes.filter(\.isLoss)
    guard !losses.isEmpty else { return "\(changes.count) deletions" }
    let names = losses.map(\.address.resource).sorted()
    let shown = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
    return losses.count == changes.count
      ? "\(losses.count) \(losses.count == 1 ? "update that takes" : "updates that take") something "
        + "away (\(shown)), each counted as a deletion,"
      : "\(changes.count) deletions (\(losses.count) of them by updates that take something away: "
        + "\(shown))"
  }

  /// Why the limit that is written does not hold yet.
  private static func raised(_ written: Int, allowed: Int, limits: Limits, stack: String)
    -> String
  {
    guard written > allowed, limits.removals[stack] == nil || limits.removals[stack] == .ordinary,
      limits.earlier.stacks[stack] != nil || limits.earlier.revision != nil
    else { return "" }
    return " (the \(written) of fleet.jsonc hold once a run without these changes has seen them)"
  }
}
