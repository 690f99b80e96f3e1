import Document
import Journal
import TrueupCore

/// Whether AWS has taken what was written: read again in the same run, written once more, and left as it
/// is where it is not kept.
extension Reconciler {
  /// Seconds before each further look at what does not show yet.
  private static let looks = [2.0, 5.0, 10.0]
  /// Seconds between looks at what is still changing, and how many there are.
  private static let pendingPause = 5.0
  private static let pendingLooks = 24
  /// From so many repairs of one property within a day on they are told.
  private static let often = 3
  private static let day = 86_400.0

  /// A difference that an update was to remove.
  private typealias Open = (step: PlannedStep, differences: [Difference])

  func converge(
    _ ended: inout [PlannedStep.ID: Applier.Ended], _ applier: Applier, _ prepared: Prepared,
    _ request: Request, _ report: inout RunReport
  ) async {
    let updated = prepared.planned.steps.filter { step in
      guard step.id.action == .update, step.id.target.isEmpty, !step.changed.isEmpty,
        let end = ended[step.id]
      else { return false }
      return end.outcome.result == .succeeded && !end.outcome.isUnneeded
    }
    guard !updated.isEmpty, !shouldStop() else { return }
    var (open, plan) = await unconverged(updated, prepared, request)
    guard !open.isEmpty, !shouldStop() else { return }
    for item in open {
      events(
        .note(
          "\(item.step.id.address): AWS does not show \(Self.paths(item.differences)) as it was "
            + "written; it is written once more"))
    }
    let again = Set(open.map(\.step.id))
    let steps = plan.steps.filter { again.contains($0.id) }.map { step in
      var step = step
      step.after = []
      return step
    }
    // Steps that wait for no other are always in order.
    guard let second = try? await applier.apply(steps) else { return }
    for (id, end) in second {
      guard var first = ended[id] else { continue }
      let calls = first.outcome.calls + end.outcome.calls
      if [.failed, .stalled].contains(end.outcome.result) { first.outcome = end.outcome }
      first.outcome.calls = calls
      ended[id] = first
    }
    (open, plan) = await unconverged(
      updated.filter { second[$0.id]?.outcome.result == .succeeded }, prepared, request)
    for item in open { leave(item, prepared, request, &report) }
    noteStanding(&report, request)
  }

  // MARK: Reading again

  /// What still differs when everything that AWS needs a moment for has had it, with the plan that says
  /// so.
  private func unconverged(
    _ steps: [PlannedStep], _ prepared: Prepared, _ request: Request
  ) async -> (open: [Open], plan: Plan) {
    var waiting = steps
    var pending = 0
    var looks = Self.looks[...]
    var latest = Plan(stacks: [])
    while !waiting.isEmpty {
      let seen = await seen(waiting, prepared, request)
      latest = seen.plan
      waiting = seen.open.map(\.step)
      guard !waiting.isEmpty, !shouldStop() else { return (seen.open, latest) }
      if seen.isPending, pending < Self.pendingLooks {
        pending += 1
        await clock.sleep(Self.pendingPause)
      } else if let pause = looks.popFirst() {
        await clock.sleep(pause)
      } else {
        return (seen.open, latest)
      }
    }
    return ([], latest)
  }

  /// One look: the lists of the types that were updated, and no others.
  private func seen(_ steps: [PlannedStep], _ prepared: Prepared, _ request: Request)
    async -> (open: [Open], plan: Plan, isPending: Bool)
  {
    let byAddress = Dictionary(
      steps.map { ($0.id.address, $0) }, uniquingKeysWith: { first, _ in first })
    // Nothing else of the stacks is asked for.
    let stacks = request.desired.stacks.compactMap { stack -> DesiredStack? in
      var stack = stack
      stack.resources = stack.resources.filter { byAddress[$0.address] != nil }
      stack.outputs = []
      return stack.resources.isEmpty ? nil : stack
    }
    var observation = observation(request)
    observation.sweeps = sweeps.access { $0 }
    observation.recent = Dictionary(grouping: steps, by: \.type).mapValues { steps in
      Dictionary(
        steps.compactMap { step in step.physicalID.map { ($0, clock.now()) } },
        uniquingKeysWith: max)
    }
    let shown = await observation.snapshot(
      of: stacks, base: Base(), types: Set(steps.map(\.type)))
    var snapshot = prepared.snapshot
    var isPending = false
    var lost: Set<Address> = []
    for step in steps {
      let key = Snapshot.Key(scope: step.scope, type: step.type)
      guard let id = step.physicalID,
        let index = snapshot.resources[key]?.firstIndex(where: { $0.id == id }),
        let found = shown.resources[key]?.first(where: { $0.id == id })
      else {
        // What cannot be read is not called unkept.
        lost.insert(step.id.address)
        continue
      }
      if found.transition != nil { isPending = true }
      var again = found
      // The sweep by tags was made before.
      again.tags = snapshot.resources[key]?[index].tags ?? found.tags
      again.transition = snapshot.resources[key]?[index].transition
      snapshot.resources[key]?[index] = again
    }
    // What was just written is the base by now: a property that was reset is nobody's any more.
    var evidence = prepared.evidence
    for step in steps {
      evidence.base.resources[step.id.address]?.properties = step.desired.redacted
    }
    let secrets = SecretValues(request.desired, environment: environment)
    let planning = Planning(
      catalog: catalog, history: history, request: request, secret: { secrets.value(of: $0) })
    let plan = planning.prepared(
      Planning.Input(
        snapshot: snapshot, memory: prepared.memory, seen: selectedStacks(request)),
      evidence
    ).planned
    let open = plan.changes.compactMap { change -> Open? in
      guard let step = byAddress[change.address], !lost.contains(change.address),
        change.action == .update, change.id == step.physicalID
      else { return nil }
      // What refers to something that this run has made is not known to this plan: nothing of such a
      // property is judged, nor of a list what seems to be too much in it.
      let open = Set(
        change.differences.filter { difference in
          [difference.desired, difference.observed].contains { $0?.isKnown == false }
        }.compactMap(\.path.property))
      let differences = change.differences.filter { difference in
        difference.path.property.map { step.changed.contains($0) && !open.contains($0) } ?? false
      }
      return differences.isEmpty ? nil : (step, differences)
    }
    return (open, plan, isPending)
  }

