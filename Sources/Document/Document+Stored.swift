/// How a tree with unknowns and secrets is kept as JSON and read back.
///
/// JSON writes what is not known as `{"unknown": "acme-prod/Vpc"}` and a secret as `{"secret": true}`,
/// or with its place. So that a value which merely looks like one of these (a free-form map may hold
/// anything) comes back as what it was, it is wrapped as `{"literal": …}`.
extension Document {
  private static let marks: Set<String> = ["unknown", "secret", "literal"]

  /// The tree with every object that looks like a mark wrapped, for `json()`.
  public var stored: Document {
    switch self {
    case .list(let elements): return .list(elements.map(\.stored))
    case .object(let members):
      let inner = Document.object(members.mapValues(\.stored))
      guard members.count == 1, let key = members.keys.first, Self.marks.contains(key) else {
        return inner
      }
      return ["literal": inner]
    default: return self
    }
  }

  /// Reads what `stored` wrote.
  public init(stored: Document) {
    switch stored {
    case .list(let elements): self = .list(elements.map(Document.init(stored:)))
    case .object(let members):
      switch (members.count, members.keys.first, members.values.first) {
      case (1, "unknown", .string(let name)?): self = .unknown(name)
      case (1, "secret", .bool(true)?): self = .secret(nil)
      case (1, "secret", .string(let place)?): self = .secret(place)
      case (1, "literal", .object(let wrapped)?):
        self = .object(wrapped.mapValues(Document.init(stored:)))
      default: self = .object(members.mapValues(Document.init(stored:)))
      }
    default: self = stored
    }
  }
}
