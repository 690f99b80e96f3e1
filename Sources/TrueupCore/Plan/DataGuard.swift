/// What holds data is neither deleted nor replaced unless somebody has said that its data may be lost.
public enum DataGuard {
  /// Why each stack that would lose data is refused, by stack name.
  ///
  /// - Parameter allowed: the resources whose data may be lost in this run.
  public static func refusals(_ plan: Plan, allowed: Set<Address>) -> [String: String] {
    plan.stacks.reduce(into: [:]) { refusals, stack in
      let losing = losing(stack, allowed: allowed)
      guard !losing.isEmpty else { return }
      let what = losing.map { change in
        "\(change.action == .replace ? "replacing" : "deleting") \(change.address.resource) would lose "
          + "its data"
      }
      refusals[stack.id.name] =
        "\(what.joined(separator: ", ")); allow it with \(options(losing).joined(separator: " "))"
    }
  }

  /// `--allow-data-loss acme-prod/Bucket` for each resource of the plan whose data would be lost.
  public static func options(_ plan: Plan, allowed: Set<Address> = []) -> [String] {
    options(plan.stacks.flatMap { losing($0, allowed: allowed) })
  }

  private static func options(_ changes: [Change]) -> [String] {
    var seen: Set<Address> = []
    return changes.map(\.address).filter { seen.insert($0).inserted }
      .map { "--allow-data-loss \($0)" }
  }

  private static func losing(_ stack: Plan.Stack, allowed: Set<Address>) -> [Change] {
    stack.changes.filter { $0.losesData && !allowed.contains($0.address) }
  }
}
