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

    public init(
      type: String, id: String?, scope: Scope, properties: Document, tags: [String: String],
      revision: String? = nil
    ) {
      self.type = type
      self.id = id
      self.scope = scope
      self.properties = properties
      self.tags = tags
      self.revision = revision
    }

    /// Whether both say the same of the resource, at whatever revision.
    public func isSame(as other: Resource) -> Bool {
      type == other.type && id == other.id && scope == other.scope
        && properties == other.properties && tags == other.tags
    }
  }

  public var resources: [Address: Resource]

  public init(resources: [Address: Resource] = [:]) { self.resources = resources }
}
