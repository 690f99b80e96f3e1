import Document
import Journal
import TrueupCore

/// Plans from recorded snapshots instead of AWS: needs no credentials, and makes no call.
public struct SnapshotPlanner: Sendable {
  let catalog: Catalog
  let journal: Journal?
  let clock: EngineClock
  let history: History

  /// - Parameters:
  ///   - journal: read for the base, where there is one; nothing is written to it.
  ///   - history: for the base of other resources.
  public init(
    catalog: Catalog, journal: Journal?, clock: EngineClock,
    history: History = .none
  ) {
    self.catalog = catalog
    self.journal = journal
    self.clock = clock
    self.history = history
  }

  /// What a plan or drift would have said when the snapshots were taken, of the desired state as it is
  /// now. A stack that was not recorded carries an error.
  ///
  /// - Parameters:
  ///   - stacks: all that were recorded, not only those asked for: they may be referred to.
  ///   - place: where the snapshots were read from, as the user calls it.
  ///   - origin: the same with when they were recorded, for people.
  public func plan(
    _ request: Reconciler.Request, from stacks: [StackSnapshot], in place: String, origin: String
  ) async throws(EngineError) -> RunReport {
    let began = clock.now()
    let selected = request.desired.stacks.filter {
      request.selected?.contains($0.id.name) ?? true
    }
    guard !selected.isEmpty else {
      throw .noStacks(request.selected?.sorted().joined(separator: ", ") ?? "the desired state")
    }
    let recorded = Set(stacks.map(\.id))
    var input = Planning.Input(
      snapshot: Snapshot(
        stacks.filter { $0.id.project == request.desired.project }, catalog: catalog),
      memory: try memory(request.desired), seen: request.desired.stacks)
    for stack in selected where !recorded.contains(stack.id) {
      input.errors[stack.id.name] =
        "there is no snapshot of \(stack.id) in \(place); take one, with credentials: "
        + "trueup snapshot --client \(stack.id.client) --environment \(stack.id.environment)"
    }
    let planning = Planning(
      catalog: catalog, history: history, request: request, secret: { _ in nil },
      asksAccounts: false)
    var plan = planning.prepared(input, await planning.evidence(input)).planned
    note(unrecorded: stacks, in: &plan)
    var report = RunReport(
      command: request.command, revision: request.revision, isDirty: request.isDirty, plan: plan,
      seconds: clock.now() - began, heldBack: request.heldBack, warnings: request.warnings)
    report.snapshot = origin
    report.destroys = !request.destroy.isEmpty
    return report
  }

  private func memory(_ desired: Desired) throws(EngineError) -> JournalMemory {
    guard let journal else { return JournalMemory() }
    do throws(JournalError) {
      return try JournalMemory(
        journal, project: desired.project, formerProject: desired.formerProject
      ).narrowed(to: Set(desired.stacks.map(\.id.name)))
    } catch {
      throw .journal(error)
    }
  }

  /// A property that was not declared when the snapshot was taken is compared as if AWS had not set
  /// it; the report says so.
  private func note(unrecorded stacks: [StackSnapshot], in plan: inout Plan) {
    guard plan.stacks.contains(where: { !$0.changes.isEmpty }) else { return }
    var known: [[String]: Set<String>] = [:]
    for resource in stacks.flatMap(\.resources) {
      known[[resource.type, resource.id]] = Set(resource.properties.keys)
    }
    for (index, stack) in plan.stacks.enumerated() {
      for change in stack.changes where change.action != .create {
        guard let properties = change.id.flatMap({ known[[change.type, $0]] }) else { continue }
        let unrecorded = Set(change.differences.compactMap(\.path.property))
          .subtracting(properties).subtracting(["Tags"])
        plan.stacks[index].notChecked += unrecorded.sorted().map {
          NotChecked(
            address: change.address, path: PropertyPath([$0]),
            reason: "it was not declared when the snapshot was taken, and counts as not set")
        }
      }
    }
  }
}
