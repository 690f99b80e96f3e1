/// Where something stands in a text: line and column from 1, the column counted in Unicode scalars.
public struct Position: Hashable, Sendable, Comparable {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  public static func < (left: Position, right: Position) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// A value of a file that people write, with the place of each of its parts and the members of
/// objects in the order in which they were written.
public struct Node: Sendable {
  public struct Member: Sendable {
    public var key: String
    public var position: Position
    public var value: Node

    public init(key: String, position: Position, value: Node) {
      self.key = key
      self.position = position
      self.value = value
    }
  }

  public enum Content: Sendable {
    /// null, a boolean, a number or a string.
    case scalar(Document)
    case list([Node])
    case object([Member])
  }

  public var position: Position
  public var content: Content

  public init(position: Position, content: Content) {
    self.position = position
    self.content = content
  }

  /// The same value without places.
  public var document: Document {
    switch content {
    case .scalar(let value): value
    case .list(let elements): .list(elements.map(\.document))
    case .object(let members):
      .object(
        Dictionary(
          members.map { ($0.key, $0.value.document) }, uniquingKeysWith: { _, last in last }))
    }
  }

  /// The member's value of an object; `nil` where this is no object, or has no such member.
  public subscript(_ key: String) -> Node? {
    guard case .object(let members) = content else { return nil }
    return members.last { $0.key == key }?.value
  }
}
