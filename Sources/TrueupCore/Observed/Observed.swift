import Document

/// A resource as AWS shows it.
public struct Observed: Hashable, Sendable {
  public var type: String
  /// The physical id: what `Ref` returns.
  public var id: String
  public var scope: Scope
  /// Properties in registry terms, read-only ones (attributes for `Fn::GetAtt`) included, `Tags`
  /// excluded. What AWS shows as not set is absent.
  public var properties: Document
  public var tags: [String: String]
  /// By proven property: the proof of what we wrote last, where AWS keeps it for us, because no base
  /// may.
  public var applied: [String: Document]
  /// Paths that could not be read or were not asked for, each with the reason; they and what lies
  /// below them are not compared.
  public var unread: [PropertyPath: String]
  /// Seconds since 1970, where AWS tells.
  public var createdAt: Double?
  /// Set while the resource is on its way out or in: "deleting". Such a resource is not compared.
  public var transition: String?

  /// What was changed last has not come about yet, or not at all: the kind is asked (`Kind.standing`).
  public var isUnsettled = false

  /// The transition of what is on its way out.
  public static let leaving = "deleting"

  public init(
    type: String, id: String, scope: Scope, properties: Document, tags: [String: String] = [:],
    applied: [String: Document] = [:], unread: [PropertyPath: String] = [:],
    createdAt: Double? = nil, transition: String? = nil
  ) {
    self.type = type
    self.id = id
    self.scope = scope
    self.properties = properties
    self.tags = tags
    self.applied = applied
    self.unread = unread
    self.createdAt = createdAt
    self.transition = transition
  }
}

/// The observed world: everything that the reads of a run showed.
public struct Snapshot: Sendable {
  public struct Key: Hashable, Comparable, Sendable {
    public var scope: Scope
    public var type: String

    public static func < (left: Key, right: Key) -> Bool {
      (left.type, left.scope) < (right.type, right.scope)
    }

    public init(scope: Scope, type: String) {
      self.scope = scope
      self.type = type
    }
  }

  public var resources: [Key: [Observed]]
  /// Types that could not be observed, and why: their resources are unknown, not absent.
  public var failures: [Key: CallFailure]
  public var facts: [Fact: Document]

  public init(
    resources: [Key: [Observed]] = [:], failures: [Key: CallFailure] = [:],
    facts: [Fact: Document] = [:]
  ) {
    self.resources = resources
    self.failures = failures
    self.facts = facts
  }

  /// The observed resources of a type in a scope; empty where nothing was observed.
  public func resources(ofType type: String, in scope: Scope) -> [Observed] {
    resources[Key(scope: scope, type: type)] ?? []
  }
}
