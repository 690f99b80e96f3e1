import Document

/// What is remembered of earlier runs: by the journal, by git, and by the tag `trueup:rev`.
public struct Evidence: Sendable {
  /// A call that was to create something, and of which nobody knows what became.
  public struct Intent: Hashable, Sendable {
    public var address: Address
    public var type: String
    /// Seconds since 1970.
    public var at: Double
    /// The revision that was to be applied; `nil` where nothing was committed.
    public var revision: String?

    public init(address: Address, type: String, at: Double, revision: String? = nil) {
      self.address = address
      self.type = type
      self.at = at
      self.revision = revision
    }
  }

  /// An id that the journal has seen of a resource that it made, or that was proven ours.
  public struct KnownID: Hashable, Sendable {
    public var type: String
    public var id: String

    public init(type: String, id: String) {
      self.type = type
      self.id = id
    }
  }

  /// What is known of a revision that stands in a tag.
  public enum Revision: Sendable {
    /// git has it, and the resources of the stacks that carry it are these.
    case recalled([Address: DesiredResource])
    /// It is known (git has it, or this journal applied it), and does not tell what it wanted.
    case mute
    /// Neither git nor this journal knows it.
    case unknown
  }

  /// Why a resource that was there is not there any more, by Trueup's own doing.
  public enum Removal: String, Hashable, Sendable {
    /// It was no longer desired, or its stack was destroyed.
    case undesired
    /// It was to be replaced, old before new.
    case replaced
  }

  /// What was applied last: the base of the three-way comparison.
  public var base: Base
  /// By address.
  public var knownIDs: [Address: Set<KnownID>]
  public var intents: [Intent]
  /// By the text in the tag. One that is not here was not looked up, and counts as unknown.
  public var revisions: [String: Revision]
  /// What Trueup itself deleted, by address, where nothing was made since.
  public var removed: [Address: Removal]
  /// Values that AWS did not keep when they were written twice.
  public var unkept: [Address: [Unkept]] = [:]

  /// How resources stand besides their properties, where that was asked and is not settled.
  public var standings: [Address: Standing] = [:]

  public init(
    base: Base = Base(), knownIDs: [Address: Set<KnownID>] = [:], intents: [Intent] = [],
    revisions: [String: Revision] = [:], removed: [Address: Removal] = [:]
  ) {
    self.base = base
    self.knownIDs = knownIDs
    self.intents = intents
    self.revisions = revisions
    self.removed = removed
  }

  /// Whether git has the revision, or this journal applied it.
  func knows(_ revision: String) -> Bool {
    switch revisions[revision] {
    case .recalled, .mute: true
    case .unknown, nil: false
    }
  }
}
