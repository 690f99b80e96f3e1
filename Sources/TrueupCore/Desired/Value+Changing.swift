extension Value {
  /// The value with references to some resources made references to others.
  func redirected(_ others: [Address: Address]) -> Value {
    switch self {
    case .known, .secret, .fact: return self
    case .reference(let reference):
      guard let other = others[reference.address] else { return self }
      return .reference(Reference(other, attribute: reference.attribute))
    case .list(let elements): return .list(elements.map { $0.redirected(others) })
    case .object(let members): return .object(members.mapValues { $0.redirected(others) })
    case .call(let function, let arguments):
      return .call(function, arguments.map { $0.redirected(others) })
    }
  }

  /// The value with another one at a path of members and of indexes of lists.
  func replacing(_ path: ArraySlice<String>, with value: Value) -> Value {
    guard let first = path.first else { return value }
    let rest = path.dropFirst()
    if var elements = elements, let index = Int(first), elements.indices.contains(index) {
      elements[index] = elements[index].replacing(rest, with: value)
      return .list(of: elements)
    }
    guard var members, let member = members[first] ?? (rest.isEmpty ? .null : nil) else {
      return self
    }
    members[first] = member.replacing(rest, with: value)
    return .object(of: members)
  }

  /// The value at a path of members and of indexes of lists.
  func value(at path: ArraySlice<String>) -> Value? {
    guard let first = path.first else { return self }
    let inner =
      elements.flatMap { elements in
        Int(first).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
      } ?? self[first]
    return inner?.value(at: path.dropFirst())
  }

  /// The paths in the value that a pattern matches, with the index of each element.
  func paths(matching pattern: PropertyPath) -> [[String]] {
    pattern.components.reduce([[]]) { paths, component in
      paths.flatMap { path -> [[String]] in
        guard component == "*" else { return [path + [component]] }
        return (value(at: path[...])?.elements ?? []).indices.map { path + [String($0)] }
      }
    }
  }
}
