import Document

extension Document {
  /// The document with the members of those names as sets, wherever they stand in it.
  func withSets(_ names: Set<String>) -> Document {
    switch self {
    case .object(let members):
      .object(
        Dictionary(
          members.map { name, member in
            let inner = member.withSets(names)
            return (name, names.contains(name) ? inner.unordered : inner)
          }, uniquingKeysWith: { first, _ in first }))
    case .list(let elements): .list(elements.map { $0.withSets(names) })
    default: self
    }
  }
}
