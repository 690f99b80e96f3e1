import Document
import TrueupCore

/// The text of an `Fn::Sub`, in parts.
enum SubstitutionPart: Equatable {
  case text(String)
  /// What stands in `${…}`.
  case variable(String)

  /// The parts, or what is wrong. `${!Name}` is the text `${Name}`.
  /// Source: CloudFormation User Guide, "Fn::Sub".
  static func parts(of text: String) -> Result<[SubstitutionPart], StackCompiler.Malformed> {
    guard text.utf8.contains(UInt8(ascii: "$")) else {
      return .success(text.isEmpty ? [] : [.text(text)])
    }
    var parts: [SubstitutionPart] = []
    var rest = text[...]
    while let start = rest.firstRange(of: "${") {
      parts.append(.text(String(rest[..<start.lowerBound])))
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
        return .failure(.init(problem: "has ${ without }; write ${!…} for a literal one"))
      }
      let name = String(rest[start.upperBound..<end])
      if name.hasPrefix("!") {
        parts.append(.text("${\(name.dropFirst())}"))
      } else if isName(name) {
        parts.append(.variable(name))
      } else {
        return .failure(
          .init(problem: "cannot substitute ${\(name)}; write ${!\(name)} for the literal text"))
      }
      rest = rest[rest.index(after: end)...]
    }
    parts.append(.text(String(rest)))
    return .success(parts.filter { $0 != .text("") })
  }

  /// Pseudo parameters alone have colons: `${aws:username}` belongs to IAM and is meant literally.
  private static func isName(_ name: String) -> Bool {
    let word = name.hasPrefix("AWS::") ? name.dropFirst(5) : name[...]
    return !word.isEmpty
      && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
  }
}

extension StackCompiler {
  struct Malformed: Error {
    var problem: String
  }

  /// `Fn::Sub`: a text, or `[text, { name: value }]`.
  func substitution(_ member: Node.Member, at position: Position, _ site: Site) -> LocatedValue {
    guard let (text, variables) = substitutionArguments(member) else { return .invalid(position) }
    switch settings.substitutions[text] {
    case .failure(let malformed): return self.malformed(member, malformed.problem)
    case .success(let parts):
      let values = parts.map { part -> LocatedValue in
        switch part {
        case .text(let text): LocatedValue(.string(text), at: position)
        case .variable(let name): variable(name, variables: variables, at: position, site: site)
        }
      }
      if values.contains(where: \.isInvalid) { return .invalid(position) }
      if values.contains(where: \.isAbsent) {
        return malformed(member, "cannot substitute AWS::NoValue")
      }
      if values.contains(where: { $0.value.elements != nil || $0.value.members != nil }) {
        return malformed(member, "can substitute strings only, not a list or an object")
      }
      return calling(.join, [.string(""), .list(of: values.map(\.value))], at: position)
    }
  }

  func substitutionArguments(_ member: Node.Member) -> (String, [Node.Member])? {
    if let text = member.value.string { return (text, []) }
    if let elements = member.value.elements, elements.count == 2, let text = elements[0].string,
      let variables = elements[1].members
    {
      return (text, variables)
    }
    _ = malformed(member, "wants a string, or [string, { name: value }]")
    return nil
  }

  private func variable(
    _ name: String, variables: [Node.Member], at position: Position, site: Site
  ) -> LocatedValue {
    if let own = variables.last(where: { $0.key == name }) { return evaluate(own.value, site) }
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return reference(to: name, at: position, site) }
    guard
      let reference = resourceReference(parts[0], attribute: parts[1], at: position, site)
    else { return .invalid(position) }
    return LocatedValue(.leaf(reference), at: position)
  }
}
