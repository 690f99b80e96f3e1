/// What is not wrong for sure, or will keep an apply from going on: shown with a plan in every format.
public struct Warning: Hashable, Sendable, CustomStringConvertible {
  /// `nil` where no single place is to blame.
  public var location: SourceLocation?
  public var message: String

  public init(location: SourceLocation? = nil, message: String) {
    self.location = location
    self.message = message
  }

  /// One line, as compilers print it.
  public var description: String { (location.map { "\($0): " } ?? "") + "warning: " + message }
}
