import Document
import Journal
import TrueupCore

/// From a world that was seen to a plan: the same whether AWS or recorded snapshots showed it.
struct Planning {
  /// What there is to plan from.
  struct Input {
    var snapshot: Snapshot
    var memory: JournalMemory
    /// The stacks of which everything was seen.
    var seen: [DesiredStack]
    /// Why stacks cannot be planned, by stack name.
    var errors: [String: String] = [:]
    /// Why a guard refuses stacks, by stack name.
    var refusals: [String: String] = [:]
  }

  let catalog: Catalog
  let history: History
  let request: Reconciler.Request
  let secret: @Sendable (SecretReference) -> String?
  /// Whether AWS was asked, and not a recording.
  var asksAccounts = true

  var selected: [DesiredStack] {
    request.desired.stacks.filter { request.selected?.contains($0.id.name) ?? true }
  }

  func evidence(_ input: Input) async -> Evidence {
    await EvidenceReader(
      catalog: catalog, desired: request.desired, memory: input.memory, history: history
    ).evidence(input.snapshot, stacks: input.seen)
  }

  func prepared(_ input: Input, _ evidence: Evidence) -> Reconciler.Prepared {
    let selected = selected
    let actionable = Set(
      selected.map(\.id.name).filter {
        input.refusals[$0] == nil && input.errors[$0] == nil
      })
    // A whole run may report stacks that have no manifest; a narrowed one speaks of its own alone.
    let isWhole = request.selected == nil && actionable.count == selected.count
    var options = Planner.Options(
      selected: isWhole ? nil : actionable, destroy: request.destroy, secret: secret,
      revision: request.isDirty ? nil : request.revision, revisions: request.revisions,
      takesOver: request.takesOver, allowsOrphans: request.allowsOrphans,
      allowsPartial: request.allowsPartial, asksAccounts: asksAccounts)
    options.answers = request.answers
    let planner = Planner(
      catalog: catalog, desired: request.desired, snapshot: input.snapshot, evidence: evidence,
      options: options)
    var planned = planner.plan()
    for stack in selected where !actionable.contains(stack.id.name) {
      planned.stacks.append(
        Plan.Stack(
          id: stack.id, account: stack.account, region: stack.region,
          error: input.errors[stack.id.name]))
    }
    var refusals = input.refusals
    let suspended = Set(request.desired.stacks.filter(\.isSuspended).map(\.id.name))
    for (index, stack) in planned.stacks.enumerated() where suspended.contains(stack.id.name) {
      planned.stacks[index].isSuspended = true
      planned.stacks[index].changes = []
      planned.stacks[index].notChecked = []
      // Nothing is to be done with it, whatever stands in the way.
      planned.stacks[index].error = nil
      refusals[stack.id.name] =
        !request.destroy.isEmpty || request.command == .adopt ? Reconciler.suspended : nil
    }
    planned.stacks.sort { $0.id < $1.id }
    return Reconciler.Prepared(
      planned: planned, planner: planner, snapshot: input.snapshot, base: evidence.base,
      memory: input.memory, refusals: refusals, evidence: evidence)
  }
}
