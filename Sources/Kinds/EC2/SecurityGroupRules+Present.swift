import Document
import TrueupCore

/// The rules that a group has now, by their ids.
extension SecurityGroupRules {
  /// A rule as DescribeSecurityGroupRules shows it.
  struct Present {
    let id: String
    let key: Document
    let properties: Document
    let tags: [String: String]
  }

  /// The rules of this direction in a group.
  func present(in group: String, _ calls: inout CallSequence) throws(CallSequence.Pause)
    -> [Present]
  {
    let list = Call(
      "ec2", "DescribeSecurityGroupRules", ["Filters": EC2.filters(["group-id": group])])
    return try calls.pages(list, by: "NextToken").flatMap { $0.elements("SecurityGroupRules") }
      .compactMap { rule in
        guard (rule["IsEgress"] == true) == isEgress, let id = rule["SecurityGroupRuleId"]?.string
        else { return nil }
        let properties = read(rule: rule)
        return Present(
          id: id, key: key(resource: properties), properties: properties,
          tags: Tags.read(rule["Tags"]))
      }
  }

  /// Takes rules away, and is done only when they are gone.
  ///
  /// By their ids: what EC2 writes in another way than we do, it would not find, and answer as if the rule
  /// were gone, while the port stays open. A rule that is not listed yet, because the group was just made,
  /// is named by what it says.
  func remove(
    _ rules: [Document], from group: String, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    guard !rules.isEmpty else { return }
    let keys = Set(rules.map { key($0) })
    var left = try present(in: group, &calls).filter { keys.contains($0.key) }
    let listed = Set(left.map(\.key))
    let unlisted = rules.filter { !listed.contains(key($0)) }
    if !unlisted.isEmpty, try calls.make(revoke(unlisted, in: group)) == .absent,
      unlisted.count > 1
    {
      try calls.make(unlisted.map { revoke([$0], in: group) })
    }
    // Somebody else may take one of them away meanwhile, and then EC2 takes away none.
    for _ in 0..<3 where !left.isEmpty {
      let reply = try calls.make(revoke(ids: left.map(\.id), in: group))
      let isDone = reply != .absent && reply.output?["Return"] != false
      left = isDone ? [] : try present(in: group, &calls).filter { keys.contains($0.key) }
    }
    guard left.isEmpty else {
      throw .failed("\(group) still has the rules \(left.map(\.id).joined(separator: ", "))")
    }
  }

  /// Takes away what EC2 gave a new group, named by what it says: EC2 wrote it. What it does not find all the
  /// same is looked for by its id.
  func removeGiven(
    _ rules: [Document], from group: String, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    guard !rules.isEmpty else { return }
    var call = revoke(rules, in: group)
    call.transientCodes = ["InvalidGroup.NotFound"]
    let reply = try calls.make(call)
    let isDone =
      reply != .absent && reply.output?["Return"] != false
      && (reply.output).elements("UnknownIpPermissions").isEmpty
    if !isDone { try remove(rules, from: group, &calls) }
  }

  /// Adds rules before others go. All of them together first, which EC2 takes whole or not at all; then
  /// one by one, because some of them may be there already.
  ///
  /// - Parameter mayBeFull: rules of the group are about to go. Where its quota leaves no room for both, the
  ///   new ones that did not fit are returned. How much room there is depends on the account.
  func add(
    _ rules: [Document], to group: String, mayBeFull: Bool, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> [Document] {
    guard !rules.isEmpty else { return [] }
    func attempt(_ rules: [Document]) -> Call {
      var call = authorize(rules, in: group)
      if mayBeFull { call.absentCodes.insert("RulesPerSecurityGroupLimitExceeded") }
      return call
    }
    guard try calls.make(attempt(rules)) == .absent else { return [] }
    var left = rules
    if rules.count > 1 {
      left = []
      for rule in rules {
        let reply = try calls.make(attempt([rule]))
        if reply == .absent { left.append(rule) }
      }
    }
    return mayBeFull ? left : []
  }
}
