import Document

/// What was applied last: the base of the three-way comparison, from the journal or from the revision
/// in `trueup:rev` compiled again.
public struct Base: Sendable {
  public struct Resource: Hashable, Sendable {
    public var type: String
    /// The physical id; `nil` where the base comes from a revision.
    public var id: String?
    public var scope: Scope
    /// The properties as they were applied, secrets and unknowns redacted, without `Tags`.
    public var properties: Document
    public var tags: [String: String]
    public var revision: String?
    /// The commit on whose work tree it was applied, where that was not committed.
    public var tree: String?

    public init(
      type: String, id: String?, scope: Scope, properties: Document, tags: [String: String],
      revision: String? = nil, tree: String? = nil
    ) {
      self.type = type
      self.id = id
      self.scope = scope
      self.properties = properties
      self.tags = tags
      self.revision = revision
      self.tree = tree
    }

    /// Stands for the value of a tag that is a secret.
    public static let hiddenTag = "(secret)"

    /// The tags as they may be noted: secrets hidden, and without what is not known.
    public static func noted(_ tags: [String: Value]) -> [String: String] {
      tags.compactMapValues { value in
        value.secrets.isEmpty ? value.document?.string : hiddenTag
      }
    }

    /// What stands for a resource whose creation was begun: nothing is known to have been reached.
    public static func begun(type: String, scope: Scope) -> Resource {
      Resource(type: type, id: nil, scope: scope, properties: .object([:]), tags: [:])
    }

    /// The policy that a resource without tags was applied with.
    var deletionPolicy: RemovalPolicy? {
      tags[OwnershipTags.deletionPolicy].flatMap(RemovalPolicy.init)
    }

    /// Whether the resource was ever as this says, not only begun.
    public var wasReached: Bool { id != nil || properties != .object([:]) }

    /// Whether both say the same of the resource, at whatever revision.
    public func isSame(as other: Resource) -> Bool {
      type == other.type && id == other.id && scope == other.scope
        && properties == other.properties && tags == other.tags
    }
  }

  public var resources: [Address: Resource]

  public init(resources: [Address: Resource] = [:]) { self.resources = resources }

  /// The resources of each type and scope, by address.
  var byPlace: [Snapshot.Key: [(address: Address, resource: Resource)]] {
    Dictionary(
      grouping: resources.sorted { $0.key < $1.key }.map { (address: $0.key, resource: $0.value) }
    ) { Snapshot.Key(scope: $0.resource.scope, type: $0.resource.type) }
  }
}
