import AWSClient
import Document
import Journal
import TrueupCore

/// Observes, plans and applies: the engine of every command that talks to AWS.
public struct Reconciler: Sendable {
  /// What a command asks for.
  public struct Request: Sendable {
    public var command: RunReport.Command
    public var desired: Desired
    public var revision: String?
    public var isDirty: Bool
    /// Names of the stacks to act on; `nil` for all.
    public var selected: Set<String>?
    public var destroy: [String: DataDisposal]
    public var budget: Budget
    /// Wait for readiness even where nothing else in the run needs it.
    public var waits: Bool
    /// The commits behind the desired state, for the journal.
    public var commits: [Commit] = []
    /// Stacks whose last good revision stays in force.
    public var heldBack: [HeldBack] = []
    /// What is said of the desired state besides.
    public var warnings: [Warning] = []
    /// Names of stacks that are taken over: every revision that their resources carry counts as known,
    /// and each gets the revision of this run.
    public var takesOver: Set<String> = []
    /// Whether what carries our tags, and is not proven to be ours, may be replaced and deleted too.
    public var allowsOrphans = false
    /// Whether what is missing of a new stack is made although other parts of it wait to be adopted.
    public var allowsPartial = false
    /// What a person says of resources: the run does that, what it needs, and nothing else.
    public var answers: [Address: Answer] = [:]
    /// The plan that was reviewed: the run does exactly what it says, or nothing.
    public var reviewed: SavedPlan?
    /// What a person allows for this run, instead of the limits.
    public var allowance = Limits.Allowance()
    /// What an earlier revision allows, for stacks of which the journal knows nothing.
    public var earlierBudget: @Sendable () -> Budget? = { nil }
    /// A person is asked about the destruction of the stacks before anything is written.
    public var isConfirmed = false
    /// The resources whose data may be lost.
    public var allowedDataLoss: Set<Address> = []
    /// Whether stacks are changed outside of their change windows.
    public var ignoresWindows = false
    /// Whether the journal is told how the stacks stand: not where another desired state than the one
    /// in force is tried out.
    public var notesState = true

    public init(
      command: RunReport.Command, desired: Desired, revision: String? = nil, isDirty: Bool = false,
      selected: Set<String>? = nil, destroy: [String: DataDisposal] = [:], budget: Budget? = nil,
      waits: Bool = true
    ) {
      self.command = command
      self.desired = desired
      self.revision = revision
      self.isDirty = isDirty
      self.selected = selected
      self.destroy = destroy
      self.budget = budget ?? desired.budget
      self.waits = waits
    }
  }

  /// Who runs it, for the journal.
  public struct Operator: Sendable {
    public var user: String
    public var host: String

    public init(user: String, host: String) {
      self.user = user
      self.host = host
    }
  }

  /// Reads under way at once, and so the connections that a cloud does well to have. What does not
  /// depend on one another of a client's whole network goes out together; how many calls a service
  /// takes in a second is the cloud's business.
  public static let readsAtOnce = 32

  let catalog: Catalog
  let cloud: any Cloud
  let journal: Journal?
  let locks: any StackLocking
  let clock: EngineClock
  let random: @Sendable () -> UInt16
  let parallelism: Int
  let environment: [String: String]
  let history: History
  let projectsAt: @Sendable (_ revisions: Set<String>) async -> [String: String]
  let shouldStop: @Sendable () -> Bool
  let events: @Sendable (RunEvent) -> Void
  let planned: @Sendable (Plan) -> Void
  let reading: @Sendable (_ done: Int, _ of: Int) -> Void
  let judge: @Sendable (RunReport) async -> [CheckResult]
  /// What the sweeps by tags of this run have shown.
  let sweeps = Locked<[CallTarget: Reply]>([:])

  /// - Parameters:
  ///   - journal: `nil` where there is none yet; `apply` needs one.
  ///   - random: for the ids of runs.
  ///   - environment: where secrets may come from.
  ///   - history: for the base of resources that the journal does not know.
  ///   - projectsAt: the project that the fleet file named at each of these revisions, as far as git
  ///     tells.
  ///   - planned: told of the plan before an apply carries it out, without refused stacks.
  ///   - reading: told while AWS is read, after each list, of how many that are known to be needed.
  ///   - shouldStop: whether the run was asked to stop: nothing new begins then.
  ///   - judge: asks the fleet's checks what they say of a plan.
  public init(
    catalog: Catalog, cloud: any Cloud, journal: Journal?, locks: any StackLocking,
    clock: EngineClock, random: @escaping @Sendable () -> UInt16, parallelism: Int = 10,
    environment: [String: String] = [:],
    history: History = .none,
    projectsAt: @escaping @Sendable (_ revisions: Set<String>) async -> [String: String] = { _ in
      [:]
    },
    shouldStop: @escaping @Sendable () -> Bool = { false },
    planned: @escaping @Sendable (Plan) -> Void = { _ in },
    reading: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in },
    judge: @escaping @Sendable (RunReport) async -> [CheckResult] = { _ in [] },
    events: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) {
    self.catalog = catalog
    self.cloud = cloud
    self.journal = journal
    self.locks = locks
    self.clock = clock
    self.random = random
    self.parallelism = parallelism
    self.environment = environment
    self.history = history
    self.projectsAt = projectsAt
    self.shouldStop = shouldStop
    self.planned = planned
    self.reading = reading
    self.judge = judge
    self.events = events
  }

  // MARK: Commands

  /// What would be done, and why. Changes nothing in AWS.
  public func plan(_ request: Request) async throws(EngineError) -> RunReport {
    let began = clock.now()
    try await checkProject(request)
    let prepared = try await prepare(request)
    var report = report(request, prepared, began)
    report.limits = try limits(request)
    noteCalendar(&report, request)
    report.checks = await judge(report)
    // What is to be destroyed says nothing of how it stands.
    guard request.destroy.isEmpty else { return report }
    if request.command == .plan {
      report.warnings += unwritable(prepared.planned.steps, request).sorted { $0.key < $1.key }
        .map { Warning(message: "\($0.key): an apply is refused: \($0.value)") }
    }
    noteStanding(&report, request)
    try noteRepairs(&report, request)
    try noteDrift(&report, request)
    try noteState(report, request)
    return report
  }

  /// The outputs of the selected stacks, as far as they are known.
  public func outputs(_ request: Request) async throws(EngineError) -> [String: [String: Document]]
  {
    try await prepare(request).planner.outputs()
  }

  func report(_ request: Request, _ prepared: Prepared, _ began: Double) -> RunReport {
    var report = RunReport(
      command: request.command, revision: request.revision, isDirty: request.isDirty,
      plan: prepared.planned, calls: cloud.callCount(), seconds: clock.now() - began,
      refusals: prepared.refusals, commit: request.commit, heldBack: request.heldBack,
      warnings: request.warnings)
    report.destroys = !request.destroy.isEmpty
    return report
  }
}
