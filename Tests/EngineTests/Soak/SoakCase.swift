import Document
import TrueupCore

@testable import Engine

/// One random case: a fleet and a world that change, runs that end well, badly or not at all.
struct SoakCase {
  enum Runner: Int {
    /// The host that keeps its journal.
    case host
    /// A CI runner, which has none.
    case visitor
  }

  /// What goes wrong in a run.
  enum Mishap {
    case none, kill, refusals
  }

  let seed: UInt64
  var random: SeededGenerator
  var fleet: SoakFleet
  var world = SoakWorld()
  var git = SoakGit()
  var ledger = SoakLedger()
  var meddling = SoakMeddling()
  /// The host's journal.
  var journal = JournalMemory()
  private var backup = JournalMemory()
  /// Deletions that were begun and settled without a note.
  private(set) var uncertain: Set<Address> = []
  /// What the host's journal knows of deletions that it did not see to their end.
  private(set) var begunDeletions: [Address: Evidence.Removal] = [:]
  private(set) var failures: [String] = []
  /// What was done, run by run, for people.
  private(set) var trace: [String] = []
  private var round = 0

  // What may excuse the planner.
  /// Runs that the host's journal does not know, or histories that were rewritten.
  private let isMixed: Bool
  private let hasStrangers: Bool
  var isIncomplete = false
  var hasUncommitted = false
  var isRewritten = false
  /// Something that is not ours by right was taken for ours, as it had to be.
  var isTainted = false
  /// Since all was as desired.
  var gitMoved = true
  var isMeddled = false
  var isInterrupted = false

  init(seed: UInt64) {
    self.seed = seed
    random = SeededGenerator(state: seed)
    fleet = SoakFleet(&random)
    isMixed = random.once(in: 2)
    hasStrangers = random.once(in: 2)
  }

  var place: String { "seed \(seed), round \(round)" }

  mutating func note(_ event: String) { trace.append("\(place): \(event)") }

  mutating func fail(_ message: String) { failures.append("\(place): \(message)") }

  /// Whether something stands in the way that a person has to clear.
  var hasObstacles: Bool {
    hasHardObstacles || isIncomplete
  }

  var hasHardObstacles: Bool {
    !world.foreign.isEmpty || meddling.hasObstacles || isRewritten || hasUncommitted
      || isTainted
  }

  // MARK: Rounds

  mutating func run() async {
    for _ in 0..<Int.random(in: 2...5, using: &random) where failures.isEmpty {
      if round > 0 { moveGit() }
      if random.once(in: 2) { meddling.withdraw(&world) }
      if hasStrangers, random.once(in: 2) { meddling.intrude(&world, fleet, git, &random) }
      if round > 0 {
        for _ in 0..<Int.random(in: 0...2, using: &random) {
          guard let event = meddling.drift(&world, &random) else { continue }
          isMeddled = true
          note(event)
        }
      }
      if hasStrangers, random.once(in: 2) { meddling.intrude(&world, fleet, git, &random) }
      await apply()
      round += 1
    }
    if failures.isEmpty { await comeToRest() }
  }

  private mutating func moveGit() {
    let before = fleet.desired
    for _ in 0..<Int.random(in: 0...4, using: &random) { fleet.change(&random) }
    if random.once(in: 8), let earlier = git.commits.randomElement(using: &random) {
      fleet.revert(to: earlier.desired)
    }
    if isMixed, random.once(in: 10) {
      git.rewrite()
      isRewritten = true
    }
    gitMoved = gitMoved || fleet.desired != before
  }

