/// How much one run may take away: what the fleet file says, what it said before, and what a person
/// allows for this run.
///
/// One commit cannot raise its own limit: in force is the lower of what is written now and what was
/// written when a run last planned the whole stack within its limits.
public struct Limits: Hashable, Sendable {
  /// What a person allows for one run, instead of the limits.
  public struct Allowance: Hashable, Sendable {
    public var deletes: Int?
    public var replaces: Int?
    public var fleetDeletes: Int?
    public var fleetReplaces: Int?

    public init(
      deletes: Int? = nil, replaces: Int? = nil, fleetDeletes: Int? = nil,
      fleetReplaces: Int? = nil
    ) {
      self.deletes = deletes
      self.replaces = replaces
      self.fleetDeletes = fleetDeletes
      self.fleetReplaces = fleetReplaces
    }
  }

  /// What was in force before.
  public struct Earlier: Hashable, Sendable {
    /// By stack name, where a run has noted it.
    public var stacks: [String: Budget]
    /// Of all stacks together, where a run has noted it.
    public var fleet: Budget?
    /// Of what no run has noted: what an earlier revision says.
    public var revision: Budget?

    public init(stacks: [String: Budget] = [:], fleet: Budget? = nil, revision: Budget? = nil) {
      self.stacks = stacks
      self.fleet = fleet
      self.revision = revision
    }
  }

  /// A stack that is to go: its deletions have a limit of their own, and do not count for the fleet.
  public enum Removal: Hashable, Sendable {
    /// A person is asked before anything is written.
    case confirmed
    /// At most so many, as its manifest says.
    case resources(Int)
    /// A person has named it, and nobody was asked: the stack's ordinary limit.
    case named
    /// The stack's ordinary limit, within the fleet's.
    case ordinary
  }

  public var written: Budget
  public var earlier: Earlier
  public var allowance: Allowance
  /// By stack name.
  public var removals: [String: Removal]

  public init(
    written: Budget, earlier: Earlier = Earlier(), allowance: Allowance = Allowance(),
    removals: [String: Removal] = [:]
  ) {
    self.written = written
    self.earlier = earlier
    self.allowance = allowance
    self.removals = removals
  }

  /// The limit of a stack's deletions; `nil` for none.
  public func deletes(of stack: String) -> Int? {
    if removals[stack] == .confirmed { return nil }
    if let allowed = allowance.deletes { return allowed }
    if case .resources(let count) = removals[stack] { return count }
    return inForce(\.deletes, earlier.stacks[stack])
  }

  /// The limit of a stack's replacements.
  public func replaces(of stack: String) -> Int {
    allowance.replaces ?? inForce(\.replaces, earlier.stacks[stack])
  }

  /// The limit of all deletions of a run. One that the fleet file does not write holds for several
  /// stacks together: one alone has its own.
  public var fleetDeletes: (count: Int, isWritten: Bool) {
    fleet(allowance.fleetDeletes, limit: \.fleetDeletes, standard: Budget.fleetDeletes)
  }

  /// The limit of all replacements of a run.
  public var fleetReplaces: (count: Int, isWritten: Bool) {
    fleet(allowance.fleetReplaces, limit: \.fleetReplaces, standard: Budget.fleetReplaces)
  }

  /// Whether a stack's deletions count for the fleet.
  func countsForFleet(_ stack: String) -> Bool {
    removals[stack] == nil || removals[stack] == .ordinary
  }

  private func inForce(_ limit: KeyPath<Budget, Int>, _ noted: Budget?) -> Int {
    min(written[keyPath: limit], (noted ?? earlier.revision)?[keyPath: limit] ?? .max)
  }

  private func fleet(_ allowed: Int?, limit: KeyPath<Budget, Int?>, standard: Int)
    -> (count: Int, isWritten: Bool)
  {
    if let allowed { return (allowed, true) }
    let now = written[keyPath: limit]
    guard let before = earlier.fleet ?? earlier.revision else {
      return (now ?? standard, now != nil)
    }
    let then = before[keyPath: limit]
    let lower = min(now ?? standard, then ?? standard)
    return (lower, now == lower || then == lower)
  }
}
