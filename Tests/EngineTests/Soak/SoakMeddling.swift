import Document
import TrueupCore

/// What others do behind our back.
struct SoakMeddling {
  /// What was taken off by hand, to be put back in the end.
  private var stripped: [SoakWorld.Key: [String: String]] = [:]
  private var count = 0

  var hasObstacles: Bool { !stripped.isEmpty }

  // MARK: To what is ours

  /// Changes or deletes something of ours; returns what, for people.
  mutating func drift(_ world: inout SoakWorld, _ random: inout SeededGenerator) -> String? {
    let own = world.sorted.filter { world.foreign[SoakWorld.Key($0)] == nil }
    guard let thing = own.randomElement(using: &random) else { return nil }
    let key = SoakWorld.Key(thing)
    count += 1
    switch Int.random(in: 0..<7, using: &random) {
    case 0, 1:
      guard world.holders(of: thing).isEmpty else { return nil }
      world.remove(key)
      stripped[key] = nil
    case 2:
      guard !thing.tags.isEmpty else { return nil }
      world.retag(key, ["foreign": "\(count)"], removing: ["Project"])
    case 3 where thing.type == SoakKind.group.type:
      let rules: Document = [["Port": .integer(100 + count)]]
      world.set(key, ["Rules"], ["Rules": rules], from: nil)
    case 4 where !thing.tags.isEmpty:
      let taken = random.pick([
        [OwnershipTags.stack], [OwnershipTags.resource],
        [OwnershipTags.stack, OwnershipTags.resource],
      ])
      stripped[key] = thing.tags.filter { taken.contains($0.key) }
        .merging(stripped[key] ?? [:]) { $1 }
      world.retag(key, [:], removing: Set(taken))
    default:
      world.set(key, ["Note"], ["Note": .string("drift \(count)")], from: nil)
    }
    return "a person touches \(thing.id) of \(thing.type)"
  }

  // MARK: Beside it

  /// Makes something that is not ours, and looks as if it were.
  mutating func intrude(
    _ world: inout SoakWorld, _ fleet: SoakFleet, _ git: SoakGit, _ random: inout SeededGenerator
  ) {
    count += 1
    let scope = random.once(in: 3) ? random.pick(SoakWorld.scopes) : SoakWorld.scopes[0]
    let kind = random.pick([SoakKind.net, .box, .queue, .board])
    var properties: Document = ["Note": .string("theirs \(count)")]
    if let rule = kind.facts.identity.name {
      let name = random.pick(["web", "app", "db", "theirs-\(count)"])
      properties = properties.setting(rule.property, .string(name))
    } else {
      properties = properties.setting("Cidr", .string("10.0.\(random.pick([0, 1, 2])).0/24"))
    }
    let tags = kind.facts.ownership.isTaggable ? tags(kind, scope, world, fleet, git, &random) : [:]
    guard case .success(let id) = world.create(kind.type, scope, properties, tags) else { return }
    note(SoakWorld.Key(scope: scope, type: kind.type, id: id), &world)
    // A wire in a foreign box, that carries no tags and names what we name. In a box that was ours once
    // nobody could tell it from ours.
    guard kind.type == SoakKind.box.type, id.hasPrefix("theirs") else { return }
    let endpoint =
      world.sorted.first { $0.type == SoakKind.queue.type }?.properties["Arn"] ?? "mail-1"
    let wire: Document = ["BoxName": .string(id), "Endpoint": endpoint]
    if case .success(let id) = world.create(SoakKind.wire.type, scope, wire, [:]) {
      note(SoakWorld.Key(scope: scope, type: SoakKind.wire.type, id: id), &world)
    }
  }

  private func note(_ key: SoakWorld.Key, _ world: inout SoakWorld) {
    if world.origin[key] == nil { world.foreign[key] = world.things[key] }
  }

  private func tags(
    _ kind: SoakKind, _ scope: Scope, _ world: SoakWorld, _ fleet: SoakFleet, _ git: SoakGit,
    _ random: inout SeededGenerator
  ) -> [String: String] {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return [:]
    case 1: return ["Project": "Fleet"]
    case 2:
      return OwnershipTags.owner(
        StackID(project: "other", client: "client0", environment: "prod"), resource: "R1")
    case 3:
      return OwnershipTags.owner(
        StackID(project: "fleet", client: "gone", environment: "prod"), resource: "R1")
    default:
      // Ours, forged. There is a true one, or none is wanted.
      let genuine = world.sorted.filter {
        $0.type == kind.type && world.foreign[SoakWorld.Key($0)] == nil && $0.scope == scope
          && $0.tags[OwnershipTags.resource] != nil && $0.tags[OwnershipTags.stack] != nil
      }
      var tags =
        genuine.randomElement(using: &random)?.tags
        ?? OwnershipTags.owner(fleet.id(0), resource: "Forged\(count)")
      let known = git.commits.last.map(\.revision)
      tags[OwnershipTags.revision] = random.pick([
        nil, "beef", known, tags[OwnershipTags.revision],
      ])
      return tags
    }
  }

  // MARK: In the end

  /// Everything that is not ours goes, and what was taken off comes back.
  mutating func withdraw(_ world: inout SoakWorld) {
    for key in world.foreign.keys { world.remove(key) }
    for (key, tags) in stripped { world.retag(key, tags) }
    stripped = [:]
  }

  mutating func forget(_ keys: Set<SoakWorld.Key>) {
    for key in keys { stripped[key] = nil }
  }
}
