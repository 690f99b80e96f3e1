import Document
import TrueupCore

/// Asks how resources stand besides their properties, once there is a plan: of the updates that are planned
/// whether they may start, and of what is as desired, and not settled, what became of it.
struct StandingReader {
  let catalog: Catalog
  let cloud: any Cloud
  let clients: [String: String]
  /// Told what could not be found out.
  let note: @Sendable (String) -> Void

  /// What is not settled, by address.
  ///
  /// - Parameter answered: of these a person has said what to do.
  func standings(
    _ plan: Plan, _ snapshot: Snapshot, _ desired: Desired, answered: Set<Address>
  ) async -> [Address: Standing] {
    let subjects = (updates(plan) + unsettled(plan, snapshot, desired))
      .filter { !answered.contains($0.step.address) }
    return await withTaskGroup(of: (Address, Standing).self) { group in
      var standings: [Address: Standing] = [:]
      var queue = subjects
      func start() {
        guard let subject = queue.popLast() else { return }
        group.addTask { (subject.step.address, await standing(subject.step, subject.kind)) }
      }
      for _ in 0..<Reconciler.readsAtOnce { start() }
      while let (address, standing) = await group.next() {
        if standing != .settled { standings[address] = standing }
        start()
      }
      return standings
    }
  }

  private typealias Subject = (step: Step, kind: any Kind)

  private func updates(_ plan: Plan) -> [Subject] {
    plan.steps.compactMap { planned in
      guard planned.id.action == .update, planned.id.target.isEmpty, !planned.changed.isEmpty,
        let kind = catalog[planned.type]
      else { return nil }
      return (
        Step(
          action: .update, address: planned.id.address, scope: planned.scope,
          region: planned.region, id: planned.physicalID, desired: planned.desired.redacted,
          observed: planned.observed, applied: planned.applied, changed: planned.changed), kind
      )
    }
  }

  private func unsettled(_ plan: Plan, _ snapshot: Snapshot, _ desired: Desired) -> [Subject] {
    let unsettled = snapshot.resources.mapValues { resources in
      Dictionary(
        resources.filter(\.isUnsettled).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }
      )
    }.filter { !$0.value.isEmpty }
    guard !unsettled.isEmpty else { return [] }
    let regions = Dictionary(
      desired.stacks.map { ($0.id.name, $0.region) }, uniquingKeysWith: { first, _ in first })
    return plan.settled.compactMap { address, base in
      guard let kind = catalog[base.type],
        let live = base.id.flatMap({
          unsettled[Snapshot.Key(scope: base.scope, type: base.type)]?[$0]
        })
      else { return nil }
      return (
        Step(
          action: .update, address: address, scope: live.scope,
          region: live.scope.callRegion(ofStackIn: regions[address.stack] ?? ""), id: live.id,
          desired: base.properties, observed: live), kind
      )
    }
  }

  private func standing(_ step: Step, _ kind: any Kind) async -> Standing {
    let target = CallTarget(
      account: step.scope.account, region: step.region, client: clients[step.address.stack])
    var replies: [Reply] = []
    while true {
      switch kind.standing(of: step, replies) {
      case .answer(let standing): return standing
      case .call(let call):
        let reply = await cloud.perform(call, in: target)
        if case .failure(let failure) = reply {
          note("\(step.address): whether it is stalled could not be asked: \(failure.message)")
          return .settled
        }
        replies.append(reply)
      }
    }
  }
}
