import Document
import TrueupCore

extension StackCompiler {
  /// The value with `{{resolve:ssm:name}}` and `{{resolve:ssm:name:version}}` replaced by facts.
  ///
  /// `{{resolve:ssm-secure:…}}` and `{{resolve:secretsmanager:…}}` are errors: they give secrets, and
  /// a secret enters through a `NoEcho` parameter, whose value is stored nowhere.
  /// Source: CloudFormation User Guide, "Get values stored in other services using dynamic references".
  func resolvingDynamicReferences(_ located: LocatedValue, _ site: Site) -> LocatedValue {
    var resolved = located
    switch located.content {
    case .list(let elements):
      resolved.content = .list(elements.map { resolvingDynamicReferences($0, site) })
      return resolved
    case .object(let members):
      resolved.content = .object(
        members.map { member in
          var member = member
          member.value = resolvingDynamicReferences(member.value, site)
          return member
        })
      return resolved
    case .leaf(let value): return resolvingDynamicReferences(value, located, site)
    case .absent, .invalid: return located
    }
  }

  private func resolvingDynamicReferences(
    _ value: Value, _ located: LocatedValue, _ site: Site
  ) -> LocatedValue {
    if let text = value.document?.string {
      guard text.contains("{{resolve:") else { return located }
      if case .decision(let what) = site {
        error(
          "\(what) cannot use a dynamic reference; use an SSM parameter type", at: located.position)
        return .invalid(located.position)
      }
      guard let parts = parts(of: text, at: located.position) else {
        return .invalid(located.position)
      }
      return calling(.join, [.string(""), .list(of: parts)], at: located.position)
    }
    if case .call(.join, let arguments) = value,
      (arguments.last?.elements ?? []).contains(where: {
        $0.document?.string?.contains("{{resolve:") ?? false
      })
    {
      error(
        "a dynamic reference must be known when the blueprint is compiled", at: located.position)
      return .invalid(located.position)
    }
    return located
  }

  private func parts(of text: String, at position: Position) -> [Value]? {
    var parts: [Value] = []
    var rest = text[...]
    while let start = rest.firstRange(of: "{{resolve:") {
      guard let end = rest[start.upperBound...].firstRange(of: "}}") else {
        // The rest comes from an enclosing function, if it comes at all.
        break
      }
      parts.append(.string(String(rest[..<start.lowerBound])))
      let reference = String(rest[start.upperBound..<end.lowerBound])
      guard let fact = fact(of: reference, at: position) else { return nil }
      parts.append(fact)
      rest = rest[end.upperBound...]
    }
    return parts + [.string(String(rest))]
  }

  /// `ssm:name` or `ssm:name:version`; GetParameters takes `name:version` as a name.
  private func fact(of reference: String, at position: Position) -> Value? {
    let parts = reference.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    switch parts[0] {
    case "ssm" where parts.count == 2 && !parts[1].isEmpty:
      let fact = Fact.parameter(
        name: String(parts[1]), isList: false, account: account.id, region: region)
      factOrigins[fact] = "{{resolve:\(reference)}}"
      requiredFacts.insert(fact)
      return .fact(fact)
    case "ssm-secure", "secretsmanager":
      error(
        "{{resolve:\(parts[0]):…}} is not supported; give the secret through a NoEcho parameter",
        at: position)
    default:
      error(
        "{{resolve:\(reference)}} is no dynamic reference; it is {{resolve:ssm:name}} or "
          + "{{resolve:ssm:name:version}}", at: position)
    }
    return nil
  }
}
