import Document

@testable import TrueupCore

/// A kind for the planner, which asks for annotations alone.
struct ToyKind: Kind {
  let type: String
  let facts: TypeFacts

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
    facts: TypeFacts(
      Identity(ref: "NetId"),
      properties: [
        "/Cidr": .normal(.cidr).createOnly
      ]))

  /// Lies in a net for good; two with the same network cannot exist at once.
  static let sub = ToyKind(
    type: "Test::Sub",
    facts: TypeFacts(
      Identity(ref: "SubId", unique: [UniqueKey("Cidr", within: ["NetId"], comparison: .overlap)]),
      properties: [
        "/Cidr": .normal(.cidr).createOnly,
        "/Public": .defaultsTo(false),
        "/NetId": .createOnly,
        "/Zone": .createOnly,
      ]))

  /// Named within its net; its rules may refer to other groups, and are owned whole.
  static let group = ToyKind(
    type: "Test::Group",
    facts: TypeFacts(
      Identity(
        ref: "GroupId",
        name: NameRule(property: "GroupName", maximumLength: 40, uniqueWithin: "NetId")),
      properties: [
        "/Rules": .set.ownedWhole([]).releasable,
        "/GroupName": .createOnly,
        "/NetId": .createOnly,
        "/Purpose": .createOnly,
      ]))

  /// Holds data, and a lease that only one can hold; found by its name.
  static let store = ToyKind(
    type: "Test::Store",
    facts: TypeFacts(
      Identity(
        ref: "StoreName", name: NameRule(property: "StoreName", maximumLength: 40),
        unique: [.exclusive("Lease", "Leases")]),
      lifecycle: Lifecycle(holdsData: true),
      properties: [
        "/StoreName": .createOnly,
        "/Engine": .createOnly,
        "/Hint": .notReadable("AWS never shows hints"),
        "/Size": .notResettable("a store cannot forget its size"),
      ]))

  /// Carries no tags; lies in a net, which owns all of them and has the list; goes to one of two targets.
  static let link = ToyKind(
    type: "Test::Link",
    facts: TypeFacts(
      Identity(ref: "Id", unique: [UniqueKey("Cidr", "Cidr6", within: ["NetId"])]),
      ownership: .inside([Parent("NetId", "Test::Net")], whole: true, gives: ["Links"]),
      properties: [
        "/Cidr": .normal(.cidr).createOnly,
        "/NetId": .createOnly,
        "/Cidr6": .createOnly,
      ]))

  /// Carries no tags, and lies in nothing; found by its name.
  static let board = ToyKind(
    type: "Test::Board",
    facts: TypeFacts(
      Identity(ref: "BoardName", name: NameRule(property: "BoardName", maximumLength: 40)),
      ownership: .byName,
      properties: [
        "/BoardName": .createOnly,
        "/Source": .refers(to: "Test::Store"),
        "/Feed": .createOnly,
      ]))

  /// A rule of a group that is a resource of its own.
  static let rule = ToyKind(
    type: "Test::Rule",
    facts: TypeFacts(
      Identity(ref: "Id", unique: [UniqueKey("Port", within: ["GroupId"])]),
      ownership: .inside([Parent("GroupId", "Test::Group")]),
      properties: [
        "/GroupId": .createOnly,
        "/Port": .createOnly,
      ]))

  /// Holds data, of which AWS can keep a snapshot; AWS upgrades its engine.
  static let cache = ToyKind(
    type: "Test::Cache",
    facts: TypeFacts(
      Identity(ref: "CacheId"), lifecycle: Lifecycle(holdsData: true, canSnapshot: true),
      properties: [
        "/Version": .version,
        "/Zone": .createOnly,
      ]))

  /// Nothing of it is ever changed; its revisions go under one name.
  static let recipe = ToyKind(
    type: "Test::Recipe",
    facts: TypeFacts(
      Identity(ref: "RecipeId", name: NameRule(property: "Family", maximumLength: 40)),
      lifecycle: Lifecycle(makesRevisions: true),
      properties: [
        "/Family": .createOnly, "/Parts": .keyed("Name").createOnly, "/Text": .createOnly,
      ]))

  /// Carries no tags, and lies in a board, which carries none either.
  static let anchor = ToyKind(
    type: "Test::Anchor",
    facts: TypeFacts(
      Identity(ref: "Id", unique: [UniqueKey("Place", within: ["BoardName"])]),
      ownership: .inside([Parent("BoardName", "Test::Board")]),
      properties: ["/Place": .createOnly, "/BoardName": .createOnly]))

  static let catalog = Catalog([
    net, sub, group, store, link, board, rule, recipe, anchor, cache,
  ])
}
