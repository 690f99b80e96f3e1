import Document
import TrueupCore

extension StackCompiler {
  /// The condition's value; `nil`, reported, where it has none.
  func condition(_ name: String, at position: Position? = nil) -> Bool? {
    switch conditionStates[name] {
    case .known(let value): return value
    case .invalid: return nil
    case .evaluating:
      let place = position ?? conditionNodes[name]?.position
      error("condition \(name) depends on itself", at: place ?? blueprint.start.position)
      return nil
    case nil:
      guard let node = conditionNodes[name] else {
        error(
          "the blueprint has no condition \(name.quoted)"
            + Spelling.suggestion(for: name, among: conditionNodes.keys),
          at: position ?? blueprint.start.position)
        return nil
      }
      conditionStates[name] = .evaluating
      let value = truth(of: node, "a condition")
      conditionStates[name] = value.map { .known($0) } ?? .invalid
      return value
    }
  }

  /// The truth of a condition function.
  /// Source: CloudFormation User Guide, "Condition functions" and "Rule-specific intrinsic functions".
  func truth(of node: Node, _ what: String) -> Bool? {
    guard let members = node.members, members.count == 1 else {
      error("\(what) must be one function, such as Fn::Equals", at: node.position)
      return nil
    }
    let member = members[0]
    switch member.key {
    case "Condition":
      guard let name = member.value.string else { return nothing(member, "wants a name") }
      return condition(name, at: member.value.position)
    case "Fn::And", "Fn::Or":
      guard let parts = member.value.elements, (2...10).contains(parts.count) else {
        return nothing(member, "wants a list of 2 to 10 conditions")
      }
      let truths = parts.map { truth(of: $0, what) }
      guard !truths.contains(nil) else { return nil }
      return member.key == "Fn::And" ? !truths.contains(false) : truths.contains(true)
    case "Fn::Not":
      guard let parts = member.value.elements, parts.count == 1 else {
        return nothing(member, "wants a list of one condition")
      }
      return truth(of: parts[0], what).map { !$0 }
    case "Fn::Equals":
      guard let parts = member.value.elements, parts.count == 2 else {
        return nothing(member, "wants a list of two values")
      }
      return areEqual(parts[0], parts[1], what: what)
    case "Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn":
      guard what == "a rule" else { return nothing(member, "can stand only in Rules") }
      return comparison(member, what)
    default:
      error(
        "\(member.key) is no condition function"
          + Spelling.suggestion(
            for: member.key, among: ["Condition", "Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals"]),
        at: member.position)
      return nil
    }
  }

  private func nothing(_ member: Node.Member, _ problem: String) -> Bool? {
    error("\(member.key) \(problem)", at: member.value.position)
    return nil
  }

  /// A secret's value is not told, but that it is not empty: an empty source counts as one that is not
  /// there, so that comparing a `NoEcho` parameter with the empty text asks whether it has a value at all.
  private func areEqual(_ left: Node, _ right: Node, what: String) -> Bool? {
    let values = [left, right].map { evaluate($0, .decision(what)) }
    if values.contains(where: \.isWholeSecret),
      values.contains(where: { $0.value.document == "" })
    {
      return false
    }
    let decided = zip([left, right], values).map { self.decided($1, node: $0, what: what) }
    guard let left = decided[0], let right = decided[1] else { return nil }
    return Self.areEqual(left, right)
  }

  /// Scalars are compared as text, as CloudFormation does: `true` equals `"true"`.
  private static func areEqual(_ left: Document, _ right: Document) -> Bool {
    if let left = left.scalarText, let right = right.scalarText { return left == right }
    return left == right
  }

  private func comparison(_ member: Node.Member, _ what: String) -> Bool? {
    guard let parts = member.value.elements, parts.count == 2 else {
      return nothing(member, "wants two arguments")
    }
    let values = parts.map { ruleValue($0, what) }
    guard let left = values[0], let right = values[1] else { return nil }
    guard let elements = left.list else { return nothing(member, "wants a list first") }
    switch member.key {
    case "Fn::Contains": return elements.contains { Self.areEqual($0, right) }
    case "Fn::EachMemberEquals": return elements.allSatisfy { Self.areEqual($0, right) }
    default:
      guard let others = right.list else { return nothing(member, "wants two lists") }
      return elements.allSatisfy { element in others.contains { Self.areEqual(element, $0) } }
    }
  }

  /// A value in a rule, where `Fn::RefAll` is known besides the other functions.
  private func ruleValue(_ node: Node, _ what: String) -> Document? {
    guard let members = node.members, members.count == 1 else { return decided(node, what) }
    switch members[0].key {
    case "Fn::RefAll":
      guard let type = members[0].value.string else { return decided(node, what) }
      let values = blueprint.parameters.filter { $0.type.name == type }.compactMap {
        parameterValues[$0.name]?.document
      }
      return .list(values.flatMap { $0.list ?? [$0] })
    case "Fn::ValueOf", "Fn::ValueOfAll":
      error(
        "\(members[0].key) is not supported: attributes of parameters are known only when AWS is "
          + "asked", at: members[0].position)
      return nil
    default: return decided(node, what)
    }
  }

  /// `Rules`: what must be true of the parameters.
  func checkRules() {
    for rule in blueprint.rules {
      guard
        let reader = ObjectReader(
          rule.value, in: blueprint.file, as: "rule \(rule.key.quoted)",
          allowed: ["RuleCondition", "Assertions"], log: log)
      else { continue }
      if let condition = reader["RuleCondition"], truth(of: condition, "a rule") != true {
        continue
      }
      guard let assertions = reader["Assertions"]?.elements else {
        reader.error("rule \(rule.key.quoted) needs a list of \"Assertions\"", at: reader.position)
        continue
      }
      for node in assertions { check(node, of: rule.key) }
    }
  }

  private func check(_ node: Node, of rule: String) {
    guard
      let assertion = ObjectReader(
        node, in: blueprint.file, as: "an assertion of rule \(rule.quoted)",
        allowed: ["Assert", "AssertDescription"], log: log)
    else { return }
    guard let assert = assertion["Assert"] else {
      assertion.error("an assertion of rule \(rule.quoted) needs \"Assert\"", at: node.position)
      return
    }
    if truth(of: assert, "a rule") == false {
      let why = assertion.string("AssertDescription").map { ": \($0.value)" } ?? ""
      log.error(
        "rule \(rule) of blueprint \(blueprint.name) is not met\(why) (\(place(node.position)))",
        at: manifest.parametersLocation)
    }
  }

  /// `Fn::If`: only the branch that is taken is evaluated; of the other one names are checked.
  func choice(_ member: Node.Member, _ site: Site) -> LocatedValue {
    guard let parts = member.value.elements, parts.count == 3, let name = parts[0].string else {
      return malformed(member, "wants [\"Condition\", value if true, value if false]")
    }
    guard let isTrue = condition(name, at: parts[0].position) else {
      return .invalid(member.value.position)
    }
    checkNames(in: parts[isTrue ? 2 : 1])
    return evaluate(parts[isTrue ? 1 : 2], site)
  }
}
