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

  /// This list in an order of its own, each element once: the form of a list whose order says nothing.
  var unordered: Document {
    guard let elements = list else { return self }
    let byText = Dictionary(
      elements.map { ($0.json(), $0) }, uniquingKeysWith: { first, _ in first })
    return .list(byText.sorted { $0.key < $1.key }.map(\.value))
  }
}
