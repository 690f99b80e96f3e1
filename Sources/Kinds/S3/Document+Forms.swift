import Document

/// Bringing settings to one form. Parts that a plan does not know yet stay as they are.
extension Document {
  /// This object with the member changed, where it has it.
  func changing(_ member: String, _ change: (Document) -> Document) -> Document {
    guard var members = object, let value = members[member] else { return self }
    members[member] = change(value)
    return .object(members)
  }

  /// This list with each element changed.
  func changingEach(_ change: (Document) -> Document) -> Document {
    guard let elements = list else { return self }
    return .list(elements.map { $0.isUnknown || $0.isSecret ? $0 : change($0) })
  }

  /// This object with the members that it lacks.
  func defaulting(to defaults: [String: Document]) -> Document {
    guard let members = object, !isUnknown else { return self }
    return .object(defaults.merging(members) { $1.isNull ? $0 : $1 })
  }

  /// This object without those members for which S3 reads the value as if the member were missing.
  func dropping(_ meaningless: [String: Document]) -> Document {
    guard let members = object else { return self }
    return .object(members.filter { !$0.value.isNull && meaningless[$0.key] != $0.value })
  }

  /// This object without those members.
  func removing(_ names: Set<String>) -> Document {
    guard let members = object else { return self }
    return .object(members.filter { !names.contains($0.key) })
  }

  /// This list in an order of its own, each element once: the form of a list whose order says nothing.
  var unordered: Document {
    guard let elements = list else { return self }
    let byText = Dictionary(
      elements.map { ($0.json(), $0) }, uniquingKeysWith: { first, _ in first })
    return .list(byText.sorted { $0.key < $1.key }.map(\.value))
  }

  /// A list that says something; `nil` for an empty one.
  var nonEmpty: Document? {
    // As statements: `nil` beside a document in one expression would be JSON's null.
    if list?.isEmpty == true || object?.isEmpty == true { return nil }
    return self
  }
}
