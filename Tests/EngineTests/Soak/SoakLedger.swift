import Document
import TrueupCore

@testable import Engine

/// Keeps book of what really happened, so that the causes in a plan can be told true from false.
struct SoakLedger {
  struct Entry {
    var key: SoakWorld.Key
    /// The declared properties as git had them.
    var declared: Value
    /// What else counts as applied: what was as desired in a run since.
    var alternatives: [Value] = []
    /// Whose journal noted it; `nil` where none did.
    var runner: Int?
    /// The revision in its tag.
    var revision: String?
  }

  /// The resources that Trueup made or kept, and did not delete itself.
  private(set) var entries: [Address: Entry] = [:]
  private var desired: [Address: DesiredResource] = [:]
  private var runner = 0

  mutating func begin(_ desired: Desired, by runner: Int) {
    self.desired = Dictionary(
      desired.stacks.flatMap(\.resources).map { ($0.address, $0) },
      uniquingKeysWith: { first, _ in first })
    self.runner = runner
  }

  /// AWS has carried a step out.
  mutating func applied(
    _ step: PlannedStep, _ key: SoakWorld.Key, _ revision: String?, at thing: Observed?
  ) {
    guard let resource = desired[step.id.address] else { return }
    entries[step.id.address] = Entry(
      key: key, declared: resource.properties, runner: nil,
      revision: revision == nil ? nil : thing?.tags[OwnershipTags.revision])
  }

  /// The journal of the run knows it.
  mutating func noted(_ address: Address) { entries[address]?.runner = runner }

  mutating func settled(_ address: Address, _ key: SoakWorld.Key, _ revision: String?) {
    guard let resource = desired[address] else { return }
    if entries[address]?.key == key {
      entries[address]?.alternatives.append(resource.properties)
      entries[address]?.runner = runner
    } else {
      entries[address] = Entry(
        key: key, declared: resource.properties, runner: runner, revision: revision)
    }
  }

  mutating func deleted(_ step: PlannedStep) {
    if entries[step.id.address]?.key.id == step.id.target,
      entries[step.id.address]?.key.type == step.type
    {
      entries[step.id.address] = nil
    }
  }

  /// What is neither desired nor there is of no interest any more.
  mutating func end(_ world: SoakWorld) {
    entries = entries.filter { address, entry in
      world.things[entry.key] != nil
        || desired[address].map { $0.type == entry.key.type } ?? false
    }
  }

  /// A journal was lost, or put back as it was earlier.
  mutating func forget(_ runner: Int) {
    for address in entries.keys where entries[address]?.runner == runner {
      entries[address]?.runner = nil
      entries[address]?.alternatives = []
    }
  }

  // MARK: Causes

  /// The causes that a difference of a property may have; `nil` where nobody can tell.
  func causes(
    of property: String, at address: Address, _ wanted: DesiredResource, _ shown: Observed,
    by runner: Int, _ git: SoakGit
  ) -> Set<Cause>? {
    guard let entry = entries[address], entry.key == SoakWorld.Key(shown),
      isTold(entry, by: runner, git), property != "Rules"
    else { return nil }
    var causes: Set<Cause> = []
    for declared in [entry.declared] + entry.alternatives {
      let (applied, desired) = (declared[property], wanted.properties[property])
      guard applied?.references.isEmpty ?? true, desired?.references.isEmpty ?? true else {
        return nil
      }
      let observed = shown.properties[property]
      let desiredMoved = applied?.document != desired?.document
      let observedMoved =
        applied == nil ? desired == nil && observed != nil : observed != applied?.document
      causes.insert(
        desiredMoved && observedMoved ? .conflict : observedMoved ? .drift : .pending)
    }
    return causes
  }

  private func isTold(_ entry: Entry, by runner: Int, _ git: SoakGit) -> Bool {
    // A CI runner forgets.
    if entry.runner == runner, runner == 0 { return true }
    let isTaggable = SoakKind.of(entry.key.type)?.facts.ownership.isTaggable ?? false
    return isTaggable && entry.revision.map(git.knows) ?? false
  }
}
