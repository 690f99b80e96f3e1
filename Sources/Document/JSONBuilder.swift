/// What the one JSON parser makes of what it meets: bare values for programs, values with places
/// for files that people write.
protocol JSONBuilder {
  associatedtype Value
  /// Where a value or a key begins, as far as this builder keeps it.
  associatedtype Mark
  /// The members of an object so far.
  associatedtype Members

  /// The mark of the byte at `offset`; offsets come in ascending order.
  mutating func mark(_ offset: Int) -> Mark
  func scalar(_ value: Document, at mark: Mark) -> Value
  func list(_ elements: [Value], at mark: Mark) -> Value
  func emptyMembers() -> Members
  /// Adds a member; false where there is one of this key already.
  func add(_ value: Value, key: String, at mark: Mark, to members: inout Members) -> Bool
  func object(_ members: Members, at mark: Mark) -> Value
}

struct DocumentBuilder: JSONBuilder {
  @inline(__always) func mark(_ offset: Int) {}
  @inline(__always) func scalar(_ value: Document, at mark: Void) -> Document { value }
  @inline(__always) func list(_ elements: [Document], at mark: Void) -> Document {
    .list(elements)
  }
  @inline(__always) func emptyMembers() -> [String: Document] { [:] }

  @inline(__always) func add(
    _ value: Document, key: String, at mark: Void, to members: inout [String: Document]
  ) -> Bool {
    members.updateValue(value, forKey: key) == nil
  }

  @inline(__always) func object(_ members: [String: Document], at mark: Void) -> Document {
    .object(members)
  }
}

struct NodeBuilder: JSONBuilder {
  struct Members {
    var ordered: [Node.Member] = []
    var keys: Set<String> = []
  }

  private var cursor: PositionCursor

  init(_ bytes: [UInt8]) { cursor = PositionCursor(bytes) }

  mutating func mark(_ offset: Int) -> Position { cursor.advance(to: offset) }

  func scalar(_ value: Document, at mark: Position) -> Node {
    Node(position: mark, content: .scalar(value))
  }

  func list(_ elements: [Node], at mark: Position) -> Node {
    Node(position: mark, content: .list(elements))
  }

  func emptyMembers() -> Members { Members() }

  func add(_ value: Node, key: String, at mark: Position, to members: inout Members) -> Bool {
    members.ordered.append(Node.Member(key: key, position: mark, value: value))
    return members.keys.insert(key).inserted
  }

  func object(_ members: Members, at mark: Position) -> Node {
    Node(position: mark, content: .object(members.ordered))
  }
}
