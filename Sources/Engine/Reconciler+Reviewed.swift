import Journal
import TrueupCore

/// Applying a plan that was reviewed: exactly that, or nothing.
extension Reconciler {
  /// Refuses a run whose plan is not the one that was reviewed, in what that one touches. What is not in
  /// it is left alone, and said so.
  func hold(
    _ prepared: inout Prepared, to reviewed: SavedPlan, _ request: Request,
    _ unwritable: [String: String], _ journal: Journal
  ) throws(EngineError) {
    let used: RunID?
    do throws(JournalError) {
      used = try journal.run(ofPlan: reviewed.id)
    } catch {
      throw .journal(error)
    }
    if let used { throw .refused(Self.used(used)) }
    var now = reviewed
    now.terms = Self.terms(request)
    let secrets = SecretValues(request.desired, environment: environment)
    now.take(prepared.planned) { secrets.value(of: $0) }
    let refusals = prepared.refusals.merging(unwritable) { first, _ in first }
    let moved = reviewed.moved(to: now, prepared.planned, refusals: refusals)
    guard moved.isEmpty else {
      let limit = 20
      let more = moved.count > limit ? ["… and \(moved.count - limit) more"] : []
      throw .refused(
        "the plan that was reviewed is out of date, and nothing was changed:\n"
          + (moved.prefix(limit) + more).map { "  \($0)\n" }.joined()
          + "Plan again, with --out, and have that reviewed.")
    }
    leaveOut(&prepared.planned, besides: Set(reviewed.steps.map(\.id)))
  }

  static func used(_ run: RunID?) -> String {
    "this plan was applied already\(run.map { ", by run \($0)" } ?? ""): a plan is good for one run; "
      + "plan again, with --out"
  }

  /// What a run goes by besides what it finds, in words.
  public static func terms(_ request: Request) -> [String: String] {
    [
      "deletions allowed per stack": String(request.budget.deletes),
      "replacements allowed per stack": String(request.budget.replaces),
    ]
  }

  private func leaveOut(_ plan: inout Plan, besides own: Set<PlannedStep.ID>) {
    var left: [Address] = []
    for (index, stack) in plan.stacks.enumerated() {
      plan.stacks[index].changes = stack.changes.filter { change in
        let isOwn =
          change.action == .blocked || own.contains { Self.belongs($0, to: change) }
        if !isOwn { left.append(change.address) }
        return isOwn
      }
    }
    guard !left.isEmpty else { return }
    let names = left.sorted().prefix(5).map(\.description).joined(separator: ", ")
    let more = left.count > 5 ? " and \(left.count - 5) more" : ""
    events(
      .note(
        "left alone, because the plan that was reviewed does not have it: \(names)\(more)"))
  }
}
