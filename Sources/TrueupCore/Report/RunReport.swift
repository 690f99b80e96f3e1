/// API calls that were sent, retries and pages included.
public struct CallCount: Hashable, Sendable {
  public var byService: [String: Int]

  public init(byService: [String: Int] = [:]) { self.byService = byService }

  public var total: Int { byService.values.reduce(0, +) }
}

/// What a `plan`, `drift`, `apply` or `destroy` has to tell: the plan, with outcomes where it was
/// applied.
public struct RunReport: Sendable {
  public enum Command: String, Hashable, Sendable {
    case plan, drift, apply, destroy, reconcile, adopt

    /// Whether it carries out what it plans.
    public var changesAWS: Bool { self != .plan && self != .drift }

    /// Whether it puts the desired state in force: what it did not refuse is the last good revision.
    public var putsInForce: Bool { self == .apply || self == .reconcile || self == .adopt }
  }

  public var command: Command
  /// The git revision of the desired state; `nil` outside a git repository.
  public var revision: String?
  /// Whether the desired state differs from that revision.
  public var isDirty: Bool
  public var plan: Plan
  public var calls: CallCount
  public var seconds: Double
  /// The id of the run in the journal, where something was applied.
  public var run: String?
  /// Stacks that a guard refused, by stack name, with the reason.
  public var refusals: [String: String]
  /// Where the recorded snapshots come from that stood in for AWS, for people: `snapshots at 4f2c91e
  /// of 2026-11-14`; `nil` where AWS was asked.
  public var snapshot: String?
  /// It is of a `destroy`, or of a plan that previews one.
  public var destroys = false
  /// What was committed, where the desired state is a commit.
  public var commit: Commit?
  /// Stacks whose last good revision stays in force.
  public var heldBack: [HeldBack]
  /// What is said of the desired state besides.
  public var warnings: [Warning]
  /// The limits that held; `nil` where nobody asked.
  public var limits: Limits?
  /// Findings that no change of this run puts right: values that AWS does not keep, properties that
  /// differ again and again.
  public var standing: [DriftFinding] = []
  /// What the fleet's checks said of the plan.
  public var checks: [CheckResult] = []

  public init(
    command: Command, revision: String? = nil, isDirty: Bool = false, plan: Plan,
    calls: CallCount = CallCount(), seconds: Double = 0, run: String? = nil,
    refusals: [String: String] = [:], commit: Commit? = nil, heldBack: [HeldBack] = [],
    warnings: [Warning] = []
  ) {
    self.command = command
    self.revision = revision
    self.isDirty = isDirty
    self.plan = plan
    self.calls = calls
    self.seconds = seconds
    self.run = run
    self.refusals = refusals
    self.commit = commit
    self.heldBack = heldBack
    self.warnings = warnings
  }
}

extension RunReport {
  /// Whether AWS does not keep a value on which security hangs.
  public var hasUnkeptSecurity: Bool {
    plan.stacks.contains { $0.unkept.contains(where: \.isSecurity) }
  }
}

extension RunReport {
  /// All that is not as it was left.
  public func findings(project: String) -> [DriftFinding] {
    let moved = plan.changes.flatMap { $0.findings(project: project) }
    let known = Set(moved.map(\.id))
    return moved + standing.filter { !known.contains($0.id) }
  }
}
