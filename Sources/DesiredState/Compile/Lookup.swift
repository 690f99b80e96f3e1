import Document
import TrueupCore

extension StackCompiler {
  /// `Fn::FindInMap`: `[map, first key, second key]`, with `{ "DefaultValue": … }` as a fourth.
  func lookUp(_ member: Node.Member, at position: Position, _ site: Site) -> LocatedValue {
    guard let parts = member.value.elements, (3...4).contains(parts.count) else {
      return malformed(member, "wants [map, first key, second key]")
    }
    var fallback: Node?
    if parts.count == 4 {
      requireExtensions("DefaultValue of Fn::FindInMap", at: parts[3].position)
      guard let options = parts[3].members, options.count == 1, options[0].key == "DefaultValue"
      else { return malformed(member, "wants { \"DefaultValue\": … } as its fourth argument") }
      fallback = options[0].value
    }
    for part in parts.prefix(3) {
      let isPlain = part.members.map { ["Ref", "Fn::FindInMap"].contains($0.first?.key) } ?? true
      if !isPlain { requireExtensions("a function in a key of Fn::FindInMap", at: part.position) }
    }
    let keys = parts.prefix(3).map { decidedText($0, "a key of Fn::FindInMap") }
    guard let map = keys[0], let first = keys[1], let second = keys[2] else {
      return .invalid(position)
    }
    var level: (what: String, node: Node)?
    var problem = missing("the blueprint has no mapping", name: map, names: blueprint.mappings.keys)
    if let node = blueprint.mappings[map] { level = ("mapping \(map)", node) }
    for key in [first, second] {
      guard let (what, node) = level else { break }
      problem = missing("\(what) has no key", name: key, names: (node.members ?? []).map(\.key))
      level = node[key].map { ("\(what)/\(key)", $0) }
    }
    if let node = level?.node { return LocatedValue(.known(node.document), at: position) }
    if let fallback { return evaluate(fallback, site) }
    error(problem, at: position)
    return .invalid(position)
  }

  private func missing(
    _ what: String, name: String, names: some Sequence<String>
  ) -> String {
    "\(what) \(name.quoted)" + Spelling.suggestion(for: name, among: names)
  }
}
