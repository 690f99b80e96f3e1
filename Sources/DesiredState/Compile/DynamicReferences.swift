import Document
import TrueupCore

extension StackCompiler {
  /// The value with `{{resolve:ssm:name}}` and `{{resolve:ssm:name:version}}` replaced by facts, and
  /// `{{resolve:secretsmanager:…}}` by secrets, whose names may be known only when they are made.
  ///
  /// `{{resolve:ssm-secure:…}}` is an error, as it is in CloudFormation for most properties.
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
    case .leaf(let value): return resolvingDynamicReferences(value, located: located, site: site)
    case .absent, .invalid: return located
    }
  }

  private func resolvingDynamicReferences(
    _ value: Value, located: LocatedValue, site: Site
  ) -> LocatedValue {
    if let text = value.document?.string {
      guard Self.holdsReference(text) else { return located }
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
    if case .call(.join, let arguments) = value, arguments.first == .string(""),
      let elements = arguments.last?.elements,
      elements.contains(where: { $0.document?.string.map(Self.holdsReference) ?? false })
    {
      guard let parts = parts(of: elements, at: located.position) else {
        return .invalid(located.position)
      }
      return calling(.join, [.string(""), .list(of: parts)], at: located.position)
    }
    return located
  }

  /// Most texts have no brace at all, which is quickly told.
  private static func holdsReference(_ text: String) -> Bool {
    text.utf8.contains(UInt8(ascii: "{")) && text.contains("{{resolve:")
  }

  /// The parts of a text of which some are not known yet: a secret may be named by a reference.
  private func parts(of elements: [Value], at position: Position) -> [Value]? {
    var parts: [Value] = []
    var open: [Value]?
    for element in elements {
      guard var text = element.document?.string else {
        if open == nil { parts.append(element) } else { open?.append(element) }
        continue
      }
      if let begun = open {
        guard let end = text.firstRange(of: "}}") else {
          open?.append(element)
          continue
        }
        let inner = begun + [.string(String(text[..<end.lowerBound]))]
        guard let secret = stored(inner, at: position) else { return nil }
        parts.append(secret)
        open = nil
        text = String(text[end.upperBound...])
      }
      // Only the last may go on in the next element.
      let last = text.ranges(of: "{{resolve:").last
      let isOpen = last.map { !text[$0.upperBound...].contains("}}") } ?? false
      let whole = last.flatMap { isOpen ? String(text[..<$0.lowerBound]) : nil } ?? text
      guard let known = self.parts(of: whole, at: position) else { return nil }
      parts += known
      if let last, isOpen { open = [.string(String(text[last.upperBound...]))] }
    }
    // What is never closed is no reference.
    return parts + (open.map { [.string("{{resolve:")] + $0 } ?? [])
  }

  /// A secret whose name is known only when the resource is there.
  private func stored(_ inner: [Value], at position: Position) -> Value? {
    guard inner.first?.document?.string?.hasPrefix("secretsmanager:") == true else {
      error(
        "a dynamic reference to a parameter must be known when the blueprint is compiled",
        at: position)
      return nil
    }
    let text = calling(.join, [.string(""), .list(of: inner)], at: position)
    guard !text.isInvalid else { return nil }
    let secret = calling(.resolve, [text.value, .string(id.name)], at: position)
    return secret.isInvalid ? nil : secret.value
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
    case "secretsmanager":
      let secret = calling(.resolve, [.string(reference), .string(id.name)], at: position)
      return secret.isInvalid ? nil : secret.value
    case "ssm-secure":
      error(
        "{{resolve:ssm-secure:…}} is not supported; keep the secret in Secrets Manager, or give it "
          + "through a NoEcho parameter", at: position)
    default:
      error(
        "{{resolve:\(reference)}} is no dynamic reference; it is {{resolve:ssm:name}}, "
          + "{{resolve:ssm:name:version}} or {{resolve:secretsmanager:id:SecretString:key}}",
        at: position)
    }
    return nil
  }
}
