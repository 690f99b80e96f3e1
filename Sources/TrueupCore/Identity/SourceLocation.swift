import Document

/// A place in a file of the desired state, for people: `file:line:column`.
public struct SourceLocation: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The path as the user would write it (relative to the working directory).
  public var file: String
  public var position: Position

  public init(file: String, position: Position) {
    self.file = file
    self.position = position
  }

  public var description: String { "\(file):\(position.line):\(position.column)" }

  public static func < (left: SourceLocation, right: SourceLocation) -> Bool {
    (left.file, left.position) < (right.file, right.position)
  }
}
