/// What a plan that is made anew is held against.
extension SavedPlan {
  /// What has moved since it was saved, in what it touches: a sentence each, sorted; empty where the new
  /// plan does the same. Steps that it does not have are none of its business.
  ///
  /// - Parameters:
  ///   - now: made of the new plan, with the same salt.
  ///   - plan: the new plan, which knows why something is not to be done any more.
  ///   - refusals: why a guard refuses stacks, by name.
  public func moved(
    to now: SavedPlan, _ plan: Plan, refusals: [String: String] = [:]
  ) -> [String] {
    var moved: [String] = []
    for name in Set(terms.keys).union(now.terms.keys).sorted() where terms[name] != now.terms[name]
    {
      moved.append(
        "\(name): \(terms[name] ?? "none") when planned, \(now.terms[name] ?? "none") now")
    }
    for name in Set(secrets.keys).union(now.secrets.keys).sorted() {
      // A secret that only new steps write is told with them, if at all.
      guard let proof = secrets[name], let other = now.secrets[name], proof != other else {
        continue
      }
      moved.append(
        proof == Self.notAtHand || other == Self.notAtHand
          ? "the secret \(name) was \(proof == Self.notAtHand ? "not " : "")at hand when planned"
          : "the secret \(name) has another value")
    }
    let touched = Set(steps.map(\.id.address.stack))
    for name in touched.sorted() {
      if let reason = refusals[name] { moved.append("\(name) is refused: \(reason)") }
      if let error = plan.stacks.first(where: { $0.id.name == name })?.error {
        moved.append("\(name) failed: \(error)")
      }
    }
    let current = Dictionary(now.steps.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for step in steps {
      guard let other = current[step.id] else {
        moved.append(lost(step, now: now, plan: plan))
        continue
      }
      if step.type != other.type || step.physicalID != other.physicalID {
        moved.append(
          "\(step.id.address) is another resource now: \(other.physicalID ?? other.type)")
      }
      moved += Self.differing(step.desired, other.desired).map {
        "\(step.id.address) \($0): what is desired has moved"
      }
      moved += Self.differing(step.observed, other.observed).map {
        "\(step.id.address) \($0): AWS has moved"
      }
    }
    let own = Set(steps.map(\.id))
    for step in plan.steps where own.contains(step.id) {
      for needed in step.after.sorted() where !own.contains(needed) {
        moved.append("\(step.id.address) needs now what was not planned: \(needed)")
      }
    }
    return moved
  }

  /// Why a step is not in the new plan.
  private func lost(_ step: Step, now: SavedPlan, plan: Plan) -> String {
    let address = step.id.address
    let was = "\(address): was to be \(step.id.action.participle)"
    if let change = plan.changes.first(where: { $0.address == address }) {
      return "\(was), is now \(change.action.rawValue)"
        + (change.reason.map { " (\($0))" } ?? "")
    }
    return now.steps.contains { $0.id.address == address }
      ? "\(was), and is planned otherwise now" : "\(was), and needs nothing any more"
  }

  private static func differing(_ old: [String: String], _ new: [String: String]) -> [String] {
    Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted().map { "/\($0)" }
  }
}

extension Step.Action {
  fileprivate var participle: String {
    switch self {
    case .create: "created"
    case .update: "updated"
    case .delete: "deleted"
    }
  }
}
