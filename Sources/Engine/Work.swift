import TrueupCore

/// What the schedule hands out: a step, or several that AWS takes in one call.
struct Work: Sendable {
  /// The first of its steps stands for all.
  var id: PlannedStep.ID
  var steps: [PlannedStep]
  var after: Set<PlannedStep.ID>

  /// The work that a plan's steps make.
  static func all(_ steps: [PlannedStep]) -> [Work] {
    var groups: [String: [PlannedStep]] = [:]
    var single: [PlannedStep] = []
    for step in steps {
      if let group = step.group {
        groups[group, default: []].append(step)
      } else {
        single.append(step)
      }
    }
    var first: [PlannedStep.ID: PlannedStep.ID] = [:]
    let joined = groups.values.map { $0.sorted { $0.id < $1.id } }
    for steps in joined {
      for step in steps { first[step.id] = steps[0].id }
    }
    return (single.map { [$0] } + joined).map { steps in
      let after = Set(steps.flatMap(\.after).map { first[$0] ?? $0 })
      return Work(id: steps[0].id, steps: steps, after: after.subtracting([steps[0].id]))
    }
  }
}
