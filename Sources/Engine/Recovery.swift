import Journal
import TrueupCore

/// Settles what a killed run left open: the observed world says whether a call took effect.
///
/// Nothing is repeated here. The plan is made from observation, so a create whose reply was lost shows
/// as a resource that is ours, and one that never happened shows as a resource still to be created.
struct Recovery {
  let journal: Journal
  let snapshot: Snapshot
  let project: String

  /// Settles the unfinished intents of the stacks; returns how many there were.
  func settle(stacks: [StackID], at time: Double) throws(JournalError) -> Int {
    let intents = try journal.unfinishedIntents(stacks: Set(stacks.map(\.owner)))
    for intent in intents {
      let found = snapshot.resources.values.joined().filter {
        $0.tags[OwnershipTags.stack] == intent.start.stack
          && $0.tags[OwnershipTags.resource] == intent.start.resource
          && $0.type == intent.start.type
      }
      let ids = found.map(\.id).sorted().joined(separator: ", ")
      try journal.settleIntent(
        intent.id, IntentSettlement(how: ids.isEmpty ? "not found" : "found \(ids)", at: time))
    }
    return intents.count
  }
}
