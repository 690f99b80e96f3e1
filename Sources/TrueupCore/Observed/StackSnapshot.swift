import Document

/// What was observed of one stack, as `trueup snapshot` records it: what the desired state or the base
/// declares, and what a plan needs to be made from it. Holds no secret and nothing of the run.
public struct StackSnapshot: Hashable, Sendable {
  /// A resource of the stack, or one that stands in its way.
  public struct Resource: Hashable, Sendable {
    /// The logical id, by its tag or by the resource of the desired state that it was found for.
    public var logicalID: String?
    public var type: String
    /// The physical id.
    public var id: String
    public var scope: Scope
    /// By top-level property; null where AWS shows it as not set, `{"secret": true}` for one whose
    /// desired value holds a secret.
    public var properties: [String: Document]
    /// The tags that the desired state or the base declares, and the ownership tags.
    public var tags: [String: Document]
    /// What could not be read.
    public var unread: [PropertyPath]
    /// Seconds since 1970, where AWS tells.
    public var createdAt: Double?
    public var transition: String?

    public init(
      logicalID: String?, type: String, id: String, scope: Scope,
      properties: [String: Document] = [:], tags: [String: Document] = [:],
      unread: [PropertyPath] = [], createdAt: Double? = nil, transition: String? = nil
    ) {
      self.logicalID = logicalID
      self.type = type
      self.id = id
      self.scope = scope
      self.properties = properties
      self.tags = tags
      self.unread = unread
      self.createdAt = createdAt
      self.transition = transition
    }
  }

  public var id: StackID
  public var account: String
  public var region: String
  public var resources: [Resource]
  /// What the account told: availability zones, SSM parameters.
  public var facts: [Fact: Document]

  public init(
    id: StackID, account: String, region: String, resources: [Resource] = [],
    facts: [Fact: Document] = [:]
  ) {
    self.id = id
    self.account = account
    self.region = region
    self.resources = resources
    self.facts = facts
  }

  /// What stands for a value that is secret.
  public static let secret = Document.secret(nil)
}

extension Snapshot {
  /// The observed world as stacks were recorded. Of every type in the catalogue, what is not recorded
  /// does not exist.
  public init(_ stacks: [StackSnapshot], catalog: Catalog) {
    self.init()
    for place in Set(stacks.map { Scope(account: $0.account, region: $0.region) }) {
      for kind in catalog.kinds {
        let region = kind.facts.placement.isGlobal ? nil : place.region
        resources[Key(scope: Scope(account: place.account, region: region), type: kind.type)] = []
      }
    }
    // One that stands in the way of two stacks is recorded with both.
    var seen: [Key: Set<String>] = [:]
    for stack in stacks {
      for resource in stack.resources {
        let place = Key(scope: resource.scope, type: resource.type)
        guard seen[place, default: []].insert(resource.id).inserted else { continue }
        resources[place, default: []].append(Observed(resource))
      }
      facts.merge(stack.facts) { first, _ in first }
    }
  }
}

extension Observed {
  fileprivate init(_ recorded: StackSnapshot.Resource) {
    var properties = recorded.properties.filter { !$0.value.isNull }
    var unread = Dictionary(
      uniqueKeysWithValues: Set(recorded.unread).map {
        ($0, "it could not be read when the snapshot was taken")
      })
    for (property, value) in recorded.properties where value == StackSnapshot.secret {
      properties[property] = nil
      unread[PropertyPath([property])] = "a snapshot holds no secrets"
    }
    self.init(
      type: recorded.type, id: recorded.id, scope: recorded.scope, properties: .object(properties),
      tags: recorded.tags.compactMapValues {
        $0 == StackSnapshot.secret ? Base.Resource.hiddenTag : $0.string
      }, unread: unread,
      createdAt: recorded.createdAt, transition: recorded.transition)
  }
}
