import Document

/// Which observed resources really refer to which: by the identifiers in their properties, each of a type
/// that the property may name.
struct ObservedReferences {
  struct Holder {
    var observed: Observed
    /// The reference stands only in properties that may be emptied before a deletion.
    var isReleasable: Bool
  }

  private struct Target: Hashable {
    var scope: Scope
    var type: String
    var id: String

    init(_ observed: Observed) {
      scope = observed.scope
      type = observed.type
      id = observed.id
    }
  }

  private let holders: [Target: [Holder]]

  init(_ world: World) {
    var holders: [Target: [Holder]] = [:]
    for entry in world.entries where entry.owner != .nobody {
      let observed = entry.observed
      let releasable = world.catalog[observed.type]?.facts.properties.releasable ?? []
      var found: [Int: Bool] = [:]
      for (property, value) in observed.properties.object ?? [:]
      where world.rules.mayRefer(observed.type, property) {
        Self.eachString(in: value, at: PropertyPath([property])) { text, path in
          let types = world.rules.targets(observed.type, path)
          for target in world.named(text, in: observed.scope, by: types) {
            found[target] = (found[target] ?? true) && releasable.contains(property)
          }
        }
      }
      for (target, isReleasable) in found {
        holders[Target(world.entries[target].observed), default: []].append(
          Holder(observed: observed, isReleasable: isReleasable))
      }
    }
    self.holders = holders.mapValues { $0.sorted { $0.observed.id < $1.observed.id } }
  }

  /// The resources that refer to the target, sorted by id.
  func holders(of target: Observed) -> [Holder] { holders[Target(target)] ?? [] }

  private static func eachString(
    in value: Document, at path: PropertyPath, _ visit: (String, PropertyPath) -> Void
  ) {
    switch value {
    case .string(let text): visit(text, path)
    case .list(let elements):
      let inner = path.appending("*")
      for element in elements { eachString(in: element, at: inner, visit) }
    case .object(let members):
      for (key, member) in members { eachString(in: member, at: path.appending(key), visit) }
    default: return
    }
  }
}
