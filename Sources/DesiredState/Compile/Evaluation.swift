import Document
import TrueupCore

extension StackCompiler {
  /// The node's value, with intrinsic functions evaluated as far as is known now.
  func evaluate(_ node: Node, _ site: Site) -> LocatedValue {
    switch node.content {
    case .scalar(.null):
      error(
        "null is not allowed in a blueprint; leave the member out, or use "
          + "{ \"Ref\": \"AWS::NoValue\" }", at: node.position)
      return .invalid(node.position)
    case .scalar(let document):
      if case .string(let text) = document { checkPlaceholders(text, at: node.position) }
      return resolvingDynamicReferences(LocatedValue(.known(document), at: node.position), site)
    case .list(let elements):
      let values = elements.map { evaluate($0, site) }.filter { !$0.isAbsent }
      return LocatedValue(.list(values), at: node.position)
    case .object(let members):
      return evaluate(members, at: node.position, site)
    }
  }

  private func evaluate(
    _ members: [Node.Member], at position: Position, _ site: Site
  ) -> LocatedValue {
    if members.count == 1, members[0].isCall {
      let value = call(members[0], at: position, site)
      return resolvingDynamicReferences(value, site)
    }
    if let function = members.first(where: { $0.isCall && $0.key != "Ref" }) {
      error("\(function.key) must be the only member of its object", at: function.position)
      return .invalid(position)
    }
    let evaluated = expanded(members, "an object").compactMap { member -> LocatedValue.Member? in
      let value = evaluate(member.value, site)
      if value.isAbsent { return nil }
      return LocatedValue.Member(key: member.key, position: member.position, value: value)
    }
    return LocatedValue(.object(evaluated), at: position)
  }

  private func call(
    _ member: Node.Member, at position: Position, _ site: Site
  ) -> LocatedValue {
    let argument = member.value
    switch member.key {
    case "Ref":
      guard let name = argument.string else { return malformed(member, "wants a name") }
      return reference(to: name, at: position, site)
    case "Fn::GetAtt": return attribute(member, at: position, site)
    case "Fn::Sub": return substitution(member, at: position, site)
    case "Fn::If": return choice(member, site)
    case "Fn::FindInMap": return lookUp(member, at: position, site)
    case "Fn::GetAZs": return availabilityZones(member, at: position, site)
    case "Fn::ImportValue": return importedValue(member, at: position)
    case "Fn::GetStackOutput": return stackOutput(member, at: position)
    case "Fn::Transform":
      error("Fn::Transform is not supported", at: member.position)
      return .invalid(position)
    case "Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals", "Fn::Contains", "Fn::EachMemberEquals",
      "Fn::EachMemberIn", "Fn::RefAll", "Fn::ValueOf", "Fn::ValueOfAll":
      error("\(member.key) can stand only in Conditions and Rules", at: member.position)
      return .invalid(position)
    default:
      guard let function = IntrinsicFunction(rawValue: member.key), function != .resolve else {
        error(
          "there is no function \(member.key)"
            + Spelling.suggestion(for: member.key, among: Self.functionNames), at: member.position)
        return .invalid(position)
      }
      return apply(function, member: member, at: position, site: site)
    }
  }

  /// Functions that give a value.
  static let valueFunctions = [
    "Ref", "Fn::GetAtt", "Fn::Sub", "Fn::If", "Fn::FindInMap", "Fn::GetAZs", "Fn::ImportValue",
    "Fn::GetStackOutput", "Fn::Join", "Fn::Split", "Fn::Select", "Fn::Base64", "Fn::Cidr",
    "Fn::Length", "Fn::ToJsonString",
  ]
  static let functionNames =
    valueFunctions + ["Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals", "Fn::ForEach"]

  func malformed(_ member: Node.Member, _ problem: String) -> LocatedValue {
    error("\(member.key) \(problem)", at: member.value.position)
    return .invalid(member.value.position)
  }

  /// A function that `Value` itself knows.
  private func apply(
    _ function: IntrinsicFunction, member: Node.Member, at position: Position, site: Site
  ) -> LocatedValue {
    var nodes = [member.value]
    switch function {
    case .join, .split, .select, .cidr:
      guard let elements = member.value.elements else {
        return malformed(member, "wants a list of arguments")
      }
      nodes = elements
    case .length, .toJSONString: requireExtensions(function.rawValue, at: member.position)
    case .base64, .resolve: break
    }
    let arguments = nodes.map { evaluate($0, site) }
    if arguments.contains(where: \.isInvalid) { return .invalid(position) }
    if arguments.contains(where: \.isAbsent) {
      return malformed(member, "cannot do without an argument: it is AWS::NoValue")
    }
    return calling(function, arguments.map(\.value), at: position)
  }

  func calling(
    _ function: IntrinsicFunction, _ arguments: [Value], at position: Position
  ) -> LocatedValue {
    do throws(IntrinsicError) {
      return LocatedValue(try Value.calling(function, arguments), at: position)
    } catch {
      self.error(error.description, at: position)
      return .invalid(position)
    }
  }

  /// Functions of `AWS::LanguageExtensions` need the transform, as in CloudFormation.
  func requireExtensions(_ what: String, at position: Position) {
    guard !blueprint.hasExtensions else { return }
    error("\(what) needs \"Transform\": \"\(Blueprint.extensions)\"", at: position)
  }

  /// A value that must be known now; `nil`, reported, where it is not.
  func decided(_ node: Node, _ what: String) -> Document? {
    decided(evaluate(node, .decision(what)), node: node, what: what)
  }

  func decided(_ value: LocatedValue, node: Node, what: String) -> Document? {
    if value.isInvalid { return nil }
    if value.isAbsent {
      error("\(what) cannot be AWS::NoValue", at: node.position)
      return nil
    }
    return decided(value, what)
  }

  func decided(_ located: LocatedValue, _ what: String) -> Document? {
    let value = located.value
    if let document = value.document { return document }
    if let secret = value.secrets.min(by: { $0.parameter < $1.parameter }) {
      error("\(what) cannot depend on NoEcho parameter \(secret.parameter)", at: located.position)
    } else {
      let names = Set(value.facts.map { factOrigins[$0] ?? "a fact" }).sorted()
      log.error(
        "\(what) depends on \(names.joined(separator: ", ")), which is known only when AWS is asked",
        at: place(located.position), stack: id.name, isUndecided: true)
    }
    return nil
  }

  func decidedText(_ node: Node, _ what: String) -> String? {
    guard let document = decided(node, what) else { return nil }
    guard let text = document.scalarText else {
      error("\(what) must be a string, not \(document.article)", at: node.position)
      return nil
    }
    return text
  }
}

extension Node.Member {
  /// Whether the member is an intrinsic function; loops are expanded where they stand.
  var isCall: Bool { key == "Ref" || key.hasPrefix("Fn::") && !isLoop }

  var isLoop: Bool { key == "Fn::ForEach" || key.hasPrefix("Fn::ForEach::") }
}