  private mutating func apply() async {
    let runner: Runner = isMixed && random.once(in: 3) ? .visitor : .host
    let isCommitted = !(isMixed && random.once(in: 6)) || git.commits.isEmpty
    if isMixed, runner == .host, random.once(in: 8) {
      // The journal is put back as it was.
      journal = backup
      ledger.forget(Runner.host.rawValue)
      isIncomplete = true
    }
    backup = journal
    if runner == .visitor { isIncomplete = true }
    if !isCommitted { hasUncommitted = true }
    let mishap: Mishap = random.once(in: 3) ? .kill : random.once(in: 5) ? .refusals : .none
    let before = self
    let isWhole = await carryOut(by: runner, isCommitted: isCommitted, mishap)
    guard failures.isEmpty, !isWhole, !hasObstacles else { return }
    // The next run completes it, and the world is as if nothing had happened.
    var peaceful = before
    _ = await peaceful.carryOut(by: runner, isCommitted: isCommitted, .none)
    _ = await carryOut(by: .host, isCommitted: true, .none)
    let (now, wanted) = (inventory, peaceful.inventory)
    if failures.isEmpty, now != wanted {
      fail("after a mishap there is \(now), and without it \(wanted)")
    }
  }

  /// One run; true where it was neither killed nor refused anything.
  private mutating func carryOut(by runner: Runner, isCommitted: Bool, _ mishap: Mishap) async
    -> Bool
  {
    let desired = fleet.desired
    let head = isCommitted ? git.commit(desired) : git.commits.last?.revision ?? ""
    var memory = runner == .host ? journal : JournalMemory()
    ledger.begin(desired, by: runner.rawValue)
    // Whether a run that was killed made something without tags, only one at its revision can tell.
    let isMovedOn = memory.intents.contains { intent in
      SoakKind.of(intent.type)?.facts.ownership.isTaggable == false
        && intent.revision != (isCommitted ? head : nil)
    }
    if isMovedOn { isIncomplete = true }
    var read = memory
    if runner == .host { read.removed.merge(begunDeletions) { noted, _ in noted } }
    let (plan, base) = await self.plan(desired, read, isCommitted ? head : nil)
    check(plan, by: runner)
    guard failures.isEmpty else {
      let known = base.resources.sorted { $0.key < $1.key }.map {
        "base \($0.key) \($0.value.type) \($0.value.id ?? "-") at \($0.value.revision ?? "-")"
      }
      trace.append(
        "\(place): \(runner), planned\n  " + (lines(plan) + known).joined(separator: "\n  "))
      return true
    }
    // What nothing tells from ours passes for it, and is gone when its owner takes it back.
    for settled in plan.settled.values {
      let key = SoakWorld.Key(scope: settled.scope, type: settled.type, id: settled.id ?? "")
      if world.foreign[key] != nil { isTainted = true }
    }
    for key in mayTake(plan, memory) {
      world.foreign[key] = nil
      isTainted = true
    }
    var run = SoakRun(plan: plan, base: base, revision: isCommitted ? head : nil, head: head)
    if runner == .host { run.begunDeletions = begunDeletions }
    switch mishap {
    case .none: break
    case .kill: run.writesLeft = Int.random(in: 0...max(1, plan.steps.count * 4), using: &random)
    case .refusals:
      run.refused = Set(plan.steps.map(\.id.address).filter { _ in random.once(in: 3) })
    }
    let steps = plan.steps.map(\.id.description)
    let isOver = run.carryOut(&world, &memory, &ledger, &random)
    trace.append(
      "\(place): \(runner)\(isCommitted ? "" : ", uncommitted"), \(mishap)\n  "
        + (lines(plan) + ["by \(steps)", "done after \(run.writes) writes: \(run.problems)"])
        .joined(separator: "\n  "))
    if runner == .host {
      uncertain.formUnion(begunDeletions.keys)
      (journal, begunDeletions) = (memory, run.begunDeletions)
    }
    ledger.end(world)
    for collision in run.collisions { fail("\(collision), as the plan should have known") }
    for trespass in world.trespasses { fail("\(trespass), by \(steps)") }
    let isWhole = isOver && run.refused.isEmpty
    if !isWhole { isInterrupted = true }
    if isWhole, !hasHardObstacles {
      // What waits for a person may stand in the way.
      let isFree = plan.changes.allSatisfy { $0.action != .blocked }
      if !run.problems.isEmpty, strays.isEmpty, isFree {
        fail("\(run.problems) in \(lines(plan)) by \(steps)")
      }
      let next = await self.plan(desired, memory, isCommitted ? head : nil).plan
      // Without a complete journal, what carries no tags may not be recognised.
      let isEnd = next.changes.allSatisfy {
        isIncomplete && $0.action == .blocked && maybeUntold($0)
      }
      if !isEnd, strays.isEmpty, isFree {
        fail("after \(lines(plan)) there is still \(lines(next))")
      }
      (gitMoved, isMeddled, isInterrupted) = (false, false, false)
    }
    return isWhole
  }

