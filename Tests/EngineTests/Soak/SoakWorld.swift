import Document
import TrueupCore

@testable import Engine

/// An AWS of random toys, as strict as AWS: nothing that is in use is deleted, and nothing is taken twice.
struct SoakWorld {
  /// What a thing is called in AWS.
  struct Key: Hashable, Comparable {
    var scope: Scope
    var type: String
    var id: String

    init(_ thing: Observed) { (scope, type, id) = (thing.scope, thing.type, thing.id) }

    init(scope: Scope, type: String, id: String) {
      (self.scope, self.type, self.id) = (scope, type, id)
    }

    static func < (left: Key, right: Key) -> Bool {
      (left.type, left.scope, left.id) < (right.type, right.scope, right.id)
    }
  }

  private(set) var things: [Key: Observed] = [:]
  /// What somebody else made: nothing of it may change.
  var foreign: [Key: Observed] = [:]
  /// For which address Trueup made a thing.
  var origin: [Key: Address] = [:]
  private var made = 0

  static let account = "111111111111"
  static let scopes = [
    Scope(account: account, region: "us-east-1"), Scope(account: account, region: "eu-west-1"),
    Scope(account: "222222222222", region: "us-east-1"),
  ]

  var sorted: [Observed] { things.values.sorted { Key($0) < Key($1) } }

  /// The world as it is observed: groups show the rules that are resources of their own.
  var snapshot: Snapshot {
    var snapshot = Snapshot()
    for scope in Self.scopes {
      for kind in SoakKind.all {
        snapshot.resources[Snapshot.Key(scope: scope, type: kind.type)] = []
      }
    }
    for thing in sorted {
      snapshot.resources[Snapshot.Key(scope: thing.scope, type: thing.type), default: []]
        .append(shown(thing))
    }
    return snapshot
  }

  func shown(_ thing: Observed) -> Observed {
    guard thing.type == SoakKind.group.type else { return thing }
    let rules = things.values.filter {
      $0.type == SoakKind.rule.type && $0.properties["GroupId"]?.string == thing.id
    }.compactMap { $0.properties["Port"] }.sorted { $0.json() < $1.json() }
    guard !rules.isEmpty else { return thing }
    var shown = thing
    shown.properties = thing.properties.setting(
      "Rules", .list((thing.properties["Rules"]?.list ?? []) + rules.map { ["Port": $0] }))
    return shown
  }

  // MARK: What AWS does

  /// Makes a thing; returns its id, or why AWS refuses.
  mutating func create(
    _ type: String, _ scope: Scope, _ properties: Document, _ tags: [String: String]
  ) -> Result<String, Refusal> {
    guard let kind = SoakKind.of(type) else { return .failure(Refusal("no kind")) }
    let rule = kind.facts.identity.name
    let name = rule.flatMap { properties[$0.property]?.string }
    if rule != nil, name == nil { return .failure(Refusal("it has no name")) }
    let shown = kind.facts.normal(properties)
    let taken = sorted.first { peer in
      peer.type == type && peer.scope == scope
        && kind.facts.identity.keys.contains {
          $0.conflict(shown, kind.facts.normal(peer.properties)) == .same
        }
    }
    if let taken {
      return kind.givesBack
        ? .success(taken.id)
        : .failure(
          Refusal("\(taken.id) is in its place", isForeign: foreign[Key(taken)] != nil))
    }
    made += 1
    let ref = kind.facts.identity.ref
    // In no order: which is the newest, an id does not tell.
    let mixed = (made &* 7919) % 10_007
    let id = ref == rule?.property ? name ?? "" : "\(type.dropFirst(6).lowercased())-\(mixed)"
    let arn = "arn:toys:\(scope.region ?? ""):\(scope.account):\(type.dropFirst(6))/\(id)"
    let own = properties.setting(ref, .string(id)).setting("Arn", .string(arn))
    put(
      Observed(
        type: type, id: id, scope: scope, properties: own,
        tags: kind.facts.ownership.isTaggable ? tags : [:],
        createdAt: kind.tellsAge ? Double(1000 + made) : nil))
    return .success(id)
  }

  mutating func put(_ thing: Observed) { things[Key(thing)] = thing }

  /// Deletes a thing; returns why AWS refuses. What is gone is gone.
  mutating func delete(_ key: Key) -> Refusal? {
    guard let thing = things[key] else { return nil }
    let holders = holders(of: thing)
    if !holders.isEmpty { return Refusal("\(holders) refer to \(key.id)") }
    things[key] = nil
    origin[key] = nil
    return nil
  }

  /// A person deletes a thing.
  mutating func remove(_ key: Key) {
    things[key] = nil
    foreign[key] = nil
    origin[key] = nil
  }

  /// What stops AWS from deleting a thing.
  func holders(of thing: Observed) -> [String] {
    sorted.filter { other in
      guard Key(other) != Key(thing) else { return false }
      return (other.properties.object ?? [:]).contains { property, value in
        switch property {
        case "NetId", "GroupId": value.string == thing.id
        case "BoxName":
          thing.type == SoakKind.box.type && other.scope == thing.scope
            && other.type != thing.type && value.string == thing.id
        case "Rules": value.list?.contains { $0["Source"]?.string == thing.id } ?? false
        default: false
        }
      }
    }.map(\.id)
  }

  /// Sets properties of a thing. Rules that are taken off a group go, whoever made them.
  mutating func set(_ key: Key, _ changed: Set<String>, _ desired: Document, from seen: Observed?) {
    guard var thing = things[key] else { return }
    for property in changed.sorted() where property != "Rules" || seen == nil {
      thing.properties = thing.properties.setting(property, desired[property])
    }
    if changed.contains("Rules"), let seen {
      let wanted = desired["Rules"]?.list ?? []
      let off = (seen.properties["Rules"]?.list ?? []).filter { !wanted.contains($0) }
      let own = (thing.properties["Rules"]?.list ?? []).filter { !off.contains($0) }
      thing.properties = thing.properties.setting(
        "Rules", .list(own + wanted.filter { !own.contains($0) }))
      for rule in things.values
      where rule.type == SoakKind.rule.type && rule.properties["GroupId"]?.string == key.id
        && off.contains(["Port": rule.properties["Port"] ?? .null])
      { things[Key(rule)] = nil }
    }
    things[key] = thing
  }

  mutating func retag(_ key: Key, _ tags: [String: String], removing: Set<String> = []) {
    things[key]?.tags.merge(tags) { _, new in new }
    for tag in removing { things[key]?.tags[tag] = nil }
  }

  /// What is amiss with what somebody else made.
  var trespasses: [String] {
    foreign.sorted { $0.key < $1.key }.compactMap { key, before in
      guard let now = things[key] else {
        return "\(key.id) of \(key.type) is not ours, and is gone"
      }
      return now == before ? nil : "\(key.id) of \(key.type) is not ours, and was changed"
    }
  }
}

/// Why AWS does not do what it is asked.
struct Refusal: Error {
  var reason: String
  /// What is in the way was made by somebody else.
  var isForeign: Bool

  init(_ reason: String, isForeign: Bool = false) {
    (self.reason, self.isForeign) = (reason, isForeign)
  }
}
