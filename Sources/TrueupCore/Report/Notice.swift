/// What people are told outside of a terminal.
public enum Notice: Hashable, Sendable {
  /// Findings that have opened, changed or been resolved; `open` are there altogether.
  case findings([FindingNews], open: Int)
  case deployments([DeploymentNews])
  case digest(DailyDigest)
}

/// What has become of a finding since people were last told of it.
public struct FindingNews: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case opened, changed
    /// CloudTrail, which is some minutes behind, has told who did it.
    case attributed
    /// It is no longer there.
    case resolved
    /// A run has found it and put it right.
    case mended
  }

  public var kind: Kind
  public var finding: DriftFinding
  /// When it was first seen, in seconds since 1970.
  public var since: Double
  public var attribution: Attribution?

  public init(
    kind: Kind, finding: DriftFinding, since: Double, attribution: Attribution? = nil
  ) {
    self.kind = kind
    self.finding = finding
    self.since = since
    self.attribution = attribution
  }
}

/// What has become of the deployment of a revision to one stack.
public struct DeploymentNews: Hashable, Sendable {
  public enum State: String, Hashable, Sendable, CaseIterable {
    case started, completed
    /// Completed, and the stack is again as an earlier revision had it: a revert, a pin to an older
    /// blueprint, a branch set back.
    case rolledBack
    case failed
    /// The revision cannot be deployed; the last good one stays in force.
    case heldBack
  }

  public var stack: StackID
  public var state: State
  /// The git revision; `nil` outside a repository and from a work tree with changes.
  public var revision: String?
  /// How many changes of each action there are.
  public var changes: [Change.Action: Int]
  /// For people: what failed, one line each.
  public var problems: [String]
  /// The run's id in the journal, where there is one.
  public var run: String?
  /// What was deployed: `DesiredStack.fingerprint`.
  public var fingerprint: String?
  /// The revision that first brought what the stack was rolled back to.
  public var restored: String?

  public init(
    stack: StackID, state: State, revision: String?, changes: [Change.Action: Int] = [:],
    problems: [String] = [], run: String? = nil, fingerprint: String? = nil,
    restored: String? = nil
  ) {
    self.stack = stack
    self.state = state
    self.revision = revision
    self.changes = changes
    self.problems = problems
    self.run = run
    self.fingerprint = fingerprint
    self.restored = restored
  }
}

/// Once a day: what is open, or that nothing is.
public struct DailyDigest: Hashable, Sendable {
  public struct Entry: Hashable, Sendable {
    public var finding: DriftFinding
    public var since: Double
    public var attribution: Attribution?

    public init(finding: DriftFinding, since: Double, attribution: Attribution? = nil) {
      self.finding = finding
      self.since = since
      self.attribution = attribution
    }
  }

  /// Seconds since 1970.
  public var at: Double
  public var open: [Entry]
  /// The names of the stacks that it is about.
  public var stacks: [String]

  public init(at: Double, open: [Entry], stacks: [String]) {
    self.at = at
    self.open = open
    self.stacks = stacks
  }
}
