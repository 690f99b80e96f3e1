/// A git commit, as far as people want to know who asked for a change.
public struct Commit: Hashable, Sendable {
  /// The full id.
  public var revision: String
  /// `Ada <ada@example.com>`.
  public var author: String
  /// The first line of its message.
  public var subject: String
  /// When it was committed, in seconds since 1970.
  public var at: Double

  public init(revision: String, author: String, subject: String, at: Double) {
    self.revision = revision
    self.author = author
    self.subject = subject
    self.at = at
  }
}
