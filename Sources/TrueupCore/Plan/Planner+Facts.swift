/// What cannot be made because AWS does not tell a value that the blueprint takes from the account.
extension Planner {
  /// Blocks what would have to write a value that is not there: an apply would fail in the middle.
  func blockWithoutFacts(_ decision: Decision) {
    guard options.asksAccounts, let change = decision.change else { return }
    let written: [Value] =
      switch change.action {
      case .create, .replace:
        [decision.desired] + decision.tags.values
      case .update, .adopt:
        Set(change.differences.compactMap(\.path.property)).compactMap { decision.desired[$0] }
      case .delete, .blocked, .stalled: []
      }
    let missing = written.reduce(into: Set<Fact>()) { $0.formUnion($1.facts) }
    guard !missing.isEmpty else { return }
    decision.change?.action = .blocked
    decision.change?.reason = missing.map(\.absence).sorted().joined(separator: "; ")
  }
}

extension Fact {
  /// Why there is no value, and what next, for people.
  public var absence: String {
    switch self {
    case .availabilityZones(let account, let region):
      "AWS does not tell the zones of \(region) in \(account)"
    case .parameter(let name, _, let account, let region):
      "the SSM parameter \(name) is not in \(account) \(region), or may not be read there: create it, "
        + "or correct its name"
    }
  }
}
