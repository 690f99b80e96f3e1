import Document

/// What a difference leads to.
public enum Effect: String, Hashable, Sendable {
  case update, replace
}

/// Why something differs: a three-way comparison of last applied, desired and observed.
public enum Cause: String, Hashable, Sendable {
  /// The resource is not known to have existed.
  case new
  /// The desired state moved.
  case pending
  /// The observed world moved.
  case drift
  /// Both moved.
  case conflict
  /// It was applied once and is no longer desired.
  case removed
  /// It carries our tags, but no revision knows it.
  case orphan
  /// There is no base to compare with.
  case unknown
}

/// One property that is not as desired.
public struct Difference: Hashable, Sendable {
  public var path: PropertyPath
  /// `nil` where nothing is desired. Not known yet: `{"unknown": "acme-prod/Vpc.VpcId"}`; a secret:
  /// `{"secret": true}`.
  public var desired: Document?
  public var observed: Document?
  public var lastApplied: Document?
  public var effect: Effect
  public var cause: Cause
  /// It decides who may do, reach or read something.
  public var isSecurity = false
  /// For people: what the update takes away, which counts like a deletion; `nil` where nothing goes.
  public var loss: String?

  public init(
    path: PropertyPath, desired: Document?, observed: Document?, lastApplied: Document? = nil,
    effect: Effect, cause: Cause
  ) {
    self.path = path
    self.desired = desired
    self.observed = observed
    self.lastApplied = lastApplied
    self.effect = effect
    self.cause = cause
  }
}

/// A property that could not be compared, and why.
public struct NotChecked: Hashable, Sendable {
  public var address: Address
  public var path: PropertyPath
  public var reason: String

  public init(address: Address, path: PropertyPath, reason: String) {
    self.address = address
    self.path = path
    self.reason = reason
  }
}
