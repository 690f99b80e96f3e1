import Document

/// A change of one resource, for people.
public struct Change: Hashable, Sendable {
  public enum Action: String, Hashable, Sendable, CaseIterable {
    case create, update, replace, delete, adopt, blocked
    /// It does not go on until what is wanted changes, or a person says so (`Stall`).
    case stalled

    /// Whether a run leaves the resource as it is.
    public var leavesAsIs: Bool { self == .blocked || self == .stalled }
  }

  /// What must come first, and why.
  public struct Prerequisite: Hashable, Sendable {
    public enum Reason: String, Hashable, Sendable {
      case reference
      case dependsOn = "DependsOn"
      case replacement
      case deletion
    }

    public var address: Address
    public var because: Reason
    /// The property that refers to it, where it is a reference.
    public var path: PropertyPath?

    public init(address: Address, because: Reason, path: PropertyPath? = nil) {
      self.address = address
      self.because = because
      self.path = path
    }
  }

  public var address: Address
  public var type: String
  /// The physical id; `nil` while there is none.
  public var id: String?
  public var action: Action
  public var cause: Cause
  /// For people: why it is blocked or stalled, or what makes the change special (`retained`, `orphan of a
  /// replacement`).
  public var reason: String?
  /// For people: what exists and looks like what would be made, and how to take it over; what a person may do
  /// about what is stalled.
  public var hint: String?
  public var differences: [Difference]
  /// What the resource will hold: its properties with their names as in the blueprint, and under `Tags`
  /// an object of its tags. What is not known yet and what is secret are cases of the tree. `nil` for
  /// what goes.
  public var desired: Document?
  public var after: [Prerequisite]
  /// When the drift was first seen, in seconds since 1970, where the journal knows.
  public var since: Double?
  /// Where the resource lives, where that is not where its stack does.
  public var scope: Scope?
  /// How it ended; `nil` for a plan that was not applied.
  public var outcome: Outcome?
  /// Its replacement is a new revision of it, an everyday update.
  public var isNewRevision = false
  /// It deletes, or replaces, what holds data, and nothing keeps that.
  public var losesData = false

  public init(
    address: Address, type: String, id: String? = nil, action: Action, cause: Cause,
    reason: String? = nil, differences: [Difference] = [], after: [Prerequisite] = [],
    since: Double? = nil, outcome: Outcome? = nil
  ) {
    self.address = address
    self.type = type
    self.id = id
    self.action = action
    self.cause = cause
    self.reason = reason
    self.differences = differences
    self.after = after
    self.since = since
    self.outcome = outcome
  }
}

extension Change {
  /// Whether it updates a resource so that something is lost.
  public var isLoss: Bool {
    (action == .update || action == .adopt) && differences.contains { $0.loss != nil }
  }

  /// Whether it counts against the limit of deletions.
  public var countsAsDeletion: Bool { action == .delete || isLoss }

  /// Whether it counts against the limit of replacements.
  public var countsAsReplacement: Bool { action == .replace && !isNewRevision }
}
