import Document
import Journal
import TrueupCore

/// What the journal remembers of a project's stacks.
struct JournalMemory {
  var base = Base()
  var knownIDs: [Address: Set<Evidence.KnownID>] = [:]
  var intents: [Evidence.Intent] = []
  var removed: [Address: Evidence.Removal] = [:]
  /// Values that AWS did not keep.
  var unkept: [Address: [Unkept]] = [:]
  /// The properties that AWS has been seen to have taken.
  var taken: [Address: Document] = [:]
  /// All revisions that this journal applied.
  var applied: Set<String> = []
  /// Those at which it changed, or began to change, something of a stack, by the stack's name.
  var appliedTo: [String: Set<String>] = [:]

  init() {}

  /// - Parameter formerProject: the name that the project had: what was applied under it, and not since,
  ///   belongs to it too.
  init(_ journal: Journal, project: String, formerProject: String?) throws(JournalError) {
    func address(_ owner: String, _ resource: String) -> Address? {
      for name in [formerProject, project].compactMap(\.self) where owner.hasPrefix(name + "/") {
        return Address(stack: String(owner.dropFirst(name.count + 1)), resource: resource)
      }
      return nil
    }
    let trees = try journal.treeRevisions()
    // What is known under the name of today wins: it comes last.
    let all = try journal.lastApplied().sorted {
      !$0.stack.hasPrefix(project + "/") && $1.stack.hasPrefix(project + "/")
    }
    for applied in all {
      guard let address = address(applied.stack, applied.resource) else { continue }
      base.resources[address] = Base.Resource(
        type: applied.type, id: applied.physicalID.isEmpty ? nil : applied.physicalID,
        scope: Scope(account: applied.account, region: applied.region),
        properties: applied.properties, tags: applied.tags, revision: applied.revision,
        tree: trees[applied.run])
    }
    for known in try journal.knownIDs() {
      guard let address = address(known.stack, known.resource) else { continue }
      knownIDs[address, default: []].insert(
        Evidence.KnownID(type: known.type, id: known.physicalID))
    }
    let revisions = try journal.runRevisions()
    for intent in try journal.unfinishedCreations() {
      guard let address = address(intent.stack, intent.resource) else { continue }
      intents.append(
        Evidence.Intent(
          address: address, type: intent.type, at: intent.at, revision: revisions[intent.run]))
    }
    // What was noted comes last: it wins.
    for resource in try journal.begunDeletions() + journal.removedResources() {
      guard let address = address(resource.stack, resource.resource) else { continue }
      removed[address] = resource.reason
    }
    for (stack, value) in try journal.quarantined() {
      guard let address = address(stack, value.address.resource) else { continue }
      unkept[address, default: []].append(value)
    }
    for (name, properties) in try journal.taken() {
      guard let split = name.lastIndex(of: "/"),
        let address = address(String(name[..<split]), String(name[name.index(after: split)...]))
      else { continue }
      taken[address] = properties
    }
    applied = try journal.appliedRevisions()
    for (owner, revisions) in try journal.appliedRevisionsByStack() {
      guard let stack = address(owner, "")?.stack else { continue }
      appliedTo[stack, default: []].formUnion(revisions)
    }
  }

  /// Only what concerns these stacks.
  func narrowed(to stacks: Set<String>) -> JournalMemory {
    var memory = self
    memory.base.resources = base.resources.filter { stacks.contains($0.key.stack) }
    return memory
  }
}
