import Journal
import TrueupCore

/// Applying a plan that was reviewed: exactly that, or nothing.
extension Reconciler {
  /// Refuses a run whose plan is not the one that was reviewed, in what that one touches. What is not in
  /// it is left alone, and said so.
  func hold(
    _ prepared: inout Prepared, to reviewed: SavedPlan, _ request: Request,
    _ unwritable: [String: String]
  ) throws(EngineError) {
    let used: RunID?
    do throws(JournalError) {
      used = try reviewed.id.isEmpty ? nil : journal?.run(ofPlan: reviewed.id)
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
      let text = (moved.prefix(limit) + more).map { "  \($0)\n" }.joined()
      throw .refused(
        reviewed.id.isEmpty
          ? "what was shown is out of date, and nothing was changed:\n" + text
            + "Run it again to see what it would do now."
          : "the plan that was reviewed is out of date, and nothing was changed:\n" + text
            + "Plan again, with --out, and have that reviewed.")
    }
    leaveOut(
      &prepared.planned, besides: Set(reviewed.steps.map(\.id)), refused: refusals,
      because: "the plan that was reviewed does not have it")
  }

  /// Leaves of a plan what a person says of resources, and what that waits for.
  func keep(_ answers: [Address: Answer], in plan: inout Plan) {
    let known = Dictionary(plan.steps.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var own = Set(plan.steps.filter { $0.answer != nil }.map(\.id))
    var queue = Array(own)
    while let next = queue.popLast() {
      for first in known[next]?.after ?? [] where own.insert(first).inserted { queue.append(first) }
    }
    plan.steps.removeAll { !own.contains($0.id) }
    leaveOut(&plan, besides: own, refused: [:], because: "nobody has said anything of it")
    for index in plan.stacks.indices {
      plan.stacks[index].changes.removeAll {
        $0.action.leavesAsIs && answers[$0.address] == nil
      }
    }
  }

  /// What a person is shown in the run itself, to be held against what is there when the answer comes. It
  /// has no id: nobody keeps it.
  func shown(_ plan: Plan, _ request: Request) -> SavedPlan {
    var saved = SavedPlan(
      id: "", version: "", project: request.desired.project, terms: Self.terms(request),
      salt: String(random(), radix: 16))
    let secrets = SecretValues(request.desired, environment: environment)
    saved.take(plan) { secrets.value(of: $0) }
    return saved
  }

  static func used(_ run: RunID?) -> String {
    "this plan was applied already\(run.map { ", by run \($0)" } ?? ""): a plan is good for one run; "
      + "plan again, with --out"
  }

  /// What a run goes by besides what it finds, in words.
  public static func terms(_ request: Request) -> [String: String] {
    let budget = request.budget
    let allowed = request.allowance
    var terms = [
      "deletions allowed per stack": String(allowed.deletes ?? budget.deletes),
      "replacements allowed per stack": String(allowed.replaces ?? budget.replaces),
    ]
    if let count = allowed.fleetDeletes ?? budget.fleetDeletes {
      terms["deletions allowed in the fleet"] = String(count)
    }
    if let count = allowed.fleetReplaces ?? budget.fleetReplaces {
      terms["replacements allowed in the fleet"] = String(count)
    }
    if !request.allowedDataLoss.isEmpty {
      terms["data that may be lost"] =
        request.allowedDataLoss.sorted().map(\.description).joined(separator: ", ")
    }
    for check in request.desired.checks {
      terms["the check \(check.name)"] =
        (check.run + (check.warns ? ["(warns)"] : [])).joined(separator: " ")
    }
    return terms
  }

  private func leaveOut(
    _ plan: inout Plan, besides own: Set<PlannedStep.ID>, refused: [String: String],
    because reason: String
  ) {
    var left: [Address] = []
    for (index, stack) in plan.stacks.enumerated() where refused[stack.id.name] == nil {
      plan.stacks[index].changes = stack.changes.filter { change in
        let isOwn =
          change.action.leavesAsIs || own.contains { Self.belongs($0, to: change) }
        if !isOwn { left.append(change.address) }
        return isOwn
      }
    }
    guard !left.isEmpty else { return }
    let names = left.sorted().prefix(5).map(\.description).joined(separator: ", ")
    let more = left.count > 5 ? " and \(left.count - 5) more" : ""
    events(
      .note(
        "left alone, because \(reason): \(names)\(more)"))
  }
}
