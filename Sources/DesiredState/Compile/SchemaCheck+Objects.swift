import Document
import TrueupCore

extension SchemaCheck {
  mutating func checkedObject(
    _ members: [LocatedValue.Member], schema: PropertySchema, at path: PropertyPath,
    position: Position
  ) -> Value {
    var values: [String: Value] = [:]
    // A misspelled member is not missing as well.
    var meant: [String] = []
    let present = members.filter { member in
      !member.value.isAbsent && !isIdle(member, among: members, schema)
    }
    for member in present {
      let place = path.appending(member.key)
      checkSupport(place, member.position)
      if !isTrial, self.schema.readOnly.contains(where: { $0.matches(place) }) {
        error("\(subject(place)) is set by AWS and cannot be declared", at: member.position)
      }
      if let declared = memberSchema(member.key, schema) {
        values[member.key] = checked(member.value, declared, at: place)
      } else {
        values[member.key] = member.value.value
        guard !schema.allowsAdditionalProperties else { continue }
        let alternatives = (schema.anyOf + schema.oneOf + schema.allOf).flatMap(\.memberNames)
        let names = Set(schema.memberNames + alternatives)
        let nearest =
          Spelling.nearest(to: member.key, among: names)
          ?? Spelling.longer(than: member.key, among: names)
        meant += [nearest].compactMap(\.self)
        let isResource = path.components.isEmpty
        error(
          "\(subject(path)) has no property \(member.key.quoted)"
            + (nearest.map { "; did you mean \"\($0)\"?" }
              ?? (isResource ? ForeignWord.hint(member.key, in: .resource) : nil) ?? ""),
          at: member.position)
      }
    }
    checkPresence(present, meant: meant, schema: schema, at: path, position: position)
    return .object(of: values)
  }

  /// Whether the member is an empty list beside one that excludes it, as templates that fill either by a
  /// condition leave it: it says nothing and is not sent.
  private func isIdle(
    _ member: LocatedValue.Member, among members: [LocatedValue.Member], _ schema: PropertySchema
  ) -> Bool {
    guard case .list(let elements) = member.value.content, elements.isEmpty else { return false }
    return members.contains { other in
      guard other.key != member.key, !other.value.isAbsent else { return false }
      return schema.dependentExcluded[other.key]?.contains(member.key) == true
        || (schema.requiredXor.contains(other.key) && schema.requiredXor.contains(member.key))
    }
  }

  private func memberSchema(_ name: String, _ schema: PropertySchema) -> PropertySchema? {
    if let declared = schema.members[name] { return declared }
    for (source, member) in schema.patternMembers.sorted(by: { $0.key < $1.key })
    where patterns.matches(source, name) {
      return member
    }
    if schema.patternMembers.isEmpty { return schema.member(name) }
    return schema.additionalProperties
  }

  /// Which members must be there together, or must not.
  private mutating func checkPresence(
    _ present: [LocatedValue.Member], meant: [String], schema: PropertySchema,
    at path: PropertyPath, position: Position
  ) {
    let names = present.map(\.key) + meant
    for name in schema.required where !names.contains(name) {
      error("\(subject(path)) needs \(name.quoted)", at: position)
    }
    let count = schema.minProperties ?? 0
    if present.count < count {
      error("\(subject(path)) needs at least \(count) members", at: position)
    }
    if let most = schema.maxProperties, present.count > most {
      error("\(subject(path)) can have at most \(most) members", at: position)
    }
    if !schema.requiredXor.isEmpty {
      let found = present.filter { schema.requiredXor.contains($0.key) }
      if found.count > 1 { exclude(found, at: path) }
      if !schema.requiredXor.contains(where: names.contains) {
        error("\(subject(path)) needs one of \(Self.quoted(schema.requiredXor))", at: position)
      }
    }
    if !schema.requiredOr.isEmpty, !schema.requiredOr.contains(where: names.contains) {
      error("\(subject(path)) needs one of \(Self.quoted(schema.requiredOr))", at: position)
    }
    guard !schema.dependentRequired.isEmpty || !schema.dependentExcluded.isEmpty else { return }
    for (name, others) in schema.dependentRequired.sorted(by: { $0.key < $1.key }) {
      guard let member = present.first(where: { $0.key == name }) else { continue }
      for other in others where !names.contains(other) {
        error("\(subject(path)) with \(name.quoted) needs \(other.quoted)", at: member.position)
      }
    }
    for (name, others) in schema.dependentExcluded {
      for other in others where names.contains(name) && names.contains(other) {
        exclude(present.filter { $0.key == name || $0.key == other }, at: path)
      }
    }
  }

  private mutating func exclude(_ members: [LocatedValue.Member], at path: PropertyPath) {
    guard let last = members.last else { return }
    error(
      "\(subject(path)) can have only one of \(Self.quoted(members.map(\.key)))",
      at: last.position)
  }

  static func quoted(_ names: [String]) -> String {
    names.map(\.quoted).joined(separator: ", ")
  }

  /// `anyOf` and `oneOf`: one alternative must fit. Returns a scalar in that alternative's type.
  mutating func checkAlternatives(
    _ located: LocatedValue, _ schema: PropertySchema, at path: PropertyPath
  ) -> Value? {
    if schema.anyOf.isEmpty, schema.oneOf.isEmpty { return nil }
    var better: Value?
    for (alternatives, isExclusive) in [(schema.anyOf, false), (schema.oneOf, true)] {
      if alternatives.isEmpty { continue }
      let trials = alternatives.map { alternative -> (errors: [Finding], value: Value) in
        var trial = self
        trial.findings = []
        trial.isTrial = true
        let value = trial.checked(located, alternative, at: path)
        return (trial.findings, value)
      }
      let needs = alternatives.map(\.required)
      let fitting = trials.filter { $0.errors.isEmpty }
      if isExclusive, fitting.count > 1, needs.allSatisfy({ $0.count == 1 }),
        let members = located.members
      {
        exclude(members.filter { needs.contains([$0.key]) }, at: path)
      }
      if let first = fitting.first {
        if case .leaf = located.content, schema.types.isEmpty { better = first.value }
      } else if located.members != nil, !needs.contains([]) {
        let choices = needs.map { $0.map(\.quoted).joined(separator: " and ") }
        error("\(subject(path)) needs \(choices.joined(separator: ", or "))", at: located.position)
      } else if let nearest = trials.min(by: { $0.errors.count < $1.errors.count }) {
        findings += nearest.errors
      }
    }
    return better
  }
}
