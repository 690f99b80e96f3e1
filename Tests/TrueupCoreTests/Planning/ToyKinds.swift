import Document

@testable import TrueupCore

/// A kind for the planner, which asks for annotations alone.
struct ToyKind: Kind {
  let type: String
  let annotations: Annotations

  func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [] }
  func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] { [] }
  func next(_ step: Step, _ replies: [Reply]) -> Next { .failed("a toy carries nothing out") }

  /// A group without the rules that are resources of their own.
  func without(_ claims: [Claim], in observed: Observed) -> Observed {
    let ports = Set(claims.filter { $0.type == "Test::Rule" }.map { $0.properties["Port"] })
    var observed = observed
    if case .object(var properties) = observed.properties, let rules = properties["Rules"]?.list {
      properties["Rules"] = .list(rules.filter { !ports.contains($0["Port"]) })
      observed.properties = .object(properties)
    }
    return observed
  }

  /// Has no name; its network cannot be changed.
  static let net = ToyKind(
    type: "Test::Net",
    annotations: Annotations(
      ref: "NetId", normalisations: ["/Cidr": .cidr], createOnly: ["/Cidr": true]))

  /// Lies in a net for good; two with the same network cannot exist at once.
  static let sub = ToyKind(
    type: "Test::Sub",
    annotations: Annotations(
      ref: "SubId", naturalKey: ["NetId", "Cidr"], normalisations: ["/Cidr": .cidr],
      defaults: ["/Public": false],
      createOnly: ["/NetId": true, "/Cidr": true, "/Zone": true], replacesDeleteFirst: true))

  /// Named within its net; its rules may refer to other groups, and are owned whole.
  static let group = ToyKind(
    type: "Test::Group",
    annotations: Annotations(
      ref: "GroupId",
      nameRule: NameRule(property: "GroupName", maximumLength: 40, uniqueWithin: "NetId"),
      collections: ["/Rules": .set], ownedWhole: ["/Rules": []],
      createOnly: ["/GroupName": true, "/NetId": true, "/Purpose": true], releasable: ["Rules"]))

  /// Holds data, and a lease that only one can hold; found by its name.
  static let store = ToyKind(
    type: "Test::Store",
    annotations: Annotations(
      ref: "StoreName", nameRule: NameRule(property: "StoreName", maximumLength: 40),
      createOnly: ["/StoreName": true, "/Engine": true],
      notReadable: ["/Hint": "AWS never shows hints"],
      notResettable: ["/Size": "a store cannot forget its size"], isStateful: true,
      exclusive: ["Lease", "Leases"]))

  /// Carries no tags; lies in a net, which owns all of them and has the list; goes to one of two targets.
  static let link = ToyKind(
    type: "Test::Link",
    annotations: Annotations(
      ref: "Id", isTaggable: false, naturalKey: ["NetId", "Cidr", "Cidr6"], parent: "NetId",
      isOwnedWithParent: true, gives: ["Links"], normalisations: ["/Cidr": .cidr],
      createOnly: ["/NetId": true, "/Cidr": true, "/Cidr6": true], replacesDeleteFirst: true))

  /// Carries no tags, and lies in nothing; found by its name.
  static let board = ToyKind(
    type: "Test::Board",
    annotations: Annotations(
      ref: "BoardName", isTaggable: false,
      nameRule: NameRule(property: "BoardName", maximumLength: 40),
      createOnly: ["/BoardName": true]))

  /// A rule of a group that is a resource of its own.
  static let rule = ToyKind(
    type: "Test::Rule",
    annotations: Annotations(
      ref: "Id", isTaggable: false, naturalKey: ["GroupId", "Port"], parent: "GroupId",
      createOnly: ["/GroupId": true, "/Port": true]))

  static let catalog = Catalog([net, sub, group, store, link, board, rule])
}
