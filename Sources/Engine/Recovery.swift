import Document
import Journal
import TrueupCore

/// Settles what a killed run left open: the observed world says whether a call took effect, and the plan
/// whether a change was made.
///
/// Nothing is repeated here. The plan is made from observation, so a create whose reply was lost shows
/// as a resource that is ours, and one that never happened shows as a resource still to be created.
struct Recovery {
  let journal: Journal
  let planner: Planner
  let plan: Plan
  let project: String

  /// Settles the unfinished intents, changes and runs of the stacks, whose locks the caller holds;
  /// returns how many calls there were.
  func settle(stacks: [StackID], at time: Double) throws(JournalError) -> Int {
    let owners = Set(stacks.map(\.owner))
    let intents = try journal.unfinishedIntents(stacks: owners)
    let changes = try journal.unfinishedChanges(stacks: owners)
    guard !intents.isEmpty || !changes.isEmpty else { return 0 }
    let owned = planner.owned()
    for intent in intents {
      let found = (owned[intent.start.stack] ?? []).filter {
        $0.logicalID == intent.start.resource && $0.observed.type == intent.start.type
      }
      let ids = found.map(\.observed.id).sorted().joined(separator: ", ")
      try journal.settleIntent(
        intent.id, IntentSettlement(how: ids.isEmpty ? "not found" : "found \(ids)", at: time))
    }
    try settle(changes, owned, at: time)
    return intents.count
  }

  private func settle(
    _ changes: [ChangeRecord],
    _ owned: [String: [(observed: Observed, logicalID: String?)]], at time: Double
  ) throws(JournalError) {
    let open = Set(plan.changes.map { "\(project)/\($0.address)" })
    var runs: Set<RunID> = []
    for change in changes {
      let start = change.start
      let calls = try journal.intents(of: start.run).filter {
        $0.start.stack == start.stack && $0.start.resource == start.resource
      }.count
      let isOpen = open.contains("\(start.stack)/\(start.resource)")
      let id = (owned[start.stack] ?? []).first {
        $0.logicalID == start.resource && $0.observed.type == start.type
      }?.observed.id
      try journal.finishChange(
        change.id,
        ChangeEnd(
          outcome: isOpen ? (calls == 0 ? .skipped : .failed) : .succeeded,
          error: isOpen ? "the run was killed before this was done" : nil, physicalID: id,
          calls: calls, seconds: max(0, time - start.at), at: time))
      runs.insert(start.run)
    }
    for run in runs {
      try journal.finishRun(
        run, RunEnd(outcome: .interrupted, summary: ["settled": true], at: time))
    }
  }
}
