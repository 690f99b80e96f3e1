import Document
import Journal
import TrueupCore

/// From a request to the steps that a run carries out: read, planned, guarded.
extension Reconciler {
  struct Decided {
    var prepared: Prepared
    var guarded: Guarded
    /// The steps that are not carried out, each with the reason.
    var refused: [PlannedStep.ID: String]
    var steps: [PlannedStep]
    var report: RunReport
  }

  /// - Parameter unlocked: stacks that another run holds, by name, with the reason.
  /// - Throws: `EngineError.refused` where a plan was reviewed and this is another one.
  func decided(_ request: Request, _ unlocked: [String: String], _ began: Double)
    async throws(EngineError) -> Decided
  {
    var prepared = try await prepare(request, refused: unlocked)
    // What the plan holds besides is none of a person's answer, and stands in its way with no limit.
    if !request.answers.isEmpty { keep(request.answers, in: &prepared.planned) }
    let guarded = try await guarded(&prepared, request, began)
    let unwritable = unwritable(prepared.planned.steps, request)
    for (index, stack) in prepared.planned.stacks.enumerated() where !stack.isSuspended {
      guard let reason = unwritable[stack.id.name], prepared.refusals[stack.id.name] == nil else {
        continue
      }
      prepared.planned.stacks[index].error = reason
      prepared.planned.stacks[index].changes = []
    }
    let left = prepared.planned.stacks.compactMap { stack in
      (stack.isSuspended ? Self.suspended : stack.waits).map { (stack.id.name, $0) }
    }
    let refused = Self.stepsOf(
      refused: prepared.refusals.merging(left) { first, _ in first }
        .merging(unwritable) { first, _ in first }, prepared.planned.steps)
    var steps = prepared.planned.steps.filter { refused[$0.id] == nil }
    if let reviewed = request.reviewed {
      try hold(&prepared, to: reviewed, request, unwritable)
      let own = Set(reviewed.steps.map(\.id))
      steps.removeAll { !own.contains($0.id) }
    }
    var report = report(request, prepared, began)
    report.limits = guarded.limits
    report.checks = guarded.checks
    return Decided(
      prepared: prepared, guarded: guarded, refused: refused, steps: steps, report: report)
  }

  /// The steps of refused stacks, and those that would need them, each with the reason.
  static func stepsOf(refused: [String: String], _ steps: [PlannedStep])
    -> [PlannedStep.ID: String]
  {
    var reasons: [PlannedStep.ID: String] = [:]
    for step in steps { reasons[step.id] = refused[step.id.address.stack] }
    var grows = true
    while grows {
      grows = false
      for step in steps where reasons[step.id] == nil {
        guard let needed = step.after.filter({ reasons[$0] != nil }).min() else { continue }
        let isRefused = refused[needed.address.stack] != nil
        reasons[step.id] =
          "needs \(needed.address.resource) of \(needed.address.stack), "
          + (isRefused ? "which is refused" : "which is skipped")
        grows = true
      }
    }
    return reasons
  }

}
