import Journal
import TrueupCore

/// Settles the calls that a killed run left open: the observed world says whether they took effect.
///
/// Nothing is repeated here. The plan is made from observation, so a create whose reply was lost shows
/// as a resource that is ours, and one that never happened shows as a resource still to be created.
struct Recovery {
  let journal: Journal
  let planner: Planner

  /// Settles the unfinished intents of the stacks; returns how many there were.
  func settle(stacks: [StackID], at time: Double) throws(JournalError) -> Int {
    let owners = Set(stacks.map(\.owner))
    let intents = try journal.unfinishedIntents(stacks: owners)
    guard !intents.isEmpty else { return 0 }
    let owned = planner.owned()
    for intent in intents {
      let found = (owned[intent.start.stack] ?? []).filter {
        $0.logicalID == intent.start.resource && $0.observed.type == intent.start.type
      }
      let ids = found.map(\.observed.id).sorted().joined(separator: ", ")
      try journal.settleIntent(
        intent.id, IntentSettlement(how: ids.isEmpty ? "not found" : "found \(ids)", at: time))
    }
    return intents.count
  }
}
