/// What the one JSON parser makes of what it meets: bare values for programs, values with places
/// for files that people write.
protocol JSONBuilder {
  associatedtype Value
  /// Where a value or a key begins, as far as this builder keeps it.
  associatedtype Mark
  associatedtype Member

  /// The mark of the byte at `offset`; offsets come in ascending order.
  mutating func mark(_ offset: Int) -> Mark
  func scalar(_ value: Document, at mark: Mark) -> Value
  func list(_ elements: [Value], at mark: Mark) -> Value
  func member(_ key: String, _ value: Value, at mark: Mark) -> Member
  /// The object of the members from `start` on; `nil` where two of them have the same key.
  func object(_ members: [Member], from start: Int, at mark: Mark) -> Value?
}

struct DocumentBuilder: JSONBuilder {
  @inline(__always) func mark(_ offset: Int) {}
  @inline(__always) func scalar(_ value: Document, at mark: Void) -> Document { value }
  @inline(__always) func list(_ elements: [Document], at mark: Void) -> Document {
    .list(elements)
  }
  @inline(__always) func member(
    _ key: String, _ value: Document, at mark: Void
  ) -> (String, Document) {
    (key, value)
  }

  func object(_ members: [(String, Document)], from start: Int, at mark: Void) -> Document? {
    let count = members.count - start
    var object = [String: Document](minimumCapacity: count)
    for index in start..<members.count {
      object.updateValue(members[index].1, forKey: members[index].0)
    }
    return object.count == count ? .object(object) : nil
  }
}

struct NodeBuilder: JSONBuilder {
  private var cursor: PositionCursor

  init(_ bytes: [UInt8]) { cursor = PositionCursor(bytes) }

  mutating func mark(_ offset: Int) -> Position { cursor.advance(to: offset) }

  func scalar(_ value: Document, at mark: Position) -> Node {
    Node(position: mark, content: .scalar(value))
  }

  func list(_ elements: [Node], at mark: Position) -> Node {
    Node(position: mark, content: .list(elements))
  }

  func member(_ key: String, _ value: Node, at mark: Position) -> Node.Member {
    Node.Member(key: key, position: mark, value: value)
  }

  func object(_ members: [Node.Member], from start: Int, at mark: Position) -> Node? {
    let members = Array(members[start...])
    guard Set(members.map(\.key)).count == members.count else { return nil }
    return Node(position: mark, content: .object(members))
  }
}
