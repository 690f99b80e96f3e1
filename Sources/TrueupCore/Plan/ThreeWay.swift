import Document

/// Tells why something differs, from what was last applied, what is desired and what is observed.
struct ThreeWay {
  let comparison: Comparison
  /// The last applied properties in normal form; `nil` where there is no base.
  let base: Document?

  func cause(of finding: Comparison.Finding, in desired: Document, _ observed: Document) -> Cause {
    guard let base else { return .unknown }
    let path = finding.path
    let applied = expected(at: path, comparison.value(at: path, in: base))
    // What really was applied (a secret, say) is not noted, so nobody can tell who moved.
    if let applied, !applied.isKnown { return .unknown }
    let wanted = comparison.value(at: path, in: desired)
    let shown = comparison.value(at: path, in: observed)
    let desiredMoved = !same(applied, wanted, at: path)
    // What was not managed before cannot have drifted, unless it is an extra in a list owned whole.
    let observedMoved =
      applied.map { !comparison.satisfies(shown, $0, at: path) } ?? (wanted == nil && shown != nil)
    switch (desiredMoved, observedMoved) {
    case (true, true): return .conflict
    case (false, true): return .drift
    // Neither moved, and yet they differ: the base itself was never reached.
    case (true, false), (false, false): return .pending
    }
  }

  /// One cause for a change: both sides moved is a conflict.
  static func merged(_ causes: [Cause]) -> Cause {
    let causes = Set(causes)
    if causes.count == 1, let only = causes.first { return only }
    if causes.contains(.unknown) { return .unknown }
    return .conflict
  }

  /// What is owned whole was applied with its default where nothing was declared.
  private func expected(at path: PropertyPath, _ applied: Document?) -> Document? {
    if let applied { return applied }
    return comparison.table[path]?.wholeDefault
  }

  private func same(_ left: Document?, _ right: Document?, at path: PropertyPath) -> Bool {
    switch (left, right) {
    case (nil, nil): true
    case (let left?, let right?):
      comparison.satisfies(left, right, at: path) && comparison.satisfies(right, left, at: path)
    default: false
    }
  }
}
