import Digest
import Document

@testable import TrueupCore

/// How the world carries out steps.
extension TestWorld {
  mutating func perform(
    _ step: PlannedStep, _ values: inout [Address: Document], _ problems: inout [String]
  ) {
    switch step.id.action {
    case .create:
      create(step, &values, &problems)
    case .update:
      update(step, &values, &problems)
    case .delete:
      guard !kept.contains("\(step.type) \(step.scope) \(step.id.target)"),
        !staysAsItIs(step, values)
      else { return }
      guard let index = resources.firstIndex(where: { isTarget($0, of: step) }) else {
        return problems.append("\(step.id): there is no such resource")
      }
      let names = [resources[index].id, "arn:\(resources[index].id)"]
      let holders = resources.filter { other in
        !isTarget(other, of: step) && names.contains { Self.mentions(other.properties, $0) }
      }
      guard holders.isEmpty else {
        return problems.append("\(step.id): \(holders.map(\.id)) refer to it")
      }
      resources.remove(at: index)
      knownIDs[step.id.address]?.remove(Evidence.KnownID(type: step.type, id: step.id.target))
      if values[step.id.address] == nil, !step.isLeftover {
        removed[step.id.address] = step.isReplacement ? .replaced : .undesired
      }
      if values[step.id.address] == nil, !step.isLeftover,
        base.resources[step.id.address]?.id == step.id.target
      {
        base.resources[step.id.address] = nil
      }
    }
  }

  /// What would be deleted to make room turns out to be what is to be made.
  func staysAsItIs(_ step: PlannedStep, _ values: [Address: Document]) -> Bool {
    guard let kind = ToyKind.catalog[step.type], let replacement = step.replacement,
      let wanted = clear(replacement, values)
    else { return false }
    return Reconsideration.changes(of: step, to: wanted, kind: kind) != nil
  }

  mutating func create(
    _ step: PlannedStep, _ values: inout [Address: Document], _ problems: inout [String]
  ) {
    guard let kind = ToyKind.catalog[step.type],
      var properties = clear(step.desired, values)?.object, let tags = tags(step, values)
    else { return problems.append("\(step.id): \(step.desired.redacted.json()) is not known") }
    if let live = step.replaced,
      resources.contains(where: {
        $0.id == live.id && $0.type == live.type && $0.scope == live.scope
      }),
      let changed = Reconsideration.changes(of: step, to: .object(properties), kind: kind)
    {
      keep(live, changed, properties, tags, step, &values, &problems)
      return
    }
    let rule = kind.facts.identity.name
    made += 1
    let name = rule.flatMap { properties[$0.property]?.string }
    if rule != nil, name == nil { return problems.append("\(step.id): it has no name") }
    let id = kind.facts.identity.ref == rule?.property ? name ?? "" : "\(step.type)-\(made)"
    let shown = kind.facts.normal(.object(properties))
    let taken = resources.first { peer in
      peer.type == step.type && peer.scope == step.scope
        && !kind.facts.lifecycle.makesRevisions
        && kind.facts.identity.keys.contains {
          $0.conflict(shown, kind.facts.normal(peer.properties)) == .same
        }
    }
    if let taken { return problems.append("\(step.id): \(taken.id) is in its place") }
    properties[kind.facts.identity.ref] = .string(id)
    properties["Arn"] = .string("arn:\(id)")
    for hidden in kind.facts.properties.listing(\.notReadable).compactMap(\.path.property) {
      properties[hidden] = nil
    }
    resources.append(
      Observed(
        type: step.type, id: id, scope: step.scope, properties: .object(properties), tags: tags,
        createdAt: Double(made)))
    note(step, id, &values)
  }

  /// What was to be replaced turns out to be as desired, or to need an update alone.
  mutating func keep(
    _ live: Observed, _ changed: Set<String>, _ properties: [String: Document],
    _ tags: [String: String], _ step: PlannedStep, _ values: inout [Address: Document],
    _ problems: inout [String]
  ) {
    guard
      let index = resources.firstIndex(where: {
        $0.id == live.id && $0.type == live.type && $0.scope == live.scope
      })
    else { return problems.append("\(step.id): it is not there") }
    for property in changed {
      resources[index].properties = resources[index].properties.setting(
        property, properties[property])
    }
    if ToyKind.catalog[step.type]?.facts.ownership.isTaggable == true {
      resources[index].tags.merge(tags) { _, new in new }
    }
    kept.insert("\(live.type) \(live.scope) \(live.id)")
    note(step, live.id, &values)
  }

  mutating func update(
    _ step: PlannedStep, _ values: inout [Address: Document], _ problems: inout [String]
  ) {
    guard let index = resources.firstIndex(where: { isTarget($0, of: step) }),
      let desired = clear(step.desired, values)?.object, let tags = tags(step, values),
      case .object(var properties) = resources[index].properties
    else { return problems.append("\(step.id): it is not there, or its properties are not known") }
    for property in step.changed { properties[property] = desired[property] }
    resources[index].properties = .object(properties)
    if step.changesTags {
      resources[index].tags.merge(tags) { _, new in new }
      for key in step.removedTags { resources[index].tags[key] = nil }
    }
    if !step.id.target.isEmpty, step.changed.isEmpty {
      knownIDs[step.id.address]?.remove(Evidence.KnownID(type: step.type, id: step.id.target))
    }
    if step.id.target.isEmpty {
      note(step, resources[index].id, &values)
    } else if base.resources[step.id.address]?.id == step.id.target {
      base.resources[step.id.address] = nil
    }
  }

  mutating func note(
    _ step: PlannedStep, _ id: String, _ values: inout [Address: Document]
  ) {
    guard let observed = resources.first(where: { $0.id == id && $0.type == step.type }) else {
      return
    }
    values[step.id.address] = observed.properties
    if step.isProven { vouch(for: step.id.address, step.type, id) }
    base.resources[step.id.address] = Base.Resource(
      type: step.type, id: id, scope: step.scope,
      properties: known(step.desired, values).redacted,
      tags: step.tags.compactMapValues { $0.document?.string })
  }

  func isTarget(_ observed: Observed, of step: PlannedStep) -> Bool {
    observed.id == step.physicalID && observed.type == step.type && observed.scope == step.scope
  }

  // MARK: Values

  func known(_ value: Value, _ values: [Address: Document]) -> Value {
    let evaluated = try? value.evaluated { leaf in
      guard case .reference(let reference) = leaf, let properties = values[reference.address]
      else { return nil }
      let type = resources.first { $0.properties == properties }?.type ?? ""
      return properties[reference.attribute ?? ToyKind.catalog[type]?.facts.identity.ref ?? ""]
    }
    return evaluated ?? value
  }

  func clear(_ value: Value, _ values: [Address: Document]) -> Document? {
    let evaluated = try? known(value, values).evaluated { leaf in
      guard case .secret(let secret) = leaf else { return nil }
      return secrets[secret.parameter].map(Document.string)
    }
    return evaluated?.document
  }

  func tags(_ step: PlannedStep, _ values: [Address: Document]) -> [String: String]? {
    let tags = step.tags.compactMapValues { known($0, values).document?.string }
    return tags.count == step.tags.count ? tags : nil
  }

  static func mentions(_ value: Document, _ text: String) -> Bool {
    switch value {
    case .string(let string): string == text
    case .list(let elements): elements.contains { mentions($0, text) }
    case .object(let members): members.values.contains { mentions($0, text) }
    default: false
    }
  }
}
