import Document
import TrueupCore

/// Bringing settings to one form. Parts that a plan does not know yet stay as they are.
extension Document {
  /// This value with what stands at the path changed, where something does; `*` is any element or member.
  func changing(_ path: PropertyPath, _ change: (Document) -> Document) -> Document {
    changing(path.components[...], change)
  }

  private func changing(_ path: ArraySlice<String>, _ change: (Document) -> Document) -> Document {
    guard !isUnknown, !isSecret else { return self }
    guard let first = path.first else { return change(self) }
    func changed(_ member: Document) -> Document { member.changing(path.dropFirst(), change) }
    switch self {
    case .list(let elements) where first == "*": return .list(elements.map(changed))
    case .object(let members) where first == "*": return .object(members.mapValues(changed))
    default: return setting(first, self[first].map(changed))
    }
  }

  /// This value with the objects changed that hold the member at the path, or may hold it.
  func changing(
    holderOf path: PropertyPath, _ change: (_ object: Document, _ member: String) -> Document
  ) -> Document {
    changing(path.components.dropLast()) { change($0, path.components.last ?? "") }
  }

  /// This object with the members that it lacks.
  func defaulting(to defaults: [String: Document]) -> Document {
    guard let members = object else { return self }
    return .object(defaults.merging(members) { $1.isNull ? $0 : $1 })
  }

  /// This object without those members for which S3 reads the value as if the member were missing.
  func dropping(_ meaningless: [String: Document]) -> Document {
    guard let members = object else { return self }
    return .object(members.filter { !$0.value.isNull && meaningless[$0.key] != $0.value })
  }

  /// This value without its empty lists, which XML cannot tell from none.
  var withoutEmptyLists: Document {
    switch self {
    case .list(let elements): .list(elements.map(\.withoutEmptyLists))
    case .object(let members):
      .object(members.filter { $0.value.list?.isEmpty != true }.mapValues(\.withoutEmptyLists))
    default: self
    }
  }

  /// This value without the members that the registry has no name for.
  func known(to schema: PropertySchema?) -> Document {
    switch self {
    case .list(let elements): .list(elements.map { $0.known(to: schema?.items) })
    case .object(let members):
      .object(
        members.reduce(into: [:]) { known, member in
          guard let inner = schema?.member(member.key) else { return }
          known[member.key] = member.value.known(to: inner)
        })
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

  /// A value that says something; `nil` for an empty list or object.
  var nonEmpty: Document? {
    // As statements: `nil` beside a document in one expression would be JSON's null.
    if list?.isEmpty == true || object?.isEmpty == true { return nil }
    return self
  }
}