  // MARK: Leaving

  /// Leaves what AWS does not keep as it is, unless it was taken once: then somebody undoes it.
  private func leave(
    _ item: Open, _ prepared: Prepared, _ request: Request, _ report: inout RunReport
  ) {
    let address = item.step.id.address
    guard let index = report.plan.stacks.firstIndex(where: { $0.id.name == address.stack }) else {
      return
    }
    let taken = prepared.memory.taken[address]
    for difference in item.differences {
      if let property = difference.path.property, let before = taken?[property],
        before == item.step.desired.redacted[property]
      {
        events(
          .note(
            "\(address): \(difference.path) was taken before and is different again at once: "
              + "somebody or something undoes it"))
        continue
      }
      let value = Unkept(
        address: address, type: item.step.type, path: difference.path,
        desired: difference.desired, observed: difference.observed,
        isSecurity: difference.isSecurity)
      report.plan.stacks[index].unkept.append(value)
      report.plan.stacks[index].notChecked.append(
        NotChecked(address: address, path: value.path, reason: Unkept.reason))
      events(
        .note(
          "\(address): AWS does not keep \(value.path): written twice, and it shows something else; "
            + "it is left as it is until one of both sides moves"))
      do throws(JournalError) {
        try journal?.quarantine(
          value, stack: "\(request.desired.project)/\(address.stack)", at: clock.now())
      } catch {
        events(.note("the next run will write it again, because it could not be noted: \(error)"))
      }
    }
  }

  /// What is as desired was taken; what no longer differs as it did then is no longer left alone.
  func noteTaken(_ prepared: Prepared, _ seen: [StackID]) throws(JournalError) {
    guard let journal else { return }
    let owners = Dictionary(
      seen.map { ($0.name, $0.owner) }, uniquingKeysWith: { first, _ in first })
    for (address, settled) in prepared.planned.settled {
      guard let owner = owners[address.stack],
        prepared.memory.unkept[address] == nil,
        prepared.memory.taken[address] != settled.properties
      else { continue }
      try journal.noteTaken(
        settled.properties, resource: address.resource, stack: owner, at: clock.now())
    }
    let left = Set(prepared.planned.stacks.flatMap(\.unkept))
    for (address, values) in prepared.memory.unkept {
      guard let owner = owners[address.stack] else { continue }
      for value in values where !left.contains(value) {
        try journal.release(value.path, of: address.resource, stack: owner)
      }
    }
  }

  // MARK: Telling

  /// What AWS does not keep and security hangs on is a finding, told anew every day.
  func noteStanding(_ report: inout RunReport, _ request: Request) {
    let today = Day(at: clock.now())
    for index in report.plan.stacks.indices {
      let stack = report.plan.stacks[index]
      for value in stack.unkept where value.isSecurity {
        let id = DriftFinding.ID(
          stack: stack.id.owner, resource: value.address.resource, path: value.path.description)
        guard !report.standing.contains(where: { $0.id == id }) else { continue }
        report.standing.append(
          DriftFinding(
            id: id, type: value.type, action: .update, cause: .drift, desired: value.desired,
            observed: value.observed,
            reason: "\(Unkept.reason), and security hangs on it (\(today))"))
        report.plan.stacks[index].notes.append(
          "\(value.address.resource) \(value.path): \(Unkept.reason), and security hangs on it")
      }
    }
  }

  /// What was put right again and again within a day is a finding of its own.
  func noteRepairs(_ report: inout RunReport, _ request: Request) throws(EngineError) {
    guard let journal else { return }
    do throws(JournalError) {
      let repairs = try journal.repairs(since: clock.now() - Self.day)
      for (id, count) in repairs.sorted(by: { $0.key < $1.key }) where count >= Self.often {
        guard let index = report.plan.stacks.firstIndex(where: { $0.id.owner == id.stack }),
          report.observedStacks.contains(id.stack)
        else { continue }
        let address = Address(
          stack: report.plan.stacks[index].id.name, resource: id.resource)
        let own = DriftFinding.ID(
          stack: id.stack, resource: id.resource, path: "\(id.path) (repeatedly)")
        guard !report.standing.contains(where: { $0.id == own }) else { continue }
        let type =
          request.desired.stacks.flatMap(\.resources).first { $0.address == address }?.type ?? ""
        let text = "it was put right \(count) times within a day, and changed again"
        report.standing.append(
          DriftFinding(id: own, type: type, action: .update, cause: .drift, reason: text))
        let records = try journal.openFindings(stacks: [id.stack])
        let author = records.first { $0.finding.id == own || $0.finding.id == id }?.attribution
        report.plan.stacks[index].notes.append(
          "\(id.resource) \(id.path): \(text)"
            + (author.map { ", last by \($0.principal) (\($0.event))" } ?? ""))
      }
    } catch {
      throw .journal(error)
    }
  }

  private static func paths(_ differences: [Difference]) -> String {
    differences.map(\.path.description).joined(separator: ", ")
  }
}
