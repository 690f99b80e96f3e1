import Document
import TrueupCore

/// What differs between two recorded worlds, property by property. Pure.
public struct SnapshotDiff: Sendable {
  /// One value that differs; absent on a side where it was not recorded.
  public struct Difference: Hashable, Sendable {
    public var path: PropertyPath
    public var old: Document?
    public var new: Document?
  }

  public enum Change: String, Hashable, Sendable {
    case added, removed, changed
  }

  public struct Resource: Hashable, Sendable {
    public var change: Change
    /// The logical id, or the physical one where there is none.
    public var name: String
    public var type: String
    public var id: String
    public var differences: [Difference]
  }

  public struct Stack: Hashable, Sendable {
    public var name: String
    public var change: Change
    public var resources: [Resource]
    /// What the account tells: by the fact's description.
    public var facts: [Difference]
  }

  /// The stacks that differ, sorted.
  public var stacks: [Stack]
  /// How many stacks and resources are the same.
  public var sameStacks: Int
  public var sameResources: Int

  public var isSame: Bool { stacks.isEmpty }

  public init(from old: [StackSnapshot], to new: [StackSnapshot]) {
    let before = Dictionary(old.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
    let after = Dictionary(new.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
    (stacks, sameStacks, sameResources) = ([], 0, 0)
    for id in Set(before.keys).union(after.keys).sorted() {
      let (old, new) = (before[id], after[id])
      let resources = Self.resources(old?.resources ?? [], new?.resources ?? [])
      let facts = Self.facts(old, new)
      let changed = resources.count { $0.change == .changed }
      let added = resources.count { $0.change == .added }
      sameResources += (new?.resources.count ?? 0) - changed - added
      if old != nil, new != nil, resources.isEmpty, facts.isEmpty {
        sameStacks += 1
      } else {
        stacks.append(
          Stack(
            name: id.name, change: old == nil ? .added : new == nil ? .removed : .changed,
            resources: resources, facts: facts))
      }
    }
  }

  private struct Key: Hashable {
    var scope: Scope
    var type: String
    var id: String

    init(_ resource: StackSnapshot.Resource) {
      (scope, type, id) = (resource.scope, resource.type, resource.id)
    }
  }

  private static func resources(
    _ old: [StackSnapshot.Resource], _ new: [StackSnapshot.Resource]
  ) -> [Resource] {
    let before = Dictionary(old.map { (Key($0), $0) }, uniquingKeysWith: { _, last in last })
    let after = Dictionary(new.map { (Key($0), $0) }, uniquingKeysWith: { _, last in last })
    return Set(before.keys).union(after.keys).compactMap { key -> Resource? in
      let (old, new) = (before[key], after[key])
      guard let shown = new ?? old else { return nil }
      let differences = old.flatMap { old in new.map { Self.differences(old, $0) } } ?? []
      let change: Change = old == nil ? .added : new == nil ? .removed : .changed
      guard change != .changed || !differences.isEmpty else { return nil }
      return Resource(
        change: change, name: shown.logicalID ?? shown.id, type: shown.type, id: shown.id,
        differences: differences)
    }.sorted { ($0.name, $0.change.rawValue, $0.id) < ($1.name, $1.change.rawValue, $1.id) }
  }

  private static func differences(
    _ old: StackSnapshot.Resource, _ new: StackSnapshot.Resource
  ) -> [Difference] {
    func whole(_ resource: StackSnapshot.Resource) -> Document {
      var members = resource.properties
      if !resource.tags.isEmpty { members["Tags"] = .object(resource.tags) }
      for path in resource.unread {
        if let property = path.property { members[property] = "(could not be read)" }
      }
      return .object(members)
    }
    return differences(whole(old), whole(new), at: PropertyPath())
  }

  /// Objects member by member; anything else, lists too, as a whole.
  private static func differences(
    _ old: Document?, _ new: Document?, at path: PropertyPath
  ) -> [Difference] {
    if old == new { return [] }
    guard let before = old?.object, let after = new?.object else {
      return [Difference(path: path, old: old, new: new)]
    }
    return Set(before.keys).union(after.keys).sorted().flatMap {
      differences(before[$0], after[$0], at: path.appending($0))
    }
  }

  private static func facts(_ old: StackSnapshot?, _ new: StackSnapshot?) -> [Difference] {
    guard let old, let new else { return [] }
    return Set(old.facts.keys).union(new.facts.keys).filter { old.facts[$0] != new.facts[$0] }
      .map {
        Difference(
          path: PropertyPath([$0.description]), old: old.facts[$0], new: new.facts[$0])
      }.sorted { $0.path < $1.path }
  }
}
