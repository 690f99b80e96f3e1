/// A stack that does not compile at the desired revision: what was in force before stays so.
public struct HeldBack: Hashable, Sendable {
  /// The stack's name, `acme-prod`.
  public var stack: String
  /// The last good revision, which is in force; `nil` where there is none: the stack is left alone.
  public var revision: String?
  /// The errors, each with its place.
  public var reason: String

  public init(stack: String, revision: String?, reason: String) {
    self.stack = stack
    self.revision = revision
    self.reason = reason
  }
}
