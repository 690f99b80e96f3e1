import Document
import TrueupCore

extension StackCompiler {
  /// Reports names that do not exist in a part of the blueprint that this stack does not use: the
  /// branch of an `Fn::If` that is not taken, a resource whose condition is false.
  func checkNames(in node: Node) {
    if let elements = node.elements { elements.forEach(checkNames) }
    guard let members = node.members else { return }
    guard members.count == 1, members[0].isCall else {
      // What a loop would make is checked where it is made.
      if !members.contains(where: \.isLoop) { members.map(\.value).forEach(checkNames) }
      return
    }
    let member = members[0]
    switch member.key {
    case "Ref":
      if let name = member.value.string { checkName(name, at: node.position) }
    case "Fn::GetAtt":
      let names =
        member.value.string?.split(separator: ".", maxSplits: 1).map(String.init)
        ?? member.value.elements?.compactMap(\.string) ?? []
      if names.count == 2 {
        _ = checkedResource(names[0], attribute: names[1], at: node.position)
      }
    case "Fn::Sub": checkSubstitution(member, at: node.position)
    case "Fn::If":
      guard let parts = member.value.elements, let name = parts.first?.string else { return }
      _ = condition(name, at: parts[0].position)
      parts.dropFirst().forEach(checkNames)
    default:
      if member.key == "Fn::Transform" || !Self.functionNames.contains(member.key) {
        _ = evaluate(node, .output)
      } else {
        checkNames(in: member.value)
      }
    }
  }

  private func checkName(_ name: String, at position: Position) {
    if name == "AWS::NoValue" || pseudoParameters[name] != nil { return }
    if blueprint.parameterNames.contains(name) { return }
    _ = checkedResource(name, attribute: nil, at: position)
  }

  private func checkSubstitution(_ member: Node.Member, at position: Position) {
    guard let (text, variables) = substitutionArguments(member) else { return }
    variables.map(\.value).forEach(checkNames)
    guard case .success(let parts) = settings.substitutions[text] else { return }
    for case .variable(let name) in parts where !variables.contains(where: { $0.key == name }) {
      let names = name.split(separator: ".", maxSplits: 1).map(String.init)
      if names.count == 2 {
        _ = checkedResource(names[0], attribute: names[1], at: position)
      } else {
        checkName(name, at: position)
      }
    }
  }
}
