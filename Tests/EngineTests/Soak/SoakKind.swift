import Document
import TrueupCore

@testable import Engine

/// A kind for random worlds: `SoakWorld` carries out what it would do.
struct SoakKind: Kind {
  let type: String
  let facts: TypeFacts
  /// A create of what exists already gives that one back, as SNS does with subscriptions.
  var givesBack = false

  /// Whether AWS shows when a thing was made; of networks it does not.
  var tellsAge: Bool { ![Self.net.type, Self.sub.type, Self.group.type].contains(type) }

  func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [] }
  func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] { [] }
  func next(_ step: Step, _ replies: [Reply]) -> Next { .failed("the world carries it out") }

  /// A group without the rules that are resources of their own.
  func without(_ claims: [Claim], in observed: Observed) -> Observed {
    let ports = Set(claims.filter { $0.type == Self.rule.type }.map { $0.properties["Port"] })
    guard let rules = observed.properties["Rules"]?.list else { return observed }
    var observed = observed
    observed.properties = observed.properties.setting(
      "Rules", .list(rules.filter { !ports.contains($0["Port"]) }))
    return observed
  }

  /// Has no name; its network cannot be changed.
  static let net = SoakKind(
    type: "Soak::Net",
    facts: TypeFacts(Identity(ref: "NetId"), properties: ["/Cidr": .normal(.cidr).createOnly]))

  /// In a net for good; two that overlap cannot exist at once.
  static let sub = SoakKind(
    type: "Soak::Sub",
    facts: TypeFacts(
      Identity(ref: "SubId", unique: [UniqueKey("Cidr", within: ["NetId"], comparison: .overlap)]),
      properties: [
        "/Cidr": .normal(.cidr).createOnly,
        "/NetId": .createOnly.with(refersTo: "Soak::Net"),
      ]))

  /// Named within its net; its rules may refer to other groups, and are owned whole.
  static let group = SoakKind(
    type: "Soak::Group",
    facts: TypeFacts(
      Identity(
        ref: "GroupId",
        name: NameRule(property: "GroupName", maximumLength: 60, uniqueWithin: "NetId")),
      properties: [
        "/Rules": .set.ownedWhole([]).releasable,
        "/GroupName": .createOnly,
        "/NetId": .createOnly.with(refersTo: "Soak::Net"),
        "/Purpose": .createOnly,
      ]))

  /// Named, and holds a lease that only one can hold.
  static let box = SoakKind(
    type: "Soak::Box",
    facts: TypeFacts(
      Identity(
        ref: "BoxName", name: NameRule(property: "BoxName", maximumLength: 60),
        unique: [.exclusive("Lease")]),
      properties: ["/BoxName": .createOnly, "/Engine": .createOnly, "/Lease": .createOnly]))

  /// Named; made again under its name, it has the ARN that it had.
  static let queue = SoakKind(
    type: "Soak::Queue",
    facts: TypeFacts(
      Identity(ref: "QueueName", name: NameRule(property: "QueueName", maximumLength: 60)),
      properties: ["/QueueName": .createOnly, "/Engine": .createOnly]))

  /// Carries no tags; in a box, to a queue.
  static let wire = SoakKind(
    type: "Soak::Wire",
    facts: TypeFacts(
      Identity(ref: "WireId", unique: [UniqueKey("Endpoint", within: ["BoxName"])]),
      ownership: .inside([Parent("BoxName", "Soak::Box")]),
      properties: ["/BoxName": .createOnly, "/Endpoint": .createOnly]), givesBack: true)

  /// Carries no tags; in a net, which owns all of them and has the list.
  static let link = SoakKind(
    type: "Soak::Link",
    facts: TypeFacts(
      Identity(ref: "LinkId", unique: [UniqueKey("Cidr", within: ["NetId"])]),
      ownership: .inside([Parent("NetId", "Soak::Net")], whole: true, gives: ["Links"]),
      properties: ["/Cidr": .normal(.cidr).createOnly, "/NetId": .createOnly]))

  /// Carries no tags, and is in nothing; found by its name.
  static let board = SoakKind(
    type: "Soak::Board",
    facts: TypeFacts(
      Identity(ref: "BoardName", name: NameRule(property: "BoardName", maximumLength: 60)),
      ownership: .byName, properties: ["/BoardName": .createOnly]))

  /// A rule of a group that is a resource of its own.
  static let rule = SoakKind(
    type: "Soak::Rule",
    facts: TypeFacts(
      Identity(ref: "RuleId", unique: [UniqueKey("Port", within: ["GroupId"])]),
      ownership: .inside([Parent("GroupId", "Soak::Group")]),
      properties: ["/GroupId": .createOnly, "/Port": .createOnly]))

  static let all = [net, sub, group, box, queue, wire, link, board, rule]
  static let catalog = Catalog(all)

  static func of(_ type: String) -> SoakKind? { all.first { $0.type == type } }

  /// What cannot be changed once it is set.
  var createOnly: [String] {
    facts.properties.listing(\.isCreateOnly).filter(\.1).compactMap(\.path.property)
  }
}

extension PropertyFacts {
  fileprivate func with(refersTo type: String) -> PropertyFacts {
    var facts = self
    facts.referredTypes = [type]
    return facts
  }
}
