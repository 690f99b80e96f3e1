import Document

/// What is true of a type and does not stand, or not truly, in its registry schema. Never changes, and is
/// shared by all that ask for it.
public final class TypeFacts: Sendable {
  /// How its resources are told apart and referred to.
  public let identity: Identity
  /// Where they live.
  public let placement: Placement
  /// How one sees whose they are.
  public let ownership: Ownership
  /// What their deletion and replacement mean.
  public let lifecycle: Lifecycle
  /// What is known of single properties.
  public let properties: PropertyTable
  /// Brings the whole properties object to one form before the properties' own normal forms; applied
  /// to both sides. For what a normal form of one value cannot say. Parts that are not known yet or
  /// secret must stay as they are. The values of `PropertyFacts.wholeDefault` are in this form.
  public let canonical: @Sendable (Document) -> Document
  /// Changes that need a replacement although the property can be updated in other directions
  /// (`InstanceTenancy` from `default` to `dedicated`).
  public let replaces:
    @Sendable (_ path: PropertyPath, _ desired: Document, _ observed: Document) -> Bool

  public init(
    _ identity: Identity, placement: Placement = .regional, ownership: Ownership = .byTags,
    lifecycle: Lifecycle = Lifecycle(), properties: PropertyTable = [:],
    canonical: @escaping @Sendable (Document) -> Document = { $0 },
    replaces: @escaping @Sendable (PropertyPath, Document, Document) -> Bool = { _, _, _ in false }
  ) {
    self.identity = identity
    self.placement = placement
    self.ownership = ownership
    self.lifecycle = lifecycle
    self.properties = properties
    self.canonical = canonical
    self.replaces = replaces
  }

  /// Properties in the form in which they are compared.
  public func normal(_ properties: Document) -> Document {
    self.properties.normal(canonical(properties))
  }
}

/// What the deletion and replacement of a type's resources mean.
public struct Lifecycle: Hashable, Sendable {
  /// Data is lost on deletion: retained by `destroy` unless told otherwise.
  public var holdsData: Bool
  /// AWS can keep a snapshot of it when it is deleted: the policy `Snapshot` is allowed.
  public var canSnapshot: Bool
  /// A deletion is carried out days later, and can be taken back until then: what is observed in
  /// `Observed.leaving` may be kept by an update.
  public var canBeKept: Bool
  /// Nothing of it is ever changed: what is declared anew is its next revision, and the old one goes
  /// (task definitions).
  public var makesRevisions: Bool

  public init(
    holdsData: Bool = false, canSnapshot: Bool = false, canBeKept: Bool = false,
    makesRevisions: Bool = false
  ) {
    self.makesRevisions = makesRevisions
    self.holdsData = holdsData
    self.canSnapshot = canSnapshot
    self.canBeKept = canBeKept
  }
}