  func plan(
    _ desired: Desired, _ memory: JournalMemory, _ revision: String?,
    _ change: (inout Planner.Options) -> Void = { _ in }
  ) async -> (plan: Plan, base: Base) {
    let evidence = await EvidenceReader(
      catalog: SoakKind.catalog, desired: desired, memory: memory, history: git.history
    ).evidence(world.snapshot, stacks: desired.stacks)
    var options = Planner.Options(revision: revision)
    change(&options)
    let planner = Planner(
      catalog: SoakKind.catalog, desired: desired, snapshot: world.snapshot, evidence: evidence,
      options: options)
    return (planner.plan(), evidence.base)
  }

  // MARK: The end

  /// All that stands in the way is cleared; then one run makes all as desired, and nothing is left.
  private mutating func comeToRest() async {
    meddling.withdraw(&world)
    let isExcused = hasObstacles
    if isExcused {
      fleet.adoptWhatExists()
      // Of what carries no tags nobody may know any more whose it is.
      isIncomplete = true
      let untold = world.origin.keys.filter {
        SoakKind.of($0.type)?.facts.ownership.isTaggable == false
      }
      for key in untold { world.remove(key) }
    }
    let desired = fleet.desired
    let head = git.commit(desired)
    ledger.begin(desired, by: Runner.host.rawValue)
    let everyone = Set(desired.stacks.map(\.id.name))
    for pass in 0..<(isExcused ? 2 : 1) {
      var read = journal
      read.removed.merge(begunDeletions) { noted, _ in noted }
      begunDeletions = [:]
      let (plan, base) = await self.plan(desired, read, head) {
        if isExcused {
          $0.takesOver = everyone
          $0.allowsOrphans = true
        }
      }
      if pass == 0 { check(plan, by: .host) }
      var run = SoakRun(plan: plan, base: base, revision: head, head: head)
      _ = run.carryOut(&world, &journal, &ledger, &random)
      note("the end: \(lines(plan).joined(separator: "\n  "))")
      // Groups that take each other's names while rules refer to them: AWS refuses that, run by run.
      let isTangled = run.problems.contains { $0.contains("group-") }
      // Two that nobody can tell apart: a person would have to choose.
      let isOpen = plan.changes.contains { $0.reason?.contains("which is ours") == true }
      if isExcused, isTangled || isOpen { return }
      if !run.problems.isEmpty { fail("in the end: \(run.problems) in \(lines(plan))") }
    }
    let next = await plan(desired, journal, head).plan
    if !next.changes.isEmpty { fail("in the end there is still \(lines(next))") }
    var fresh = SoakCase(seed: seed)
    fresh.fleet = fleet
    let (plan, base) = await fresh.plan(desired, JournalMemory(), head)
    var run = SoakRun(plan: plan, base: base, revision: head, head: head)
    _ = run.carryOut(&fresh.world, &fresh.journal, &fresh.ledger, &random)
    let (now, wanted) = (inventory, fresh.inventory)
    if failures.isEmpty, !isTainted, now != wanted {
      fail("in the end there is \(now), and not \(wanted)")
    }
  }

  /// What carries no tags, was made by Trueup, and is of no use any more.
  private var strays: [SoakWorld.Key] {
    let wanted = Dictionary(
      fleet.all.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
    return world.origin.filter { key, address in
      SoakKind.of(key.type)?.facts.ownership.isTaggable == false
        && (wanted[address]?.type != key.type || wanted[address]?.scope != key.scope
          || world.origin.contains {
            $0.value == address && $0.key.type == key.type && $0.key != key
          })
    }.map(\.key).sorted()
  }
}
